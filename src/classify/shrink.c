// What is tried, and which of it is taken.
#include "classify/shrink.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/calibrate.h"
#include "classify/prune.h"

enum {
    FOLDS = 3,
    HALVINGS_TRIED = 6, // of the number of weights, without a limit on the size
    SIZES_TRIED = 12,   // to come near the limit
    CORRECTIONS = 12,   // of what is built, to stay within it
    RECORD_SIZE = 400,  // bytes that the record of what was measured adds, about
};

bantam_shrink_options bantam_shrink_options_default(void)
{
    return (bantam_shrink_options){.max_loss = 0.005, .n_threads = 1};
}

static bantam_status allocate(struct shrink *shrink, bantam_error *error)
{
    size_t n_weights = shrink->n_features * shrink->n_outputs, n_rows = shrink->rows.n_rows;
    shrink->whole.weights = memory_allocate_array(n_weights, sizeof(float));
    shrink->whole.intercepts = memory_allocate_array(shrink->n_outputs, sizeof(float));
    shrink->attempted.weights = memory_allocate_array(n_weights, sizeof(float));
    shrink->attempted.intercepts = memory_allocate_array(shrink->n_outputs, sizeof(float));
    shrink->lengths = memory_allocate_array(shrink->n_features, sizeof *shrink->lengths);
    shrink->factors = memory_allocate_array(shrink->n_features, sizeof *shrink->factors);
    shrink->values = memory_allocate_array(shrink->matrix.starts[n_rows], sizeof *shrink->values);
    shrink->row_weights = memory_allocate_array(n_rows, sizeof *shrink->row_weights);
    shrink->support = memory_allocate_array(n_weights, sizeof *shrink->support);
    shrink->scores = memory_allocate_array(shrink->n_outputs, sizeof *shrink->scores);
    shrink->folds = memory_allocate_array(n_rows, sizeof *shrink->folds);
    shrink->labels = memory_allocate_array(shrink->rows.labels.n_classes, sizeof *shrink->labels);
    bool complete = shrink->whole.weights && shrink->whole.intercepts &&
                    shrink->attempted.weights && shrink->attempted.intercepts && shrink->lengths &&
                    shrink->factors && shrink->values && shrink->row_weights && shrink->support &&
                    shrink->scores && shrink->folds && shrink->labels;
    return complete ? BANTAM_OK : error_memory(error);
}

static void release(struct shrink *shrink)
{
    memory_free(shrink->whole.weights);
    memory_free(shrink->whole.intercepts);
    memory_free(shrink->attempted.weights);
    memory_free(shrink->attempted.intercepts);
    memory_free(shrink->lengths);
    memory_free(shrink->factors);
    memory_free(shrink->values);
    memory_free(shrink->row_weights);
    memory_free(shrink->support);
    memory_free(shrink->scores);
    memory_free(shrink->folds);
    memory_free(shrink->labels);
    for (size_t i = 0; i < shrink->n_attempts; i++) {
        memory_free(shrink->attempts[i].scores);
    }
    sparse_matrix_release(&shrink->matrix);
    training_rows_release(&shrink->rows);
}

// Errors: BANTAM_ERROR_INPUT where the rows share no label with the model.
static bantam_status map_labels(struct shrink *shrink, bantam_error *error)
{
    const bantam_classifier *base = shrink->base;
    size_t n_known = 0, at = 0; // both lists are sorted
    for (size_t i = 0; i < shrink->rows.labels.n_classes; i++) {
        while (at < base->n_labels && strcmp(base->labels[at], shrink->rows.names[i]) < 0) {
            at++;
        }
        bool known = at < base->n_labels && strcmp(base->labels[at], shrink->rows.names[i]) == 0;
        shrink->labels[i] = known ? (uint32_t)at : UINT32_MAX;
        n_known += known;
    }
    return n_known > 0 ? BANTAM_OK
                       : error_set(error, BANTAM_ERROR_INPUT,
                                   "none of the rows' labels is one of the model's; give rows "
                                   "that are labelled as those it was trained on");
}

static bantam_status prepare(struct shrink *shrink, const bantam_dataset *dataset,
                             bantam_error *error)
{
    const bantam_classifier *base = shrink->base;
    bantam_status status = training_rows_init(&shrink->rows, dataset, 1, error);
    shrink->vectorizer = text_model_vectorizer(base->text);
    shrink->n_features = vectorizer_n_features(shrink->vectorizer);
    shrink->n_outputs = text_model_n_outputs(base->text);
    if (!status) {
        status = vectorizer_transform(&shrink->matrix, shrink->vectorizer, shrink->rows.texts,
                                      shrink->rows.n_rows, shrink->options->n_threads, error);
    }
    if (!status) {
        status = allocate(shrink, error);
    }
    if (!status) {
        status = map_labels(shrink, error);
    }
    if (status) {
        return status;
    }
    shrink->refit = base->data_digest && strcmp(base->data_digest, shrink->rows.digest) == 0;
    shrink->learner = classifier_learner(&base->options);
    shrink->learner.l1_ratio = 0;
    shrink->learner.tolerance = 1e-5; // far below what rounding does
    shrink->learner.n_threads = shrink->options->n_threads;
    shrink->n_folds = FOLDS;
    for (size_t f = 0; f < shrink->n_features; f++) {
        text_model_weights(base->text, f, shrink->whole.weights + f * shrink->n_outputs);
    }
    memcpy(shrink->whole.intercepts, text_model_intercepts(base->text),
           shrink->n_outputs * sizeof(float));
    return training_rows_fold(shrink->folds, &shrink->n_folds, &shrink->rows, base->options.seed,
                              error);
}

static size_t count_weights(const struct shrink *shrink)
{
    size_t n = 0;
    for (size_t i = 0; i < shrink->n_features * shrink->n_outputs; i++) {
        n += shrink->whole.weights[i] != 0;
    }
    return n;
}

// The most weights at which a model of the format fits the limit; 0 where none does.
static bantam_status fit_size(size_t *n_kept, struct shrink *shrink, enum weight_format format,
                              bantam_error *error)
{
    size_t low = 0, high = count_weights(shrink);
    bantam_status status = BANTAM_OK;
    for (int k = 0; k < SIZES_TRIED && !status && high - low > high / 64; k++) {
        struct shrink_attempt tried = {.format = format};
        size_t size = 0;
        // What fits is mostly far below the whole: the first looks are at small shares.
        tried.n_kept = low == 0 ? high / 4 : low + (high - low) / 2;
        if (tried.n_kept == 0) {
            break;
        }
        status = shrink_attempt_make(shrink, &tried, &shrink->matrix, NULL, false, error);
        if (!status) {
            status = shrink_build(NULL, &size, shrink, format, error);
        }
        if (size <= shrink->limit) {
            low = tried.n_kept;
        } else {
            high = tried.n_kept;
        }
    }
    *n_kept = low;
    return status;
}

static void add_attempt(struct shrink *shrink, enum weight_format format, size_t n_kept)
{
    if (n_kept > 0 && shrink->n_attempts < BANTAM_SHRINK_STEPS - 1) {
        shrink->attempts[shrink->n_attempts++] =
            (struct shrink_attempt){.format = format, .n_kept = n_kept};
    }
}

static bantam_status plan(struct shrink *shrink, bantam_error *error)
{
    static const enum weight_format formats[] = {WEIGHTS_INT8, WEIGHTS_INT4};
    size_t n_weights = count_weights(shrink);
    for (size_t k = 0; k < sizeof formats / sizeof *formats; k++) {
        if (shrink->options->max_size == 0) {
            for (int halving = 1; halving <= HALVINGS_TRIED; halving++) {
                add_attempt(shrink, formats[k], n_weights >> halving);
            }
            continue;
        }
        size_t n_kept;
        bantam_status status = fit_size(&n_kept, shrink, formats[k], error);
        if (status) {
            return status;
        }
        add_attempt(shrink, formats[k], 2 * n_kept < n_weights ? 2 * n_kept : 0);
        add_attempt(shrink, formats[k], n_kept);
        add_attempt(shrink, formats[k], n_kept / 2);
    }
    return shrink->n_attempts > 0
               ? BANTAM_OK
               : error_set(
                     error, BANTAM_ERROR_ARGUMENT,
                     "no model of %zu bytes can be had: labels and intercepts alone take more",
                     shrink->options->max_size);
}

// The base's own weights and lengths, after folds have used their place.
static bantam_status restore(struct shrink *shrink, bantam_error *error)
{
    for (size_t f = 0; f < shrink->n_features; f++) {
        text_model_weights(shrink->base->text, f, shrink->whole.weights + f * shrink->n_outputs);
    }
    memcpy(shrink->whole.intercepts, text_model_intercepts(shrink->base->text),
           shrink->n_outputs * sizeof(float));
    prune_lengths(shrink->lengths, &shrink->matrix);
    return shrink_centre(shrink, error);
}

// Builds the attempt from all rows; weights go until the file fits the limit.
static bantam_status make(bantam_classifier **out, struct shrink *shrink,
                          struct shrink_attempt *tried, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    for (int k = 0; k < CORRECTIONS && !status && tried->n_kept > 0; k++) {
        size_t size = 0;
        bantam_classifier_free(out);
        status = shrink_attempt_make(shrink, tried, &shrink->matrix, shrink->rows.weights,
                                     shrink->refit, error);
        if (!status) {
            status = shrink_build(out, &size, shrink, tried->format, error);
        }
        if (!status && (shrink->limit == 0 || size <= shrink->limit)) {
            return BANTAM_OK;
        }
        tried->n_kept -= tried->n_kept / 50 + 1;
    }
    return status ? status
                  : error_set(error, BANTAM_ERROR_ARGUMENT, "no model of %zu bytes can be had",
                              shrink->options->max_size);
}

static double accuracy_of(const struct shrink *shrink, double right)
{
    return shrink->n_counted > 0 ? right / shrink->n_counted : 0;
}

static void describe(bantam_shrink_step *step, const struct shrink *shrink,
                     const struct text_model *text, size_t size, double accuracy)
{
    static const int bits[] = {[WEIGHTS_F32] = 32, [WEIGHTS_INT8] = 8, [WEIGHTS_INT4] = 4};
    size_t n_features = vectorizer_n_features(text_model_vectorizer(text));
    *step = (bantam_shrink_step){.size = size,
                                 .bits = bits[text_model_format(text)],
                                 .n_features = n_features,
                                 .accuracy = accuracy};
    for (size_t f = 0; f < n_features; f++) {
        text_model_weights(text, f, shrink->scores);
        for (size_t o = 0; o < shrink->n_outputs; o++) {
            step->n_weights += shrink->scores[o] != 0;
        }
    }
}

// Whether an earlier line says the same: of rows that know few n-grams, halves of the weights may be all that count.
static bool is_told(const bantam_shrink_report *report, const bantam_shrink_step *step)
{
    for (size_t i = 1; i < report->n_steps; i++) {
        const bantam_shrink_step *other = &report->steps[i];
        if (other->size == step->size && other->bits == step->bits &&
            other->n_weights == step->n_weights && other->n_features == step->n_features) {
            return true;
        }
    }
    return false;
}

// Sizes of all attempts; leaves the lines of the report from the largest, `order` the attempt of each line but the first.
static bantam_status fill_report(struct shrink *shrink, bantam_shrink_report *report,
                                 size_t order[BANTAM_SHRINK_STEPS], bantam_error *error)
{
    size_t size;
    bantam_status status = classifier_size(&size, shrink->base, error);
    report->n_rows = shrink->rows.n_rows;
    report->refitted = shrink->refit;
    describe(&report->steps[0], shrink, shrink->base->text, size,
             accuracy_of(shrink, shrink->n_right));
    report->n_steps = 1;
    for (size_t k = 0; k < shrink->n_attempts && !status; k++) {
        bantam_classifier *classifier = NULL;
        status =
            shrink_attempt_make(shrink, &shrink->attempts[k], &shrink->matrix, NULL, false, error);
        if (!status) {
            status = shrink_build(&classifier, &size, shrink, shrink->attempts[k].format, error);
        }
        if (status) {
            return status;
        }
        size += shrink->beside;
        size_t at = report->n_steps;
        describe(&report->steps[at], shrink, classifier->text, size, 0);
        bool told = is_told(report, &report->steps[at]);
        report->n_steps += !told;
        for (; !told && at > 1 && report->steps[at - 1].size < size; at--) {
            report->steps[at] = report->steps[at - 1];
            order[at] = order[at - 1];
        }
        if (!told) {
            describe(&report->steps[at], shrink, classifier->text, size,
                     accuracy_of(shrink, shrink->attempts[k].n_right));
            order[at] = k;
        }
        bantam_classifier_free(&classifier);
    }
    return status;
}

// The line to take: within the limit the most accurate, of equals the smaller; without a limit the smallest that loses no more than
// is allowed. 0: none.
static size_t choose(const struct shrink *shrink, const bantam_shrink_report *report)
{
    const bantam_shrink_options *options = shrink->options;
    double least = report->steps[0].accuracy - options->max_loss;
    size_t best = 0;
    for (size_t i = 1; i < report->n_steps; i++) {
        const bantam_shrink_step *step = &report->steps[i];
        bool fits = options->max_size == 0 || step->size <= options->max_size;
        bool good = step->accuracy >= least || (options->max_size > 0 && !options->strict);
        if (!fits || !good) {
            continue;
        }
        bool better =
            best == 0 || options->max_size == 0 || step->accuracy >= report->steps[best].accuracy;
        best = better ? i : best;
    }
    return best;
}

static bantam_status record(bantam_classifier *classifier, const bantam_shrink_report *report,
                            const bantam_shrink_step *step, bantam_error *error)
{
    classifier->measured =
        arena_format(&classifier->arena,
                     "{\"whole\":%s,\"rows\":%zu,\"cross_validated\":%s,\"accuracy_whole\":%.6f,"
                     "\"accuracy\":%.6f}",
                     classifier->measured, report->n_rows, report->refitted ? "true" : "false",
                     report->steps[0].accuracy, step->accuracy);
    return classifier->measured ? BANTAM_OK : error_memory(error);
}

// Fits the calibration again where there are scores of unseen rows.
static bantam_status calibrate(bantam_classifier *classifier, const struct shrink *shrink,
                               const struct shrink_attempt *tried, bantam_error *error)
{
    bantam_classifier_options options = shrink->base->options;
    bantam_classifier_report unread = {0};
    options.n_threads = shrink->options->n_threads;
    if (!tried->scores || options.calibration == BANTAM_CALIBRATE_NONE ||
        shrink->rows.n_rows < CALIBRATE_ROWS) {
        return BANTAM_OK;
    }
    calibration_release(&classifier->calibration);
    return classifier_calibrate_scores(classifier, tried->scores, &shrink->rows, &options, &unread,
                                       error);
}

// The attempt as a whole model, with calibration and record; what these take comes off the limit of the rest.
static bantam_status complete(bantam_classifier **out, struct shrink *shrink,
                              struct shrink_attempt tried, const bantam_shrink_report *report,
                              bantam_shrink_step *step, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    size_t most = shrink->options->max_size;
    for (int k = 0; k < CORRECTIONS && !status; k++) {
        status = make(out, shrink, &tried, error);
        if (!status) {
            status = calibrate(*out, shrink, &tried, error);
        }
        if (!status) {
            describe(step, shrink, (*out)->text, step->size, step->accuracy);
            step->chosen = true;
            status = record(*out, report, step, error);
        }
        if (!status) {
            status = classifier_size(&step->size, *out, error);
        }
        if (status || most == 0 || step->size <= most) {
            break;
        }
        size_t over = step->size - most;
        shrink->limit -= over < shrink->limit ? over : shrink->limit - 1;
    }
    return status;
}

static bantam_status take_best(bantam_classifier **out, struct shrink *shrink,
                               bantam_shrink_report *report, bantam_error *error)
{
    size_t order[BANTAM_SHRINK_STEPS] = {0};
    bantam_status status = restore(shrink, error);
    if (!status) {
        status = fill_report(shrink, report, order, error);
    }
    if (status) {
        return status;
    }
    size_t best = choose(shrink, report);
    if (best == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "no smaller model keeps the accuracy of %.3f within %.3f",
                         report->steps[0].accuracy, shrink->options->max_loss);
    }
    bantam_shrink_step *step = &report->steps[best];
    return complete(out, shrink, shrink->attempts[order[best]], report, step, error);
}

bantam_status bantam_classifier_shrink(bantam_classifier **out, const bantam_classifier *base,
                                       const bantam_dataset *dataset,
                                       const bantam_shrink_options *options,
                                       bantam_shrink_report *report, bantam_error *error)
{
    const bantam_shrink_options defaults = bantam_shrink_options_default();
    bantam_shrink_report unread;
    struct shrink shrink = {.base = base, .options = options ? options : &defaults};
    report = report ? report : &unread;
    *report = (bantam_shrink_report){.n_steps = 0};
    *out = NULL;
    if (!(shrink.options->max_loss >= 0 && shrink.options->max_loss <= 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "a loss of %g: it goes from 0 to 1",
                         shrink.options->max_loss);
    }
    bantam_status status = prepare(&shrink, dataset, error);
    shrink.beside = RECORD_SIZE + (shrink.refit ? base->conformal.n * 2 * sizeof(float) : 0);
    shrink.limit = shrink.options->max_size;
    if (shrink.limit > shrink.beside) {
        shrink.limit -= shrink.beside;
    }
    if (!status) {
        prune_lengths(shrink.lengths, &shrink.matrix);
        status = shrink_centre(&shrink, error);
    }
    if (!status) {
        status = plan(&shrink, error);
    }
    if (!status) {
        status = shrink_measure(&shrink, error);
    }
    if (!status) {
        status = take_best(out, &shrink, report, error);
    }
    release(&shrink);
    if (status) {
        bantam_classifier_free(out);
    }
    return status;
}
