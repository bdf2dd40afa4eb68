// Workers pull logs under one lock and print under another: each waits for its turn, so the order is the input's.
#include "batch.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define ANSWER_MAXIMUM ((size_t)1 << 30)

struct batch {
    const bantam_triage *triage;
    const struct batch_options *options;
    struct log_reader *reader;
    pthread_mutex_t input, output;
    pthread_cond_t turn_changed;
    size_t n_taken;                     // under `input`: the next log's turn
    bool stopped;                       // under `output`: nothing can be written any more
    size_t turn;                        // under `output`
    bantam_report_document document;    // under `output`
    bantam_groups *groups;              // under `output`: NULL where each log has its own answer
    size_t n_failed_jobs, n_green_jobs; // under `output`: of runs' archives
    int exit_code;
};

struct answer {
    bantam_diagnosis *diagnosis; // NULL where there is a problem
    int exit_code;
    struct problem problem; // instead of the diagnosis
    struct problem note;    // beside it
    bantam_report_log *log; // for a page, NULL elsewhere
};

static void fail(struct answer *answer, const char *reason)
{
    problem_set(&answer->problem, "%s", reason);
    answer->exit_code = EXIT_INPUT;
}

enum {
    LANES = 16,
};
typedef unsigned char byte_lanes __attribute__((vector_size(LANES)));

// Whether one of 16 bytes is a control character other than those from '\a' to '\r' and escape.
static bool has_control(const unsigned char *bytes)
{
    byte_lanes lanes;
    uint64_t halves[2];
    memcpy(&lanes, bytes, sizeof lanes);
    lanes = (byte_lanes)((lanes < ' ') & (lanes - '\a' > '\r' - '\a') & (lanes != 0x1b)) |
            (byte_lanes)(lanes == '\v');
    memcpy(halves, &lanes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

// More than a twentieth of NULs and other control bytes in the head is no text in any 8-bit encoding; UTF-16 has a pattern.
static bool looks_binary(const struct mapping *content)
{
    const unsigned char *bytes = (const unsigned char *)content->bytes;
    size_t size = content->size < 65536 ? content->size : 65536, control = 0, nul[2] = {0};
    for (size_t at = 0; at < size; at++) {
        while (size - at >= LANES && !has_control(bytes + at)) {
            at += LANES;
        }
        unsigned char byte = at < size ? bytes[at] : ' ';
        bool used = (byte >= '\a' && byte <= '\r' && byte != '\v') || byte == 0x1b;
        control += byte < ' ' && !used;
        nul[at & 1] += byte == 0;
    }
    size_t more = nul[0] > nul[1] ? nul[0] : nul[1], less = nul[0] + nul[1] - more;
    bool utf16 = more > size / 4 && less <= size / 16;
    return control > size / 20 && !utf16;
}

static void answer_log(const struct batch *batch, struct log *log, struct answer *answer)
{
    const struct batch_options *options = batch->options;
    log_open(log, &options->limits);
    if (!log->path || log->problem.text[0]) {
        fail(answer, log->path ? log->problem.text : "not enough memory; give fewer logs at once");
        return;
    }
    bantam_error error;
    bantam_triage_options triage = options->triage;
    triage.reports = triage.reports ? triage.reports : log->reports;
    if (bantam_triage_run(&answer->diagnosis, batch->triage, log->content.bytes, log->content.size,
                          &triage, &error)) {
        fail(answer, error.message);
        return;
    }
    // What takes long is done here, beside others; the rest waits for its turn.
    if (options->format == BANTAM_REPORT_HTML &&
        bantam_report_log_new(&answer->log, log->content.bytes, log->content.size, &error)) {
        fail(answer, error.message);
        return;
    }
    const bantam_test_summary *tests = answer->diagnosis->tests;
    bool none = answer->diagnosis->status == BANTAM_NO_FAILURE_FOUND && !(tests && tests->n_failed);
    answer->exit_code = none && !log->job ? EXIT_NONE_FOUND : EXIT_DIAGNOSED;
    if (looks_binary(&log->content)) {
        problem_set(&answer->note, "looks like a binary file; is it the log?");
    } else if (bantam_is_test_report(log->content.bytes, log->content.size)) {
        problem_set(&answer->note, "is a report of tests; name it beside the log with --reports");
    }
}

// Keeps the log in the history, where it is wanted.
static void record(struct batch *batch, const struct log *log, struct answer *answer,
                   const bantam_past **past)
{
    const struct recorded_log recorded = {.diagnosis = answer->diagnosis,
                                          .path = log->path,
                                          .bytes = log->content.bytes,
                                          .size = log->content.size,
                                          .here = strcmp(log->path, "-") == 0};
    if (!recorder_add(batch->options->recorder, past, &recorded)) {
        answer->exit_code = EXIT_INPUT;
    }
}

static void add_to_groups(struct batch *batch, const struct log *log, struct answer *answer)
{
    bantam_error error;
    if (bantam_groups_add(batch->groups, log->path, answer->diagnosis, &error)) {
        message("%s: %s", log->path, error.message);
        batch->stopped = true;
        answer->exit_code = EXIT_INPUT;
    }
}

// Written where its turn has come: what a document holds depends on the answers before.
static void print_diagnosis(struct batch *batch, const struct log *log, struct answer *answer)
{
    bantam_report_document before = batch->document;
    bantam_report_options report = batch->options->report;
    report.path = log->path;
    report.log = log->content.bytes;
    report.log_size = log->content.size;
    report.log_ahead = answer->log;
    report.redaction = batch->options->triage.redaction;
    record(batch, log, answer, &report.past);
    if (log->job) {
        bool green = answer->diagnosis->status == BANTAM_NO_FAILURE_FOUND;
        batch->n_green_jobs += green;
        batch->n_failed_jobs += !green;
        if (green && !report.all) {
            return; // of a run's many jobs those that failed are wanted
        }
    }
    report.step = log_failed_step(log, answer->diagnosis);
    if (batch->groups) {
        add_to_groups(batch, log, answer);
        return;
    }
    batch->document.several |= batch->document.n_answers == 0 && log->member;
    bantam_buffer text;
    bantam_buffer_init(&text, ANSWER_MAXIMUM);
    bantam_report_add(&batch->document, &text, answer->diagnosis, &report);
    if (text.failed) {
        batch->document = before;
        message("%s: not enough memory for the answer; ask for less with --lines and --context",
                log->path);
        answer->exit_code = EXIT_INPUT;
    } else if (!write_output(text.data, text.size)) {
        batch->stopped = true;
        answer->exit_code = EXIT_INPUT;
    }
    bantam_buffer_release(&text);
}

static void show_progress(const struct batch *batch, bool done)
{
    if (batch->options->progress && done) {
        fprintf(stderr, "\r\033[K");
    } else if (batch->options->progress) {
        fprintf(stderr, "\r\033[K%zu logs read", batch->turn);
    }
}

static void print_answer(struct batch *batch, size_t turn, const struct log *log,
                         struct answer *answer)
{
    pthread_mutex_lock(&batch->output);
    while (batch->turn != turn) {
        pthread_cond_wait(&batch->turn_changed, &batch->output);
    }
    const char *path = log->path ? log->path : "?";
    bool problem = answer->problem.text[0], note = answer->note.text[0];
    if (problem || note) {
        show_progress(batch, true);
        message("%s: %s", path, problem ? answer->problem.text : answer->note.text);
    }
    if (!problem && !batch->stopped) {
        print_diagnosis(batch, log, answer);
    }
    if (answer->exit_code > batch->exit_code) {
        batch->exit_code = answer->exit_code;
    }
    batch->turn++;
    show_progress(batch, false);
    pthread_cond_broadcast(&batch->turn_changed);
    pthread_mutex_unlock(&batch->output);
}

static bool take_log(struct batch *batch, struct log *log, size_t *turn)
{
    pthread_mutex_lock(&batch->output);
    bool stopped = batch->stopped;
    pthread_mutex_unlock(&batch->output);
    if (stopped) {
        return false;
    }
    pthread_mutex_lock(&batch->input);
    bool taken = log_reader_next(batch->reader, log);
    if (taken) {
        *turn = batch->n_taken++;
    }
    pthread_mutex_unlock(&batch->input);
    return taken;
}

static void finish_log(struct batch *batch, struct log *log, size_t turn)
{
    struct answer answer = {.exit_code = EXIT_DIAGNOSED};
    answer_log(batch, log, &answer);
    print_answer(batch, turn, log, &answer);
    bantam_report_log_free(&answer.log);
    bantam_diagnosis_free(&answer.diagnosis);
    log_close(log);
}

static void *work(void *argument)
{
    struct batch *batch = argument;
    struct log log;
    size_t turn;
    while (take_log(batch, &log, &turn)) {
        finish_log(batch, &log, turn);
    }
    return NULL;
}

// Threads are started only where there is more than one log: that is known once the first was opened. The calling thread
// works too: a thread that cannot be started costs time, not answers.
static void work_in_parallel(struct batch *batch)
{
    struct log first;
    size_t turn, n_started = 0, n_threads = batch->options->n_threads - 1;
    if (!take_log(batch, &first, &turn)) {
        return;
    }
    bool several = batch->options->several || first.member;
    pthread_t *threads = several && n_threads ? calloc(n_threads, sizeof *threads) : NULL;
    while (threads && n_started < n_threads &&
           pthread_create(&threads[n_started], NULL, work, batch) == 0) {
        n_started++;
    }
    finish_log(batch, &first, turn);
    work(batch);
    for (size_t i = 0; i < n_started; i++) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
}

static bool print_end(struct batch *batch)
{
    bantam_buffer text;
    bantam_buffer_init(&text, ANSWER_MAXIMUM);
    if (batch->groups) {
        bantam_groups_report(&text, batch->groups, batch->options->format, &batch->options->report);
    } else {
        bantam_report_end(&batch->document, &text);
    }
    if (text.failed) {
        message("not enough memory for the answer");
    }
    bool written = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return written;
}

// What is not shown of a run's jobs.
static void tell_jobs(struct batch *batch)
{
    size_t n_green = batch->n_green_jobs;
    if (n_green > 0 && batch->n_failed_jobs == 0) {
        message("no sign of a failure in %zu %s", n_green, n_green == 1 ? "job" : "jobs");
        batch->exit_code = batch->exit_code > EXIT_NONE_FOUND ? batch->exit_code : EXIT_NONE_FOUND;
    } else if (n_green > 0 && !batch->options->report.all) {
        message("%zu %s without a sign of a failure; --all shows %s", n_green,
                n_green == 1 ? "job" : "jobs", n_green == 1 ? "it" : "them");
    }
}

int batch_run(const bantam_triage *triage, const char *const *paths, size_t n_paths,
              const struct batch_options *options)
{
    struct batch batch = {.triage = triage,
                          .options = options,
                          .input = PTHREAD_MUTEX_INITIALIZER,
                          .output = PTHREAD_MUTEX_INITIALIZER,
                          .turn_changed = PTHREAD_COND_INITIALIZER};
    batch.reader = log_reader_new(paths, n_paths, &options->limits);
    if (!batch.reader || (options->group && bantam_groups_new(&batch.groups, NULL))) {
        message("not enough memory");
        log_reader_free(&batch.reader);
        return EXIT_INPUT;
    }
    log_reader_find_reports(batch.reader);
    bantam_report_begin(&batch.document, options->format);
    batch.document.several = options->several;
    work_in_parallel(&batch);
    show_progress(&batch, true);
    if (!batch.stopped && !print_end(&batch)) {
        batch.exit_code = EXIT_INPUT;
    }
    tell_jobs(&batch);
    bantam_groups_free(&batch.groups);
    log_reader_free(&batch.reader);
    return batch.exit_code;
}
