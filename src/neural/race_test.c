// Races: the same winner on any number of threads, and from a checkpoint; what is refused; what polishing may not make worse.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bantam/neural_train.h"
#include "base/memory.h"
#include "neural/polish.h"
#include "neural/race.h"

static const char description[] =
    "{\"symbols\": \"0123456789\", \"length\": 9, \"prompt\": 6, \"width\": 3, \"head_width\": 2,"
    " \"feed_forward\": \"swiglu\", \"hidden\": 2, \"rotary_base\": 3}";

static const char parameters[] =
    "{\"steps\": 60, \"batch\": 32, \"starts\": 6, \"first_steps\": 10, \"finalists\": 2, "
    "\"keep\": 0.5,"
    " \"check_steps\": 15, \"cohorts\": 2, \"goal\": 1, \"selection\": 64}";

// What a caller gathers from a race.
struct seen {
    size_t n_points, stop_after; // 0: never
    void *checkpoint;
    size_t checkpoint_size;
};

static bool watch(void *context, const bantam_neural_point *point)
{
    struct seen *seen = context;
    assert_true(point->n_runs >= 1 && point->total_steps > 0);
    return ++seen->n_points != seen->stop_after;
}

static bool keep(void *context, const void *bytes, size_t size)
{
    struct seen *seen = context;
    free(seen->checkpoint);
    seen->checkpoint = malloc(size);
    assert_non_null(seen->checkpoint);
    memcpy(seen->checkpoint, bytes, size);
    seen->checkpoint_size = size;
    return true;
}

static bantam_status run(bantam_buffer *model, struct seen *seen, int n_threads, bool resumes,
                         const char *with)
{
    bantam_neural_train_options options = bantam_neural_train_options_default();
    options.n_threads = n_threads;
    options.parameters = with;
    options.watch = watch;
    options.checkpoint = keep;
    options.context = seen;
    void *resume = NULL;
    if (resumes) {
        resume = malloc(seen->checkpoint_size);
        assert_non_null(resume);
        memcpy(resume, seen->checkpoint, seen->checkpoint_size);
        options.resume = resume;
        options.resume_size = seen->checkpoint_size;
    }
    bantam_neural_outcome outcome;
    bantam_buffer_init(model, 1 << 20);
    bantam_status status =
        bantam_train_neural(model, "addition", description, &options, &outcome, NULL);
    free(resume);
    return status;
}

static void threads_do_not_change_the_winner(void **state)
{
    (void)state;
    bantam_buffer models[2];
    struct seen seen[2] = {{0}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(&models[i], &seen[i], 1 + 2 * i, false, parameters), BANTAM_OK);
        free(seen[i].checkpoint);
    }
    assert_int_equal(seen[0].n_points, seen[1].n_points);
    assert_int_equal(models[0].size, models[1].size);
    assert_memory_equal(models[0].data, models[1].data, models[0].size);
    bantam_buffer_release(&models[0]);
    bantam_buffer_release(&models[1]);
}

// Cancelled after any round, then taken up again: the bytes of the race that never stopped.
static void a_checkpoint_goes_on_exactly(void **state)
{
    (void)state;
    bantam_buffer whole;
    struct seen seen = {0};
    assert_int_equal(run(&whole, &seen, 1, false, parameters), BANTAM_OK);
    size_t n_points = seen.n_points;
    free(seen.checkpoint);
    for (size_t stop = 2; stop < n_points; stop++) {
        bantam_buffer parts;
        seen = (struct seen){.stop_after = stop};
        assert_int_equal(run(&parts, &seen, 1, false, parameters), BANTAM_ERROR_CANCELLED);
        bantam_buffer_release(&parts);
        seen.stop_after = 0;
        assert_int_equal(run(&parts, &seen, 1, true, parameters), BANTAM_OK);
        assert_int_equal(parts.size, whole.size);
        assert_memory_equal(parts.data, whole.data, whole.size);
        bantam_buffer_release(&parts);
        free(seen.checkpoint);
    }
    bantam_buffer_release(&whole);
}

static void another_race_refuses_the_checkpoint(void **state)
{
    (void)state;
    bantam_buffer model;
    struct seen seen = {.stop_after = 1};
    seen.stop_after = 2;
    assert_int_equal(run(&model, &seen, 1, false, parameters), BANTAM_ERROR_CANCELLED);
    bantam_buffer_release(&model);
    assert_int_equal(run(&model, &seen, 1, true, "{\"steps\": 61}"), BANTAM_ERROR_MODEL);
    bantam_buffer_release(&model);
    free(seen.checkpoint);
}

static void slips_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *task, *parameters, *said;
    } slips[] = {
        {"subtraction", NULL, "\"subtraction\""},
        {"addition", "{\"stepps\": 1}", "\"stepps\""},
        {"addition", "{\"starts\": 0}", "\"starts\""},
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        bantam_neural_train_options options = bantam_neural_train_options_default();
        options.parameters = slips[i].parameters;
        bantam_neural_outcome outcome;
        bantam_error error;
        bantam_buffer model;
        bantam_buffer_init(&model, 1 << 20);
        assert_int_equal(
            bantam_train_neural(&model, slips[i].task, description, &options, &outcome, &error),
            BANTAM_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, slips[i].said));
        bantam_buffer_release(&model);
    }
}

static struct training some_training(size_t n_steps)
{
    struct race_options options;
    struct training training;
    assert_int_equal(race_options_read(&options, NULL, NULL), BANTAM_OK);
    options.training.steps = 1000;
    options.training.batch = 32;
    assert_int_equal(training_init(&training, description, strlen(description),
                                   task_find("addition"), &options.training, 3, NULL),
                     BANTAM_OK);
    training_advance(&training, n_steps);
    return training;
}

static double loss_of_draw(struct training *training, uint8_t *sequences)
{
    struct random random = {77};
    for (size_t i = 0; i < 64; i++) {
        training->task->draw(&random, &training->neural->description.shape,
                             (struct task_mix){0, 2, 0}, sequences + i * 9);
    }
    return training_loss(training, sequences, 64, NULL);
}

static void steps_and_polish_lower_the_loss(void **state)
{
    (void)state;
    uint8_t sequences[64 * 9];
    struct training training = some_training(0);
    double at_first = loss_of_draw(&training, sequences);
    training_advance(&training, 300);
    double trained = loss_of_draw(&training, sequences);
    assert_true(trained < 0.95 * at_first);
    struct task_mix mix = {0, 2, 0};
    assert_int_equal(polish_descend(&training, 30, 256, mix, 5, NULL), BANTAM_OK);
    double polished = loss_of_draw(&training, sequences);
    assert_true(polished <= trained * 1.02);
    size_t exact = training_exact(&training, 22, 256, mix);
    assert_int_equal(polish_evolve(&training, 50, 256, mix, 21, NULL), BANTAM_OK);
    assert_true(training_exact(&training, 22, 256, mix) >= exact);
    training_release(&training);
}

static void hard_sums_have_long_carries_and_easy_ones_none(void **state)
{
    (void)state;
    struct random random = {1};
    struct bantam_neural *neural = NULL;
    static const char ten_digits[] = "{\"symbols\": \"0123456789\", \"length\": 35, \"prompt\": "
                                     "24, \"width\": 3, \"head_width\": 4}";
    assert_int_equal(bantam_neural_new(&neural, ten_digits, strlen(ten_digits), NULL), BANTAM_OK);
    size_t nines[2] = {0};
    for (int hard = 0; hard < 2; hard++) {
        for (int i = 0; i < 500; i++) {
            uint8_t tokens[35];
            task_find("addition")
                ->draw(&random, &neural->description.shape, (struct task_mix){hard, 10, 0}, tokens);
            uint64_t a = 0, b = 0, sum = 0;
            for (size_t column = 11; column-- > 0;) {
                a = a * 10 + (column < 10 ? tokens[1 + column] : 0);
                b = b * 10 + (column < 10 ? tokens[13 + column] : 0);
                sum = sum * 10 + tokens[24 + column];
                nines[hard] += column < 10 && tokens[1 + column] + tokens[13 + column] == 9;
            }
            assert_true(a + b == sum);
            assert_true(tokens[0] == 0 && tokens[11] == 0 && tokens[12] == 0 && tokens[23] == 0);
        }
    }
    assert_true(nines[0] < 700 && nines[1] > 2000);
    for (int i = 0; i < 500; i++) {
        uint8_t tokens[35];
        task_find("addition")
            ->draw(&random, &neural->description.shape, (struct task_mix){1, 10, 1}, tokens);
        for (size_t column = 0; column < 10; column++) {
            assert_int_equal(tokens[1 + column] + tokens[13 + column], tokens[24 + column]);
        }
    }
    bantam_neural_free(&neural);
}

static void running_sums_are_modulo_the_symbols(void **state)
{
    (void)state;
    struct neural_shape shape = {.vocabulary = 4, .length = 11, .prompt = 6};
    const struct neural_task *task = task_find("running-sum");
    struct random random = {4};
    assert_null(task->refuse(&shape));
    for (int i = 0; i < 100; i++) {
        uint8_t tokens[11];
        task->draw(&random, &shape, (struct task_mix){0, task->most_digits(&shape), 0}, tokens);
        assert_int_equal(tokens[5], 3);
        unsigned sum = 0;
        for (size_t k = 0; k < 5; k++) {
            assert_true(tokens[k] < 3);
            sum += tokens[k];
            assert_int_equal(tokens[6 + k], sum % 3);
        }
    }
    shape.prompt = 7;
    assert_non_null(task->refuse(&shape));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_change_the_winner),
        cmocka_unit_test(a_checkpoint_goes_on_exactly),
        cmocka_unit_test(another_race_refuses_the_checkpoint),
        cmocka_unit_test(slips_are_refused),
        cmocka_unit_test(steps_and_polish_lower_the_loss),
        cmocka_unit_test(hard_sums_have_long_carries_and_easy_ones_none),
        cmocka_unit_test(running_sums_are_modulo_the_symbols),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
