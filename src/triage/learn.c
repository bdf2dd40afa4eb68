// Training the layer: kernel logistic regression over the lessons' findings, by gradient steps of a safe size, and weights for kinds of
// lines. A few hundred lessons at most, so that everything is exact and takes a second or so.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/line_words.h"
#include "model/softmax_model.h"
#include "triage/lesson.h"

enum {
    LESSONS_MAXIMUM = LEARNED_EXAMPLES / LESSON_VIEWS,
    STEPS = 300,
    FOLDS = 10,
};

// Chosen on the development logs among .005, .02 and .05, the kernel among the cosine's first to third power; neighbours do within
// .02 as well (bench/results/learn.md).
#define PENALTY 0.005

// What a line of a kind that was the reason gains (of 4 and 6 the better, bench/results/learn.md), and one that was not loses: as much
// as a line that a green log has too (finder.c).
#define LINE_RIGHT 6
#define LINE_WRONG (-8)

// One finding to learn from.
struct pupil {
    struct word_vector words;
    const float *prior;
    uint32_t cause;
    size_t lesson;
};

struct school {
    struct arena arena;
    struct lesson *lessons; // (n_lessons)
    size_t n_lessons, n_loaded;
    const char *names[LEARNED_CLASSES];
    size_t n_classes;
    struct pupil *pupils; // (n_pupils)
    size_t n_pupils;
    double *kernel; // (n_pupils, n_pupils)
};

static bantam_status class_of(uint32_t *class, struct school *school, const char *name,
                              bantam_error *error)
{
    for (size_t i = 0; i < school->n_classes; i++) {
        if (strcmp(school->names[i], name) == 0) {
            *class = (uint32_t)i;
            return BANTAM_OK;
        }
    }
    if (school->n_classes == LEARNED_CLASSES) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "at most %d causes of one's own are learned",
                         LEARNED_CLASSES - CAUSES);
    }
    *class = (uint32_t)school->n_classes;
    school->names[school->n_classes++] = name;
    return BANTAM_OK;
}

static bantam_status add_pupils(struct school *school, size_t number, bantam_error *error)
{
    const struct lesson *lesson = &school->lessons[number];
    uint32_t cause = 0;
    bantam_status status =
        lesson->cause ? class_of(&cause, school, lesson->cause, error) : BANTAM_OK;
    for (int view = 0; !status && lesson->cause && view < LESSON_VIEWS; view++) {
        if (lesson->words[view].n > 0) {
            school->pupils[school->n_pupils++] =
                (struct pupil){lesson->words[view], lesson->prior[view], cause, number};
        }
    }
    return status;
}

static bantam_status compare_pupils(struct school *school, bantam_error *error)
{
    size_t n = school->n_pupils;
    school->kernel = arena_allocate_array(&school->arena, n * n + 1, sizeof *school->kernel);
    if (!school->kernel) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k <= i; k++) {
            double alike = word_vector_kernel(&school->pupils[i].words, &school->pupils[k].words);
            school->kernel[i * n + k] = school->kernel[k * n + i] = alike;
        }
    }
    return BANTAM_OK;
}

static void school_release(struct school *school)
{
    for (size_t i = 0; i < school->n_loaded; i++) {
        lesson_release(&school->lessons[i]);
    }
    memory_free(school->lessons);
    arena_release(&school->arena);
}

static bantam_status school_init(struct school *school, const bantam_lesson *lessons,
                                 size_t n_lessons, bantam_error *error)
{
    *school = (struct school){.n_lessons = n_lessons, .n_classes = CAUSES};
    if (n_lessons == 0 || n_lessons > LESSONS_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "1 to %d lessons can be learned, not %zu",
                         LESSONS_MAXIMUM, n_lessons);
    }
    for (size_t i = 0; i < CAUSES; i++) {
        school->names[i] = cause_name((enum cause)i);
    }
    school->lessons = memory_allocate_array(n_lessons, sizeof *school->lessons);
    school->pupils =
        arena_allocate_array(&school->arena, n_lessons * LESSON_VIEWS + 1, sizeof *school->pupils);
    bantam_status status = school->lessons && school->pupils ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < n_lessons; i++) {
        status = lesson_load(&school->lessons[i], &lessons[i], error);
        school->n_loaded += status == BANTAM_OK;
        status = status ? status : add_pupils(school, i, error);
    }
    return status ? status : compare_pupils(school, error);
}

static double prior_logit(const struct pupil *pupil, size_t class)
{
    return log(class < CAUSES ? fmax((double)pupil->prior[class], 1e-6) : OWN_PRIOR);
}

// A pupil's logits by α, (n_pupils, n_classes), of which the pupils left out have only zeros.
static void score(double *logits, const struct school *school, const double *alpha, size_t pupil)
{
    size_t n = school->n_pupils, n_classes = school->n_classes;
    for (size_t c = 0; c < n_classes; c++) {
        logits[c] = prior_logit(&school->pupils[pupil], c);
    }
    for (size_t k = 0; k < n; k++) {
        double alike = school->kernel[pupil * n + k];
        for (size_t c = 0; alike > 0 && c < n_classes; c++) {
            logits[c] += alike * alpha[k * n_classes + c];
        }
    }
}

// Minimises Σ CE(y, p) + penalty/2 · Σ_c α_cᵀ K α_c. In the functions' space a step of 1 / (½ λmax(K) + penalty) never climbs, the
// softmax's curvature being ½ at most; the largest sum of a row bounds λmax. `fold` is left out; FOLDS leaves none out.
static bool fit(double *alpha, const struct school *school, size_t fold)
{
    size_t n = school->n_pupils, n_classes = school->n_classes;
    double *change = memory_allocate_array(n * n_classes + 1, sizeof *change);
    double widest = 0, logits[LEARNED_CLASSES];
    if (!change) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            sum += school->kernel[i * n + k];
        }
        widest = fmax(widest, sum);
    }
    double step = 1 / (widest / 2 + PENALTY);
    for (size_t round = 0; round < STEPS; round++) {
        for (size_t i = 0; i < n; i++) {
            const struct pupil *pupil = &school->pupils[i];
            if (pupil->lesson % FOLDS == fold) {
                continue;
            }
            score(logits, school, alpha, i);
            softmax_of_logits(logits, n_classes);
            for (size_t c = 0; c < n_classes; c++) {
                change[i * n_classes + c] =
                    logits[c] - (c == pupil->cause ? 1 : 0) + PENALTY * alpha[i * n_classes + c];
            }
        }
        for (size_t i = 0; i < n * n_classes; i++) {
            alpha[i] -= step * change[i];
        }
    }
    memory_free(change);
    return true;
}

struct weighed_line {
    uint32_t key;
    float weight;
};

static int by_key(const void *a, const void *b)
{
    const struct weighed_line *left = a, *right = b;
    return (left->key > right->key) - (left->key < right->key);
}

// Each kind of line once, rising; one that was both right and wrong keeps the sum.
static bool weigh_lines(uint32_t **keys, float **weights, size_t *n_lines, struct school *school)
{
    size_t most = 0, n = 0, n_kept = 0;
    for (size_t i = 0; i < school->n_lessons; i++) {
        most += school->lessons[i].n_right + school->lessons[i].n_wrong;
    }
    struct weighed_line *lines = arena_allocate_array(&school->arena, most + 1, sizeof *lines);
    *keys = arena_allocate_array(&school->arena, most + 1, sizeof **keys);
    *weights = arena_allocate_array(&school->arena, most + 1, sizeof **weights);
    if (!lines || !*keys || !*weights) {
        return false;
    }
    for (size_t i = 0; i < school->n_lessons; i++) {
        const struct lesson *lesson = &school->lessons[i];
        for (size_t k = 0; k < lesson->n_right; k++) {
            lines[n++] = (struct weighed_line){lesson->right[k], LINE_RIGHT};
        }
        for (size_t k = 0; k < lesson->n_wrong; k++) {
            lines[n++] = (struct weighed_line){lesson->wrong[k], LINE_WRONG};
        }
    }
    qsort(lines, n, sizeof *lines, by_key);
    for (size_t i = 0; i < n; i++) {
        if (n_kept > 0 && (*keys)[n_kept - 1] == lines[i].key) {
            float sum = (*weights)[n_kept - 1] + lines[i].weight;
            (*weights)[n_kept - 1] = fminf(fmaxf(sum, LINE_WRONG), LINE_RIGHT);
        } else {
            (*keys)[n_kept] = lines[i].key;
            (*weights)[n_kept++] = lines[i].weight;
        }
    }
    *n_lines = n_kept;
    return true;
}

// The examples laid end to end.
struct laid_out {
    uint32_t *causes, *starts, *hashes;
    float *values, *alpha;
    size_t n_words;
};

static bool lay_out(struct laid_out *laid, struct school *school, const double *alpha)
{
    size_t n = school->n_pupils, n_alpha = n * school->n_classes;
    struct arena *arena = &school->arena;
    for (size_t i = 0; i < n; i++) {
        laid->n_words += school->pupils[i].words.n;
    }
    laid->causes = arena_allocate_array(arena, n + 1, sizeof *laid->causes);
    laid->starts = arena_allocate_array(arena, n + 1, sizeof *laid->starts);
    laid->hashes = arena_allocate_array(arena, laid->n_words + 1, sizeof *laid->hashes);
    laid->values = arena_allocate_array(arena, laid->n_words + 1, sizeof *laid->values);
    laid->alpha = arena_allocate_array(arena, n_alpha + 1, sizeof *laid->alpha);
    if (!laid->causes || !laid->starts || !laid->hashes || !laid->values || !laid->alpha) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct pupil *pupil = &school->pupils[i];
        size_t at = laid->starts[i], size = pupil->words.n * sizeof(uint32_t);
        laid->causes[i] = pupil->cause;
        laid->starts[i + 1] = (uint32_t)(at + pupil->words.n);
        memcpy(laid->hashes + at, pupil->words.hashes, size);
        memcpy(laid->values + at, pupil->words.values, size);
    }
    for (size_t i = 0; i < n_alpha; i++) {
        laid->alpha[i] = (float)alpha[i];
    }
    return true;
}

static bantam_tensor vector_tensor(const char *name, bantam_dtype dtype, const void *data, size_t n)
{
    return (bantam_tensor){
        .name = name, .dtype = dtype, .n_dimensions = 1, .shape = {n}, .data = data, .size = n * 4};
}

static bantam_status write_layer(bantam_buffer *out, struct school *school, const double *alpha,
                                 bantam_error *error)
{
    struct laid_out laid = {.n_words = 0};
    uint32_t *keys;
    float *weights;
    size_t n_lines = 0, n = school->n_pupils;
    bantam_buffer causes, fixes;
    bantam_buffer_init(&causes, 1 << 20);
    bantam_buffer_init(&fixes, 1 << 24);
    for (size_t i = CAUSES; i < school->n_classes; i++) {
        bantam_buffer_append_format(&causes, "%s\n", school->names[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const char *fix = school->lessons[school->pupils[i].lesson].fix;
        bantam_buffer_append_format(&fixes, "%s\n", fix ? fix : "");
    }
    bantam_buffer_append(&causes, "", 1);
    bantam_buffer_append(&fixes, "", 1);
    bantam_status status = error_memory(error);
    if (!causes.failed && !fixes.failed && lay_out(&laid, school, alpha) &&
        weigh_lines(&keys, &weights, &n_lines, school)) {
        const bantam_tensor tensors[] = {
            vector_tensor("example_causes", BANTAM_U32, laid.causes, n),
            vector_tensor("example_starts", BANTAM_U32, laid.starts, n + 1),
            vector_tensor("example_words", BANTAM_U32, laid.hashes, laid.n_words),
            vector_tensor("example_values", BANTAM_F32, laid.values, laid.n_words),
            vector_tensor("example_alpha", BANTAM_F32, laid.alpha, n * school->n_classes),
            vector_tensor("lines", BANTAM_U32, keys, n_lines),
            vector_tensor("line_weights", BANTAM_F32, weights, n_lines),
        };
        const bantam_metadata metadata[] = {{"kind", "learned"},
                                            {"version", "1"},
                                            {"cause_features", CAUSE_FEATURES_VERSION},
                                            {"line_features", LINE_FEATURES_VERSION},
                                            {"causes", causes.data},
                                            {"fixes", fixes.data}};
        status = bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors, metadata,
                                    sizeof metadata / sizeof *metadata, error);
    }
    bantam_buffer_release(&causes);
    bantam_buffer_release(&fixes);
    return status;
}

static double *new_alpha(struct school *school, bantam_error *error)
{
    size_t n = school->n_pupils * school->n_classes + 1;
    double *alpha = arena_allocate_array(&school->arena, n, sizeof *alpha);
    if (!alpha) {
        error_memory(error);
    }
    return alpha;
}

bantam_status bantam_learn(bantam_buffer *out, const bantam_lesson *lessons, size_t n_lessons,
                           bantam_error *error)
{
    struct school school;
    bantam_status status = school_init(&school, lessons, n_lessons, error);
    double *alpha = status ? NULL : new_alpha(&school, error);
    if (!status && (!alpha || !fit(alpha, &school, FOLDS))) {
        status = error_memory(error);
    }
    if (!status) {
        status = write_layer(out, &school, alpha, error);
    }
    school_release(&school);
    return status;
}

static size_t best_class(const double *logits, size_t n)
{
    size_t best = 0;
    for (size_t c = 1; c < n; c++) {
        best = logits[c] > logits[best] ? c : best;
    }
    return best;
}

// Counts the lessons of the fold, each by what the triage finds by itself where it finds something.
static void count_fold(bantam_learned_figures *figures, const struct school *school,
                       const double *alpha, size_t fold)
{
    for (size_t i = 0; i < school->n_pupils; i++) {
        const struct pupil *pupil = &school->pupils[i];
        bool first = i == 0 || school->pupils[i - 1].lesson != pupil->lesson;
        if (!first || pupil->lesson % FOLDS != fold) {
            continue;
        }
        double logits[LEARNED_CLASSES];
        for (size_t c = 0; c < school->n_classes; c++) {
            logits[c] = prior_logit(pupil, c);
        }
        bool before = best_class(logits, CAUSES) == pupil->cause;
        score(logits, school, alpha, i);
        bool after = best_class(logits, school->n_classes) == pupil->cause;
        figures->n_causes++;
        figures->n_before += before;
        figures->n_after += after;
        figures->n_mended += after && !before;
        figures->n_worsened += before && !after;
    }
}

bantam_status bantam_learn_check(bantam_learned_figures *figures, const bantam_lesson *lessons,
                                 size_t n_lessons, bantam_error *error)
{
    struct school school;
    *figures = (bantam_learned_figures){.n_causes = 0};
    bantam_status status = school_init(&school, lessons, n_lessons, error);
    for (size_t fold = 0; !status && fold < FOLDS && fold < n_lessons; fold++) {
        double *alpha = new_alpha(&school, error);
        if (!alpha || !fit(alpha, &school, fold)) {
            status = error_memory(error);
        } else {
            count_fold(figures, &school, alpha, fold);
        }
    }
    school_release(&school);
    return status;
}
