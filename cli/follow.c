// Reads what there is, waits until the log pauses, looks at it as a whole, and rests in proportion to what that took.
#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "message.h"

enum {
    TICK_MS = 200,
    CHUNK = 1 << 16, // bytes of a read
    FIRST_CAPACITY = 1 << 20,
};

#define PAUSE 0.6    // seconds without a new byte, after which the log is looked at
#define LONGEST 10.0 // seconds that it may wait for such a pause
#define RESTS 4      // times as long as looking took
#define ANSWER_MAXIMUM ((size_t)1 << 30)

struct follow {
    const bantam_triage *triage;
    const char *path;
    const struct batch_options *options;
    int descriptor;
    bool in_a_row; // answers may follow each other: the format has lines and no end
    bool input;    // standard input, a pipe, a device: it has an end
    struct mapping content;
    size_t looked_at; // bytes of the content that the last answer is of
    double changed, looked,
        took;        // seconds: of the last byte, of the last look, and how long that was
    uint64_t anchor; // of the last answer, 0: none was given
    char cause[32];
    int exit_code;
    bantam_report_document document;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static bool print(struct follow *follow, const bantam_diagnosis *diagnosis)
{
    bantam_report_options report = follow->options->report;
    report.path = follow->path;
    report.log = follow->content.bytes;
    report.log_size = follow->content.size;
    report.redaction = follow->options->triage.redaction;
    bantam_buffer text;
    bantam_buffer_init(&text, ANSWER_MAXIMUM);
    bantam_report_add(&follow->document, &text, diagnosis, &report);
    if (!follow->in_a_row) {
        bantam_report_end(&follow->document, &text);
    }
    bool printed = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return printed;
}

// Answers where the answer changed; at the end also where nothing has failed. False: it can't go on.
static bool look(struct follow *follow, bool end)
{
    double started = now();
    bantam_diagnosis *diagnosis = NULL;
    bantam_error error;
    if (bantam_triage_run(&diagnosis, follow->triage, follow->content.bytes, follow->content.size,
                          &follow->options->triage, &error)) {
        message("%s: %s", follow->path, error.message);
        return false;
    }
    const bantam_finding *first = diagnosis->n_findings > 0 ? diagnosis->findings : NULL;
    bool changed = !follow->in_a_row ? end
                   : first
                       ? first->anchor_line != follow->anchor || strcmp(first->cause, follow->cause)
                       : end && follow->anchor == 0;
    follow->exit_code = first ? EXIT_DIAGNOSED : EXIT_NONE_FOUND;
    bool printed = !changed || print(follow, diagnosis);
    if (first) {
        follow->anchor = first->anchor_line;
        snprintf(follow->cause, sizeof follow->cause, "%s", first->cause);
    }
    bantam_diagnosis_free(&diagnosis);
    follow->looked_at = follow->content.size;
    follow->looked = now();
    follow->took = follow->looked - started;
    return printed;
}

// A file that became shorter, or is another one of that name, begins anew.
static void notice_rotation(struct follow *follow)
{
    struct stat named, open_one;
    bool known = !follow->input && fstat(follow->descriptor, &open_one) == 0;
    bool other = known && stat(follow->path, &named) == 0 &&
                 (named.st_ino != open_one.st_ino || named.st_dev != open_one.st_dev);
    if (!known || (!other && (uint64_t)open_one.st_size >= follow->content.size)) {
        return;
    }
    int descriptor = open(follow->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor >= 0) {
        close(follow->descriptor);
        follow->descriptor = descriptor;
        follow->content.size = follow->looked_at = 0;
        follow->anchor = 0;
    }
}

// Reads what there is; *ended where no more will come. False: see `problem`.
static bool take(struct follow *follow, bool *ended, struct problem *problem)
{
    for (size_t n = 0; n < 256; n++) { // then it is time to look around
        struct mapping *content = &follow->content;
        if (content->size + CHUNK > follow->options->limits.log_maximum ||
            !mapping_grow(content, FIRST_CAPACITY)) {
            problem_set(problem, "has become too large to be followed; give it as a file");
            return false;
        }
        struct pollfd wait = {.fd = follow->descriptor, .events = POLLIN};
        if (poll(&wait, 1, n == 0 && follow->input ? TICK_MS : 0) <= 0) {
            return true;
        }
        size_t room = content->capacity - content->size;
        ssize_t got =
            read(follow->descriptor, content->bytes + content->size, room < CHUNK ? room : CHUNK);
        if (got < 0 && errno != EINTR && errno != EAGAIN) {
            problem_set(problem, "not readable (%s)", strerror(errno));
            return false;
        }
        if (got <= 0) {
            *ended = got == 0 && follow->input;
            return true;
        }
        content->size += (size_t)got;
        follow->changed = now();
    }
    return true;
}

static bool is_due(const struct follow *follow)
{
    double time = now();
    bool paused = time - follow->changed > PAUSE || time - follow->looked > LONGEST;
    return follow->content.size > follow->looked_at && paused &&
           time - follow->looked > RESTS * follow->took;
}

static bool loop(struct follow *follow)
{
    struct problem problem;
    bool ended = false, going = true;
    while (going && !ended && !interrupted) {
        notice_rotation(follow);
        size_t before = follow->content.size;
        if (!take(follow, &ended, &problem)) {
            message("%s: %s", follow->path, problem.text);
            return false;
        }
        if (!follow->input && follow->content.size == before) {
            poll(NULL, 0, TICK_MS);
        }
        if (!ended && is_due(follow)) {
            going = look(follow, false);
        }
    }
    if (going && follow->content.size == 0) {
        message("%s: " EMPTY_LOG, follow->path);
        return false;
    }
    return going && look(follow, true);
}

int follow_run(const bantam_triage *triage, const char *path, const struct batch_options *options)
{
    struct follow follow = {.triage = triage,
                            .path = path,
                            .options = options,
                            .input = strcmp(path, "-") == 0,
                            .exit_code = EXIT_NONE_FOUND};
    bool standard_input = follow.input;
    follow.descriptor = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (follow.descriptor < 0) {
        message("%s: %s", path, strerror(errno));
        return EXIT_INPUT;
    }
    struct stat about;
    follow.input |= fstat(follow.descriptor, &about) == 0 && !S_ISREG(about.st_mode);
    struct sigaction action = {.sa_handler = on_interrupt}; // a second one ends it at once
    action.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    bantam_report_begin(&follow.document, options->format);
    follow.in_a_row =
        options->format == BANTAM_REPORT_TEXT || options->format == BANTAM_REPORT_NDJSON;
    follow.document.several = follow.in_a_row;
    follow.changed = follow.looked = now();
    bool followed = loop(&follow);
    mapping_release(&follow.content);
    if (!standard_input) {
        close(follow.descriptor);
    }
    return followed ? follow.exit_code : EXIT_INPUT;
}
