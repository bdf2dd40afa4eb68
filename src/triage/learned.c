// Reading the layer, and asking it.
#include "triage/learned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/line_words.h"
#include "triage/rules.h"

#define ALIKE 0.5 // of the kernel: from here on a lesson is named as one much alike

static int by_hash(const void *a, const void *b)
{
    const struct hashed_word *left = a, *right = b;
    return (left->hash > right->hash) - (left->hash < right->hash);
}

// Words alone tell how alike two findings are: what messages say of them is in the prior.
static size_t copy_words(struct hashed_word *words, const struct cause_features *features)
{
    size_t n = 0;
    for (size_t i = 0; i < features->n_words; i++) {
        uint8_t family = features->sources[i].family;
        if (family != FAMILY_SAID && family != FAMILY_CONCEPT && family != FAMILY_CONCEPT_PAIR &&
            family != FAMILY_FORM && family != FAMILY_PURPOSE && family != FAMILY_MISSING) {
            words[n++] = features->words[i];
        }
    }
    return n;
}

bool word_vector_init(struct word_vector *vector, const struct cause_features *features,
                      struct arena *arena)
{
    size_t n = features->n_words;
    struct hashed_word *sorted = arena_allocate_array(arena, n + 1, sizeof *sorted);
    uint32_t *hashes = arena_allocate_array(arena, n + 1, sizeof *hashes);
    float *values = arena_allocate_array(arena, n + 1, sizeof *values);
    if (!sorted || !hashes || !values) {
        return false;
    }
    double squares = 0;
    n = copy_words(sorted, features);
    qsort(sorted, n, sizeof *sorted, by_hash);
    for (size_t i = 0; i < n; i++) {
        squares += (double)sorted[i].value * (double)sorted[i].value;
    }
    double scale = squares > 0 ? 1 / sqrt(squares) : 0;
    for (size_t i = 0; i < n; i++) {
        hashes[i] = sorted[i].hash;
        values[i] = (float)((double)sorted[i].value * scale);
    }
    *vector = (struct word_vector){hashes, values, n};
    return true;
}

double word_vector_kernel(const struct word_vector *a, const struct word_vector *b)
{
    double sum = 0;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        if (a->hashes[i] < b->hashes[k]) {
            i++;
        } else if (a->hashes[i] > b->hashes[k]) {
            k++;
        } else {
            sum += (double)a->values[i++] * (double)b->values[k++];
        }
    }
    return sum > 0 ? sum * sum : 0;
}

// The tensor's elements where it has that type and length; NULL where not.
static const void *vector_of(const bantam_model *file, const char *name, bantam_dtype dtype,
                             uint64_t *n)
{
    const bantam_tensor *tensor = bantam_model_tensor(file, name);
    if (!tensor || tensor->dtype != dtype || tensor->n_dimensions != 1 ||
        (*n != UINT64_MAX && tensor->shape[0] != *n)) {
        return NULL;
    }
    *n = tensor->shape[0];
    return tensor->data ? tensor->data : "";
}

// The n-th line of a text, terminated, in the arena; "" where there is none, NULL when memory is out.
static const char *line_of(const char *text, size_t n, struct learned *learned)
{
    for (; text && n > 0; n--) {
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    const char *line =
        arena_copy(&learned->arena, text ? text : "", text ? strcspn(text, "\n") : 0);
    learned->out_of_memory |= !line;
    return line;
}

static bool read_names(struct learned *learned)
{
    const char *own = bantam_model_metadata(learned->file, "causes");
    for (size_t i = 0; i < CAUSES; i++) {
        learned->names[i] = cause_name((enum cause)i);
    }
    learned->n_classes = CAUSES;
    for (size_t i = 0; own && *own && learned->n_classes < LEARNED_CLASSES; i++) {
        const char *name = line_of(own, i, learned);
        if (!name || !*name) {
            break;
        }
        if (!own_cause_name(name)) {
            return false;
        }
        learned->names[learned->n_classes++] = name;
    }
    return true;
}

static bool all_finite(const float *values, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

static bool read_examples(struct learned *learned)
{
    const bantam_model *file = learned->file;
    uint64_t n_examples = UINT64_MAX, n_starts, n_words = UINT64_MAX, n_alpha;
    const uint32_t *causes = vector_of(file, "example_causes", BANTAM_U32, &n_examples);
    n_starts = causes ? n_examples + 1 : 0;
    n_alpha = causes ? n_examples * learned->n_classes : 0;
    const uint32_t *starts = vector_of(file, "example_starts", BANTAM_U32, &n_starts);
    const uint32_t *hashes = vector_of(file, "example_words", BANTAM_U32, &n_words);
    const float *values = vector_of(file, "example_values", BANTAM_F32, &n_words);
    const float *alpha = vector_of(file, "example_alpha", BANTAM_F32, &n_alpha);
    const char *fixes = bantam_model_metadata(file, "fixes");
    if (!causes || !starts || !hashes || !values || !alpha || n_examples > LEARNED_EXAMPLES ||
        !all_finite(values, n_words) || !all_finite(alpha, n_alpha)) {
        return false;
    }
    learned->n_examples = (size_t)n_examples;
    learned->examples =
        arena_allocate_array(&learned->arena, learned->n_examples + 1, sizeof *learned->examples);
    learned->out_of_memory |= !learned->examples;
    for (size_t i = 0; learned->examples && i < n_examples; i++) {
        if (starts[i] > starts[i + 1] || starts[i + 1] > n_words ||
            causes[i] >= learned->n_classes) {
            return false;
        }
        const char *fix = fixes ? line_of(fixes, i, learned) : NULL;
        learned->examples[i] = (struct learned_example){
            .words = {hashes + starts[i], values + starts[i], starts[i + 1] - starts[i]},
            .cause = causes[i],
            .fix = fix && *fix ? fix : NULL,
            .alpha = alpha + i * learned->n_classes};
    }
    return true;
}

static bool read_lines(struct learned *learned)
{
    uint64_t n = UINT64_MAX;
    learned->lines = vector_of(learned->file, "lines", BANTAM_U32, &n);
    learned->weights = vector_of(learned->file, "line_weights", BANTAM_F32, &n);
    learned->n_lines = (size_t)n;
    return learned->lines && learned->weights && all_finite(learned->weights, n);
}

bantam_status learned_load(struct learned **out, bantam_model *file, bantam_error *error)
{
    const char *causes = bantam_model_metadata(file, "cause_features");
    const char *lines = bantam_model_metadata(file, "line_features");
    *out = NULL;
    if (!causes || strcmp(causes, CAUSE_FEATURES_VERSION) != 0 || !lines ||
        strcmp(lines, LINE_FEATURES_VERSION) != 0) {
        return error_set(error, BANTAM_ERROR_VERSION,
                         "what was learned comes from another version; teach it again");
    }
    struct learned *learned = memory_allocate_array(1, sizeof *learned);
    if (!learned) {
        return error_memory(error);
    }
    learned->file = file;
    bool whole = read_names(learned) && read_examples(learned) && read_lines(learned);
    bool out_of_memory = learned->out_of_memory;
    if (!whole || out_of_memory) {
        learned->file = NULL; // stays the caller's
        learned_free(&learned);
        if (out_of_memory) {
            return error_memory(error);
        }
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the file of what was learned is damaged; bantam learn makes it again");
    }
    *out = learned;
    return BANTAM_OK;
}

void learned_free(struct learned **learned)
{
    if (*learned) {
        arena_release(&(*learned)->arena);
        bantam_model_free(&(*learned)->file);
        memory_free(*learned);
        *learned = NULL;
    }
}

static double prior_logit(const float *prior, size_t class)
{
    return log(class < CAUSES ? fmax((double)prior[class], 1e-6) : OWN_PRIOR);
}

void learned_score(double logits[LEARNED_CLASSES], const struct learned *learned,
                   const struct word_vector *words, const float *prior)
{
    for (size_t c = 0; c < learned->n_classes; c++) {
        logits[c] = prior_logit(prior, c);
    }
    for (size_t i = 0; i < learned->n_examples; i++) {
        double kernel = word_vector_kernel(words, &learned->examples[i].words);
        for (size_t c = 0; kernel > 0 && c < learned->n_classes; c++) {
            logits[c] += kernel * (double)learned->examples[i].alpha[c];
        }
    }
}

// The lessons of the best class that are much alike, and the fix of the most alike that has one.
static void find_alike(struct learned_answer *answer, const struct learned *learned,
                       const struct word_vector *words)
{
    double most = 0;
    for (size_t i = 0; i < learned->n_examples; i++) {
        const struct learned_example *example = &learned->examples[i];
        double kernel =
            example->cause == answer->best ? word_vector_kernel(words, &example->words) : 0;
        answer->n_alike += kernel >= ALIKE;
        if (kernel >= ALIKE && kernel > most && example->fix) {
            most = kernel;
            answer->fix = example->fix;
        }
    }
}

bantam_status learned_apply(struct learned_answer *answer, const struct learned *learned,
                            const struct cause_features *features, const float *prior,
                            bantam_error *error)
{
    struct arena scratch = ARENA_EMPTY;
    struct word_vector words;
    double logits[LEARNED_CLASSES], sum = 0;
    *answer = (struct learned_answer){.best = 0};
    if (!word_vector_init(&words, features, &scratch)) {
        arena_release(&scratch);
        return error_memory(error);
    }
    learned_score(logits, learned, &words, prior);
    for (size_t c = 1; c < learned->n_classes; c++) {
        answer->best = logits[c] > logits[answer->best] ? c : answer->best;
    }
    double highest = logits[answer->best];
    answer->weight = highest - prior_logit(prior, answer->best);
    for (size_t c = 0; c < learned->n_classes; c++) {
        sum += exp(logits[c] - highest);
    }
    for (size_t c = 0; c < learned->n_classes; c++) {
        answer->probabilities[c] = (float)(exp(logits[c] - highest) / sum);
    }
    find_alike(answer, learned, &words);
    arena_release(&scratch);
    return BANTAM_OK;
}

float learned_line(const struct learned *learned, uint64_t hash)
{
    uint32_t key = learned_line_key(hash);
    size_t low = 0, high = learned->n_lines;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (learned->lines[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < learned->n_lines && learned->lines[low] == key ? learned->weights[low] : 0;
}
