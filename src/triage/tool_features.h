// The programs that may have written a finding, and the same few numbers about each.
//
// In: the tool table, a document, a finding's lines. Out: candidates with features; tools.c weighs them, tools_train.c learns the
// weights. Where a sign stands (in the finding, close to it, in the same section, at the log's end) and which command was
// running matter; what the tool is called does not, so that weights serve tools that no training log has.
#ifndef BANTAM_TRIAGE_TOOL_FEATURES_H
#define BANTAM_TRIAGE_TOOL_FEATURES_H

#include "triage/tools.h"

#define TOOL_FEATURES_VERSION "4" // goes up when a feature changes its meaning

enum tool_feature {
    TOOL_SIGN_ANCHOR,        // a sign on the line to read first
    TOOL_SIGN_INSIDE,        // a sign on a line of the finding
    TOOL_SIGN_LINES,         // lines of the finding with a sign: ln(1 + n) / 3
    TOOL_SIGN_SHARE,         // of all candidates' such lines, this one's
    TOOL_SIGN_LENGTH,        // literal bytes of its longest sign there / 32, at most 1
    TOOL_SIGN_VARIETY,       // different signs in and close to the finding: ln(1 + n)
    TOOL_SIGN_FIRST,         // has the first sign in the finding
    TOOL_SIGN_BEFORE,        // a sign close before
    TOOL_SIGN_AFTER,         // a sign close behind
    TOOL_SIGN_SECTION,       // a sign elsewhere in the section, before the finding
    TOOL_SIGN_SECTION_AFTER, // the same, behind it
    TOOL_SIGN_TAIL,          // a sign in the log's last lines
    TOOL_SIGN_FAR_ONLY,      // signs, but none in or close to the finding
    TOOL_NAME_INSIDE,        // its name is a word of the finding
    TOOL_NAME_CLOSE,         // its name is a word close to it
    TOOL_COMMAND_LAST, // the last command echoed before the finding, within the section, starts it
    TOOL_COMMAND_SECTION, // the section's command starts it
    TOOL_COMMAND_INNER,   // and another program, looked through, started it
    TOOL_COMMAND_PARTLY, // a longer command of another tool matches as well: "cargo" of "cargo clippy"
    TOOL_COMMAND_MENTIONED, // a word of the section's command
    TOOL_COMMAND_OUTER,     // a command of a section around it
    TOOL_COMMAND_OVERTAKEN, // of a section, where a later command was echoed that does not start it
    TOOL_COMMAND_LATER,     // not the first program of the command that the table knows
    TOOL_UNSIGNED_COMMAND,  // started, and no tool has a sign in or close to the finding
    TOOL_SCRIPT_PATH,       // a script called by its path
    TOOL_SCRIPT_NAMED,      // a script whose name stands in or close to the finding
    TOOL_SCRIPT_INSIDE,     // the same in it
    TOOL_SCRIPT_SPEAKS, // a program that the table does not know begins a line of the finding with its name
    TOOL_NAME_ONLY,   // nothing but its name speaks for it: its kind then says nothing
    TOOL_SPEAKS,      // a line of the finding begins with its name: "make: ***", "/usr/bin/ld: …"
    TOOL_OWN_WORDS,   // the finding is nothing but this CI system's own words: 'exited with 1'
    TOOL_KIND_SIGNED, // (TOOL_KINDS) of that kind and with a sign in or close to the finding
    TOOL_KIND_OTHER = TOOL_KIND_SIGNED + TOOL_KINDS, // (TOOL_KINDS) of that kind without one
    TOOL_FEATURES = TOOL_KIND_OTHER + TOOL_KINDS,
};

// What the weights are before anything is learned, and where learning keeps them that no log speaks about. (TOOL_FEATURES)
void tool_prior_weights(float *weights);

struct tool_candidate {
    const char *name;        // of the table or, for a script, from the list's arena
    const struct tool *tool; // NULL for a script
    int32_t sign;            // phrase that speaks for it best, TOOL_SIGN_NONE
    uint32_t sign_line;
    float features[TOOL_FEATURES];
};

struct tool_candidates {
    struct arena arena;
    struct tool_candidate *items; // (count)
    size_t count;
};

// Errors: BANTAM_ERROR_MEMORY; *candidates is then empty.
BANTAM_MUST_CHECK bantam_status tool_candidates_init(struct tool_candidates *candidates,
                                                     const struct tool_table *table,
                                                     const struct document *document,
                                                     struct finding_lines lines,
                                                     bantam_error *error);
void tool_candidates_release(struct tool_candidates *candidates);

#endif
