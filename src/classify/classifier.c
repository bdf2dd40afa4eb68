// A classifier's life, and its use: scores of a text → calibrated probabilities → a decision.
#include "classify/classifier.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

struct bantam_predictor {
    const bantam_classifier *classifier;
    struct text_scorer *scorer;
    float *room; // (n_labels)
};

void bantam_classifier_free(bantam_classifier **classifier)
{
    bantam_classifier *old = *classifier;
    if (old) {
        text_model_free(&old->text);
        calibration_release(&old->calibration);
        memory_free(old->means);
        kept_texts_release(&old->kept);
        arena_release(&old->arena);
        memory_free(old);
    }
    *classifier = NULL;
}

size_t bantam_classifier_n_labels(const bantam_classifier *classifier)
{
    return classifier->n_labels;
}

const char *bantam_classifier_label(const bantam_classifier *classifier, size_t i)
{
    return classifier->labels[i];
}

bool bantam_classifier_is_multi_label(const bantam_classifier *classifier)
{
    return classifier->multi_label;
}

size_t bantam_classifier_n_features(const bantam_classifier *classifier)
{
    return vectorizer_n_features(text_model_vectorizer(classifier->text));
}

const char *calibration_name(enum calibration_method method)
{
    static const char *const names[] = {"none", "temperature", "sigmoid", "isotonic", "adaptive"};
    return names[method];
}

const char *bantam_classifier_record(const bantam_classifier *classifier, const char *name)
{
    const char *const records[][2] = {
        {"options", classifier->record_options},
        {"data_digest", classifier->data_digest},
        {"measured", classifier->measured},
        {"calibration", calibration_name(classifier->calibration.method)},
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        if (strcmp(records[i][0], name) == 0) {
            return records[i][1];
        }
    }
    return NULL;
}

const bantam_classifier_options *
bantam_classifier_trained_options(const bantam_classifier *classifier)
{
    return &classifier->options;
}

enum calibration_link classifier_link(const bantam_classifier *classifier)
{
    if (classifier->multi_label) {
        return CALIBRATION_MULTI;
    }
    return classifier->options.multi_class == BANTAM_ONE_VS_REST ? CALIBRATION_LOGISTIC
                                                                 : CALIBRATION_SOFTMAX;
}

bantam_status classifier_set_labels(bantam_classifier *classifier, const char *const *labels,
                                    size_t n_labels, bantam_error *error)
{
    classifier->labels =
        arena_allocate_array(&classifier->arena, n_labels, sizeof *classifier->labels);
    for (size_t i = 0; classifier->labels && i < n_labels; i++) {
        classifier->labels[i] = arena_copy_string(&classifier->arena, labels[i]);
        if (!classifier->labels[i]) {
            return error_memory(error);
        }
    }
    classifier->n_labels = n_labels;
    return classifier->labels ? BANTAM_OK : error_memory(error);
}

bantam_status bantam_predictor_new(bantam_predictor **out, const bantam_classifier *classifier,
                                   bantam_error *error)
{
    *out = NULL;
    bantam_predictor *predictor = memory_allocate_array(1, sizeof *predictor);
    if (!predictor) {
        return error_memory(error);
    }
    predictor->classifier = classifier;
    predictor->room = memory_allocate_array(classifier->n_labels, sizeof *predictor->room);
    bantam_status status = predictor->room
                               ? text_scorer_new(&predictor->scorer, classifier->text, error)
                               : error_memory(error);
    if (status) {
        bantam_predictor_free(&predictor);
        return status;
    }
    *out = predictor;
    return BANTAM_OK;
}

void bantam_predictor_free(bantam_predictor **predictor)
{
    if (*predictor) {
        text_scorer_free(&(*predictor)->scorer);
        memory_free((*predictor)->room);
        memory_free(*predictor);
    }
    *predictor = NULL;
}

bantam_status bantam_predictor_run(bantam_predictor *predictor, const char *text, size_t text_size,
                                   float *probabilities, bantam_error *error)
{
    bantam_status status = text_scorer_begin(predictor->scorer, text, text_size, error);
    if (!status) {
        calibration_apply(&predictor->classifier->calibration, text_scorer_end(predictor->scorer),
                          probabilities);
    }
    return status;
}

enum {
    RUN = 64 // texts that a predictor takes in a row
};

struct predict_task {
    bantam_predictor *const *predictors;
    size_t n_predictors;
    const bantam_text *texts;
    size_t n_texts;
    float *probabilities; // (n_texts, n_labels), or NULL
    uint32_t *labels;     // (n_texts) where there are no probabilities
};

// The next text of a predictor's share: every n_predictors-th run of texts, so that long ones spread.
static size_t next_text(const struct predict_task *task, size_t i)
{
    return (i + 1) % RUN ? i + 1 : i + 1 + (task->n_predictors - 1) * RUN;
}

static void end_text(const struct predict_task *task, bantam_predictor *predictor, size_t i)
{
    const bantam_classifier *classifier = predictor->classifier;
    if (task->probabilities) {
        calibration_apply(&classifier->calibration, text_scorer_end(predictor->scorer),
                          task->probabilities + i * classifier->n_labels);
        return;
    }
    const float *scores;
    size_t sought = text_scorer_end_sought(predictor->scorer, &scores);
    task->labels[i] = sought == SIZE_MAX
                          ? calibration_likeliest(&classifier->calibration, scores, predictor->room)
                          : (uint32_t)sought;
}

// One predictor's share; each text is begun before the last one is ended.
static bantam_status predict_share(void *context, size_t share, bantam_error *error)
{
    const struct predict_task *task = context;
    bantam_predictor *predictor = task->predictors[share];
    size_t last = SIZE_MAX;
    float ahead = -1;
    if (task->labels && !calibration_rises(&predictor->classifier->calibration, &ahead)) {
        ahead = -1;
    }
    text_scorer_seek(predictor->scorer, ahead);
    for (size_t i = share * RUN; i < task->n_texts; i = next_text(task, i)) {
        bantam_status status =
            text_scorer_begin(predictor->scorer, task->texts[i].bytes, task->texts[i].size, error);
        if (last != SIZE_MAX) {
            end_text(task, predictor, last);
        }
        if (status) {
            return status;
        }
        last = i;
    }
    if (last != SIZE_MAX) {
        end_text(task, predictor, last);
    }
    return BANTAM_OK;
}

static bantam_status predict_all(struct predict_task *task, bantam_error *error)
{
    if (task->n_predictors == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "there is no predictor to predict with");
    }
    return parallel_try(task->n_predictors, (int)task->n_predictors, predict_share, task, error);
}

bantam_status bantam_predictors_run(bantam_predictor *const *predictors, size_t n_predictors,
                                    const bantam_text *texts, size_t n_texts, float *probabilities,
                                    bantam_error *error)
{
    return predict_all(&(struct predict_task){.predictors = predictors,
                                              .n_predictors = n_predictors,
                                              .texts = texts,
                                              .n_texts = n_texts,
                                              .probabilities = probabilities},
                       error);
}

bantam_status bantam_predictors_label(bantam_predictor *const *predictors, size_t n_predictors,
                                      const bantam_text *texts, size_t n_texts, uint32_t *labels,
                                      bantam_error *error)
{
    if (n_predictors > 0) {
        text_model_coarsen(predictors[0]->classifier->text, n_texts);
    }
    return predict_all(&(struct predict_task){.predictors = predictors,
                                              .n_predictors = n_predictors,
                                              .texts = texts,
                                              .n_texts = n_texts,
                                              .labels = labels},
                       error);
}

bantam_decision_options bantam_decision_options_default(void)
{
    return (bantam_decision_options){.threshold = 0.5};
}

struct ranking {
    const float *probabilities;
};

static int by_probability(const void *left, const void *right, void *context)
{
    const struct ranking *ranking = context;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    float p = ranking->probabilities[a], q = ranking->probabilities[b];
    return p != q ? (p < q) - (p > q) : (a > b) - (a < b);
}

static bantam_status check_decision(const bantam_classifier *classifier,
                                    const bantam_decision_options *options, bantam_error *error)
{
    if (!(options->abstain_below >= 0 && options->abstain_below <= 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "abstain-below: takes a probability from 0 to 1");
    }
    if (!(options->threshold >= 0 && options->threshold <= 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "threshold: takes a probability from 0 to 1");
    }
    if (!(options->set_coverage >= 0 && options->set_coverage < 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "set-coverage: takes a share from 0 to below 1");
    }
    if (options->set_coverage > 0 && classifier->conformal.n_rows == 0) {
        return error_set(
            error, BANTAM_ERROR_ARGUMENT,
            "set-coverage: the model has no held-out rows to promise a coverage by; %s",
            classifier->multi_label ? "one with several labels a text never has"
                                    : "train it with calibration, on more rows");
    }
    return BANTAM_OK;
}

// How many of the ranked labels reach the least probability.
static size_t count_reaching(const float *probabilities, const uint32_t *ranked, size_t n,
                             float least)
{
    size_t count = 0;
    while (count < n && probabilities[ranked[count]] >= least) {
        count++;
    }
    return count;
}

bantam_status bantam_classifier_decide(const bantam_classifier *classifier,
                                       const float *probabilities,
                                       const bantam_decision_options *options, uint32_t *ranked,
                                       bantam_decision *decision, bantam_error *error)
{
    bantam_status status = check_decision(classifier, options, error);
    if (status) {
        return status;
    }
    size_t n = classifier->n_labels, best = 0;
    for (size_t i = 1; i < n; i++) {
        best = probabilities[i] > probabilities[best] ? i : best;
    }
    *decision = (bantam_decision){.best = (uint32_t)best, .probability = probabilities[best]};
    if (!classifier->multi_label) {
        decision->abstained = (double)decision->probability < options->abstain_below;
        decision->n_labels = decision->abstained ? 0 : 1;
    }
    if (!ranked) {
        return BANTAM_OK;
    }
    for (size_t i = 0; i < n; i++) {
        ranked[i] = (uint32_t)i;
    }
    qsort_r(ranked, n, sizeof *ranked, by_probability,
            &(struct ranking){.probabilities = probabilities});
    if (classifier->multi_label) {
        decision->n_labels = count_reaching(probabilities, ranked, n, (float)options->threshold);
    }
    if (options->set_coverage > 0) {
        float least = conformal_table_threshold(&classifier->conformal, options->set_coverage);
        decision->n_set = count_reaching(probabilities, ranked, n, least);
    }
    return BANTAM_OK;
}
