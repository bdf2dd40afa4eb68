// Trials on folds of a sample of the rows, a hill climb over the strength, and the final training.
#include "bantam/classifier_search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "classify/classifier.h"
#include "classify/held_out.h"
#include "classify/prune.h"
#include "classify/training_rows.h"

enum {
    FOLDS = 5,
    FOLDS_MAXIMUM = 20, // that the options allow
    TRIALS = 40,        // at most
    FINALISTS = 4,      // that are measured on all folds
    CALIBRATED = 2,     // folds that calibration is to have at least
    FIRST_LOOKS =
        6, // that the final fit has before time may end it: it learns most in its first epochs
    SHRINK_FITS = 12,         // that making a model smaller takes, about
    ROUNDS = 4,               // around the best so far, at most
    SAMPLE_MAXIMUM = 20000,   // rows that trials use
    SCORES_MAXIMUM = 4000000, // of a trial that are kept
    STRENGTH_STEPS = 4,       // at most, in each direction
};

static const double STRENGTH_FACTOR = 3;      // between strengths that are tried
static const double STRENGTH_MOST = 1000;     // beyond, weights hang on where a learner stops
static const double WEIGHTS_A_BYTE = 0.38;    // that a small model holds, about
static const double FINAL_AGAINST_TRIALS = 2; // the final training is more exact than trials
static const double TRIAL_TOLERANCE = 3e-3;   // beyond, no held-out row's answer changes any more
static const double FINAL_TOLERANCE = 1e-4;

// Kinds of features, the most promising first. Characters across words go last: they are many.
static const struct {
    const char *analyzer, *ngrams, *multi_class;
    double C;
} KINDS[] = {
    {"word+char_wb", "1-2+2-5", "multinomial", 10},
    {"word+char_wb", "1-2+2-5", "one-vs-rest", 10},
    {"word+char_wb+char", "1-2+2-5+3-6", "multinomial", 10},
    {"word+char", "1-3+2-5", "multinomial", 30},
    {"word+char_wb+char", "1-2+2-5+3-6", "one-vs-rest", 10},
    {"word+char_wb", "1-3+2-6", "multinomial", 30},
    {"word", "1-2", "multinomial", 10},
    {"char_wb", "1-5", "multinomial", 10},
    {"char", "1-5", "multinomial", 10},
    {"word+char", "1-2+4-8", "multinomial", 30},
};

enum {
    N_KINDS = sizeof KINDS / sizeof *KINDS
};

struct trial {
    size_t kind;
    double C;
    bool keeps_case; // capitals are other letters
    bantam_classifier_options options;
    bool done[FOLDS];
    double right[FOLDS], counted[FOLDS];
    float
        *scores; // (sample.n_rows, n_outputs) of the folds done; NULL where calibration has others
    bantam_search_trial shown;
};

struct search {
    const bantam_search_options *options;
    struct training_rows all, sample; // the sample's arrays are its own, its texts the dataset's
    int *folds;                       // (sample.n_rows)
    struct trial trials[TRIALS];
    size_t n_trials;
    size_t kind; // that vectorizer and matrix are of
    bool keeps_case;
    struct vectorizer *vectorizer;
    struct sparse_matrix matrix;
    bool stopped;
    struct held_out_known known; // of the final training
    double final_fit;            // seconds that its last fit takes, about
    size_t n_looks;              // at the clock in that fit
    bool cancelled;              // by the caller's progress
};

bantam_search_options bantam_search_options_default(void)
{
    return (bantam_search_options){.training = bantam_classifier_options_default(), .seconds = 60};
}

static double elapsed(const struct search *search)
{
    const bantam_search_options *options = search->options;
    return options->elapsed ? options->elapsed(options->context) : 0;
}

static double accuracy_of(const struct trial *trial)
{
    double right = 0, counted = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
        right += trial->right[fold];
        counted += trial->counted[fold];
    }
    return counted > 0 ? right / counted : -1;
}

// Folds in the order in which all trials go through them; n of them are done.
static int folds_done(const struct trial *trial)
{
    int n = 0;
    while (n < FOLDS && trial->done[n]) {
        n++;
    }
    return n;
}

// Whether calibration would look at the folds that trials look at.
static bool shares_folds(const struct search *search)
{
    const bantam_search_options *options = search->options;
    size_t n_outputs = logistic_n_outputs(&search->sample.labels);
    return options->training.calibration != BANTAM_CALIBRATE_NONE && options->max_size == 0 &&
           options->training.folds == FOLDS && search->sample.n_rows == search->all.n_rows &&
           search->sample.n_rows * n_outputs <= SCORES_MAXIMUM;
}

// What one fit of a trial's features to all rows takes, about.
static double fit_cost(const struct search *search, const struct trial *trial)
{
    double rows = (double)search->all.n_rows / (double)search->sample.n_rows;
    return FINAL_AGAINST_TRIALS * trial->shown.seconds * rows;
}

// What the final training of a trial takes, with the folds that its calibration cannot do without, and the shrinking.
static double final_cost(const struct search *search, const struct trial *trial)
{
    int n_known = trial->scores ? folds_done(trial) : 0, n_fits = 1;
    if (search->options->training.calibration != BANTAM_CALIBRATE_NONE && n_known < CALIBRATED) {
        n_fits += CALIBRATED - n_known;
    }
    n_fits += search->options->max_size > 0 ? SHRINK_FITS : 0;
    return fit_cost(search, trial) * n_fits;
}

// Of trials that can be finished in time the one with the most right among the folds that both have done; ties go to more folds, then
// to the earlier one. NULL: none.
static struct trial *find_best(struct search *search)
{
    struct trial *best = NULL;
    for (size_t i = 0; i < search->n_trials; i++) {
        struct trial *trial = &search->trials[i];
        if (folds_done(trial) == 0 || trial->shown.too_slow) {
            continue;
        }
        double own = 0, other = 0;
        for (int fold = 0; best && fold < FOLDS; fold++) {
            own += trial->done[fold] && best->done[fold] ? trial->right[fold] : 0;
            other += trial->done[fold] && best->done[fold] ? best->right[fold] : 0;
        }
        bool more = best && own == other && folds_done(trial) > folds_done(best);
        best = !best || own > other || more ? trial : best;
    }
    return best;
}

// Whether the search has time for one more fold of about `seconds`.
static bool has_time(struct search *search, double seconds)
{
    const bantam_search_options *options = search->options;
    const struct trial *best = find_best(search);
    if (options->goes_on && !options->goes_on(options->context)) {
        search->stopped = true;
    }
    double reserve = best ? final_cost(search, best) : 0;
    return !search->stopped &&
           (!options->elapsed || elapsed(search) + seconds + reserve < options->seconds);
}

// Stops a fit when the search is to end; the first trial is let finish.
static bool fit_goes_on(void *context, const char *what, size_t done, size_t total)
{
    struct search *search = context;
    (void)what, (void)done, (void)total;
    const struct trial *best = find_best(search);
    return has_time(search, 0) || (!best && !search->stopped);
}

// ---- the sample -------------------------------------------------------------------------------

// Chooses the sample's rows from a seeded shuffle, in their old order.
static bantam_status take_sample(struct search *search, bantam_error *error)
{
    const struct training_rows *all = &search->all;
    struct training_rows *sample = &search->sample;
    size_t n = all->n_rows < SAMPLE_MAXIMUM ? all->n_rows : SAMPLE_MAXIMUM;
    uint32_t *order = memory_allocate_array(all->n_rows, sizeof *order);
    bool *chosen = memory_allocate_array(all->n_rows, sizeof *chosen);
    *sample = (struct training_rows){.n_groups = all->n_groups};
    sample->texts = memory_allocate_array(n, sizeof *sample->texts);
    sample->label_list =
        memory_allocate_array(all->label_starts[all->n_rows], sizeof *sample->label_list);
    sample->label_starts = memory_allocate_array(n + 1, sizeof *sample->label_starts);
    sample->weights = memory_allocate_array(n, sizeof *sample->weights);
    sample->groups = memory_allocate_array(n, sizeof *sample->groups);
    search->folds = memory_allocate_array(n, sizeof *search->folds);
    bool complete = order && chosen && sample->texts && sample->label_list &&
                    sample->label_starts && sample->weights && sample->groups && search->folds;
    struct random random = {search->options->training.seed};
    for (size_t i = 0; complete && i < all->n_rows; i++) {
        order[i] = (uint32_t)i;
    }
    if (complete) {
        random_shuffle(&random, order, all->n_rows);
    }
    for (size_t i = 0; complete && i < n; i++) {
        chosen[order[i]] = true;
    }
    for (size_t i = 0; complete && i < all->n_rows; i++) {
        if (!chosen[i]) {
            continue;
        }
        size_t to = sample->n_rows++, start = all->label_starts[i];
        size_t n_labels = all->label_starts[i + 1] - start;
        sample->texts[to] = all->texts[i];
        sample->weights[to] = all->weights[i];
        sample->groups[to] = all->groups[i];
        memcpy(sample->label_list + sample->label_starts[to], all->label_list + start,
               n_labels * sizeof *sample->label_list);
        sample->label_starts[to + 1] = sample->label_starts[to] + n_labels;
    }
    memory_free(order);
    memory_free(chosen);
    sample->labels = all->labels;
    sample->labels.labels = sample->label_list;
    sample->labels.starts = all->labels.starts ? sample->label_starts : NULL;
    return complete ? BANTAM_OK : error_memory(error);
}

// ---- one fold of one trial --------------------------------------------------------------------

static bantam_status set_options(struct trial *trial, const bantam_classifier_options *training,
                                 bantam_error *error)
{
    char strength[32];
    snprintf(strength, sizeof strength, "%.6g", trial->C);
    trial->options = *training;
    const char *const settings[][2] = {
        {"analyzer", KINDS[trial->kind].analyzer},
        {"ngrams", KINDS[trial->kind].ngrams},
        {"sublinear-tf", "yes"},
        {"lowercase", trial->keeps_case ? "no" : "yes"},
        {"multi-class", KINDS[trial->kind].multi_class},
        {"C", strength},
    };
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; i < sizeof settings / sizeof *settings && !status; i++) {
        status =
            bantam_classifier_option_set(&trial->options, settings[i][0], settings[i][1], error);
    }
    snprintf(trial->shown.name, sizeof trial->shown.name,
             "--analyzer %s --ngrams %s --sublinear-tf yes%s --multi-class %s --C %s",
             KINDS[trial->kind].analyzer, KINDS[trial->kind].ngrams,
             trial->keeps_case ? " --lowercase no" : "", KINDS[trial->kind].multi_class, strength);
    return status;
}

static bool same_features(size_t a, size_t b)
{
    return strcmp(KINDS[a].analyzer, KINDS[b].analyzer) == 0 &&
           strcmp(KINDS[a].ngrams, KINDS[b].ngrams) == 0;
}

// The sample's rows under the trial's features, kept until other ones are asked for.
static bantam_status make_rows(struct search *search, const struct trial *trial,
                               bantam_error *error)
{
    if (search->vectorizer && same_features(search->kind, trial->kind) &&
        search->keeps_case == trial->keeps_case) {
        return BANTAM_OK;
    }
    struct vectorizer_options features = classifier_features(&trial->options);
    vectorizer_free(&search->vectorizer);
    sparse_matrix_release(&search->matrix);
    search->kind = trial->kind;
    search->keeps_case = trial->keeps_case;
    return vectorizer_fit(&search->vectorizer, &search->matrix, search->sample.texts,
                          search->sample.n_rows, &features, trial->options.n_threads, error);
}

static bool is_right(const struct training_rows *rows, size_t row, const float *scores,
                     size_t n_outputs)
{
    const uint32_t *labels = rows->label_list + rows->label_starts[row];
    size_t n = rows->label_starts[row + 1] - rows->label_starts[row];
    if (rows->labels.starts) {
        size_t n_given = 0, n_met = 0;
        for (size_t o = 0; o < n_outputs; o++) {
            n_given += scores[o] > 0;
        }
        for (size_t k = 0; k < n; k++) {
            n_met += scores[labels[k]] > 0;
        }
        return n_given == n && n_met == n;
    }
    size_t best = n_outputs == 1 ? scores[0] > 0 : 0;
    for (size_t o = 1; o < n_outputs; o++) {
        best = scores[o] > scores[best] ? o : best;
    }
    return n == 1 && labels[0] == best;
}

// Takes the weights that a model within max_size would lack.
static bantam_status keep_to_size(const struct search *search, float *weights,
                                  const struct sparse_matrix *rows, size_t n_outputs, bool softmax,
                                  bantam_error *error)
{
    size_t n = rows->n_columns * n_outputs;
    size_t n_kept = (size_t)((double)search->options->max_size * WEIGHTS_A_BYTE);
    if (search->options->max_size == 0 || n_kept >= n) {
        return BANTAM_OK;
    }
    float *lengths = memory_allocate_array(rows->n_columns, sizeof *lengths);
    uint8_t *support = memory_allocate_array(n, sizeof *support);
    bantam_status status = lengths && support ? BANTAM_OK : error_memory(error);
    if (!status) {
        prune_lengths(lengths, rows);
        status = softmax ? prune_centre(weights, rows->n_columns, n_outputs, error) : BANTAM_OK;
    }
    if (!status) {
        status = prune_choose(support, weights, lengths, rows->n_columns, n_outputs, n_kept, error);
    }
    for (size_t i = 0; i < n && !status; i++) {
        weights[i] = support[i] ? weights[i] : 0;
    }
    memory_free(lengths);
    memory_free(support);
    return status;
}

// Memory of one fold.
struct fold_memory {
    float *weights, *intercepts, *row_weights, *scores;
};

static bantam_status measure_fold(struct search *search, struct trial *trial, int fold,
                                  const struct sparse_matrix *rows,
                                  const struct fold_memory *memory, bantam_error *error)
{
    const struct training_rows *sample = &search->sample;
    size_t n_outputs = logistic_n_outputs(&sample->labels);
    struct logistic_options learner = classifier_learner(&trial->options);
    learner.tolerance = TRIAL_TOLERANCE;
    learner.progress = fit_goes_on;
    learner.progress_context = search;
    for (size_t row = 0; row < rows->n_rows; row++) {
        memory->row_weights[row] = search->folds[row] == fold ? 0 : sample->weights[row];
    }
    bantam_status status = logistic_fit(memory->weights, memory->intercepts, rows, &sample->labels,
                                        memory->row_weights, &learner, NULL, error);
    if (!status) {
        bool softmax = learner.form == LOGISTIC_MULTINOMIAL && !sample->labels.starts;
        status =
            keep_to_size(search, memory->weights, rows, n_outputs, softmax && n_outputs > 2, error);
    }
    if (status) {
        return status;
    }
    trial->right[fold] = trial->counted[fold] = 0;
    for (size_t row = 0; row < rows->n_rows; row++) {
        if (search->folds[row] != fold) {
            continue;
        }
        double weight = (double)sample->weights[row];
        score_row(memory->scores, rows, row, memory->weights, memory->intercepts, n_outputs);
        if (trial->scores) {
            memcpy(trial->scores + row * n_outputs, memory->scores, n_outputs * sizeof(float));
        }
        trial->right[fold] += is_right(sample, row, memory->scores, n_outputs) ? weight : 0;
        trial->counted[fold] += weight;
    }
    trial->done[fold] = true;
    return BANTAM_OK;
}

static bantam_status run_fold(struct search *search, struct trial *trial, int fold,
                              bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(&search->sample.labels);
    bantam_status status = make_rows(search, trial, error);
    if (status) {
        return status;
    }
    struct held_out_task task = {.rows = &search->matrix,
                                 .vectorizer = search->vectorizer,
                                 .folds = search->folds,
                                 .n_folds = FOLDS};
    struct sparse_matrix rows;
    status = held_out_rows(&rows, &task, fold, error);
    if (status) {
        return status;
    }
    struct fold_memory memory = {
        memory_allocate_array(rows.n_columns * n_outputs, sizeof(float)),
        memory_allocate_array(n_outputs, sizeof(float)),
        memory_allocate_array(rows.n_rows, sizeof(float)),
        memory_allocate_array(n_outputs, sizeof(float)),
    };
    bool complete = memory.weights && memory.intercepts && memory.row_weights && memory.scores;
    status =
        complete ? measure_fold(search, trial, fold, &rows, &memory, error) : error_memory(error);
    memory_free(memory.weights);
    memory_free(memory.intercepts);
    memory_free(memory.row_weights);
    memory_free(memory.scores);
    memory_free(rows.values);
    trial->shown.n_features = search->matrix.n_columns;
    return status;
}

// One fold more of the trial, as far as time allows; tells the caller. False: the search is over, or failed (*status).
static bool step(struct search *search, struct trial *trial, bantam_status *status,
                 bantam_error *error)
{
    const bantam_search_options *options = search->options;
    int fold = folds_done(trial);
    double begun = elapsed(search);
    if (fold == FOLDS || !has_time(search, trial->shown.seconds)) {
        return fold == FOLDS && !search->stopped;
    }
    *status = run_fold(search, trial, fold, error);
    if (*status == BANTAM_ERROR_CANCELLED) {
        *status = BANTAM_OK; // out of time in the middle of a fit: what is known by now counts
        return false;
    }
    if (*status) {
        return false;
    }
    double took = elapsed(search) - begun;
    trial->shown.seconds = fmax(trial->shown.seconds, took);
    trial->shown.n_folds = folds_done(trial);
    trial->shown.accuracy = accuracy_of(trial);
    trial->shown.too_slow = false;
    bool only = find_best(search) == trial && search->n_trials == 1;
    trial->shown.too_slow =
        options->elapsed && !only && elapsed(search) + final_cost(search, trial) > options->seconds;
    trial->shown.best = find_best(search) == trial;
    if (options->tried && !options->tried(options->context, &trial->shown)) {
        search->stopped = true;
    }
    return !search->stopped;
}

// ---- the course of the search -----------------------------------------------------------------

// A new trial; NULL where there is no room, or one like it was there before.
static struct trial *add_trial(struct search *search, size_t kind, double C, bool keeps_case,
                               bantam_status *status, bantam_error *error)
{
    for (size_t i = 0; i < search->n_trials; i++) {
        if (search->trials[i].kind == kind && search->trials[i].keeps_case == keeps_case &&
            fabs(search->trials[i].C / C - 1) < 0.01) {
            return NULL;
        }
    }
    if (search->n_trials == TRIALS) {
        return NULL;
    }
    struct trial *trial = &search->trials[search->n_trials++];
    *trial = (struct trial){.kind = kind, .C = C, .keeps_case = keeps_case};
    *status = set_options(trial, &search->options->training, error);
    if (!*status && shares_folds(search)) {
        size_t n_outputs = logistic_n_outputs(&search->sample.labels);
        trial->scores =
            memory_allocate_array(search->sample.n_rows * n_outputs, sizeof *trial->scores);
        *status = trial->scores ? BANTAM_OK : error_memory(error);
    }
    return *status ? NULL : trial;
}

static void drop_last_trial(struct search *search)
{
    memory_free(search->trials[--search->n_trials].scores);
}

// Goes on from the best in one direction of the strength while that gets better.
static bool climb(struct search *search, double factor, bantam_status *status, bantam_error *error)
{
    for (int k = 0; k < STRENGTH_STEPS; k++) {
        struct trial *best = find_best(search);
        struct trial *next =
            best && best->C * factor <= STRENGTH_MOST
                ? add_trial(search, best->kind, best->C * factor, best->keeps_case, status, error)
                : NULL;
        if (!next) {
            return *status == BANTAM_OK;
        }
        if (!step(search, next, status, error)) {
            return false;
        }
        if (find_best(search) != next) {
            break;
        }
    }
    return true;
}

// The best few on all folds.
static bool compare_best(struct search *search, bantam_status *status, bantam_error *error)
{
    bool compared[TRIALS] = {false};
    for (int k = 0; k < FINALISTS; k++) {
        struct trial *next = NULL;
        for (size_t i = 0; i < search->n_trials; i++) {
            struct trial *trial = &search->trials[i];
            bool open = folds_done(trial) > 0 && !trial->shown.too_slow && !compared[i];
            next = open && (!next || trial->right[0] > next->right[0]) ? trial : next;
        }
        if (!next) {
            return true;
        }
        compared[next - search->trials] = true;
        while (folds_done(next) < FOLDS) {
            if (!step(search, next, status, error)) {
                return false;
            }
        }
    }
    return true;
}

// Looks around the best: other strengths, capitals (whether they tell something hangs on the texts), then all folds of the best few.
// False: the search is over.
static bool look_around(struct search *search, bantam_status *status, bantam_error *error)
{
    const struct trial *best = find_best(search);
    bool goes_on = best != NULL;
    if (goes_on) {
        size_t lowercase_features = best->keeps_case ? 0 : best->shown.n_features;
        struct trial *trial = add_trial(search, best->kind, best->C, true, status, error);
        goes_on = trial ? step(search, trial, status, error) : !*status;
        if (trial && trial->shown.n_features == lowercase_features) {
            drop_last_trial(search); // there are no capitals
        }
    }
    goes_on = goes_on && climb(search, STRENGTH_FACTOR, status, error);
    goes_on = goes_on && climb(search, 1 / STRENGTH_FACTOR, status, error);
    return goes_on && compare_best(search, status, error);
}

static bantam_status run(struct search *search, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    bool goes_on = true;
    for (size_t kind = 0; kind < N_KINDS && goes_on; kind++) {
        struct trial *trial = add_trial(search, kind, KINDS[kind].C, false, &status, error);
        goes_on = trial && step(search, trial, &status, error);
    }
    for (int round = 0; round < ROUNDS && goes_on; round++) {
        const struct trial *best = find_best(search);
        goes_on = look_around(search, &status, error) && find_best(search) != best;
    }
    return status;
}

// ---- the final training -----------------------------------------------------------------------

// Time ends the folds of calibration early enough for the last fit, and that one when there is none left.
static bool final_goes_on(void *context, const char *what, size_t done, size_t total)
{
    struct search *search = context;
    const bantam_search_options *options = search->options;
    const bantam_classifier_options *training = &options->training;
    if (training->progress && !training->progress(training->progress_context, what, done, total)) {
        search->cancelled = true;
        return false;
    }
    if (!options->elapsed) {
        return true;
    }
    if (!search->known.folds_ended) {
        return elapsed(search) + search->final_fit < options->seconds;
    }
    return search->n_looks++ < FIRST_LOOKS || elapsed(search) < options->seconds;
}

static bantam_status train_best(bantam_classifier **out, const bantam_dataset *dataset,
                                struct search *search, const struct trial *best,
                                bantam_classifier_report *report, bantam_error *error)
{
    bantam_classifier_options training = best->options;
    bool done[FOLDS_MAXIMUM] = {false};
    for (int fold = 0; best->scores && fold < FOLDS; fold++) {
        done[fold] = best->done[fold];
    }
    search->known = (struct held_out_known){best->scores, done, true, false};
    search->final_fit = fit_cost(search, best);
    training.tolerance = fmax(training.tolerance, FINAL_TOLERANCE);
    training.progress = final_goes_on;
    training.progress_context = search;
    bantam_status status =
        classifier_train_knowing(out, dataset, &training, &search->known, report, error);
    if (!status && search->cancelled) {
        status = error_set(error, BANTAM_ERROR_CANCELLED, "training was stopped");
    }
    return status;
}

static bantam_status finish(bantam_classifier **out, const bantam_dataset *dataset,
                            struct search *search, const struct trial *best,
                            bantam_classifier_report *report, bantam_shrink_report *shrunk,
                            bantam_error *error)
{
    const bantam_classifier_options *training = &search->options->training;
    bantam_status status = train_best(out, dataset, search, best, report, error);
    size_t max_size = search->options->max_size;
    if (status || max_size == 0) {
        return status;
    }
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, 2147483647);
    status = bantam_classifier_save(*out, &bytes, error);
    bool fits = bytes.size <= max_size;
    bantam_buffer_release(&bytes);
    if (status || fits) {
        return status;
    }
    bantam_classifier *whole = *out;
    bantam_shrink_options options = bantam_shrink_options_default();
    options.max_size = max_size;
    options.n_threads = training->n_threads;
    options.progress = training->progress;
    options.progress_context = training->progress_context;
    status = bantam_classifier_shrink(out, whole, dataset, &options, shrunk, error);
    bantam_classifier_free(&whole);
    return status;
}

static void release(struct search *search)
{
    training_rows_release(&search->all);
    search->sample.names = NULL; // never allocated
    training_rows_release(&search->sample);
    memory_free(search->folds);
    for (size_t i = 0; i < search->n_trials; i++) {
        memory_free(search->trials[i].scores);
    }
    vectorizer_free(&search->vectorizer);
    sparse_matrix_release(&search->matrix);
    memory_free(search);
}

static bantam_status prepare(struct search *search, const bantam_dataset *dataset,
                             bantam_error *error)
{
    int n_folds = FOLDS;
    bantam_status status = training_rows_init(&search->all, dataset, 2, error);
    if (!status) {
        status = take_sample(search, error);
    }
    if (!status) {
        status = training_rows_fold(search->folds, &n_folds, &search->sample,
                                    search->options->training.seed, error);
    }
    if (!status && n_folds < FOLDS) {
        status =
            error_set(error, BANTAM_ERROR_INPUT,
                      "a search needs rows of %d groups at least; there are %d", FOLDS, n_folds);
    }
    return status;
}

bantam_status bantam_classifier_search(bantam_classifier **out, const bantam_dataset *dataset,
                                       const bantam_search_options *options,
                                       bantam_search_trial *best, bantam_classifier_report *report,
                                       bantam_shrink_report *shrunk, bantam_error *error)
{
    const bantam_search_options defaults = bantam_search_options_default();
    bantam_shrink_report unread;
    struct search *search = memory_allocate_array(1, sizeof *search);
    *out = NULL;
    if (!search) {
        return error_memory(error);
    }
    search->options = options ? options : &defaults;
    shrunk = shrunk ? shrunk : &unread;
    shrunk->n_steps = 0;
    bantam_status status = prepare(search, dataset, error);
    if (!status) {
        status = run(search, error);
    }
    struct trial *found = status ? NULL : find_best(search);
    if (!status && !found) {
        status = error_set(error, BANTAM_ERROR_CANCELLED,
                           "the search ended before anything was tried; give it more time");
    }
    if (!status) {
        found->shown.best = true;
        if (best) {
            *best = found->shown;
        }
        status = finish(out, dataset, search, found, report, shrunk, error);
    }
    release(search);
    if (status) {
        bantam_classifier_free(out);
    }
    return status;
}
