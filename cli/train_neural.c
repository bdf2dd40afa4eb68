// Trains a tiny transformer (kind "neural") from nothing but its recipe: the task draws its own data.
//
// While it runs, one line of standard error shows the way of loss and exact answers as two small curves.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

#include "io.h"
#include "message.h"
#include "progress.h"
#include "terminal.h"
#include "train.h"
#include "write_file.h"

enum {
    MODEL_MAXIMUM = 1 << 20,
    CURVE_MAXIMUM = 1 << 24,
    SPARK_COLUMNS = 24, // of each small curve
};

// One run of the command, and the points so far.
struct watch {
    const struct train_settings *settings;
    bantam_neural_point *points; // (n_points)
    size_t n_points;
    bool utf8, failed;
};

// Values between 0 and `most` as a row of bars, the newest last.
static void draw_spark(char *to, size_t size, const struct watch *watch, bool exact, double most)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char ascii[] = "_.-=+*#@";
    size_t first = watch->n_points > SPARK_COLUMNS ? watch->n_points - SPARK_COLUMNS : 0, at = 0;
    *to = '\0';
    for (size_t i = first; i < watch->n_points && at + 4 < size; i++) {
        double value = exact ? watch->points[i].exact : watch->points[i].loss;
        double share = value >= 0 && value <= most ? value / most : 1;
        size_t bar = (size_t)(share * 7.999);
        at += (size_t)(watch->utf8 ? snprintf(to + at, size - at, "%s", bars[bar])
                                   : snprintf(to + at, size - at, "%c", ascii[bar]));
    }
}

static void show(const struct watch *watch)
{
    const bantam_neural_point *now = &watch->points[watch->n_points - 1];
    char loss[4 * SPARK_COLUMNS + 8], exact[4 * SPARK_COLUMNS + 8];
    draw_spark(loss, sizeof loss, watch, false, 2.4);
    draw_spark(exact, sizeof exact, watch, true, 1);
    fprintf(stderr, "\r\033[Kstep %llu of %zu run%s  loss %s %.3f  exact %s %.1f %%",
            (unsigned long long)now->steps, now->n_runs, now->n_runs == 1 ? "" : "s", loss,
            now->loss, exact, 100 * now->exact);
    fflush(stderr);
}

static bool watch_round(void *context, const bantam_neural_point *point)
{
    struct watch *watch = context;
    bantam_neural_point *points =
        realloc(watch->points, (watch->n_points + 1) * sizeof *watch->points);
    if (!points) {
        watch->failed = true;
        return false;
    }
    watch->points = points;
    watch->points[watch->n_points++] = *point;
    if (!watch->settings->quiet) {
        show(watch);
    }
    return true;
}

static bool keep_checkpoint(void *context, const void *bytes, size_t size)
{
    struct watch *watch = context;
    watch->failed = !write_file(watch->settings->checkpoint, bytes, size);
    return !watch->failed;
}

// The bytes of a checkpoint that is there; NULL where there is none.
static char *read_checkpoint(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *size = 0;
    if (!file) {
        return NULL;
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        long end = ftell(file);
        rewind(file);
        bytes = end > 0 ? malloc((size_t)end) : NULL;
        *size = bytes ? fread(bytes, 1, (size_t)end, file) : 0;
    }
    fclose(file);
    return bytes;
}

static bool write_curve(const struct watch *watch)
{
    if (!watch->settings->curve) {
        return true;
    }
    bantam_buffer svg;
    bantam_buffer_init(&svg, CURVE_MAXIMUM);
    bantam_neural_curve_render(&svg, watch->points, watch->n_points);
    bool written = write_file(watch->settings->curve, svg.data, svg.size);
    bantam_buffer_release(&svg);
    return written;
}

// What came out, in words: counted, never only the best seen.
static bool tell(const char *path, const bantam_buffer *bytes, const bantam_neural_outcome *outcome)
{
    bantam_model *file = NULL;
    bantam_neural *neural = NULL;
    bool told = bantam_model_load(&file, bytes->data, bytes->size, NULL) == BANTAM_OK &&
                bantam_neural_load(&neural, file, NULL) == BANTAM_OK;
    if (told) {
        const bantam_neural_info *info = bantam_neural_inform(neural);
        char text[700];
        int size = snprintf(
            text, sizeof text,
            "%s: %zu trained parameters, %zu as AdderBoard counts; %zu of %zu sequences of "
            "the selection wrong%s; step %llu of start %zu, %llu steps in all\n",
            path, info->n_parameters, info->n_board, outcome->n_wrong, outcome->n_drawn,
            outcome->reached ? "" : " (the goal was not reached)",
            (unsigned long long)outcome->steps, outcome->start,
            (unsigned long long)outcome->total_steps);
        told = write_output(text, (size_t)size);
    }
    bantam_neural_free(&neural);
    bantam_model_free(&file);
    return told;
}

static bool train(const struct train_settings *settings, const struct recipe *recipe,
                  const char *output)
{
    struct watch watch = {.settings = settings, .utf8 = terminal_utf8()};
    bantam_neural_train_options options = bantam_neural_train_options_default();
    options.seed = recipe->seed;
    options.n_threads = (int)settings->threads;
    options.parameters = recipe->parameters;
    options.watch = watch_round;
    options.context = &watch;
    char *resume = NULL;
    if (settings->checkpoint) {
        options.checkpoint = keep_checkpoint;
        options.resume = resume = read_checkpoint(settings->checkpoint, &options.resume_size);
    }
    bantam_buffer model;
    bantam_buffer_init(&model, MODEL_MAXIMUM);
    bantam_neural_outcome outcome;
    bantam_error error;
    bool trained = bantam_train_neural(&model, recipe->task, recipe->model, &options, &outcome,
                                       &error) == BANTAM_OK;
    progress_end(settings->quiet);
    if (!trained && !watch.failed) {
        message("%s", error.message);
    }
    trained = trained && write_file(output, model.data, model.size) && write_curve(&watch) &&
              tell(output, &model, &outcome);
    bantam_buffer_release(&model);
    free(watch.points);
    free(resume);
    return trained;
}

int train_neural(const struct train_settings *settings, const struct recipe *recipe,
                 const char *path)
{
    if (!recipe->task || !recipe->model || recipe->n_data > 0 || settings->folds) {
        message(
            "%s: the kind \"neural\" needs \"task\" and \"model\" and takes neither \"data\" nor "
            "--folds; see docs/user/neural.md",
            path);
        return EXIT_INPUT;
    }
    char *output = settings->output ? strdup(settings->output) : recipe_output_beside(path);
    bool trained = output && train(settings, recipe, output);
    free(output);
    return trained ? EXIT_DIAGNOSED : EXIT_INPUT;
}
