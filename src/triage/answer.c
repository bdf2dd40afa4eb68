// Tool and places → cause → subject → fix: each step sees what the steps before it found.
#include "triage/answer.h"

#include <string.h>

#include "base/error.h"
#include "triage/cause_tools.h"
#include "triage/fix_slots.h"
#include "triage/subject.h"

enum {
    ALTERNATIVES = 3, // next likely causes that are told
};

#define CAUSE_LIKELY 0.5F // probability from which on a cause says what its subject may be

#define RULE_WEIGHT                                                                                \
    10 // of a person's rule among the evidence: as log-odds, more than any other piece has

// One finding on its way through the steps.
struct answering {
    bantam_finding *finding;
    struct arena *arena;
    const struct answer_models *models;
    const struct finder_result *result;
    struct finding_lines lines;
    struct tool_ranking ranking;
    struct cause_answer cause;
    struct name_finder *names;
    struct subject subject;
    bool is_own_cause; // the person's, not one of the 20
};

static const struct ranked_tool *best_tool(const struct answering *answering)
{
    const struct ranked_tool *best = answering->ranking.items;
    return answering->ranking.count > 0 ? best : NULL;
}

static bantam_status name_tool(struct answering *answering, bantam_error *error)
{
    const struct document *document = answering->result->features.document;
    bantam_status status = tools_rank(&answering->ranking, answering->models->tools, document,
                                      answering->lines, error);
    if (status) {
        return status;
    }
    const struct ranked_tool *best = best_tool(answering);
    bantam_finding *finding = answering->finding;
    if (best) {
        finding->tool = arena_copy_string(answering->arena, best->name);
        if (!finding->tool) {
            return error_memory(error);
        }
    }
    bantam_location *locations =
        arena_allocate_array(answering->arena, LOCATIONS_MAXIMUM, sizeof *locations);
    if (!locations) {
        return error_memory(error);
    }
    finding->n_locations = locations_find(locations, answering->arena, document, answering->lines);
    finding->locations = locations;
    return BANTAM_OK;
}

// What it is about: what a cause that is likely enough is about, else what the tool names.
static bantam_status name_subject(struct answering *answering, bantam_error *error)
{
    const struct ranked_tool *best = best_tool(answering);
    const struct cause_answer *answer = &answering->cause;
    enum cause cause =
        answer->probabilities[answer->order[0]] >= CAUSE_LIKELY ? answer->order[0] : CAUSE_UNKNOWN;
    answering->names = arena_allocate_array(answering->arena, 1, sizeof *answering->names);
    if (!answering->names) {
        return error_memory(error);
    }
    *answering->names = (struct name_finder){.document = answering->result->features.document,
                                             .lines = answering->lines,
                                             .arena = answering->arena};
    bantam_status status =
        subject_find(&answering->subject, answering->names, best ? best->tool : NULL, cause, error);
    answering->finding->subject = answering->subject.name;
    return status;
}

static bantam_status copy_cause(struct answering *answering, bantam_error *error)
{
    const struct cause_answer *cause = &answering->cause;
    bantam_finding *finding = answering->finding;
    struct arena *arena = answering->arena;
    answering->is_own_cause = cause->own != NULL;
    finding->cause = cause->own ? arena_copy_string(arena, cause->own) : cause_name(cause->cause);
    finding->cause_probability =
        (double)(cause->own ? cause->own_probability : cause->probabilities[cause->order[0]]);
    finding->transient = transient_name(cause->transient);
    // Where the cause stays unknown, the likeliest one is an alternative too.
    size_t from = cause->cause == CAUSE_UNKNOWN ? 0 : 1;
    bantam_cause_probability *others = arena_allocate_array(arena, ALTERNATIVES, sizeof *others);
    bantam_evidence *evidence = arena_allocate_array(arena, cause->n_evidence, sizeof *evidence);
    if (!others || !evidence || !finding->cause) {
        return error_memory(error);
    }
    for (size_t i = 0; i < ALTERNATIVES; i++) {
        enum cause other = cause->order[from + i];
        others[i] =
            (bantam_cause_probability){cause_name(other), (double)cause->probabilities[other]};
    }
    for (size_t i = 0; i < cause->n_evidence; i++) {
        evidence[i] = cause->evidence[i];
    }
    finding->cause_alternatives = others;
    finding->n_cause_alternatives = ALTERNATIVES;
    finding->evidence = evidence;
    finding->n_evidence = cause->n_evidence;
    return BANTAM_OK;
}

static bantam_status name_cause(struct answering *answering, double threshold, bantam_error *error)
{
    const struct finder_result *result = answering->result;
    struct cause_tool tools[CAUSE_TOOLS];
    struct cause_input input = {
        .document = result->features.document,
        .first = answering->lines.first,
        .last = answering->lines.last,
        .anchor = answering->lines.anchor,
        .list = result->list,
        .n_list = result->n_list,
        .tools = tools,
        .n_tools = cause_tools_from(tools, &answering->ranking),
        .score = (float)answering->finding->score,
    };
    bantam_status status = cause_run(&answering->cause, answering->models->cause, &input, threshold,
                                     answering->arena, error);
    return status ? status : copy_cause(answering, error);
}

// The rule that the finding's lines match, the line to read first before all others; NULL: none.
static const struct rule_hit *find_rule(const struct answering *answering)
{
    const struct rule_hits *hits = &answering->result->hits;
    const struct rule_hit *found = NULL;
    for (size_t i = 0; i < hits->n_hits; i++) {
        const struct rule_hit *hit = &hits->hits[i];
        bool tells = hit->line >= answering->lines.first && hit->line <= answering->lines.last &&
                     !own_rules_at(answering->models->rules, hit->rule)->ignore;
        if (tells && (!found || hit->line == answering->lines.anchor)) {
            found = hit;
        }
    }
    return found;
}

// Puts it before the other evidence; false where memory is out, or was for `feature`.
static bool add_evidence(struct answering *answering, uint32_t line, const char *feature,
                         double weight)
{
    bantam_finding *finding = answering->finding;
    size_t n = finding->n_evidence;
    bantam_evidence *evidence = arena_allocate_array(answering->arena, n + 1, sizeof *evidence);
    if (!evidence || !feature) {
        return false;
    }
    evidence[0] =
        (bantam_evidence){.line = answering->result->features.document->first_line_number + line,
                          .feature = feature,
                          .weight = weight};
    if (n > 0) {
        memcpy(evidence + 1, finding->evidence, n * sizeof *evidence);
    }
    finding->evidence = evidence;
    finding->n_evidence = n + 1;
    return true;
}

// What the person taught of failures alike: as evidence, and as what to do.
static bantam_status apply_lessons(struct answering *answering, bantam_error *error)
{
    const struct cause_answer *cause = &answering->cause;
    bantam_finding *finding = answering->finding;
    bool named = cause->own || cause->cause != CAUSE_UNKNOWN;
    if (!named || cause->learned_weight <= 0) {
        return BANTAM_OK;
    }
    const char *feature =
        cause->n_alike > 0 ? "much like what you taught" : "somewhat like what you taught";
    if (cause->own) { // the shipped model's evidence is for another cause
        finding->n_evidence = 0;
    }
    bool told = add_evidence(answering, answering->lines.anchor, feature, cause->learned_weight);
    if (told && cause->own_fix) {
        finding->fix_id = "own";
        finding->fix_text = arena_copy_string(answering->arena, cause->own_fix);
        told = finding->fix_text != NULL;
    }
    return told ? BANTAM_OK : error_memory(error);
}

// What the person said of such lines stands over what the model says.
static bantam_status apply_rule(struct answering *answering, bantam_error *error)
{
    const struct rule_hit *hit = find_rule(answering);
    if (!hit) {
        return BANTAM_OK;
    }
    const struct own_rule *rule = own_rules_at(answering->models->rules, hit->rule);
    bantam_finding *finding = answering->finding;
    finding->cause = arena_copy_string(answering->arena, rule->cause);
    finding->cause_probability = 1;
    answering->cause.cause = cause_of_name(rule->cause, strlen(rule->cause));
    answering->is_own_cause = answering->cause.cause == CAUSE_UNKNOWN;
    memset(answering->cause.probabilities, 0, sizeof answering->cause.probabilities);
    if (!answering->is_own_cause) {
        answering->cause.probabilities[answering->cause.cause] = 1;
        finding->transient = transient_name(cause_transient(answering->cause.cause));
    }
    finding->transient = rule->transient ? rule->transient : finding->transient;
    finding->transient = arena_copy_string(answering->arena, finding->transient);
    const char *feature = arena_format(answering->arena, "your rule \"%.80s\"", rule->name);
    bool told = finding->cause && finding->transient &&
                add_evidence(answering, hit->line, feature, RULE_WEIGHT);
    if (told && rule->fix) {
        finding->fix_id = "own";
        finding->fix_text = arena_copy_string(answering->arena, rule->fix);
        told = finding->fix_text != NULL;
    }
    return told ? BANTAM_OK : error_memory(error);
}

static bantam_status gather_fix_input(struct fix_input *input, const struct answering *answering,
                                      bantam_error *error)
{
    const bantam_finding *finding = answering->finding;
    const struct fix_finding known = {
        .names = answering->names,
        .tools = &answering->ranking,
        .subject = answering->subject.asked ? answering->subject.asked : answering->subject.name,
        .locations = finding->locations,
        .n_locations = finding->n_locations,
    };
    return fix_slots_fill(input, &answering->cause, &known, answering->arena, error);
}

static bantam_status choose_fix(struct answering *answering, bantam_error *error)
{
    bantam_finding *finding = answering->finding;
    struct fix_input input;
    struct fix_answer fix = {0};
    if (answering->is_own_cause) {
        return BANTAM_OK; // no entry is for a cause of the person's own
    }
    bantam_status status = gather_fix_input(&input, answering, error);
    if (!status) {
        status = fix_find(&fix, answering->models->fixes, &input, answering->arena, error);
    }
    if (!status && fix.id) {
        finding->fix_id = arena_copy_string(answering->arena, fix.id);
        finding->fix_text = fix.text;
        finding->fix_reproduce = fix.reproduce;
        finding->fix_reason = fix.reason;
        status = finding->fix_id ? BANTAM_OK : error_memory(error);
    }
    return status;
}

static struct answering begin(bantam_finding *finding, struct arena *arena,
                              const struct answer_models *models,
                              const struct finder_result *result, const struct found *found)
{
    return (struct answering){
        .finding = finding,
        .arena = arena,
        .models = models,
        .result = result,
        .lines = {.first = found->first, .last = found->last, .anchor = found->anchor},
    };
}

bantam_status answer_fix_input(struct fix_input *input, struct arena *arena,
                               const struct answer_models *models,
                               const struct finder_result *result, const struct found *found,
                               bantam_error *error)
{
    bantam_finding finding = {.score = finder_score(result, found)};
    struct answering answering = begin(&finding, arena, models, result, found);
    bantam_status status = name_tool(&answering, error);
    status = status ? status : name_cause(&answering, -1, error);
    status = status ? status : name_subject(&answering, error);
    status = status ? status : gather_fix_input(input, &answering, error);
    tool_ranking_release(&answering.ranking);
    return status;
}

bantam_status answer_finding(bantam_finding *finding, struct arena *arena,
                             const struct answer_models *models, const struct finder_result *result,
                             const struct found *found, double threshold, bantam_error *error)
{
    struct answering answering = begin(finding, arena, models, result, found);
    bantam_status status = name_tool(&answering, error);
    if (!status) {
        status = name_cause(&answering, threshold, error);
    }
    if (!status) {
        status = name_subject(&answering, error);
    }
    if (!status) {
        status = apply_lessons(&answering, error);
    }
    if (!status) {
        status = apply_rule(&answering, error);
    }
    if (!status && !finding->fix_text) {
        status = choose_fix(&answering, error);
    }
    tool_ranking_release(&answering.ranking);
    return status;
}
