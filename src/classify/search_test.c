// A search tries, keeps to what it is told, and trains with what it found.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bantam/bantam.h"
#include "base/random.h"

enum {
    ROWS = 200,
    LABELS = 3
};

// Labels that show in the endings of words, which only characters tell.
static bantam_dataset *make_dataset(uint64_t seed)
{
    static const char *const labels[LABELS] = {"ing", "est", "ous"};
    bantam_dataset *dataset = NULL;
    bantam_dataset_options options = bantam_dataset_options_default();
    struct random random = {seed};
    assert_int_equal(bantam_dataset_new(&dataset, &options, NULL), BANTAM_OK);
    for (size_t i = 0; i < ROWS; i++) {
        char text[100];
        size_t label = random_below(&random, LABELS), size = 0;
        for (int word = 0; word < 3; word++) {
            for (int k = 0; k < 4; k++) {
                text[size++] = (char)('a' + random_below(&random, 26));
            }
            size_t shown = random_unit(&random) < 0.7 ? label : random_below(&random, LABELS);
            size += (size_t)snprintf(text + size, sizeof text - size, "%s ", labels[shown]);
        }
        bantam_record record = {.text = {text, size},
                                .labels = &(bantam_text){labels[label], 3},
                                .n_labels = 1,
                                .weight = 1};
        assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_OK);
    }
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);
    return dataset;
}

// What the callbacks saw, and when they end the search.
struct watch {
    size_t n_told, n_most;
    double best, worst, seconds_a_look;
    double now;
};

static bool tried(void *context, const bantam_search_trial *trial)
{
    struct watch *watch = context;
    watch->n_told++;
    watch->best = trial->accuracy > watch->best ? trial->accuracy : watch->best;
    watch->worst = trial->accuracy < watch->worst ? trial->accuracy : watch->worst;
    return watch->n_told < watch->n_most;
}

static double tick(void *context)
{
    struct watch *watch = context;
    return watch->now += watch->seconds_a_look;
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static bantam_search_options options_of(struct watch *watch)
{
    bantam_search_options options = bantam_search_options_default();
    options.tried = tried;
    options.context = watch;
    return options;
}

static void the_best_that_was_tried_is_trained(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(1);
    bantam_classifier *classifier = NULL;
    bantam_search_trial best;
    bantam_classifier_report report;
    struct watch watch = {.n_most = 1000, .worst = 1};
    bantam_search_options options = options_of(&watch);
    assert_int_equal(
        bantam_classifier_search(&classifier, dataset, &options, &best, &report, NULL, NULL),
        BANTAM_OK);
    assert_true(watch.n_told > 15);
    assert_true(best.n_folds == 5 && best.accuracy > watch.worst + 0.1);
    assert_true(report.accuracy > best.accuracy - 0.08);
    assert_non_null(strstr(best.name, "char")); // whole words are never seen again
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&dataset);
}

// Two labels that only capitals tell apart: no kind of features that a search begins with sees them.
static bantam_dataset *make_shouted(void)
{
    static const char *const words[] = {"card", "loan", "fees", "bank"};
    bantam_dataset *dataset = NULL;
    bantam_dataset_options options = bantam_dataset_options_default();
    struct random random = {6};
    assert_int_equal(bantam_dataset_new(&dataset, &options, NULL), BANTAM_OK);
    for (size_t i = 0; i < ROWS; i++) {
        char text[100];
        size_t size = 0;
        bool shouted = random_below(&random, 2) == 1;
        for (int k = 0; k < 4; k++) {
            const char *word = words[random_below(&random, 4)];
            char first = (char)(shouted ? word[0] - 'a' + 'A' : word[0]);
            size += (size_t)snprintf(text + size, sizeof text - size, "%c%s ", first, word + 1);
        }
        bantam_record record = {.text = {text, size},
                                .labels = &(bantam_text){shouted ? "loud" : "calm", 4},
                                .n_labels = 1,
                                .weight = 1};
        assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_OK);
    }
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);
    return dataset;
}

static void changes_around_the_best_find_more(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_shouted();
    bantam_buffer bytes[2];
    for (int i = 0; i < 2; i++) {
        bantam_classifier *classifier = NULL;
        bantam_search_trial best;
        struct watch watch = {.n_most = 1000, .worst = 1};
        bantam_search_options options = options_of(&watch);
        options.training.n_threads = 1 + i;
        assert_int_equal(
            bantam_classifier_search(&classifier, dataset, &options, &best, NULL, NULL, NULL),
            BANTAM_OK);
        assert_non_null(strstr(best.name, "--lowercase no"));
        assert_true(best.n_folds == 5 && best.accuracy > 0.95 && watch.worst < 0.7);
        bantam_buffer_init(&bytes[i], 1 << 24);
        assert_int_equal(bantam_classifier_save(classifier, &bytes[i], NULL), BANTAM_OK);
        bantam_classifier_free(&classifier);
    }
    assert_int_equal(bytes[0].size, bytes[1].size);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].size);
    bantam_buffer_release(&bytes[0]);
    bantam_buffer_release(&bytes[1]);
    bantam_dataset_free(&dataset);
}

// The final training takes the trial's held-out scores for its calibration: it finds what a training of its own would.
static void calibration_is_of_the_trial_s_folds(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(4);
    bantam_classifier *searched = NULL, *trained = NULL;
    bantam_classifier_report report, own;
    struct watch watch = {.n_most = 1000, .worst = 1};
    bantam_search_options options = options_of(&watch);
    assert_int_equal(
        bantam_classifier_search(&searched, dataset, &options, NULL, &report, NULL, NULL),
        BANTAM_OK);
    bantam_classifier_options same = *bantam_classifier_trained_options(searched);
    assert_int_equal(bantam_classifier_train(&trained, dataset, &same, &own, NULL), BANTAM_OK);
    assert_true(report.calibration == own.calibration && report.n_held_out == own.n_held_out);
    assert_true(fabs(report.temperature - own.temperature) < 0.03 * own.temperature);
    assert_true(fabs(report.accuracy - own.accuracy) < 0.01);
    assert_true(fabs(report.log_loss - own.log_loss) < 0.01);
    bantam_classifier_free(&searched);
    bantam_classifier_free(&trained);
    bantam_dataset_free(&dataset);
}

static void it_can_be_ended_at_any_step(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(2);
    for (size_t n_most = 1; n_most < 4; n_most++) {
        bantam_classifier *classifier = NULL;
        struct watch watch = {.n_most = n_most, .worst = 1};
        bantam_search_options options = options_of(&watch);
        bantam_search_trial best;
        assert_int_equal(
            bantam_classifier_search(&classifier, dataset, &options, &best, NULL, NULL, NULL),
            BANTAM_OK);
        assert_int_equal(watch.n_told, n_most);
        assert_true(best.accuracy == watch.best);
        bantam_classifier_free(&classifier);
    }
    bantam_classifier *classifier = NULL;
    struct watch watch = {.n_most = 9};
    bantam_search_options options = options_of(&watch);
    options.goes_on = never;
    assert_int_equal(
        bantam_classifier_search(&classifier, dataset, &options, NULL, NULL, NULL, NULL),
        BANTAM_ERROR_CANCELLED);
    assert_null(classifier);
    bantam_dataset_free(&dataset);
}

static void time_and_size_are_kept_to(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(3);
    bantam_classifier *classifier = NULL;
    bantam_shrink_report shrunk;
    struct watch watch = {.n_most = 1000, .worst = 1, .seconds_a_look = 0.5};
    bantam_search_options options = options_of(&watch);
    bantam_buffer bytes;
    options.elapsed = tick;
    options.seconds = 300;
    options.max_size = 6000;
    assert_int_equal(
        bantam_classifier_search(&classifier, dataset, &options, NULL, NULL, &shrunk, NULL),
        BANTAM_OK);
    assert_true(watch.now < 300 && watch.n_told > 0);
    bantam_buffer_init(&bytes, 1 << 20);
    assert_int_equal(bantam_classifier_save(classifier, &bytes, NULL), BANTAM_OK);
    assert_true(bytes.size <= 6000 && shrunk.n_steps > 1);
    bantam_buffer_release(&bytes);
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&dataset);
}

// A clock that runs away in the final training ends its folds, and its fit: there is a model all the same.
static void time_ends_the_final_training(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(5);
    for (double seconds = 10; seconds < 60; seconds += 10) {
        bantam_classifier *classifier = NULL;
        bantam_classifier_report report;
        struct watch watch = {.n_most = 1, .worst = 1, .seconds_a_look = 0.5};
        bantam_search_options options = options_of(&watch);
        options.elapsed = tick;
        options.seconds = seconds;
        assert_int_equal(
            bantam_classifier_search(&classifier, dataset, &options, NULL, &report, NULL, NULL),
            BANTAM_OK);
        assert_true(watch.now <
                    seconds + 20); // a first trial is let finish, and so are a fit's first epochs
        assert_true(report.n_held_out >= ROWS / 5 && report.n_held_out <= ROWS);
        assert_true(report.n_held_out % (ROWS / 5) == 0);
        bantam_classifier_free(&classifier);
    }
    bantam_dataset_free(&dataset);
}

// Hashed buckets are no vocabulary to choose from; stop words go with the parts that are made of words.
static void options_that_a_search_keeps_or_refuses(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(7);
    bantam_classifier *classifier = NULL;
    struct watch watch = {.n_most = 1, .worst = 1};
    bantam_search_options options = options_of(&watch);
    bantam_error error;
    options.training.parts[0].hash_bits = 12;
    assert_int_equal(
        bantam_classifier_search(&classifier, dataset, &options, NULL, NULL, NULL, &error),
        BANTAM_ERROR_ARGUMENT);
    assert_true(!classifier && strstr(error.message, "hash-bits"));
    options.training.parts[0].hash_bits = 0;
    options.training.parts[0].stop_words = true;
    assert_int_equal(
        bantam_classifier_search(&classifier, dataset, &options, NULL, NULL, NULL, &error),
        BANTAM_OK);
    const bantam_classifier_options *found = bantam_classifier_trained_options(classifier);
    assert_int_equal(found->n_parts, 2); // word and char_wb
    assert_true(found->parts[0].stop_words && !found->parts[1].stop_words);
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_that_was_tried_is_trained),
        cmocka_unit_test(changes_around_the_best_find_more),
        cmocka_unit_test(calibration_is_of_the_trial_s_folds),
        cmocka_unit_test(it_can_be_ended_at_any_step),
        cmocka_unit_test(time_and_size_are_kept_to),
        cmocka_unit_test(time_ends_the_final_training),
        cmocka_unit_test(options_that_a_search_keeps_or_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
