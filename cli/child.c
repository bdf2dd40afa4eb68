// One loop over the command's output, our keys and signals; the terminal is put back whatever happens.
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "message.h"

enum {
    CHUNK = 1 << 16, // bytes of a read
    SILENCE_MS =
        200, // after the end, how long a grandchild may hold the output open and say nothing
    PROGRESS_MS = 200, // between two lines of progress
    OUTPUT_FIRST = 1 << 20,
};

#define OUTPUT_MAXIMUM ((uint64_t)4 << 30) // bytes kept; what comes later is passed on and not kept

struct stream {
    int from; // the command's end that we read, -1 when it is closed
    int to;   // where it is passed on, -1 for nowhere
};

struct child {
    const struct child_options *options;
    struct child_result *result;
    struct mapping *output;
    pid_t process;
    bool terminal;            // the command has a terminal of its own
    struct stream streams[2]; // its terminal, or its standard output and error
    int signals;              // signalfd
    sigset_t mask_before;
    struct termios settings; // of our terminal before
    bool raw;                // our terminal passes keys on
    bool ended;
    double started, told; // seconds
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// Keys go to the command's terminal, which makes signals of them.
static void pass_keys_on(struct child *child)
{
    if (child->terminal && isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &child->settings) == 0) {
        struct termios raw = child->settings;
        cfmakeraw(&raw);
        raw.c_oflag = child->settings.c_oflag; // what we print is still a terminal's text
        child->raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
    }
}

static void restore_terminal(struct child *child)
{
    if (child->raw) {
        tcsetattr(STDIN_FILENO, TCSADRAIN, &child->settings);
        child->raw = false;
    }
}

static void pass_size_on(const struct child *child)
{
    struct winsize size;
    if (child->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        ioctl(child->streams[0].from, TIOCSWINSZ, &size);
    }
}

// In the new process, and never back.
static void become(const struct child *child, const int *ends, int failure)
{
    if (child->terminal) {
        int slave = ends[0];
        bool keys = isatty(STDIN_FILENO);
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        if (keys) {
            dup2(slave, STDIN_FILENO);
        }
        dup2(slave, STDOUT_FILENO);
        dup2(slave, STDERR_FILENO);
    } else {
        dup2(ends[0], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
    }
    signal(SIGPIPE, SIG_DFL);
    signal(SIGTTOU, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    sigprocmask(SIG_SETMASK, &child->mask_before, NULL);
    execvp(child->options->arguments[0], child->options->arguments);
    int reason = errno;
    if (write(failure, &reason, sizeof reason) < 0) {
        _exit(126);
    }
    _exit(reason == ENOENT ? 127 : 126);
}

static bool open_terminal(struct child *child, int *ends)
{
    struct winsize size, *known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? &size : NULL;
    struct termios settings;
    if (openpty(&child->streams[0].from, &ends[0], NULL, NULL, known)) {
        return false;
    }
    if (tcgetattr(ends[0], &settings) == 0) {
        settings.c_oflag &= ~(tcflag_t)OPOST; // bytes as they are; our own terminal does the rest
        tcsetattr(ends[0], TCSANOW, &settings);
    }
    fcntl(child->streams[0].from, F_SETFD, FD_CLOEXEC);
    return true;
}

static bool open_pipes(struct child *child, int *ends)
{
    for (int i = 0; i < 2; i++) {
        int both[2];
        if (pipe2(both, O_CLOEXEC)) {
            return false;
        }
        fcntl(both[0], F_SETPIPE_SZ, 1 << 20); // fewer turns; what is refused stays as it was
        child->streams[i].from = both[0];
        ends[i] = both[1];
    }
    return true;
}

static void close_ends(int *ends)
{
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0) {
            close(ends[i]);
        }
    }
}

static bool start(struct child *child, struct problem *problem)
{
    int ends[2] = {-1, -1}, failure[2];
    const char *name = child->options->arguments[0];
    bool opened = child->terminal ? open_terminal(child, ends) : open_pipes(child, ends);
    if (!opened || pipe2(failure, O_CLOEXEC)) {
        problem_set(problem, "no terminal or pipe to be had (%s)", strerror(errno));
        close_ends(ends);
        return false;
    }
    child->process = fork();
    if (child->process == 0) {
        become(child, ends, failure[1]);
    }
    close_ends(ends);
    close(failure[1]);
    int reason = errno;
    bool started = child->process > 0;
    if (started && read(failure[0], &reason, sizeof reason) == sizeof reason) {
        waitpid(child->process, NULL, 0);
        started = false;
    }
    close(failure[0]);
    if (!started) {
        child->result->exit_code = reason == ENOENT ? 127 : 126;
        problem_set(problem, "%s: cannot be run (%s); check its name, or give its path", name,
                    strerror(reason));
    }
    return started;
}

// Reads what is there; false when the stream is at its end.
static bool take(struct child *child, struct stream *stream)
{
    static char spare[CHUNK];
    bool keep = child->result->kept_all && child->output->size < OUTPUT_MAXIMUM &&
                mapping_grow(child->output, OUTPUT_FIRST);
    child->result->kept_all = keep;
    size_t room = keep ? child->output->capacity - child->output->size : CHUNK;
    char *bytes = keep ? child->output->bytes + child->output->size : spare;
    ssize_t got = read(stream->from, bytes, room < CHUNK ? room : CHUNK);
    if (got < 0 && errno == EINTR) {
        return true;
    }
    if (got <= 0) {
        return false; // a terminal whose last user left reads as EIO
    }
    size_t size = (size_t)got;
    child->output->size += keep ? size : 0;
    if (child->options->log >= 0 && !child->result->log_failed) {
        child->result->log_failed = !write_all(child->options->log, bytes, size);
    }
    // Where our reader went away the command's goes away too, and it sees what it would have seen without us.
    return stream->to < 0 || write_all(stream->to, bytes, size);
}

static void end_stream(struct stream *stream)
{
    close(stream->from);
    stream->from = -1;
}

static void note_end(struct child *child, int status)
{
    struct child_result *result = child->result;
    child->ended = true;
    result->seconds = now() - child->started;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result->exit_code = result->signal ? 128 + result->signal : WEXITSTATUS(status);
}

static void handle_child(struct child *child)
{
    int status;
    pid_t who;
    while ((who = waitpid(-1, &status, WNOHANG)) > 0) {
        if (who == child->process) {
            note_end(child, status);
        }
    }
}

// What a key of our terminal sent has reached the command too; what another process sent has not.
static void handle_signals(struct child *child)
{
    struct signalfd_siginfo info;
    while (read(child->signals, &info, sizeof info) == sizeof info) {
        int number = (int)info.ssi_signo;
        if (number == SIGCHLD) {
            handle_child(child);
        } else if (number == SIGWINCH) {
            pass_size_on(child);
        } else if (info.ssi_code == SI_USER || child->terminal) {
            kill(child->process, number);
        }
    }
}

// False when there are no more keys to come.
static bool pass_keys(const struct child *child)
{
    char keys[1024];
    ssize_t got = read(STDIN_FILENO, keys, sizeof keys);
    return got > 0 && write_all(child->streams[0].from, keys, (size_t)got);
}

static void tell_progress(struct child *child)
{
    double time = now();
    if (child->options->progress && (time - child->told) * 1000 >= PROGRESS_MS) {
        child->told = time;
        fprintf(stderr, "\r\033[K%.0f s, %.1f MB printed", time - child->started,
                (double)child->output->size / 1e6);
    }
}

static bool is_open(const struct child *child)
{
    return child->streams[0].from >= 0 || child->streams[1].from >= 0;
}

static void loop(struct child *child)
{
    bool keys = child->raw;
    while (!child->ended || is_open(child)) {
        struct pollfd waits[4] = {
            {.fd = child->streams[0].from, .events = POLLIN},
            {.fd = child->streams[1].from, .events = POLLIN},
            {.fd = child->signals, .events = POLLIN},
            {.fd = keys && !child->ended ? STDIN_FILENO : -1, .events = POLLIN}};
        int limit = child->ended ? SILENCE_MS : child->options->progress ? PROGRESS_MS : -1;
        int ready = poll(waits, 4, limit);
        if (ready == 0 && child->ended) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            if (waits[i].revents && !take(child, &child->streams[i])) {
                end_stream(&child->streams[i]);
            }
        }
        if (waits[2].revents) {
            handle_signals(child);
        }
        if (waits[3].revents) {
            keys = pass_keys(child);
        }
        tell_progress(child);
    }
}

static bool watch_signals(struct child *child)
{
    static const int numbers[] = {SIGCHLD, SIGWINCH, SIGINT,  SIGTERM,
                                  SIGHUP,  SIGQUIT,  SIGUSR1, SIGUSR2};
    sigset_t mask;
    sigemptyset(&mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigaddset(&mask, numbers[i]);
    }
    signal(SIGTTOU, SIG_IGN); // from the background the terminal is set back all the same
    sigprocmask(SIG_BLOCK, &mask, &child->mask_before);
    child->signals = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
    return child->signals >= 0;
}

bool child_run(struct child_result *result, struct mapping *output,
               const struct child_options *options, struct problem *problem)
{
    *result = (struct child_result){.exit_code = 126, .kept_all = true};
    *output = (struct mapping){0};
    bool pass_on = options->pass_on;
    struct child child = {
        .options = options,
        .result = result,
        .output = output,
        .terminal = pass_on && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO),
        .streams = {{-1, pass_on ? STDOUT_FILENO : -1}, {-1, pass_on ? STDERR_FILENO : -1}},
        .started = now()};
    if (!watch_signals(&child)) {
        problem_set(problem, "signals cannot be watched (%s)", strerror(errno));
        return false;
    }
    bool started = start(&child, problem);
    if (started) {
        pass_keys_on(&child);
        loop(&child);
        restore_terminal(&child);
    }
    for (int i = 0; i < 2; i++) {
        if (child.streams[i].from >= 0) {
            end_stream(&child.streams[i]);
        }
    }
    close(child.signals);
    sigprocmask(SIG_SETMASK, &child.mask_before, NULL);
    if (options->progress) {
        fputs("\r\033[K", stderr);
    }
    return started;
}
