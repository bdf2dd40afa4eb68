// Contributions of messages, words, tool and exit code, the strongest first, none told twice.
#include "triage/cause_explain.h"

#include <string.h>

#include "base/error.h"

enum {
    CANDIDATES = CAUSE_EVIDENCE * 3, // contributions that are kept before equal ones are dropped
    NAME_BYTES = 60,                 // of a log's words in a feature's name
};

enum source {
    SOURCE_WORD,
    SOURCE_MESSAGE,
    SOURCE_TOOL,
    SOURCE_EXIT,
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

static void add_hits(struct explanation *explanation)
{
    const struct cause_features *features = explanation->features;
    const struct message *messages = explanation->classifier->messages->messages;
    const float *tied = explanation->classifier->model.tied;
    float sums[TIED_SHARE][CAUSES] = {{0}}, totals[CAUSES] = {0};
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        for (size_t k = 0; k < messages[hit->message].n_means; k++) {
            float weight = messages[hit->message].means[k].weight * hit->closeness;
            sums[hit->zone][messages[hit->message].means[k].cause] += weight;
            totals[messages[hit->message].means[k].cause] += weight;
        }
    }
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        float weight = 0;
        for (size_t k = 0; k < messages[hit->message].n_means; k++) {
            size_t c = messages[hit->message].means[k].cause;
            float part = messages[hit->message].means[k].weight * hit->closeness;
            weight += explanation->direction[c] *
                      (tied[hit->zone] * features->tied[hit->zone][c] * part / sums[hit->zone][c] +
                       tied[TIED_SHARE] * features->tied[TIED_SHARE][c] * part / totals[c]);
        }
        keep(explanation, (struct contribution){SOURCE_MESSAGE, i, hit->line, weight});
    }
}

static void add_words(struct explanation *explanation)
{
    const struct cause_features *features = explanation->features;
    float tool = tied_weight(explanation, TIED_TOOL) + tied_weight(explanation, TIED_TOOL_LOG);
    float exit = tied_weight(explanation, TIED_EXIT);
    uint32_t exit_line = explanation->input->anchor;
    for (size_t i = 0; i < features->n_words; i++) {
        const struct cause_feature *source = &features->sources[i];
        float weight = word_weight(explanation, i);
        if (source->family == FAMILY_TOOL || source->family == FAMILY_KIND) {
            tool += weight;
        } else if (source->family == FAMILY_EXIT) {
            exit += weight;
            exit_line = source->line;
        } else {
            keep(explanation, (struct contribution){SOURCE_WORD, i, source->line, weight});
        }
    }
    if (explanation->input->n_tools > 0) {
        keep(explanation, (struct contribution){SOURCE_TOOL, 0, explanation->input->anchor, tool});
    }
    if (features->exit_code != EXIT_UNKNOWN) {
        keep(explanation, (struct contribution){SOURCE_EXIT, 0, exit_line, exit});
    }
}

static const char *const keyword_names[KEYWORD_CLASSES] = {
    "an error", "a failure", "an exception", "a warning",   "an assertion", "an expectation",
    "cannot",   "missing",   "fatal",        "a timeout",   "denied",       "an exit",
    "passed",   "skipped",   "a test",       "a summary",   "progress",     "a stack frame",
    "a retry",  "a place",   "help",         "a violation",
};

static const char *const shape_names[16] = {
    "file and line",
    "stack frame",
    "rule",
    "added line",
    "removed line",
    "bullet",
    "zero count",
    "count",
    "ends in ':'",
    "ends in '.'",
    "begins with '['",
    "begins in capitals",
    "marker under the line above",
    "quoted string",
    "link",
    "label",
};

// The words with anything that is not plain ASCII shown as '?', cut at NAME_BYTES.
static void show(char out[NAME_BYTES + 1], const char *text, size_t size)
{
    size_t n = size < NAME_BYTES ? size : NAME_BYTES;
    for (size_t i = 0; i < n; i++) {
        out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    }
    out[n] = '\0';
}

static const char *name_word(const struct explanation *explanation, size_t word,
                             struct arena *arena)
{
    const struct cause_feature *source = &explanation->features->sources[word];
    const struct document *document = explanation->input->document;
    const struct line *line = &document->lines[source->line];
    char words[NAME_BYTES + 1] = "";
    switch (source->family) {
    case FAMILY_WORD:
    case FAMILY_PAIR:
        show(words, line->text + source->offset, source->size);
        return arena_format(arena, "\"%s\"", words);
    case FAMILY_COMMAND:
        return arena_format(arena, "words of the command");
    case FAMILY_KEYWORD:
        return arena_format(arena, "speaks of %s", keyword_names[source->detail]);
    default:
        return arena_format(arena, "shape: %s", shape_names[source->detail]);
    }
}

static const char *name_contribution(const struct explanation *explanation,
                                     const struct contribution *contribution, struct arena *arena)
{
    if (contribution->source == SOURCE_WORD) {
        return name_word(explanation, contribution->index, arena);
    }
    if (contribution->source == SOURCE_MESSAGE) {
        uint32_t message = explanation->features->hits[contribution->index].message;
        return arena_format(arena, "says \"%s\"",
                            explanation->classifier->messages->messages[message].says);
    }
    if (contribution->source == SOURCE_TOOL) {
        const struct cause_tool *tool = &explanation->input->tools[0];
        return arena_format(arena, "written by %s%s%s", tool->name ? tool->name : "a tool",
                            tool->kind ? ", a " : "", tool->kind ? tool->kind : "");
    }
    return arena_format(arena, "exit code %d", (int)explanation->features->exit_code);
}

// Whether the answer cites words of the same line already that overlap: "not" beside "not found".
static bool is_told(const struct explanation *explanation, const struct contribution *told,
                    size_t n_told, const struct contribution *contribution)
{
    for (size_t i = 0; i < n_told; i++) {
        if (told[i].line != contribution->line || told[i].source != SOURCE_WORD ||
            contribution->source != SOURCE_WORD) {
            continue;
        }
        const struct cause_feature *a = &explanation->features->sources[told[i].index];
        const struct cause_feature *b = &explanation->features->sources[contribution->index];
        if (a->family == FAMILY_COMMAND && b->family == FAMILY_COMMAND) {
            return true;
        }
        if (a->family <= FAMILY_PAIR && b->family <= FAMILY_PAIR &&
            a->offset < b->offset + b->size && b->offset < a->offset + a->size) {
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
        if (is_told(&explanation, told, answer->n_evidence, at)) {
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
