// Which messages of the table only one group of constructed logs holds.
//
// The table was extended after reading constructed logs: weights that learn from these see a table which knows every tool, and lean
// on it more than logs of a tool to come allow. The logs of a group are read without its own messages, as if nobody had written
// them, and then teach what the words and the other messages say. On families of tools left out together with their messages .660 of
// the causes are right without this and .690 with it; on LogChunks by repository .658 and .671.
#ifndef BANTAM_TRIAGE_MESSAGE_ORIGINS_H
#define BANTAM_TRIAGE_MESSAGE_ORIGINS_H

#include "triage/cause_features.h"

struct message_origins {
    uint32_t *
        groups; // (n_messages) the only group of constructed logs, or one of the marks of message_origins.c
    bool *ignored; // (n_messages)
    size_t n_messages;
};

// Takes its memory from the arena. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status message_origins_init(struct message_origins *origins,
                                                     size_t n_messages, struct arena *arena,
                                                     bantam_error *error);

// A finding of the group holds these messages.
void message_origins_note(struct message_origins *origins, const struct cause_features *features,
                          size_t group, bool constructed);

// The only group that holds the message; SIZE_MAX: there is none.
size_t message_origins_group(const struct message_origins *origins, size_t message);

// (n_messages) true for those that no log outside of the group holds; valid until the next call.
const bool *message_origins_of(struct message_origins *origins, size_t group);

// (n_messages) true for this one alone; valid until the next call.
const bool *message_origins_only(struct message_origins *origins, size_t message);

#endif
