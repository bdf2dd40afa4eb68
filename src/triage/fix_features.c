// Only entries of causes that are not hopeless are looked at: phrases are searched for in every line near the anchor.
#include "triage/fix_features.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/softmax_model.h"
#include "text/byte_pairs.h"
#include "text/span.h"
#include "text/word_list.h"
#include "triage/fix_fill.h"
#include "triage/names.h"

enum {
    LINES_AROUND = 60, // of a long finding, on each side of the line to read first
    MORE_MAXIMUM = 3,
};

#define CAUSE_LEAST 0.01F // probability of a cause whose entries are looked at

// The lines that phrases are looked for in.
struct searched {
    const struct fix_input *input;
    size_t first, end;
    struct byte_pairs pairs; // what they hold
};

// What the finding's lines say of an entry's phrases.
struct said {
    const char *phrase; // the longest
    size_t size;
    size_t n; // phrases that some line holds
    bool anchor;
};

static bool holds(const struct line *line, const char *phrase, size_t size)
{
    return span_contains(line_span(line), span_of(phrase, size));
}

static void searched_init(struct searched *searched, const struct fix_input *input)
{
    size_t anchor = input->anchor, end = anchor + LINES_AROUND + 1;
    *searched = (struct searched){.input = input,
                                  .first = anchor > LINES_AROUND ? anchor - LINES_AROUND : 0,
                                  .end = end < input->n_lines ? end : input->n_lines};
    for (size_t i = searched->first; i < searched->end; i++) {
        byte_pairs_add(&searched->pairs, input->lines[i].text, input->lines[i].size);
    }
}

static void look_for(struct said *said, const struct searched *searched, const char *phrase,
                     size_t size)
{
    const struct fix_input *input = searched->input;
    bool found = false;
    for (size_t i = searched->first; i < searched->end; i++) {
        if (holds(&input->lines[i], phrase, size)) {
            found = true;
            said->anchor |= i == input->anchor;
        }
    }
    said->n += found;
    if (found && size > said->size) {
        said->phrase = phrase;
        said->size = size;
    }
}

static struct said find_said(const struct fix *fix, const struct searched *searched)
{
    struct said said = {0};
    for (const char *phrase = fix->says; *phrase;) {
        size_t size = strcspn(phrase, "|");
        if (size > 0 && byte_pairs_may_hold(&searched->pairs, phrase, size)) {
            look_for(&said, searched, phrase, size);
        }
        phrase += size + (phrase[size] == '|');
    }
    return said;
}

size_t fix_named_tool(const struct fix *fix, const struct fix_input *input)
{
    size_t at = fix->tool ? 0 : input->n_tools;
    while (at < input->n_tools &&
           !word_list_holds(fix->tool, '|',
                            span_of(input->tools[at].name, strlen(input->tools[at].name)))) {
        at++;
    }
    return at;
}

static bool names_kind(const struct fix *fix, const struct fix_input *input)
{
    return input->n_tools > 0 && input->tools[0].kind &&
           strcmp(fix->kind, input->tools[0].kind) == 0;
}

static void describe_slots(float *features, const struct fix_filling *filling)
{
    const unsigned place = 1U << FIX_FILE | 1U << FIX_LINE;
    features[FIX_FILLED] = (float)__builtin_popcount(filling->filled);
    features[FIX_EMPTY] = (float)__builtin_popcount(filling->empty);
    features[FIX_TELLS_SUBJECT] = (float)(filling->filled >> FIX_SUBJECT & 1);
    features[FIX_TELLS_PLACE] = (filling->filled & place) == place;
    features[FIX_TELLS_FILE] = (filling->filled & place) == 1U << FIX_FILE;
    features[FIX_TELLS_PACKAGE] = (float)(filling->filled >> FIX_PACKAGE & 1);
    features[FIX_TELLS_HOST] = (float)(filling->filled >> FIX_HOST & 1);
    features[FIX_TELLS_TOOL] = (float)(filling->filled >> FIX_TOOL & 1);
}

// False where the entry does not speak of the finding at all.
static bool describe(struct fix_candidate *candidate, const struct fix *fix,
                     const struct searched *searched, struct fix_filling *filling)
{
    const struct fix_input *input = searched->input;
    float cause = input->probabilities[fix->cause];
    size_t tool = fix_named_tool(fix, input);
    if (cause < CAUSE_LEAST || (fix->tool && tool == input->n_tools) ||
        (fix->kind && !names_kind(fix, input))) {
        return false;
    }
    struct said said = fix->says ? find_said(fix, searched) : (struct said){0};
    if ((fix->says && !said.phrase) || !fix_fill(filling, fix, fix->text, input)) {
        return false;
    }
    *candidate =
        (struct fix_candidate){.fix = fix, .phrase = said.phrase, .phrase_size = said.size};
    float *features = candidate->features;
    features[FIX_CAUSE_LOG] = logf(cause);
    features[FIX_CAUSE] = cause;
    features[FIX_CAUSE_LIKELIEST] = fix->cause == softmax_likeliest(input->probabilities, CAUSES);
    features[FIX_SAYS] = said.phrase != NULL;
    features[FIX_SAYS_ANCHOR] = said.anchor;
    features[FIX_SAYS_SIZE] = logf(1 + (float)said.size);
    features[FIX_SAYS_MORE] =
        said.n > 1 ? (float)(said.n - 1 < MORE_MAXIMUM ? said.n - 1 : MORE_MAXIMUM) : 0;
    features[FIX_SAYS_ALONE] = fix->says && !fix->tool && !fix->kind;
    features[FIX_NAMES_TOOL] = fix->tool && tool == 0;
    features[FIX_NAMES_TOOL_LATER] = fix->tool && tool > 0;
    features[FIX_TOOL_PROBABILITY] = fix->tool ? input->tools[tool].probability : 0;
    features[FIX_NAMES_KIND] = fix->kind != NULL;
    features[FIX_NAMES_NONE] = !fix->says && !fix->tool && !fix->kind;
    describe_slots(features, filling);
    features[FIX_RUNS] = fix->reproduce && fix_fill(filling, fix, fix->reproduce, input);
    return true;
}

// Where each stands among those of its cause.
static void describe_order(struct fix_candidate *candidates, size_t n)
{
    size_t of_cause[CAUSES] = {0}, before[CAUSES] = {0};
    for (size_t i = 0; i < n; i++) {
        of_cause[candidates[i].fix->cause]++;
    }
    for (size_t i = 0; i < n; i++) {
        enum cause cause = candidates[i].fix->cause;
        candidates[i].features[FIX_LATER] =
            of_cause[cause] > 1 ? (float)before[cause] / (float)(of_cause[cause] - 1) : 0;
        before[cause]++;
    }
}

bantam_status fix_candidates_find(struct fix_candidate **candidates, size_t *n,
                                  const struct fixes *fixes, const struct fix_input *input,
                                  struct arena *arena, bantam_error *error)
{
    struct fix_filling filling;
    struct searched searched;
    searched_init(&searched, input);
    *n = 0;
    *candidates = arena_allocate_array(arena, fixes->n_entries + 1, sizeof **candidates);
    if (!*candidates) {
        return error_memory(error);
    }
    for (size_t i = 0; i < fixes->n_entries; i++) {
        *n += describe(&(*candidates)[*n], &fixes->entries[i], &searched, &filling);
    }
    describe_order(*candidates, *n);
    return input->names && input->names->out_of_memory ? error_memory(error) : BANTAM_OK;
}

void fix_ranker_init(struct fix_ranker *ranker, const struct fixes *fixes)
{
    *ranker = (struct fix_ranker){.fixes = fixes,
                                  .weights = {[FIX_CAUSE_LIKELIEST] = 100,
                                              [FIX_SAYS] = 12,
                                              [FIX_NAMES_TOOL] = 9,
                                              [FIX_NAMES_KIND] = 6,
                                              [FIX_NAMES_TOOL_LATER] = -100}};
}

static bantam_status check_file(const bantam_model *file, bantam_error *error)
{
    const char *kind = bantam_model_metadata(file, "kind");
    const char *version = bantam_model_metadata(file, "features");
    if (!kind || strcmp(kind, "ci-fixes") != 0) {
        return error_set(error, BANTAM_ERROR_MODEL, "this is not a model of kind ci-fixes");
    }
    if (!version || strcmp(version, FIX_FEATURES_VERSION) != 0) {
        return error_set(error, BANTAM_ERROR_VERSION,
                         "the ci-fixes model has features of version %s, this program has %s: "
                         "train it again",
                         version ? version : "none", FIX_FEATURES_VERSION);
    }
    return BANTAM_OK;
}

void fix_ranker_release(struct fix_ranker *ranker)
{
    memory_free(ranker->own);
    *ranker = (struct fix_ranker){0};
}

uint32_t fix_hash(const struct fix *fix)
{
    uint32_t hash = 2166136261U; // FNV-1a
    for (const char *at = fix->id; *at; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    }
    return hash;
}

// The values of a tensor of one dimension; NULL where it is missing or, for weights, where one is no number.
static const void *values_of(const bantam_model *file, const char *name, bantam_dtype dtype,
                             size_t *n)
{
    const bantam_tensor *tensor = bantam_model_tensor(file, name);
    if (!tensor || tensor->dtype != dtype || tensor->n_dimensions != 1) {
        return NULL;
    }
    *n = (size_t)tensor->shape[0];
    for (size_t i = 0; dtype == BANTAM_F32 && i < *n; i++) {
        if (!isfinite(((const float *)tensor->data)[i])) {
            return NULL;
        }
    }
    return tensor->data;
}

// The file holds them in the order of the table as it was: where one is found, the next is looked for behind it.
static void take_own(struct fix_ranker *ranker, const uint32_t *hashes, const float *own, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < ranker->fixes->n_entries; i++) {
        uint32_t hash = fix_hash(&ranker->fixes->entries[i]);
        for (size_t tried = 0; tried < n; tried++) {
            size_t at = from + tried < n ? from + tried : from + tried - n;
            if (hashes[at] == hash) {
                ranker->own[i] = own[at];
                from = at + 1 < n ? at + 1 : 0;
                break;
            }
        }
    }
}

bantam_status fix_ranker_use(struct fix_ranker *ranker, const bantam_model *file,
                             bantam_error *error)
{
    bantam_status status = check_file(file, error);
    if (status) {
        return status;
    }
    size_t n_weights, n_least, n_entries, n_own;
    const float *weights = values_of(file, "weights", BANTAM_F32, &n_weights);
    const float *least = values_of(file, "least", BANTAM_F32, &n_least);
    const uint32_t *hashes = values_of(file, "entries", BANTAM_U32, &n_entries);
    const float *own = values_of(file, "own", BANTAM_F32, &n_own);
    if (!weights || n_weights != FIX_FEATURES || !least || n_least != 1 || !hashes || !own ||
        n_own != n_entries) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the ci-fixes model lacks numbers: weights F32 (%d), least F32 (1), "
                         "entries U32 (n) and own F32 (n)",
                         FIX_FEATURES);
    }
    float *memory = memory_allocate_array(ranker->fixes->n_entries + 1, sizeof *memory);
    if (!memory) {
        return error_memory(error);
    }
    memory_free(ranker->own);
    ranker->own = memory;
    take_own(ranker, hashes, own, n_entries);
    memcpy(ranker->weights, weights, sizeof ranker->weights);
    ranker->least = *least;
    return BANTAM_OK;
}

static float score(const struct fix_ranker *ranker, const struct fix_candidate *candidate)
{
    float sum = ranker->own ? ranker->own[candidate->fix - ranker->fixes->entries] : 0;
    for (size_t i = 0; i < FIX_FEATURES; i++) {
        sum += ranker->weights[i] * candidate->features[i];
    }
    return sum;
}

size_t fix_ranker_best(const struct fix_ranker *ranker, const struct fix_candidate *candidates,
                       size_t n, float *probability)
{
    size_t best = 0;
    float most = -INFINITY, all = 0, same = 0;
    for (size_t i = 0; i < n; i++) {
        float sum = score(ranker, &candidates[i]);
        if (sum > most) {
            most = sum;
            best = i;
        }
    }
    for (size_t i = 0; i < n; i++) {
        float mass = expf(score(ranker, &candidates[i]) - most);
        all += mass;
        same += strcmp(candidates[i].fix->text, candidates[best].fix->text) == 0 ? mass : 0;
    }
    *probability = same / all;
    return best;
}
