// What a failure is about: a test, package, file, host, link, option, …
//
// In: a finding, its tool and its cause. Out: one short text, for the headline and for the slots of a fix. What a tool calls by name
// comes first, unless it is a place in code and the cause is about something else: of a missing module a compiler names the file
// that asks for it first. Where a server fails or refuses, it is the server, and what the tool calls by name was asked of it.
#ifndef BANTAM_TRIAGE_SUBJECT_H
#define BANTAM_TRIAGE_SUBJECT_H

#include "triage/causes.h"
#include "triage/names.h"

// Valid UTF-8 from the finder's arena; NULL: nothing is named.
struct subject {
    const char *name;
    const char *asked; // of the server that the name is: a package, an image, a link
};

// `tool` may be NULL, the cause CAUSE_UNKNOWN. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status subject_find(struct subject *subject, struct name_finder *names,
                                             const struct tool *tool, enum cause cause,
                                             bantam_error *error);

#endif
