// Logs are answered as in use, by models that have not seen them; what the candidates then look like is what the weights learn from.
//
// minimise Σ_log weight · −ln Σ_{right i} p_i + l2/2 · |w|² + l2_own/2 · |own|² (train/choice_learner.h). A group's logs weigh the square root of their
// number together.
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bantam/train.h"
#include "base/error.h"
#include "base/memory.h"
#include "train/choice_learner.h"
#include "train/parameters.h"
#include "triage/fix_features.h"
#include "triage/triage_models.h"

struct fix_parameters {
    double l2, l2_own, folds, silent;
};

static const struct parameter fix_parameter_table[] = {
    {"l2", offsetof(struct fix_parameters, l2), 10, 0, 1e6, "penalty on the weights of features"},
    {"l2_own", offsetof(struct fix_parameters, l2_own), 0.1, 0, 1e6,
     "penalty on the weights of the entries themselves"},
    {"folds", offsetof(struct fix_parameters, folds), 4, 2, 64,
     "parts of the groups, each answered by a cause model that has not seen it"},
    {"silent", offsetof(struct fix_parameters, silent), 0.25, 0, 1,
     "of the answers kept back as unlikely, at most this share is right"},
};

enum {
    N_PARAMETERS = sizeof fix_parameter_table / sizeof *fix_parameter_table,
};

// The candidates of one log.
struct fix_example {
    const struct fix_candidate *candidates; // (n)
    const float *rows;                      // (n, FIX_FEATURES)
    const uint32_t *entries;                // (n) of the table
    const uint8_t *right;                   // (n)
    const uint8_t *taught;                  // (n) of the right ones the closest
    size_t n;
    float weight;
    int fold;
};

struct fix_training {
    const bantam_train_options *options;
    struct fix_parameters parameters;
    const bantam_labelled_log *logs; // (n_logs)
    size_t n_logs;
    int *folds;                   // (n_logs); −1: the log has no fix
    struct arena arena;           // of the examples
    bantam_triage *triage;        // reads logs; its cause model is that of the fold at hand
    struct fix_example *examples; // (n_examples)
    size_t n_examples;
};

// Labels may tell what to do in words; only those that name entries teach.
static bool has_fix(const struct fix_training *training, const bantam_labelled_log *log)
{
    const struct fixes *fixes = &training->triage->fixes;
    for (size_t k = 0; log->n_fixes > 0 && !log->green && k < fixes->n_entries; k++) {
        for (size_t i = 0; i < log->n_fixes; i++) {
            if (strcmp(log->fixes[i], fixes->entries[k].id) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool has_two_groups(const bantam_labelled_log *logs, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (strcmp(logs[i].group, logs[0].group) != 0) {
            return true;
        }
    }
    return false;
}

static bantam_status assign_folds(struct fix_training *training, bantam_error *error)
{
    size_t n = training->n_logs, n_with = 0;
    bantam_labelled_log *with = memory_allocate_array(n + 1, sizeof *with);
    int *of_with = memory_allocate_array(n + 1, sizeof *of_with);
    training->folds = memory_allocate_array(n + 1, sizeof *training->folds);
    bantam_status status = with && of_with && training->folds ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        if (has_fix(training, &training->logs[i])) {
            with[n_with++] = training->logs[i];
        }
    }
    if (!status && !has_two_groups(with, n_with)) {
        status = error_set(error, BANTAM_ERROR_ARGUMENT,
                           "the ranking of fixes needs logs of at least two groups whose label "
                           "names a fix of the table");
    }
    if (!status) {
        status = bantam_assign_folds(of_with, with, n_with, (int)training->parameters.folds, error);
    }
    for (size_t i = 0, at = 0; !status && i < n; i++) {
        training->folds[i] = has_fix(training, &training->logs[i]) ? of_with[at++] : -1;
    }
    memory_free(with);
    memory_free(of_with);
    return status;
}

// A cause model that has seen all logs but those of the fold's groups, laid over the triage's own.
static bantam_status train_causes(struct fix_training *training, int fold, bantam_error *error)
{
    bantam_labelled_log *seen = memory_allocate_array(training->n_logs + 1, sizeof *seen);
    if (!seen) {
        return error_memory(error);
    }
    size_t n = 0;
    for (size_t i = 0; i < training->n_logs; i++) {
        if (training->folds[i] != fold) {
            seen[n++] = training->logs[i];
        }
    }
    bantam_train_options options = *training->options;
    bantam_buffer model;
    bantam_buffer_init(&model, 1 << 26);
    options.parameters = NULL; // those of ci-cause
    bantam_status status = bantam_train_causes(&model, seen, n, &options, error);
    if (!status) {
        status = bantam_triage_use(training->triage, model.data, model.size, error);
    }
    bantam_buffer_release(&model);
    memory_free(seen);
    return status;
}

// The place in the log's list of the entry, or of one with its sentence, which a person can't tell apart; n_fixes: not there.
static size_t place_of(const struct fix *fix, const bantam_labelled_log *log,
                       const struct fixes *fixes)
{
    for (size_t i = 0; i < log->n_fixes; i++) {
        if (strcmp(log->fixes[i], fix->id) == 0) {
            return i;
        }
        for (size_t k = 0; k < fixes->n_entries; k++) {
            if (strcmp(fixes->entries[k].id, log->fixes[i]) == 0 &&
                strcmp(fixes->entries[k].text, fix->text) == 0) {
                return i;
            }
        }
    }
    return log->n_fixes;
}

// Labels tell the closest entry first: of several right ones only that teaches, where it is a candidate.
static void mark_right(uint8_t *right, uint8_t *taught, const struct fix_candidate *candidates,
                       size_t n, const bantam_labelled_log *log, const struct fixes *fixes)
{
    size_t first = log->n_fixes;
    for (size_t i = 0; i < n; i++) {
        size_t place = place_of(candidates[i].fix, log, fixes);
        right[i] = place < log->n_fixes;
        first = place < first ? place : first;
    }
    for (size_t i = 0; i < n; i++) {
        taught[i] = right[i] && place_of(candidates[i].fix, log, fixes) == first;
    }
}

static bantam_status keep_example(struct fix_training *training, const bantam_labelled_log *log,
                                  const struct fix_input *input, int fold, bantam_error *error)
{
    struct fix_candidate *candidates;
    size_t n;
    struct arena *arena = &training->arena;
    const struct fixes *fixes = &training->triage->fixes;
    struct arena scratch = ARENA_EMPTY;
    bantam_status status = fix_candidates_find(&candidates, &n, fixes, input, &scratch, error);
    struct fix_candidate *kept = arena_allocate_array(arena, n + 1, sizeof *kept);
    float *rows = arena_allocate_array(arena, (n + 1) * FIX_FEATURES, sizeof *rows);
    uint32_t *entries = arena_allocate_array(arena, n + 1, sizeof *entries);
    uint8_t *right = arena_allocate(arena, n + 1), *taught = arena_allocate(arena, n + 1);
    if (!status && !(kept && rows && entries && right && taught)) {
        status = error_memory(error);
    }
    for (size_t i = 0; !status && i < n; i++) {
        kept[i] = candidates[i];
        kept[i].phrase = NULL;
        memcpy(rows + i * FIX_FEATURES, candidates[i].features, FIX_FEATURES * sizeof *rows);
        entries[i] = (uint32_t)(candidates[i].fix - fixes->entries);
    }
    if (!status) {
        mark_right(right, taught, kept, n, log, fixes);
        training->examples[training->n_examples++] = (struct fix_example){.candidates = kept,
                                                                          .rows = rows,
                                                                          .entries = entries,
                                                                          .right = right,
                                                                          .taught = taught,
                                                                          .n = n,
                                                                          .fold = fold};
    }
    arena_release(&scratch);
    return status;
}

static bantam_status add_log(struct fix_training *training, const bantam_labelled_log *log,
                             int fold, bantam_error *error)
{
    const bantam_triage *triage = training->triage;
    struct document document;
    struct finder_result found = {0};
    struct arena scratch = ARENA_EMPTY;
    bantam_status status = document_init(&document, log->bytes, log->size, error);
    if (status) {
        return status;
    }
    const struct finder_options wanted = {.n_lines = 10, .max_findings = 6};
    status = finder_run(&found, &triage->finder, &document, &wanted, error);
    if (!status && found.n_findings > 0) {
        const struct answer_models models = {.tools = triage->tools, .cause = &triage->cause};
        struct fix_input input;
        status = answer_fix_input(&input, &scratch, &models, &found, &found.findings[0], error);
        status = status ? status : keep_example(training, log, &input, fold, error);
    }
    arena_release(&scratch);
    finder_result_release(&found);
    document_release(&document);
    return status;
}

static bantam_status gather(struct fix_training *training, bantam_error *error)
{
    training->examples = memory_allocate_array(training->n_logs + 1, sizeof *training->examples);
    bantam_status status = training->examples ? BANTAM_OK : error_memory(error);
    for (int fold = 0; !status && fold < (int)training->parameters.folds; fold++) {
        status = train_causes(training, fold, error);
        for (size_t i = 0; !status && i < training->n_logs; i++) {
            if (training->folds[i] != fold) {
                continue;
            }
            status = add_log(training, &training->logs[i], fold, error);
            if (!status) {
                size_t alike = 0;
                for (size_t k = 0; k < training->n_logs; k++) {
                    alike += training->folds[k] >= 0 &&
                             strcmp(training->logs[k].group, training->logs[i].group) == 0;
                }
                training->examples[training->n_examples - 1].weight = 1 / sqrtf((float)alike);
            }
        }
    }
    return status;
}

static bantam_status begin(struct fix_ranker *ranker, const struct fixes *fixes,
                           bantam_error *error)
{
    *ranker = (struct fix_ranker){.fixes = fixes};
    ranker->own = memory_allocate_array(fixes->n_entries + 1, sizeof *ranker->own);
    return ranker->own ? BANTAM_OK : error_memory(error);
}

// Without the examples of a fold; −1: from all.
static bantam_status fit(struct fix_ranker *ranker, const struct fix_training *training, int fold,
                         bantam_error *error)
{
    struct choice_example *seen = memory_allocate_array(training->n_examples + 1, sizeof *seen);
    if (!seen) {
        return error_memory(error);
    }
    size_t n = 0;
    for (size_t i = 0; i < training->n_examples; i++) {
        const struct fix_example *example = &training->examples[i];
        if (example->fold != fold) {
            seen[n++] = (struct choice_example){.rows = example->rows,
                                                .right = example->taught,
                                                .n_alternatives = example->n,
                                                .weight = example->weight,
                                                .kinds = example->entries};
        }
    }
    bantam_status status = choice_learner_fit_kinds(
        ranker->weights, FIX_FEATURES, ranker->own, ranker->fixes->n_entries, seen, n,
        training->parameters.l2, training->parameters.l2_own, error);
    memory_free(seen);
    return status;
}

struct fix_choice {
    float probability;
    bool right;
};

static int by_probability(const void *a, const void *b)
{
    const struct fix_choice *left = a, *right = b;
    return (left->probability > right->probability) - (left->probability < right->probability);
}

// What weights that have not seen a log's group choose for it; returns how many were right.
static bantam_status choose_unseen(struct fix_choice *choices, size_t *n_right,
                                   const struct fix_training *training, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    *n_right = 0;
    for (int fold = 0; !status && fold < (int)training->parameters.folds; fold++) {
        struct fix_ranker ranker;
        status = begin(&ranker, &training->triage->fixes, error);
        status = status ? status : fit(&ranker, training, fold, error);
        for (size_t i = 0; !status && i < training->n_examples; i++) {
            const struct fix_example *example = &training->examples[i];
            if (example->fold == fold && example->n > 0) {
                float probability;
                size_t best =
                    fix_ranker_best(&ranker, example->candidates, example->n, &probability);
                choices[i] = (struct fix_choice){probability, example->right[best]};
                *n_right += example->right[best];
            }
        }
        fix_ranker_release(&ranker);
    }
    return status;
}

// The highest probability below which no more than the share `silent` of the choices was right.
static float choose_least(struct fix_choice *choices, size_t n, double silent)
{
    float least = 0;
    size_t right = 0;
    qsort(choices, n, sizeof *choices, by_probability);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (double)right <= silent * (double)i) {
            least = choices[i].probability;
        }
        right += choices[i].right;
    }
    return least;
}

static bantam_status write_model(bantam_buffer *out, const struct fix_training *training,
                                 const struct fix_ranker *ranker, const uint32_t *hashes,
                                 size_t n_right, bantam_error *error)
{
    size_t n_entries = ranker->fixes->n_entries, size = n_entries * sizeof(float);
    bantam_tensor tensors[] = {
        {"weights", BANTAM_F32, 1, {FIX_FEATURES}, ranker->weights, FIX_FEATURES * sizeof(float)},
        {"least", BANTAM_F32, 1, {1}, &ranker->least, sizeof(float)},
        {"entries", BANTAM_U32, 1, {n_entries}, hashes, size},
        {"own", BANTAM_F32, 1, {n_entries}, ranker->own, size},
    };
    size_t n = training->n_examples;
    const char *digest = training->options->data_digest;
    bantam_buffer parameters, measured;
    bantam_buffer_init(&parameters, 1 << 16);
    bantam_buffer_init(&measured, 1 << 10);
    parameters_write(&parameters, &training->parameters, fix_parameter_table, N_PARAMETERS);
    bantam_buffer_append(&parameters, "", 1);
    bantam_buffer_append_format(&measured, "{\"logs\":%zu,\"right_fix\":%.3f,\"folds\":%d}", n,
                                n ? (double)n_right / (double)n : 0,
                                (int)training->parameters.folds);
    bantam_buffer_append(&measured, "", 1);
    bantam_status status = error_memory(error);
    if (!parameters.failed && !measured.failed) {
        bantam_metadata metadata[] = {
            {"kind", "ci-fixes"},
            {"version", "1"},
            {"features", FIX_FEATURES_VERSION},
            {"parameters", parameters.data},
            {"measured", measured.data},
            {"data_digest", digest ? digest : ""},
            {"licence", "Apache-2.0"},
        };
        status = bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors, metadata,
                                    sizeof metadata / sizeof *metadata, error);
    }
    bantam_buffer_release(&parameters);
    bantam_buffer_release(&measured);
    return status;
}

static bantam_status learn(bantam_buffer *model, struct fix_training *training, bantam_error *error)
{
    struct fix_ranker ranker;
    size_t n_right = 0;
    struct fix_choice *choices = memory_allocate_array(training->n_examples + 1, sizeof *choices);
    bantam_status status = begin(&ranker, &training->triage->fixes, error);
    if (!status) {
        status = choices ? choose_unseen(choices, &n_right, training, error) : error_memory(error);
    }
    status = status ? status : fit(&ranker, training, -1, error);
    const struct fixes *fixes = ranker.fixes;
    uint32_t *hashes = arena_allocate_array(&training->arena, fixes->n_entries + 1, sizeof *hashes);
    status = status || hashes ? status : error_memory(error);
    if (!status) {
        for (size_t i = 0; i < fixes->n_entries; i++) {
            hashes[i] = fix_hash(&fixes->entries[i]);
        }
        ranker.least = choose_least(choices, training->n_examples, training->parameters.silent);
        status = write_model(model, training, &ranker, hashes, n_right, error);
    }
    fix_ranker_release(&ranker);
    memory_free(choices);
    return status;
}

bantam_status bantam_train_fixes(bantam_buffer *model, const bantam_labelled_log *logs,
                                 size_t n_logs, const bantam_train_options *options,
                                 bantam_error *error)
{
    struct fix_training training = {.options = options, .logs = logs, .n_logs = n_logs};
    bantam_status status = parameters_read(&training.parameters, fix_parameter_table, N_PARAMETERS,
                                           options->parameters, error);
    status = status ? status : triage_new_without(&training.triage, MODEL_FIXES, error);
    status = status ? status : assign_folds(&training, error);
    status = status ? status : gather(&training, error);
    status = status ? status : learn(model, &training, error);
    bantam_triage_free(&training.triage);
    arena_release(&training.arena);
    memory_free(training.folds);
    memory_free(training.examples);
    return status;
}
