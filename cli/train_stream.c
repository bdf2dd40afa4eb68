// A pass over the files collects the labels, unless they are told; then each pass hands every row to the learner.
#include "train_stream.h"

#include <stdlib.h>
#include <string.h>

#include "data_source.h"
#include "message.h"
#include "progress.h"

// The labels so far, in the order of the data.
struct label_list {
    char **names; // (n)
    size_t n, capacity;
    size_t n_rows;
};

// What is done with each row. False: the problem was told.
typedef bool (*row_taker)(void *context, const bantam_record *record);

static void release_labels(struct label_list *labels)
{
    for (size_t i = 0; i < labels->n; i++) {
        free(labels->names[i]);
    }
    free(labels->names);
}

static bool add_label(struct label_list *labels, const char *bytes, size_t size)
{
    // Rows of a label stand together more often than not: the last ones are looked at first.
    for (size_t i = labels->n; i > 0; i--) {
        if (strlen(labels->names[i - 1]) == size &&
            memcmp(labels->names[i - 1], bytes, size) == 0) {
            return true;
        }
    }
    if (labels->n == labels->capacity) {
        size_t capacity = labels->capacity ? 2 * labels->capacity : 64;
        char **names = realloc(labels->names, capacity * sizeof *names);
        if (!names) {
            message("out of memory");
            return false;
        }
        labels->names = names;
        labels->capacity = capacity;
    }
    labels->names[labels->n] = strndup(bytes, size);
    if (!labels->names[labels->n]) {
        message("out of memory");
        return false;
    }
    labels->n++;
    return true;
}

static bool take_labels(void *context, const bantam_record *record)
{
    struct label_list *labels = context;
    labels->n_rows++;
    bool taken = true;
    for (size_t i = 0; taken && i < record->n_labels; i++) {
        taken = add_label(labels, record->labels[i].bytes, record->labels[i].size);
    }
    return taken;
}

// "a,b,c".
static bool split_labels(struct label_list *labels, const char *told)
{
    bool taken = true;
    while (taken) {
        size_t size = strcspn(told, ",");
        taken = add_label(labels, told, size);
        if (told[size] == '\0') {
            break;
        }
        told += size + 1;
    }
    return taken;
}

// False with an empty message in `error`: the problem was told.
static bool read_rows(bantam_row_reader *reader, row_taker take, void *context, bantam_error *error)
{
    const bantam_record *record;
    while (bantam_row_reader_next(reader, &record, error) == BANTAM_OK) {
        if (!record) {
            return true;
        }
        if (!take(context, record)) {
            *error = (bantam_error){.message = ""};
            return false;
        }
    }
    return false;
}

// What was guessed of the `first` file is told.
static bool read_file(const char *path, const bantam_dataset_options *data, bool first,
                      row_taker take, void *context)
{
    struct problem problem = {""};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct data_source *source = data_source_open(path, &problem);
    if (!source) {
        message("%s: %s", name, problem.text);
        return false;
    }
    bantam_row_reader *reader = NULL;
    bantam_error error;
    bool read =
        bantam_row_reader_new(&reader, data, name, data_source_read, source, &error) == BANTAM_OK;
    if (read && first && bantam_row_reader_note(reader)[0]) {
        message("%s: %s", name, bantam_row_reader_note(reader));
    }
    read = read && read_rows(reader, take, context, &error);
    if (!read) {
        data_source_tell(source, name, &error);
    }
    bantam_row_reader_free(&reader);
    data_source_close(&source);
    return read;
}

struct learning {
    bantam_classifier_stream *stream;
    const char *path; // of the file at hand
};

static bool learn_row(void *context, const bantam_record *record)
{
    struct learning *learning = context;
    bantam_error error;
    if (bantam_classifier_stream_learn(learning->stream, record, &error)) {
        message("%s: line %llu: %s", learning->path, (unsigned long long)record->line,
                error.message);
        return false;
    }
    return true;
}

static bool find_labels(struct label_list *labels, const struct train_text *text,
                        const char *const *paths, size_t n_paths,
                        const bantam_dataset_options *data)
{
    if (text->labels) {
        return split_labels(labels, text->labels);
    }
    bool read = true;
    for (size_t i = 0; read && i < n_paths; i++) {
        read = read_file(paths[i], data, i == 0, take_labels, labels);
    }
    return read;
}

static bool learn(bantam_classifier_stream *stream, const struct train_settings *settings,
                  const struct train_text *text, const char *const *paths, size_t n_paths,
                  const bantam_dataset_options *data)
{
    bool learned = true;
    long n_passes = text->n_passes == PASSES_NOT_GIVEN ? STREAM_PASSES : text->n_passes;
    for (long pass = 0; learned && pass < n_passes; pass++) {
        if (!settings->quiet) {
            progress_show((void *)(uintptr_t) "", "pass", (size_t)pass, (size_t)n_passes);
        }
        if (pass > 0) {
            bantam_classifier_stream_rewind(stream);
        }
        for (size_t i = 0; learned && i < n_paths; i++) {
            struct learning learning = {stream, paths[i]};
            bool first = text->labels && pass == 0 && i == 0;
            learned = read_file(paths[i], data, first, learn_row, &learning);
        }
    }
    return learned;
}

bantam_classifier_options train_stream_options(const bantam_classifier_options *given)
{
    bantam_classifier_options options = *given;
    for (size_t i = 0; i < options.n_parts; i++) {
        options.parts[i].hash_bits =
            options.parts[i].hash_bits ? options.parts[i].hash_bits : STREAM_HASH_BITS;
        options.parts[i].idf = false;
    }
    return options;
}

bantam_classifier *train_stream(const struct train_settings *settings,
                                const struct train_text *text, const char *const *paths,
                                size_t n_paths, const bantam_dataset_options *data,
                                bantam_classifier_report *report)
{
    struct label_list labels = {NULL, 0, 0, 0};
    bantam_classifier_options options = train_stream_options(&text->options);
    bantam_classifier_stream *stream = NULL;
    bantam_classifier *classifier = NULL;
    bantam_error error;
    bool found = find_labels(&labels, text, paths, n_paths, data);
    if (found && bantam_classifier_stream_new(&stream, (const char *const *)labels.names, labels.n,
                                              data->label_separator != NULL, labels.n_rows,
                                              &options, &error)) {
        if (text->labels) {
            message("--labels: %s", error.message);
        } else {
            data_tell(paths, n_paths, &error);
        }
        found = false;
    }
    bool learned = found && learn(stream, settings, text, paths, n_paths, data);
    progress_end(settings->quiet);
    if (learned && bantam_classifier_stream_finish(&classifier, stream, report, &error)) {
        data_tell(paths, n_paths, &error);
    }
    bantam_classifier_stream_free(&stream);
    release_labels(&labels);
    return classifier;
}
