// Flags say where a log comes from before the log itself does, and that before the environment.
#include "recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "message.h"

bool recorder_open(struct recorder *recorder, const struct record_options *options)
{
    *recorder = (struct recorder){.options = options};
    bool wanted = options->record || options->store || store_is_wanted();
    if (!wanted || options->no_record) {
        return true;
    }
    struct problem problem = {""};
    char *path = store_path(options->store, &problem);
    recorder->open = path && store_open(&recorder->store, path, &problem);
    free(path);
    if (!recorder->open) {
        message("%s", problem.text);
    }
    return recorder->open;
}

void recorder_close(struct recorder *recorder)
{
    if (recorder->open) {
        store_close(&recorder->store);
        recorder->open = false;
    }
}

static void take(char *field, size_t capacity, const char *value)
{
    if (value && *value) {
        snprintf(field, capacity, "%s", value);
    }
}

// The first that is set and not empty.
static const char *first_variable(const char *const *names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            return value;
        }
    }
    return NULL;
}

#define VARIABLE(...)                                                                              \
    first_variable((const char *const[]){__VA_ARGS__},                                             \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

// What CI systems tell the commands that they run.
static void take_environment(bantam_origin *origin)
{
    take(origin->repository, sizeof origin->repository,
         VARIABLE("GITHUB_REPOSITORY", "CI_PROJECT_PATH", "TRAVIS_REPO_SLUG",
                  "BUILD_REPOSITORY_NAME", "CIRCLE_PROJECT_REPONAME", "BUILDKITE_PIPELINE_SLUG"));
    take(origin->job, sizeof origin->job,
         VARIABLE("GITHUB_JOB", "CI_JOB_NAME", "TRAVIS_JOB_NAME", "AGENT_JOBNAME", "CIRCLE_JOB",
                  "BUILDKITE_LABEL", "JOB_NAME"));
    take(origin->commit, sizeof origin->commit,
         VARIABLE("GITHUB_SHA", "CI_COMMIT_SHA", "TRAVIS_COMMIT", "BUILD_SOURCEVERSION",
                  "CIRCLE_SHA1", "BUILDKITE_COMMIT", "GIT_COMMIT"));
    take(origin->branch, sizeof origin->branch,
         VARIABLE("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME", "TRAVIS_BRANCH",
                  "BUILD_SOURCEBRANCHNAME", "CIRCLE_BRANCH", "BUILDKITE_BRANCH", "GIT_BRANCH"));
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void find_origin(bantam_origin *origin, const struct record_options *options,
                        const struct recorded_log *log)
{
    bantam_origin told;
    struct stat about;
    *origin = (bantam_origin){.time = 0};
    if (log->here) {
        take_environment(origin);
    }
    bantam_origin_find(&told, log->bytes, log->size);
    take(origin->repository, sizeof origin->repository, told.repository);
    take(origin->job, sizeof origin->job, told.job);
    take(origin->commit, sizeof origin->commit, told.commit);
    take(origin->branch, sizeof origin->branch, told.branch);
    take(origin->repository, sizeof origin->repository, options->repository);
    take(origin->job, sizeof origin->job, options->job);
    take(origin->commit, sizeof origin->commit, options->commit);
    take(origin->branch, sizeof origin->branch, options->branch);
    bool is_file = !log->here && stat(log->path, &about) == 0 && S_ISREG(about.st_mode);
    origin->time = told.time ? told.time : is_file ? (int64_t)about.st_mtime * 1000 : now();
}

bool recorder_add(struct recorder *recorder, const bantam_past **past,
                  const struct recorded_log *log)
{
    *past = NULL;
    if (!recorder->open) {
        return true;
    }
    char digest[64];
    bantam_log_digest(digest, log->bytes, log->size);
    if (log->here) {
        size_t size = strlen(digest);
        snprintf(digest + size, sizeof digest - size, "-%lld", (long long)now());
    }
    bantam_origin origin;
    find_origin(&origin, recorder->options, log);
    const struct history_entry entry = {
        .diagnosis = log->diagnosis, .path = log->path, .digest = digest, .origin = &origin};
    struct problem problem = {""};
    if (!history_record(&recorder->store, &recorder->past, &entry, &problem)) {
        message("%s: not recorded: %s", log->path, problem.text);
        return false;
    }
    *past = log->diagnosis->n_findings > 0 ? &recorder->past.known : NULL;
    return true;
}
