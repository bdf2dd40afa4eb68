// Two files a run; whoever reads sees a whole run or none.
#include "run_store.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "folders.h"
#include "write_file.h"

#define STORED_MAXIMUM ((size_t)1 << 30) // bytes of one output

static char *path_of(const char *folder, const char *id, const char *ending)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s%s", folder, id, ending) < 0 ? NULL : path;
}

// The time, and a number that no run has yet: the clock's, or the next free one.
static void choose_id(struct stored_run *run, const char *folder)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    run->time = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    uint32_t number = (uint32_t)now.tv_nsec * 2654435761U ^ (uint32_t)now.tv_sec;
    for (bool taken = true; taken; number++) {
        snprintf(run->id, sizeof run->id, "%08x", number);
        char *path = path_of(folder, run->id, ".log");
        taken = path && access(path, F_OK) == 0;
        free(path);
    }
}

static bool write_run(const char *folder, const struct stored_run *run, const bantam_buffer *text)
{
    json_t *about = json_pack("{s:s, s:i, s:f, s:I, s:I}", "command", run->command, "exit_code",
                              run->exit_code, "seconds", run->seconds, "time",
                              (json_int_t)run->time, "lines", (json_int_t)run->n_lines);
    char *json = about ? json_dumps(about, JSON_COMPACT) : NULL;
    char *log = path_of(folder, run->id, ".log"), *known = path_of(folder, run->id, ".json");
    mode_t before = umask(0077);
    bool written = json && log && known && write_file(log, text->data, text->size) &&
                   write_file(known, json, strlen(json));
    umask(before);
    json_decref(about);
    free(json);
    free(log);
    free(known);
    return written;
}

static void remove_run(const char *folder, const char *id)
{
    static const char *const endings[] = {".json", ".log"};
    for (size_t i = 0; i < 2; i++) {
        char *path = path_of(folder, id, endings[i]);
        if (path) {
            unlink(path);
        }
        free(path);
    }
}

static bool read_run(struct stored_run *run, const char *folder, const char *name)
{
    *run = (struct stored_run){.command = NULL};
    if (strlen(name) != RUN_ID_SIZE - 1 + 5 || strcmp(name + RUN_ID_SIZE - 1, ".json") != 0) {
        return false;
    }
    memcpy(run->id, name, RUN_ID_SIZE - 1);
    char *path = path_of(folder, run->id, ".json");
    json_t *about = path ? json_load_file(path, JSON_REJECT_DUPLICATES, NULL) : NULL;
    free(path);
    const char *command = json_string_value(json_object_get(about, "command"));
    run->command = command ? strdup(command) : NULL;
    run->exit_code = (int)json_integer_value(json_object_get(about, "exit_code"));
    run->seconds = json_real_value(json_object_get(about, "seconds"));
    run->time = json_integer_value(json_object_get(about, "time"));
    run->n_lines = (uint64_t)json_integer_value(json_object_get(about, "lines"));
    json_decref(about);
    return run->command != NULL;
}

static int newest_first(const void *a, const void *b)
{
    const struct stored_run *left = a, *right = b;
    return (left->time < right->time) - (left->time > right->time);
}

static bool list(struct stored_run **runs, size_t *n_runs, const char *folder)
{
    DIR *directory = opendir(folder);
    size_t capacity = 0;
    *runs = NULL;
    *n_runs = 0;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (*n_runs == capacity) {
            capacity = capacity ? 2 * capacity : RUNS_MAXIMUM + 1;
            struct stored_run *more = realloc(*runs, capacity * sizeof *more);
            if (!more) {
                break;
            }
            *runs = more;
        }
        *n_runs += read_run(&(*runs)[*n_runs], folder, entry->d_name);
    }
    if (directory) {
        closedir(directory);
    }
    if (*n_runs > 0) {
        qsort(*runs, *n_runs, sizeof **runs, newest_first);
    }
    return directory != NULL;
}

void run_store_release(struct stored_run *runs, size_t n_runs)
{
    for (size_t i = 0; i < n_runs; i++) {
        free(runs[i].command);
    }
    free(runs);
}

static void make_room(const char *folder)
{
    struct stored_run *runs;
    size_t n_runs;
    list(&runs, &n_runs, folder);
    for (size_t i = RUNS_MAXIMUM; i < n_runs; i++) {
        remove_run(folder, runs[i].id);
    }
    run_store_release(runs, n_runs);
}

bool run_store_add(struct stored_run *run, const char *output, size_t size, struct problem *problem)
{
    char *folder = state_folder("runs", problem);
    if (!folder) {
        return false;
    }
    bantam_buffer text;
    bantam_buffer_init(&text, STORED_MAXIMUM);
    bantam_text_redact(&text, output, size, BANTAM_REDACT_SECRETS);
    choose_id(run, folder);
    bool added = !text.failed && write_run(folder, run, &text);
    if (added) {
        make_room(folder);
    } else {
        remove_run(folder, run->id);
        problem_set(problem, "the output could not be kept in %s; more than is shown here is lost",
                    folder);
    }
    bantam_buffer_release(&text);
    free(folder);
    return added;
}

bool run_store_list(struct stored_run **runs, size_t *n_runs, struct problem *problem)
{
    char *folder = state_folder("runs", problem);
    bool listed = folder && list(runs, n_runs, folder);
    free(folder);
    return listed;
}

bool run_store_open(struct mapping *output, const char *id, struct problem *problem)
{
    struct stored_run *runs = NULL;
    size_t n_runs = 0, n_found = 0, found = 0;
    char *folder = state_folder("runs", problem);
    if (!folder || !list(&runs, &n_runs, folder)) {
        free(folder);
        return false;
    }
    for (size_t i = 0; i < n_runs; i++) {
        if (strncmp(runs[i].id, id, strlen(id)) == 0) {
            found = i;
            n_found++;
        }
    }
    char *path = n_found == 1 ? path_of(folder, runs[found].id, ".log") : NULL;
    bool opened = path && mapping_open(output, path, STORED_MAXIMUM, problem);
    if (n_found != 1) {
        problem_set(problem, n_found == 0 ? "no run of that id is kept; bantam show lists them"
                                          : "several runs have such an id; give more of it");
    }
    free(path);
    free(folder);
    run_store_release(runs, n_runs);
    return opened;
}
