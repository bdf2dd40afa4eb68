// What to do first: one sentence and one command from a table, its slots filled from the finding.
//
// Input: models/ci-fixes/fixes.json, which a person can extend (docs/dev/add-a-fix.md). A small linear model ranks the entries whose
// sentence can be filled, by the likely causes, what the finding says, its tool and its slots (fix_features.h); of equals the first
// of the file wins. A command whose slots can't all be filled safely is left out; where no sentence is likely there is no fix.
#ifndef BANTAM_TRIAGE_FIX_H
#define BANTAM_TRIAGE_FIX_H

#include "bantam/status.h"
#include "base/arena.h"
#include "base/bundle.h"
#include "text/document.h"
#include "triage/causes.h"

enum fix_slot {
    FIX_SUBJECT,
    FIX_FILE,
    FIX_LINE,
    FIX_PACKAGE,
    FIX_HOST,
    FIX_COMMAND,
    FIX_TOOL,
    FIX_LIMIT,
    FIX_VARIABLE,
    FIX_ADDRESS,
    FIX_ARCHIVE,
    FIX_SLOTS,
};

struct fix {
    const char *id;   // "test/pytest"
    const char *tool; // canonical names between '|', any of which will do; or NULL
    const char *kind; // kind of tool, or NULL
    const char *says; // phrases between '|', one of which a line of the finding must hold; or NULL
    const char *text; // with {slots}; a piece in [brackets] only where its slots are filled
    const char *reproduce; // with {slots}, or NULL
    enum cause cause;
};

struct fixes {
    struct arena arena;
    struct fix *entries; // (n_entries)
    size_t n_entries;
};

// Reads the table. Errors: BANTAM_ERROR_INPUT naming the entry at fault, BANTAM_ERROR_MEMORY; *fixes is then empty.
BANTAM_MUST_CHECK bantam_status fixes_load(struct fixes *fixes, const char *json, size_t size,
                                           bantam_error *error);
void fixes_release(struct fixes *fixes);

// Adds the table to the bundle. What it adds lies in the arena and in `texts`, an empty buffer; both must stay until the bundle is
// written. False when memory is out.
BANTAM_MUST_CHECK bool fixes_freeze(const struct fixes *fixes, struct bundle_writer *writer,
                                    bantam_buffer *texts, struct arena *arena);

// The fixes of a bundle, whose bytes must outlive them. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY; *fixes is then empty.
BANTAM_MUST_CHECK bantam_status fixes_thaw(struct fixes *fixes, struct bundle *bundle,
                                           bantam_error *error);

// The slot that begins at `at`: its number, *size its bytes with braces; or -1 where none of ours does, *size is then as before.
int fix_slot_at(const char *at, size_t *size);

enum {
    FIX_TOOLS = 3 // likeliest tools of a finding that entries are looked for
};

struct name_finder;

struct fix_tool {
    const char *name, *kind;
    float probability;
};

// What is known of a finding. What texts there are outlive the search.
struct fix_input {
    float probabilities[CAUSES];
    struct fix_tool tools[FIX_TOOLS]; // (n_tools) likeliest first
    size_t n_tools;
    const struct line *lines;     // (n_lines) of the finding
    size_t n_lines, anchor;       // which of them is the line to read first
    const char *slots[FIX_SLOTS]; // what is known to fill them; NULL or "" where nothing
    const char *program;          // {package} where the cause is the environment; or NULL
    struct name_finder *names; // finds what fills them in the lines (names.h); NULL: nothing does
};

// The likeliest of the finding's tools that the entry names; n_tools: none, or the entry names none.
size_t fix_named_tool(const struct fix *fix, const struct fix_input *input);

struct fix_answer {
    const char *id; // NULL: no fix is likely enough
    const char *text;
    const char *reproduce; // or NULL
    const char *reason; // what spoke for it most: "says …", "tool …", "kind …" or "cause …"
    float probability;  // that this sentence is the right one
};

struct fix_ranker; // fix_features.h

// Errors: BANTAM_ERROR_MEMORY. Texts go into the arena.
BANTAM_MUST_CHECK bantam_status fix_find(struct fix_answer *answer, const struct fix_ranker *ranker,
                                         const struct fix_input *input, struct arena *arena,
                                         bantam_error *error);

#endif
