// Logs are mapped, not read: training touches each once.
#include "labelled_logs.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#define LOG_MAXIMUM ((uint64_t)1 << 33)

// Keeps an allocation until the logs are released; NULL (freed) when memory is out.
static void *own(struct labelled_logs *logs, void *memory)
{
    if (memory && logs->n_owned == logs->owned_capacity) {
        size_t capacity = logs->owned_capacity ? logs->owned_capacity * 2 : 1024;
        void **larger = realloc(logs->owned, capacity * sizeof *larger);
        if (!larger) {
            free(memory);
            return NULL;
        }
        logs->owned = larger;
        logs->owned_capacity = capacity;
    }
    if (memory) {
        logs->owned[logs->n_owned++] = memory;
    }
    return memory;
}

static const char *own_text(struct labelled_logs *logs, const json_t *text)
{
    const char *value = json_string_value(text);
    return value ? own(logs, strdup(value)) : NULL;
}

static const bantam_span *own_spans(struct labelled_logs *logs, const json_t *list, size_t *n_spans)
{
    size_t n = json_array_size(list);
    bantam_span *spans = own(logs, calloc(n + 1, sizeof *spans));
    for (size_t i = 0; spans && i < n; i++) {
        const json_t *span = json_array_get(list, i);
        spans[i].first = (uint64_t)json_integer_value(json_array_get(span, 0));
        spans[i].last = (uint64_t)json_integer_value(json_array_get(span, 1));
    }
    *n_spans = spans ? n : 0;
    return spans;
}

static bantam_labelled_log *append(struct labelled_logs *logs)
{
    if (logs->n_logs == logs->capacity) {
        size_t capacity = logs->capacity ? logs->capacity * 2 : 256;
        void *larger_logs = realloc(logs->logs, capacity * sizeof *logs->logs);
        logs->logs = larger_logs ? larger_logs : logs->logs;
        void *larger_contents = realloc(logs->contents, capacity * sizeof *logs->contents);
        logs->contents = larger_contents ? larger_contents : logs->contents;
        if (!larger_logs || !larger_contents) {
            return NULL;
        }
        logs->capacity = capacity;
    }
    logs->logs[logs->n_logs] = (bantam_labelled_log){0};
    return &logs->logs[logs->n_logs++];
}

static bool open_log(struct labelled_logs *logs, bantam_labelled_log *log, const char *folder,
                     const char *path, struct problem *problem)
{
    struct problem reason = {""};
    char *whole = NULL;
    struct mapping *content = &logs->contents[log - logs->logs];
    bool opened = asprintf(&whole, "%s/%s", folder, path) >= 0 &&
                  mapping_open(content, whole, LOG_MAXIMUM, &reason);
    if (opened) {
        log->bytes = content->bytes;
        log->size = content->size;
    } else {
        problem_set(problem, "%s/%s: %s", folder, path, reason.text);
        logs->n_logs--;
    }
    free(whole);
    return opened;
}

// The pass.log beside a fail.log, where there is one.
static bool add_green(struct labelled_logs *logs, const char *folder, const char *id,
                      const char *group, struct problem *problem)
{
    char *path = NULL, *whole = NULL;
    bool added =
        asprintf(&path, "%s/pass.log", id) >= 0 && asprintf(&whole, "%s/%s", folder, path) >= 0;
    if (added && access(whole, R_OK) == 0) {
        bantam_labelled_log *log = append(logs);
        added = log && open_log(logs, log, folder, path, problem);
        if (added) {
            log->id = own(logs, strdup(path));
            log->group = group;
            log->green = true;
        }
    }
    free(path);
    free(whole);
    return added;
}

// A text or a list of texts.
static const char *const *own_texts(struct labelled_logs *logs, const json_t *texts, size_t *n)
{
    size_t size = json_is_array(texts) ? json_array_size(texts) : 1;
    const char **owned = own(logs, calloc(size + 1, sizeof *owned));
    *n = 0;
    for (size_t i = 0; owned && i < size; i++) {
        const char *text = own_text(logs, json_is_array(texts) ? json_array_get(texts, i) : texts);
        if (text) {
            owned[(*n)++] = text;
        }
    }
    return owned;
}

static void take_cause(struct labelled_logs *logs, bantam_labelled_log *log, const json_t *row)
{
    log->cause = own_text(logs, json_object_get(row, "cause"));
    log->cause_alternative = own_text(logs, json_object_get(row, "alternative"));
    log->transient = own_text(logs, json_object_get(row, "transient"));
    log->tools = own_texts(logs, json_object_get(row, "tool"), &log->n_tools);
    log->fixes = own_texts(logs, json_object_get(row, "fix"), &log->n_fixes);
}

static bool is_left_out(const json_t *row)
{
    const char *validated = json_string_value(json_object_get(row, "validated"));
    return validated && strcmp(validated, "invalid") == 0;
}

// A row of labels.ndjson or passed.ndjson.
static bool add_row(struct labelled_logs *logs, const char *folder, const json_t *row, bool green,
                    struct problem *problem)
{
    bool paired = json_object_get(row, "error") != NULL;
    const char *id = own_text(logs, json_object_get(row, "id"));
    const char *group = own_text(logs, json_object_get(row, paired ? "project" : "repo"));
    char *path = NULL;
    if (paired) {
        path = id && asprintf(&path, "%s/fail.log", id) >= 0 ? own(logs, path) : NULL;
    } else {
        path = (char *)(uintptr_t)own_text(logs, json_object_get(row, "log"));
    }
    if (!id || !group || !path) {
        problem_set(problem, "lacks \"id\", \"repo\" or \"log\"");
        return false;
    }
    bantam_labelled_log *log = append(logs);
    if (!log || !open_log(logs, log, folder, path, problem)) {
        return false;
    }
    log->id = id;
    log->group = group;
    log->green = green;
    log->constructed = json_is_true(json_object_get(row, "constructed"));
    if (green) {
        return true;
    }
    log->spans = own_spans(logs, json_object_get(row, paired ? "error" : "gold"), &log->n_spans);
    log->alternatives = own_spans(logs, json_object_get(row, paired ? "context" : "alternatives"),
                                  &log->n_alternatives);
    if (json_object_get(row, "cause")) {
        take_cause(logs, log, row);
    }
    return !paired || add_green(logs, folder, id, group, problem);
}

// A row of causes.ndjson: what is known of the failed log of that id.
static void join_causes(struct labelled_logs *logs, const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    for (size_t i = 0; id && i < logs->n_logs; i++) {
        if (strcmp(logs->logs[i].id, id) == 0 && !logs->logs[i].green) {
            take_cause(logs, &logs->logs[i], row);
        }
    }
}

enum row_kind {
    ROW_FAILED, // labels.ndjson
    ROW_PASSED, // passed.ndjson
    ROW_CAUSE,  // causes.ndjson
};

static bool take_row(struct labelled_logs *logs, const char *folder, const json_t *row,
                     enum row_kind kind, struct problem *problem)
{
    if (kind == ROW_CAUSE) {
        join_causes(logs, row);
        return true;
    }
    return is_left_out(row) || add_row(logs, folder, row, kind == ROW_PASSED, problem);
}

static bool each_row(struct labelled_logs *logs, const char *folder, const char *name,
                     enum row_kind kind, struct problem *problem)
{
    char *path = NULL, *line = NULL;
    size_t capacity = 0, number = 0;
    FILE *file = asprintf(&path, "%s/%s", folder, name) >= 0 ? fopen(path, "rb") : NULL;
    bool read = file != NULL;
    if (!file) {
        problem_set(problem, "%s/%s: cannot be opened; is --data right?", folder, name);
    }
    while (read && getline(&line, &capacity, file) > 0) {
        number++;
        json_error_t json_problem;
        json_t *row = json_loads(line, 0, &json_problem);
        struct problem reason = {""};
        read = row && take_row(logs, folder, row, kind, &reason);
        if (!read) {
            problem_set(problem, "%s line %zu: %s", path, number,
                        row ? reason.text : json_problem.text);
        }
        json_decref(row);
    }
    if (file) {
        fclose(file);
    }
    free(line);
    free(path);
    return read;
}

static bool is_there(const char *folder, const char *name)
{
    char *path = NULL;
    bool there = asprintf(&path, "%s/%s", folder, name) >= 0 && access(path, R_OK) == 0;
    free(path);
    return there;
}

bool labelled_logs_read(struct labelled_logs *logs, const char *folder, struct problem *problem)
{
    return each_row(logs, folder, "labels.ndjson", ROW_FAILED, problem) &&
           (!is_there(folder, "causes.ndjson") ||
            each_row(logs, folder, "causes.ndjson", ROW_CAUSE, problem)) &&
           (!is_there(folder, "passed.ndjson") ||
            each_row(logs, folder, "passed.ndjson", ROW_PASSED, problem));
}

static void digest_text(XXH3_state_t *state, const char *text)
{
    XXH3_128bits_update(state, text ? text : "", text ? strlen(text) + 1 : 1);
}

void labelled_logs_digest(struct labelled_logs *logs, bool with_fixes)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state) {
        return;
    }
    XXH3_128bits_reset(state);
    for (size_t i = 0; i < logs->n_logs; i++) {
        const bantam_labelled_log *log = &logs->logs[i];
        digest_text(state, log->id);
        digest_text(state, log->group);
        digest_text(state, log->cause);
        for (size_t t = 0; t < log->n_tools; t++) {
            digest_text(state, log->tools[t]);
        }
        for (size_t f = 0; with_fixes && f < log->n_fixes; f++) {
            digest_text(state, log->fixes[f]);
        }
        XXH3_128bits_update(state, log->spans, log->n_spans * sizeof *log->spans);
        XXH3_128bits_update(state, log->alternatives,
                            log->n_alternatives * sizeof *log->alternatives);
        XXH3_128bits_update(state, log->bytes, log->size);
    }
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    snprintf(logs->digest, sizeof logs->digest, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    XXH3_freeState(state);
}

void labelled_logs_release(struct labelled_logs *logs)
{
    for (size_t i = 0; i < logs->n_logs; i++) {
        mapping_release(&logs->contents[i]);
    }
    for (size_t i = 0; i < logs->n_owned; i++) {
        free(logs->owned[i]);
    }
    free(logs->owned);
    free(logs->contents);
    free(logs->logs);
    *logs = (struct labelled_logs){0};
}
