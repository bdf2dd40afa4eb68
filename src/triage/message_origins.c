// A message that a log which nobody made holds as well is everyone's.
#include "triage/message_origins.h"

#include <string.h>

#include "base/error.h"

enum {
    NOBODY = 0,   // no finding holds the message
    EVERYONE = 1, // findings of several groups do, or one of a log that nobody made
    FIRST = 2,    // the number of a group, and this
};

bantam_status message_origins_init(struct message_origins *origins, size_t n_messages,
                                   struct arena *arena, bantam_error *error)
{
    origins->n_messages = n_messages;
    origins->groups = arena_allocate_array(arena, n_messages + 1, sizeof *origins->groups);
    origins->ignored = arena_allocate_array(arena, n_messages + 1, sizeof *origins->ignored);
    if (!origins->groups || !origins->ignored) {
        return error_memory(error);
    }
    memset(origins->groups, 0, n_messages * sizeof *origins->groups);
    return BANTAM_OK;
}

void message_origins_note(struct message_origins *origins, const struct cause_features *features,
                          size_t group, bool constructed)
{
    uint32_t mark = constructed ? (uint32_t)group + FIRST : EVERYONE;
    for (size_t i = 0; i < features->n_hits; i++) {
        uint32_t *known = &origins->groups[features->hits[i].message];
        *known = *known == NOBODY || *known == mark ? mark : EVERYONE;
    }
}

size_t message_origins_group(const struct message_origins *origins, size_t message)
{
    uint32_t mark = origins->groups[message];
    return mark < FIRST ? SIZE_MAX : mark - FIRST;
}

const bool *message_origins_of(struct message_origins *origins, size_t group)
{
    for (size_t i = 0; i < origins->n_messages; i++) {
        origins->ignored[i] = origins->groups[i] == (uint32_t)group + FIRST;
    }
    return origins->ignored;
}

const bool *message_origins_only(struct message_origins *origins, size_t message)
{
    memset(origins->ignored, 0, origins->n_messages * sizeof *origins->ignored);
    origins->ignored[message] = true;
    return origins->ignored;
}
