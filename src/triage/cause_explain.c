// Contributions of messages, words, tool and exit code, the strongest first, none told twice.
#include "triage/cause_explain.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "features/report_form.h"
#include "text/visible.h"
#include "triage/cause_purpose.h"

enum {
    CANDIDATES = CAUSE_EVIDENCE * 3, // contributions that are kept before equal ones are dropped
    NAME_BYTES = 60,                 // of a log's words in a feature's name
    TELLING_WORD = 4, // bytes from which on a word is told: "for" weighs something and says nothing
};

enum source {
    SOURCE_WORD,
    SOURCE_MESSAGE,
    SOURCE_TOOL,
    SOURCE_EXIT,
    SOURCE_TYPED,
    SOURCE_AIM,    // index: enum cause_tied
    SOURCE_ANSWER, // likewise
    SOURCE_LINKS,
    SOURCE_MISSING,
    SOURCE_CONFIGURED,
};

struct contribution {
    enum source source;
    size_t index; // of the word or the hit
    uint32_t line;
    float weight;
};

struct explanation {
    const struct cause_classifier *classifier;
    const struct cause_input *input;
    const struct cause_features *features;
    float direction[CAUSES]; // 1 for the cause, −p_k / (1 − p_c) for the others
    struct contribution best[CANDIDATES];
    size_t n_best;
};

static void keep(struct explanation *explanation, struct contribution contribution)
{
    if (contribution.weight < 0.02F) {
        return;
    }
    size_t at = explanation->n_best < CANDIDATES ? explanation->n_best++ : CANDIDATES;
    if (at == CANDIDATES) {
        if (explanation->best[CANDIDATES - 1].weight >= contribution.weight) {
            return;
        }
        at = CANDIDATES - 1;
    }
    for (; at > 0 && explanation->best[at - 1].weight < contribution.weight; at--) {
        explanation->best[at] = explanation->best[at - 1];
    }
    explanation->best[at] = contribution;
}

static float tied_weight(const struct explanation *explanation, size_t tied)
{
    float sum = 0;
    for (size_t c = 0; c < CAUSES; c++) {
        sum += explanation->direction[c] * explanation->features->tied[tied][c];
    }
    return sum * explanation->classifier->model.tied[tied];
}

static float word_weight(const struct explanation *explanation, size_t word)
{
    const struct hashed_word *at = &explanation->features->words[word];
    float sum = 0;
    for (size_t c = 0; c < CAUSES; c++) {
        sum += explanation->direction[c] *
               softmax_model_word(&explanation->classifier->model, at->hash, c);
    }
    return sum * at->value;
}

// What the messages' words of FAMILY_SAID weigh, by zone and by the cause that they speak for.
static void weigh_said(const struct explanation *explanation, float said[CAUSE_TIED][CAUSES])
{
    const struct cause_features *features = explanation->features;
    memset(said, 0, CAUSE_TIED * sizeof *said);
    for (size_t i = 0; i < features->n_words; i++) {
        const struct cause_feature *source = &features->sources[i];
        if (source->family == FAMILY_SAID) {
            said[source->offset][source->detail] += word_weight(explanation, i);
        }
    }
}

static void add_hits(struct explanation *explanation)
{
    const struct cause_features *features = explanation->features;
    const struct messages *messages = explanation->classifier->messages;
    const float *tied = explanation->classifier->model.tied;
    float sums[TIED_SHARE][CAUSES] = {{0}}, totals[CAUSES] = {0}, said[CAUSE_TIED][CAUSES];
    weigh_said(explanation, said);
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        const struct message *message = messages_get(messages, hit->message);
        for (size_t k = 0; k < message->n_means; k++) {
            float weight = message_weight(message, k) * hit->closeness;
            sums[hit->zone][message->means[k].cause] += weight;
            totals[message->means[k].cause] += weight;
        }
    }
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        const struct message *message = messages_get(messages, hit->message);
        float weight = 0;
        for (size_t k = 0; k < message->n_means; k++) {
            size_t c = message->means[k].cause;
            float part = message_weight(message, k) * hit->closeness;
            float own = explanation->direction[c] * tied[hit->zone] * features->tied[hit->zone][c];
            float shared =
                explanation->direction[c] * tied[TIED_SHARE] * features->tied[TIED_SHARE][c];
            weight += (own + said[hit->zone][c]) * part / sums[hit->zone][c] +
                      (shared + said[TIED_SHARE][c]) * part / totals[c];
        }
        keep(explanation, (struct contribution){SOURCE_MESSAGE, i, hit->line, weight});
    }
}

static void add_words(struct explanation *explanation)
{
    const struct cause_features *features = explanation->features;
    float tool = tied_weight(explanation, TIED_TOOL) + tied_weight(explanation, TIED_TOOL_LOG) +
                 tied_weight(explanation, TIED_REPORT);
    float exit = tied_weight(explanation, TIED_EXIT);
    float typed = tied_weight(explanation, TIED_TYPED) + tied_weight(explanation, TIED_TYPED_PATH) +
                  tied_weight(explanation, TIED_TYPED_OPTION);
    float missing = tied_weight(explanation, TIED_MISSING);
    float answers[2] = {tied_weight(explanation, TIED_ROOT), tied_weight(explanation, TIED_END)};
    uint32_t anchor = explanation->input->anchor, exit_line = anchor, lines[2] = {anchor, anchor};
    uint32_t missing_line = anchor;
    for (size_t i = 0; i < features->n_words; i++) {
        const struct cause_feature *source = &features->sources[i];
        float weight = word_weight(explanation, i);
        if (source->family == FAMILY_TOOL || source->family == FAMILY_KIND) {
            tool += weight;
        } else if (source->family == FAMILY_EXIT) {
            exit += weight;
            exit_line = source->line;
        } else if (source->family == FAMILY_MISSING) {
            missing += weight;
            missing_line = source->line;
        } else if (source->family == FAMILY_ANSWER) {
            answers[source->offset == TIED_END] += weight;
            lines[source->offset == TIED_END] = source->line;
        } else if (source->family != FAMILY_SAID && source->family != FAMILY_CONCEPT &&
                   (source->family != FAMILY_WORD || source->size >= TELLING_WORD)) {
            keep(explanation, (struct contribution){SOURCE_WORD, i, source->line, weight});
        }
    }
    if (explanation->input->n_tools > 0) {
        keep(explanation, (struct contribution){SOURCE_TOOL, 0, anchor, tool});
    }
    keep(explanation, (struct contribution){SOURCE_TYPED, 0, anchor, typed});
    keep(explanation,
         (struct contribution){SOURCE_LINKS, 0, anchor, tied_weight(explanation, TIED_LINKS)});
    keep(explanation, (struct contribution){SOURCE_MISSING, 0, missing_line, missing});
    keep(explanation, (struct contribution){SOURCE_CONFIGURED, 0, features->configured_line,
                                            tied_weight(explanation, TIED_CONFIGURED)});
    for (size_t tied = TIED_DEPLOYS; tied <= TIED_REVISIONS; tied++) {
        float weight = tied_weight(explanation, tied);
        keep(explanation, (struct contribution){SOURCE_AIM, tied, anchor, weight});
    }
    keep(explanation, (struct contribution){SOURCE_ANSWER, TIED_ROOT, lines[0], answers[0]});
    keep(explanation, (struct contribution){SOURCE_ANSWER, TIED_END, lines[1], answers[1]});
    if (features->exit_code != EXIT_UNKNOWN) {
        keep(explanation, (struct contribution){SOURCE_EXIT, 0, exit_line, exit});
    }
}

// Each continues "speaks of …".
static const char *const keyword_names[KEYWORD_CLASSES] = {
    "an error",
    "a failure",
    "an exception",
    "a warning",
    "an assertion",
    "an expectation",
    "what cannot be done",
    "something missing",
    "a fatal error",
    "a timeout",
    "a denial",
    "an exit",
    "a success",
    "something skipped",
    "a test",
    "a summary",
    "progress",
    "a stack frame",
    "a retry",
    "a place",
    "help",
    "a violation",
};

// Each continues "looks like …".
static const char *const shape_names[16] = {
    "a file and line",
    "a stack frame",
    "a rule's name",
    "an added line",
    "a removed line",
    "an item of a list",
    "a count of zero",
    "a count",
    "the head of a list",
    "a sentence",
    "a label in brackets",
    "a headline",
    "a marker under the line above",
    "a quotation",
    "a link",
    "a label",
};

static const char *const form_names[REPORT_FORMS + 1] = {
    "ends in a rule's name", "ends in a rule's name",     "ends in a warning's switch",
    "tells a rule's code",   "tells a rule's category",   "tells a compiler's code",
    "tells a severity",      "begins with a place",       "looks like an item of a list",
    "counts problems",       "names a failed test",       "looks like a row of a test's report",
    "counts failed tests",   "tells of a link in a list", "belongs to a failed test's report",
};

// Each continues "the step ".
static const char *const purpose_names[PURPOSES] = {
    "lints",
    "looks for weaknesses",
    "checks rules",
    "tests",
    "installs",
    "builds",
    "handles revisions",
    "handles files",
    "handles images",
    "downloads",
    "configures",
    "publishes",
    "runs a program",
};

// From TIED_DEPLOYS on.
static const char *const aim_names[] = {
    "the command deploys",
    "the command stores or fetches artifacts",
    "the command builds, moves or starts images",
    "the command moves revisions",
};

// Kinds of tools whose names in the tables are no words.
static const struct {
    const char *kind, *title;
} kind_titles[] = {
    {"interpreter_shell", "shell or interpreter"},
    {"vcs", "version control tool"},
    {"container", "container tool"},
    {"deployer", "deployment tool"},
    {"builder", "build tool"},
    {"doc_builder", "documentation builder"},
    {"ci_system", "CI system"},
    {"system", "system tool"},
};

static const char *kind_title(const char *kind, struct arena *arena)
{
    for (size_t i = 0; i < sizeof kind_titles / sizeof *kind_titles; i++) {
        if (strcmp(kind_titles[i].kind, kind) == 0) {
            return kind_titles[i].title;
        }
    }
    char *title = arena_copy_string(arena, kind);
    for (char *at = title; at && *at; at++) {
        *at = *at == '_' ? ' ' : *at;
    }
    return title;
}

// A piece of a log's line.
struct words {
    uint32_t line;
    size_t offset, size; // size 0: none
};

// The log's own words behind a word or a message.
static struct words words_of(const struct explanation *explanation,
                             const struct contribution *contribution)
{
    struct words words = {.line = contribution->line};
    const struct line *line = &explanation->input->document->lines[contribution->line];
    if (contribution->source == SOURCE_MESSAGE) {
        const char *taken;
        uint32_t message = explanation->features->hits[contribution->index].message;
        if (messages_words(explanation->classifier->messages, message, line->text, line->size,
                           &taken, &words.size)) {
            words.offset = (size_t)(taken - line->text);
        }
    } else if (contribution->source == SOURCE_WORD) {
        const struct cause_feature *source = &explanation->features->sources[contribution->index];
        if (source->family <= FAMILY_CONCEPT_PAIR) {
            words.offset = source->offset;
            words.size = source->size;
        }
    }
    while (words.size > 0 && line->text[words.offset] == ' ') {
        words.offset++;
        words.size--;
    }
    while (words.size > 0 && strchr(" ,;", line->text[words.offset + words.size - 1])) {
        words.size--;
    }
    return words;
}

// says "…", cut at a blank where it is long.
static const char *cite(const struct explanation *explanation, struct words words,
                        struct arena *arena)
{
    char shown[NAME_BYTES + 1];
    const char *text = explanation->input->document->lines[words.line].text + words.offset;
    size_t size = text_visible_utf8(shown, NAME_BYTES, text, words.size);
    bool cut = size == NAME_BYTES || words.size > NAME_BYTES;
    for (size_t at = size; cut && at > NAME_BYTES / 2; at--) {
        if (shown[at - 1] == ' ') {
            size = at - 1;
            break;
        }
    }
    shown[size] = '\0';
    const char *quote = strchr(shown, '"') ? "'" : "\"";
    return arena_format(arena, "says %s%s%s%s", quote, shown, cut ? " ..." : "", quote);
}

static const char *name_word(const struct cause_feature *source, struct arena *arena)
{
    switch (source->family) {
    case FAMILY_COMMAND:
        return "the command that ran";
    case FAMILY_PURPOSE:
        return arena_format(arena, "the step %s", purpose_names[source->detail]);
    case FAMILY_KEYWORD:
        return arena_format(arena, "speaks of %s", keyword_names[source->detail]);
    case FAMILY_FORM:
        return form_names[source->detail];
    default:
        return arena_format(arena, "looks like %s", shape_names[source->detail]);
    }
}

static const char *name_tool(const struct cause_tool *tool, struct arena *arena)
{
    const char *kind = tool->kind ? kind_title(tool->kind, arena) : "";
    const char *article = !kind || !*kind ? "" : strchr("aeiou", *kind) ? ", an " : ", a ";
    return kind ? arena_format(arena, "printed by %s%s%s", tool->name ? tool->name : "a tool",
                               article, kind)
                : NULL;
}

static const char *name_contribution(const struct explanation *explanation,
                                     const struct contribution *contribution, struct arena *arena)
{
    struct words words = words_of(explanation, contribution);
    if (words.size > 0) {
        return cite(explanation, words, arena);
    }
    switch (contribution->source) {
    case SOURCE_TOOL:
        return name_tool(&explanation->input->tools[0], arena);
    case SOURCE_EXIT:
        return arena_format(arena, "exit code %d", (int)explanation->features->exit_code);
    case SOURCE_TYPED:
        return "complains of what the job's definition names";
    case SOURCE_LINKS:
        return "stands in a list of links";
    case SOURCE_MISSING:
        return "tells what is missing";
    case SOURCE_CONFIGURED:
        return "points into a configuration file";
    case SOURCE_AIM:
        return aim_names[contribution->index - TIED_DEPLOYS];
    case SOURCE_ANSWER:
        return contribution->index == TIED_END ? "the CI system tells how the job ended"
                                               : "passes on what the system or a server answered";
    default:
        return name_word(&explanation->features->sources[contribution->index], arena);
    }
}

// Words that tell a person nothing: numbers, marks, a letter or two. They count, but are not cited.
static bool is_mute(const struct explanation *explanation, const struct contribution *contribution)
{
    struct words words = words_of(explanation, contribution);
    const char *text = explanation->input->document->lines[words.line].text + words.offset;
    size_t letters = 0;
    for (size_t i = 0; i < words.size; i++) {
        letters += isalpha((unsigned char)text[i]) || (unsigned char)text[i] >= 0x80;
    }
    bool speaks =
        contribution->source == SOURCE_MESSAGE ||
        (contribution->source == SOURCE_WORD &&
         explanation->features->sources[contribution->index].family <= FAMILY_CONCEPT_PAIR);
    return speaks && letters < 3;
}

static bool same_words(const struct document *document, struct words a, struct words b)
{
    return a.size == b.size && memcmp(document->lines[a.line].text + a.offset,
                                      document->lines[b.line].text + b.offset, a.size) == 0;
}

// Whether the answer tells the same already: words that overlap ("not" beside "not found") or stand on another line as
// well, a class of words once more.
static bool is_told(const struct explanation *explanation, const struct contribution *told,
                    size_t n_told, const struct contribution *contribution)
{
    struct words words = words_of(explanation, contribution);
    for (size_t i = 0; i < n_told; i++) {
        struct words before = words_of(explanation, &told[i]);
        bool overlap = words.line == before.line && words.offset < before.offset + before.size &&
                       before.offset < words.offset + words.size;
        if (words.size && before.size &&
            (overlap || same_words(explanation->input->document, words, before))) {
            return true;
        }
        if (words.size || before.size || told[i].source != contribution->source ||
            contribution->source != SOURCE_WORD) {
            continue;
        }
        const struct cause_feature *a = &explanation->features->sources[told[i].index];
        const struct cause_feature *b = &explanation->features->sources[contribution->index];
        if (a->family == b->family && (a->family == FAMILY_COMMAND || a->detail == b->detail)) {
            return true;
        }
    }
    return false;
}

bantam_status cause_explain(struct cause_answer *answer, const struct cause_classifier *classifier,
                            const struct cause_input *input, const struct cause_features *features,
                            struct arena *arena, bantam_error *error)
{
    struct explanation explanation = {classifier, input, features, {0}, {{0}}, 0};
    enum cause cause = answer->order[0];
    float rest = 1 - answer->probabilities[cause];
    for (size_t c = 0; c < CAUSES; c++) {
        explanation.direction[c] = c == cause     ? 1
                                   : rest > 1e-6F ? -answer->probabilities[c] / rest
                                                  : -1.0F / (CAUSES - 1);
    }
    add_hits(&explanation);
    add_words(&explanation);
    struct contribution told[CAUSE_EVIDENCE];
    for (size_t i = 0; i < explanation.n_best && answer->n_evidence < CAUSE_EVIDENCE; i++) {
        const struct contribution *at = &explanation.best[i];
        if (is_mute(&explanation, at) || is_told(&explanation, told, answer->n_evidence, at)) {
            continue;
        }
        const char *name = name_contribution(&explanation, at, arena);
        if (!name) {
            return error_memory(error);
        }
        told[answer->n_evidence] = *at;
        answer->evidence[answer->n_evidence++] = (bantam_evidence){
            input->document->first_line_number + at->line, name, (double)at->weight};
    }
    return BANTAM_OK;
}
