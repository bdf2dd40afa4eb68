// Weights are fitted on all examples, and once for each fold of the groups without it: what those say calibrates the first.
#include "triage/cause_train.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "train/parameters.h"
#include "triage/cause_training.h"

#define P(name, value, least, most, help)                                                          \
    {                                                                                              \
#name, offsetof(struct cause_parameters, name), value, least, most, help                   \
    }
static const struct parameter cause_parameter_table[] = {
    P(bits, 12, 6, 20, "2^bits buckets of words, a weight for each cause"),
    P(l2_words, 4, 0, 1e6, "penalty on the weights of words"),
    P(l2_bias, 4, 0, 1e6,
      "penalty on the causes' own weights: high, because causes are rarer here than elsewhere"),
    P(l2_tied, 2, 0, 1e6, "penalty on the distance of the tied weights from their priors"),
    P(iterations, 80, 1, 10000, "most steps of L-BFGS"),
    P(message_weight, 0.3, 0, 100, "weight of each message of the table as an example"),
    P(constructed, 1, 0, 10, "weight of findings of constructed logs"),
    P(alternative, 0.15, 0, 0.5, "share of the target that a finding's alternative cause gets"),
    P(repeats, 0.5, 0, 1,
      "weight of n findings of one cause in a group: n to the power of 1 − this"),
    P(folds, 8, 2, 64, "folds of groups for the calibration"),
    P(precision, 0.88, 0, 1, "share of the named causes that shall be right on unseen groups"),
    P(threshold, -1, -1, 1, "least probability of a named cause; below 0: as precision asks"),
};
#undef P

enum {
    N_PARAMETERS = sizeof cause_parameter_table / sizeof *cause_parameter_table,
};

// What the tied weights are before any log is seen: messages count, the closer the more.
static const float tied_prior[CAUSE_TIED] = {
    [TIED_ANCHOR] = 2,      [TIED_FINDING] = 2,   [TIED_NEAR] = 0.7F,    [TIED_OTHER] = 0.7F,
    [TIED_TAIL] = 0.3F,     [TIED_SHARE] = 2,     [TIED_EXIT] = 1,       [TIED_TOOL] = 1.5F,
    [TIED_TOOL_LOG] = 0.7F, [TIED_REPORT] = 1,    [TIED_TYPED] = 1.2F,   [TIED_TYPED_OPTION] = 3,
    [TIED_DEPLOYS] = 1,     [TIED_STORES] = 1,    [TIED_CONTAINERS] = 1, [TIED_REVISIONS] = 1,
    [TIED_ROOT] = 1.5F,     [TIED_END] = 2,       [TIED_LINKS] = 3,      [TIED_TYPED_PATH] = 1,
    [TIED_MISSING] = 1,     [TIED_CONFIGURED] = 1};

static bool report(const struct cause_training *training, const char *what, size_t done,
                   size_t total)
{
    const bantam_train_options *options = training->options;
    return !options->progress || options->progress(options->progress_context, what, done, total);
}

// Fits without the groups of the fold and the messages that they alone hold; `fold` as large as the number of folds leaves none out.
static bantam_status fit(struct softmax_model *model, const struct cause_training *training,
                         size_t fold, bantam_error *error)
{
    struct softmax_example *seen = memory_allocate_array(training->n_examples + 1, sizeof *seen);
    if (!seen) {
        return error_memory(error);
    }
    const struct cause_parameters *parameters = &training->parameters;
    size_t n = 0, folds = (size_t)parameters->folds;
    for (size_t i = 0; i < training->n_examples; i++) {
        if (training->groups[i] == SIZE_MAX || training->groups[i] % folds != fold) {
            seen[n++] = training->examples[i];
        }
    }
    struct softmax_learner_options options = {
        .n_classes = CAUSES,
        .n_tied = CAUSE_TIED,
        .bits = (unsigned)parameters->bits,
        .l2_words = parameters->l2_words,
        .l2_bias = parameters->l2_bias,
        .l2_tied = parameters->l2_tied,
        .tied_prior = tied_prior,
        .n_iterations = (size_t)parameters->iterations,
    };
    bantam_status status = softmax_learner_fit(model, seen, n, &options, error);
    memory_free(seen);
    return status;
}

static bantam_status predict_fold(void *context, size_t fold, bantam_error *error)
{
    struct cause_training *training = context;
    struct softmax_model model;
    size_t folds = (size_t)training->parameters.folds;
    bantam_status status = fit(&model, training, fold, error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < training->n_sources; i++) {
        if (training->groups[i] % folds == fold) {
            softmax_model_predict(&model, &training->examples[i].input,
                                  training->held_out + i * CAUSES);
        }
    }
    softmax_model_release(&model);
    return BANTAM_OK;
}

static bantam_status predict_held_out(struct cause_training *training, bantam_error *error)
{
    size_t folds = (size_t)training->parameters.folds;
    training->held_out = arena_allocate_array(&training->arena, training->n_sources * CAUSES,
                                              sizeof *training->held_out);
    if (!training->held_out) {
        return error_memory(error);
    }
    if (!report(training, "causes of unseen groups", 0, folds)) {
        return error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    return parallel_try(folds, training->options->n_threads, predict_fold, training, error);
}

static double share(size_t part, size_t all)
{
    return all > 0 ? (double)part / (double)all : 0;
}

static bantam_status write_model(bantam_buffer *out, const struct cause_training *training,
                                 const struct softmax_model *model, bantam_error *error)
{
    size_t n_buckets = (size_t)1 << model->bits;
    float calibration[] = {model->temperature, model->threshold, model->doubt, model->reliance};
    bantam_tensor tensors[] = {
        {"tied", BANTAM_F32, 1, {CAUSE_TIED}, model->tied, CAUSE_TIED * sizeof(float)},
        {"bias", BANTAM_F32, 1, {CAUSES}, model->bias, CAUSES * sizeof(float)},
        {"scale", BANTAM_F32, 1, {CAUSES}, model->scale, CAUSES * sizeof(float)},
        {"calibration", BANTAM_F32, 1, {4}, calibration, sizeof calibration},
        {"words", BANTAM_I8, 2, {n_buckets, CAUSES}, model->words, n_buckets * CAUSES},
    };
    bantam_buffer parameters, labels, measured;
    bantam_buffer_init(&parameters, 1 << 16);
    bantam_buffer_init(&labels, 1 << 12);
    bantam_buffer_init(&measured, 1 << 12);
    parameters_write(&parameters, &training->parameters, cause_parameter_table, N_PARAMETERS);
    bantam_buffer_append(&parameters, "", 1);
    for (int c = 0; c < CAUSES; c++) {
        bantam_buffer_append_format(&labels, "%s\"%s\"", c ? "," : "[", cause_name((enum cause)c));
    }
    bantam_buffer_append(&labels, "]", 2);
    bantam_buffer_append_format(&measured,
                                "{\"logs\":%zu,\"right_cause\":%.3f,\"constructed_logs\":%zu,"
                                "\"right_cause_of_constructed\":%.3f,\"folds\":%d}",
                                training->n_met[0], share(training->n_right[0], training->n_met[0]),
                                training->n_met[1], share(training->n_right[1], training->n_met[1]),
                                (int)training->parameters.folds);
    bantam_buffer_append(&measured, "", 1);
    char n_findings[24], n_messages[24];
    snprintf(n_findings, sizeof n_findings, "%zu", training->n_sources);
    snprintf(n_messages, sizeof n_messages, "%zu", training->messages->n_messages);
    const char *digest = training->options->data_digest;
    bantam_metadata metadata[] = {
        {"kind", "ci-cause"},
        {"version", "1"},
        {"features", CAUSE_FEATURES_VERSION},
        {"labels", labels.data ? labels.data : "[]"},
        {"parameters", parameters.data ? parameters.data : "{}"},
        {"measured", measured.data ? measured.data : "{}"},
        {"training_findings", n_findings},
        {"training_messages", n_messages},
        {"data_digest", digest ? digest : ""},
        {"licence", "Apache-2.0"},
    };
    bantam_status status = bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors,
                                              metadata, sizeof metadata / sizeof *metadata, error);
    bantam_buffer_release(&parameters);
    bantam_buffer_release(&labels);
    bantam_buffer_release(&measured);
    return status;
}

bantam_status cause_train(bantam_buffer *model, const struct cause_example *examples,
                          size_t n_examples, const struct messages *messages,
                          const bantam_train_options *options, bantam_error *error)
{
    struct cause_training training = {
        .options = options, .sources = examples, .n_sources = n_examples, .messages = messages};
    struct softmax_model fitted = {0};
    bantam_status status = parameters_read(&training.parameters, cause_parameter_table,
                                           N_PARAMETERS, options->parameters, error);
    status = status ? status : cause_examples_gather(&training, error);
    status = status ? status : predict_held_out(&training, error);
    status = status ? status : fit(&fitted, &training, (size_t)training.parameters.folds, error);
    status = status ? status : cause_calibrate(&fitted, &training, error);
    status = status ? status : write_model(model, &training, &fitted, error);
    softmax_model_release(&fitted);
    arena_release(&training.arena);
    return status;
}
