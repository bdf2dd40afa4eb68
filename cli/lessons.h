// Lessons in the store, and the layer that is learned from them, which lies beside it as STORE.learned.
#ifndef BANTAM_CLI_LESSONS_H
#define BANTAM_CLI_LESSONS_H

#include <bantam/bantam.h>

#include "store.h"

// Lays what was learned over the triage's models, where the store has it. What cannot be used is told, and the triage goes on without.
void lessons_use(bantam_triage *triage, const char *store_named);

// One lesson as it is listed. Texts are borrowed until the callback returns.
struct lesson_row {
    int64_t id, time;
    const char *path, *what; // the log, and what was told of it
};

typedef void (*lesson_visitor)(void *context, const struct lesson_row *row);

// Adds a lesson of the log at `path`; `what` says for a person what it tells. False: see `problem`.
bool lessons_add(struct store *store, int64_t *id, const bantam_buffer *lesson, const char *path,
                 const char *what, struct problem *problem);

// Forgets a lesson; *found tells whether there was one.
bool lessons_forget(struct store *store, int64_t id, bool *found, struct problem *problem);

bool lessons_list(struct store *store, lesson_visitor visit, void *context,
                  struct problem *problem);

// All lessons, in the order in which they were taught.
struct lessons {
    bantam_lesson *items; // (n_items)
    size_t n_items, capacity;
};

bool lessons_read(struct lessons *lessons, struct store *store, struct problem *problem);
void lessons_release(struct lessons *lessons);

// Writes the layer beside the store, or removes it where `layer` is NULL. False: the reason was told.
bool lessons_save_layer(const struct store *store, const bantam_buffer *layer);

#endif
