// The sections of a document while it is read: a growing list and the stack of those still open.
//
// Strong sections are told by a CI system's own markers; weak ones are guessed from echoed commands and end where the
// next of them begins or where any strong section begins or ends. Hostile logs open sections without end: past
// SECTIONS_MAXIMUM they are not recorded, past SECTION_DEPTH_MAXIMUM the innermost gives way.
#ifndef BANTAM_TEXT_SECTION_H
#define BANTAM_TEXT_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "text/document.h"
#include "text/span.h"

enum {
    SECTIONS_MAXIMUM = 1 << 18,
    SECTION_DEPTH_MAXIMUM = 32,
    SECTION_NAME_MAXIMUM = 1024, // bytes of a name or a command
};

enum section_kind {
    SECTION_STEP,    // of a job: "Run npm test", a pipeline's stage
    SECTION_GROUP,   // a fold inside it
    SECTION_COMMAND, // one command with a start and an end of its own
    SECTION_WEAK,    // from an echoed command on
};

struct section_list {
    struct section *items;
    size_t count, capacity;
    uint32_t line; // being read
    size_t depth;
    int32_t open[SECTION_DEPTH_MAXIMUM]; // indexes, outermost first
    enum section_kind kinds[SECTION_DEPTH_MAXIMUM];
    int32_t closed; // the section last closed on the line being read, -1 for none
    bool border;    // a section opened or closed on the line being read
    bool out_of_memory;
};

void section_list_release(struct section_list *list);

// Opens a section at `line` inside the innermost open one and returns its index, -1 when it is not recorded. Weak
// sections that are open end before it. `name` and `command` are borrowed.
int32_t section_open(struct section_list *list, enum section_kind kind, struct span name,
                     struct span command, uint32_t line);

// Adds a section inside the innermost open one that is never open itself: for steps whose lines interleave.
int32_t section_add(struct section_list *list, struct span name, struct span command,
                    uint32_t line);

// Closes the innermost open section of `kind`, whose name is `name` if that is not NULL, and all inside it; its last
// line is `last`. Returns its index, -1 when none is open.
int32_t section_close(struct section_list *list, enum section_kind kind, const struct span *name,
                      uint32_t last);

// Closes weak sections that are innermost.
void section_close_weak(struct section_list *list, uint32_t last);

// Closes every open section.
void section_close_all(struct section_list *list, uint32_t last);

// Innermost open section, -1 for none; the second of `kind`.
int32_t section_innermost(const struct section_list *list);
int32_t section_innermost_of(const struct section_list *list, enum section_kind kind);

// The latest section that ran `command`: equal, or one the beginning of the other (logs shorten long commands). Looks
// back over the last 4096 sections; -1 for none.
int32_t section_of_command(const struct section_list *list, struct span command);

// The latest section that has a command at all, -1 for none.
int32_t section_last_command(const struct section_list *list);

// Records an exit code told on `line`; nothing for index -1. A section that ended one or two lines before then reaches to `line`.
void section_exit(struct section_list *list, int32_t index, int32_t code, uint32_t line);

// Gives the section a command if it has none.
void section_set_command(struct section_list *list, int32_t index, struct span command);

// The same, whatever command it has.
void section_replace_command(struct section_list *list, int32_t index, struct span command);

struct span section_name(const struct section *section);
struct span section_command(const struct section *section);

// Whether the command line begins with one that only sets up the shell for those behind it: ". venv/bin/activate", "cd src".
bool command_sets_up_shell(struct span command);

#endif
