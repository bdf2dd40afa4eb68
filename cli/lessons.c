// The table of lessons, made when the first is taught.
#include "lessons.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "write_file.h"

#define LAYER_MAXIMUM ((uint64_t)1 << 28)

static const char table[] =
    "CREATE TABLE IF NOT EXISTS lesson(id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time INTEGER NOT NULL, path TEXT NOT NULL, what TEXT NOT NULL,"
    " bytes BLOB NOT NULL)";

static char *layer_path(const char *store)
{
    char *path = NULL;
    return store && asprintf(&path, "%s.learned", store) >= 0 ? path : NULL;
}

void lessons_use(bantam_triage *triage, const char *store_named)
{
    char *store = store_path_if_there(store_named), *path = layer_path(store);
    struct mapping content;
    struct problem problem = {""};
    bantam_error error;
    if (path && access(path, F_OK) == 0) {
        if (!mapping_open(&content, path, LAYER_MAXIMUM, &problem)) {
            message("%s: %s", path, problem.text);
        } else {
            if (bantam_triage_use(triage, content.bytes, content.size, &error)) {
                message("%s: %s; answering without it", path, error.message);
            }
            mapping_release(&content);
        }
    }
    free(path);
    free(store);
}

bool lessons_add(struct store *store, int64_t *id, const bantam_buffer *lesson, const char *path,
                 const char *what, struct problem *problem)
{
    bool added =
        store_run(store, problem, table, "") &&
        store_run(store, problem, "INSERT INTO lesson(time, path, what, bytes) VALUES(?, ?, ?, ?)",
                  "issb", (int64_t)time(NULL) * 1000, path, what, (const void *)lesson->data,
                  lesson->size);
    *id = added ? store->sqlite->sqlite3_last_insert_rowid(store->database) : 0;
    return added;
}

bool lessons_forget(struct store *store, int64_t id, bool *found, struct problem *problem)
{
    bool done = store_run(store, problem, table, "") &&
                store_run(store, problem, "DELETE FROM lesson WHERE id = ?", "i", id);
    *found = done && store->sqlite->sqlite3_changes(store->database) > 0;
    return done;
}

bool lessons_list(struct store *store, lesson_visitor visit, void *context, struct problem *problem)
{
    if (!store_run(store, problem, table, "")) {
        return false;
    }
    sqlite3_stmt *rows =
        store_prepare(store, problem, "SELECT id, time, path, what FROM lesson ORDER BY id", "");
    while (store_row(store, rows)) {
        const struct lesson_row row = {.id = store_integer(store, rows, 0),
                                       .time = store_integer(store, rows, 1),
                                       .path = store_text(store, rows, 2),
                                       .what = store_text(store, rows, 3)};
        visit(context, &row);
    }
    return store_finish(store, rows, problem);
}

static bool keep(struct lessons *lessons, const void *bytes, size_t size)
{
    if (lessons->n_items == lessons->capacity) {
        size_t capacity = lessons->capacity ? 2 * lessons->capacity : 32;
        bantam_lesson *more = realloc(lessons->items, capacity * sizeof *more);
        if (!more) {
            return false;
        }
        lessons->items = more;
        lessons->capacity = capacity;
    }
    void *copy = malloc(size + 1);
    if (copy) {
        memcpy(copy, bytes, size);
        lessons->items[lessons->n_items++] = (bantam_lesson){copy, size};
    }
    return copy != NULL;
}

bool lessons_read(struct lessons *lessons, struct store *store, struct problem *problem)
{
    *lessons = (struct lessons){NULL, 0, 0};
    if (!store_run(store, problem, table, "")) {
        return false;
    }
    sqlite3_stmt *rows = store_prepare(store, problem, "SELECT bytes FROM lesson ORDER BY id", "");
    while (store_row(store, rows)) {
        size_t size;
        const void *bytes = store_bytes(store, rows, 0, &size);
        if (!bytes || !keep(lessons, bytes, size)) {
            problem_set(problem, bytes ? "not enough memory" : "a lesson is empty");
        }
    }
    return store_finish(store, rows, problem) && !problem->text[0];
}

void lessons_release(struct lessons *lessons)
{
    for (size_t i = 0; i < lessons->n_items; i++) {
        free((void *)(uintptr_t)lessons->items[i].bytes);
    }
    free(lessons->items);
    *lessons = (struct lessons){NULL, 0, 0};
}

bool lessons_save_layer(const struct store *store, const bantam_buffer *layer)
{
    char *path = layer_path(store->path);
    bool saved = path != NULL;
    if (path && layer) {
        saved = write_file(path, layer->data, layer->size);
    } else if (path && unlink(path) != 0 && errno != ENOENT) {
        message("%s: %s", path, strerror(errno));
        saved = false;
    }
    free(path);
    return saved;
}
