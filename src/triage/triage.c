// One log's way through the triage: lines → finder → findings with tool, cause and fix → diagnosis.
#include "bantam/triage.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/passed_tests.h"
#include "triage/diagnosis.h"
#include "triage/gate.h"
#include "triage/pieces.h"
#include "triage/redaction.h"
#include "triage/test_join.h"
#include "triage/triage_models.h"

bantam_triage_options bantam_triage_options_default(void)
{
    return (bantam_triage_options){
        .n_lines = 10, .max_findings = 3, .excerpt_lines = 12, .cause_threshold = -1};
}

static bantam_status check_options(const bantam_triage_options *options, bantam_error *error)
{
    if (options->n_lines > 1000 || options->max_findings < 1 || options->max_findings > 100 ||
        options->context > 100 || options->excerpt_lines < 1 || options->excerpt_lines > 100000 ||
        !(options->cause_threshold <= 1) || options->redaction > BANTAM_REDACT_NOTHING) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "an option of the triage is out of its range; see bantam/triage.h");
    }
    return BANTAM_OK;
}

// One log on its way.
struct run {
    const bantam_triage *triage;
    const bantam_triage_options *options;
    struct document document;
    struct finder_result found;
    struct diagnosis *diagnosis;
    bantam_finding *findings; // of the diagnosis
};

static bool add_lines(struct run *run)
{
    struct arena *arena = &run->diagnosis->arena;
    bantam_log_line *lines = arena_allocate_array(arena, run->found.n_list, sizeof *lines);
    for (size_t i = 0; lines && i < run->found.n_list; i++) {
        const struct listed_line *listed = &run->found.list[i];
        if (!diagnosis_line(&lines[i], arena, &run->document, listed->line,
                            finder_line_share(&run->found, listed->score))) {
            return false;
        }
    }
    run->diagnosis->public.lines = lines;
    run->diagnosis->public.n_lines_listed = run->found.n_list;
    return lines != NULL;
}

static bantam_novelty novelty(const struct finder_result *result, uint32_t line)
{
    if (!result->known) {
        return BANTAM_NOT_COMPARED;
    }
    return result->known[result->features.distinct_of_line[line]] ? BANTAM_IN_BASELINE : BANTAM_NEW;
}

static bantam_status add_finding(struct run *run, bantam_finding *finding,
                                 const struct found *found, bantam_error *error)
{
    uint64_t first_number = run->document.first_line_number;
    *finding = (bantam_finding){
        .rank = run->diagnosis->public.n_findings + 1,
        .score = finder_score(&run->found, found),
        .first_line = first_number + found->first,
        .last_line = first_number + found->last,
        .anchor_line = first_number + found->anchor,
        .novelty = novelty(&run->found, found->anchor),
    };
    run->diagnosis->public.n_findings++;
    struct answer_models with = {.tools = run->triage->tools,
                                 .cause = &run->triage->cause,
                                 .fixes = &run->triage->fix_ranker,
                                 .rules = run->triage->rules};
    struct arena *arena = &run->diagnosis->arena;
    return answer_finding(finding, arena, &with, &run->found, found, run->options->cause_threshold,
                          error);
}

// What a further finding must have of the first one's score to be told as a failure of its own; less where it stands so close
// to another that both are likely pieces of one failure. F1 over all findings on CiDiff: .61 without, .69 with
// (labels read with a lone '\r' as the end of a line, which is how they are numbered).
#define FURTHER_SHARE 0.12
#define CLOSE_SHARE 0.02
enum {
    FINDINGS_SPARE = 3, // findings sought beyond those wanted, for those that are dropped
};

static bool is_close(const struct found *finding, const struct found *others, size_t n_others)
{
    for (size_t i = 0; i < n_others; i++) {
        if (others[i].told && finding->first <= others[i].last + CLOSE_LINES &&
            others[i].first <= finding->last + CLOSE_LINES) {
            return true;
        }
    }
    return false;
}

static struct found *finding_at(struct run *run, size_t place)
{
    struct found *findings = run->found.findings;
    size_t i = 0;
    while (i + 1 < run->found.n_findings && findings[i].place != place) {
        i++;
    }
    return &findings[i];
}

// Drops the findings that are no likely failures of their own, whatever their order; the first one stays.
static void keep_likely(struct run *run)
{
    struct found *findings = run->found.findings;
    size_t n = run->found.n_findings, n_told = 1, n_kept = 0;
    float most = finding_at(run, 0)->share;
    findings[0].told = true;
    for (size_t place = 0; place < n && n_told < run->options->max_findings; place++) {
        struct found *finding = finding_at(run, place);
        double least = is_close(finding, findings, n) ? CLOSE_SHARE : FURTHER_SHARE;
        if (!finding->told && (place == 0 || (double)finding->share >= least * (double)most)) {
            finding->told = true;
            n_told++;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (findings[i].told) {
            findings[n_kept++] = findings[i];
        }
    }
    run->found.n_findings = n_kept;
}

// The lines that each finding shows: the first one those of its pieces as well, which then stand last.
static bantam_status add_excerpts(struct run *run, bantam_error *error)
{
    struct found shown = run->found.findings[0];
    struct arena *arena = &run->diagnosis->arena;
    bantam_diagnosis *public = &run->diagnosis->public;
    bool copied = true;
    for (size_t i = 1; copied && i < public->n_findings; i++) {
        copied = diagnosis_excerpt(&run->findings[i], arena, &run->found, &run->found.findings[i],
                                   run->options);
    }
    public->n_failures = pieces_part(run->findings, public->n_findings, &shown,
                                     run->document.first_line_number, run->options->excerpt_lines);
    copied =
        copied && diagnosis_excerpt(&run->findings[0], arena, &run->found, &shown, run->options);
    return copied ? BANTAM_OK : error_memory(error);
}

static bantam_status add_findings(struct run *run, bantam_error *error)
{
    bantam_finding *findings =
        arena_allocate_array(&run->diagnosis->arena, run->found.n_findings, sizeof *findings);
    bantam_status status = findings ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < run->found.n_findings; i++) {
        status = add_finding(run, &findings[i], &run->found.findings[i], error);
    }
    run->findings = findings;
    run->diagnosis->public.findings = findings;
    return status ? status : add_excerpts(run, error);
}

static bool add_models(struct run *run)
{
    struct arena *arena = &run->diagnosis->arena;
    bantam_model_name *names = arena_allocate_array(arena, TRIAGE_MODELS, sizeof *names);
    for (size_t i = 0; names && i < TRIAGE_MODELS; i++) {
        const bantam_model *file = run->triage->files[i];
        const char *version = bantam_model_metadata(file, "version");
        names[i].name = triage_model_kind((enum triage_model)i);
        names[i].version = arena_copy_string(arena, version ? version : "");
        names[i].digest = arena_copy_string(arena, bantam_model_digest(file));
        if (!names[i].version || !names[i].digest) {
            return false;
        }
    }
    run->diagnosis->public.models = names;
    run->diagnosis->public.n_models = TRIAGE_MODELS;
    return names != NULL;
}

static bantam_status hide_secrets(struct run *run, bantam_error *error)
{
    bantam_redaction what = run->options->redaction;
    if (what == BANTAM_REDACT_NOTHING) {
        return BANTAM_OK;
    }
    return redaction_apply(&run->diagnosis->public.n_hidden, &run->document, &run->found, what,
                           run->options->context, error);
}

static bool rules_tell_a_cause(const struct run *run)
{
    const struct rule_hits *hits = &run->found.hits;
    for (size_t i = 0; i < hits->n_hits; i++) {
        if (!own_rules_at(run->triage->rules, hits->hits[i].rule)->ignore) {
            return true;
        }
    }
    return false;
}

static bantam_status fill(struct run *run, bantam_error *error)
{
    bantam_diagnosis *public = &run->diagnosis->public;
    public->n_bytes = run->document.raw_size;
    public->n_lines = run->document.n_lines_total;
    public->format = log_format_name(run->document.format);
    public->status = BANTAM_NO_FAILURE_FOUND;
    if (!add_models(run)) {
        return error_memory(error);
    }
    bool failed = run->options->known_failed || rules_tell_a_cause(run) ||
                  gate_failed(&run->found.features, run->found.linear, run->triage->finder.gate);
    if (run->found.n_candidates == 0 || !failed) {
        return BANTAM_OK;
    }
    keep_likely(run);
    bantam_status status = hide_secrets(run, error);
    if (!status) {
        status = add_lines(run) ? add_findings(run, error) : error_memory(error);
    }
    if (!status) {
        bool named = strcmp(public->findings[0].cause, cause_name(CAUSE_UNKNOWN)) != 0;
        public->status = named ? BANTAM_DIAGNOSED : BANTAM_UNKNOWN;
    }
    return status;
}

bantam_status bantam_triage_run(bantam_diagnosis **out, const bantam_triage *triage,
                                const void *log, size_t size, const bantam_triage_options *options,
                                bantam_error *error)
{
    *out = NULL;
    bantam_triage_options defaults = bantam_triage_options_default();
    struct run run = {.triage = triage, .options = options ? options : &defaults};
    bantam_status status = check_options(run.options, error);
    if (!status) {
        status = document_init(&run.document, log, size, error);
    }
    if (!status && !passed_tests_mark(&run.document)) {
        status = error_memory(error);
    }
    if (!status) {
        struct finder_options wanted = {.n_lines = run.options->n_lines,
                                        .max_findings = run.options->max_findings + FINDINGS_SPARE,
                                        .baseline = run.options->baseline,
                                        .rules = triage->rules,
                                        .learned = triage->learned};
        status = finder_run(&run.found, &triage->finder, &run.document, &wanted, error);
    }
    if (!status) {
        run.diagnosis = memory_allocate_array(1, sizeof *run.diagnosis);
        status = run.diagnosis ? fill(&run, error) : error_memory(error);
    }
    const bantam_test_reports *reports = run.options->reports;
    if (!status && reports && bantam_test_reports_count(reports) > 0) {
        status = tests_join(run.diagnosis, run.findings, &run.document, reports,
                            run.options->redaction, error);
    }
    bantam_diagnosis *diagnosis = run.diagnosis ? &run.diagnosis->public : NULL;
    finder_result_release(&run.found);
    document_release(&run.document);
    if (status && diagnosis) {
        bantam_diagnosis_free(&diagnosis);
    }
    *out = diagnosis;
    return status;
}

void bantam_diagnosis_free(bantam_diagnosis **diagnosis)
{
    if (*diagnosis) {
        struct diagnosis *whole = (struct diagnosis *)*diagnosis;
        arena_release(&whole->arena);
        memory_free(whole);
        *diagnosis = NULL;
    }
}
