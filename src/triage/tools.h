// Which program the lines of a finding come from, and the places in files that it names.
//
// In: a document and a finding's lines. Out: programs with probabilities, best first; locations. The knowledge is the
// tool table (tool_table.h); a small linear model over features that are the same for every tool weighs its evidence.
#ifndef BANTAM_TRIAGE_TOOLS_H
#define BANTAM_TRIAGE_TOOLS_H

#include "bantam/model.h"
#include "bantam/triage.h"
#include "text/document.h"
#include "text/span.h"
#include "triage/tool_table.h"

enum {
    TOOL_SIGN_NONE = -1,
};

struct
    tools; // the table and the ranking weights; immutable once loaded, any number of threads may use it

// The shipped table with the weights that nothing was learned for: tools_use brings better ones. Errors: BANTAM_ERROR_MODEL,
// BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status tools_new(struct tools **out, bantam_error *error);

// Loads the shipped table and weights. Errors: BANTAM_ERROR_INPUT, BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION,
// BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status tools_load(struct tools **out, bantam_error *error);

// Takes the weights of a model of kind "ci-tools" in the place of the shipped ones. Errors: BANTAM_ERROR_MODEL,
// BANTAM_ERROR_VERSION; the weights are then as before.
BANTAM_MUST_CHECK bantam_status tools_use(struct tools *tools, const bantam_model *file,
                                          bantam_error *error);

void tools_free(struct tools **tools);

const struct tool_table *tools_table(const struct tools *tools);

// The lines of a finding, 0-based, inclusive.
struct finding_lines {
    uint32_t first, last, anchor;
};

struct ranked_tool {
    const char *name;        // canonical, or a script's file name
    const struct tool *tool; // NULL for a script
    enum tool_kind kind;
    float probability;
};

struct tool_ranking {
    struct arena arena;
    struct ranked_tool *items; // (count) best first
    size_t count;              // 0: no program is known
};

// Errors: BANTAM_ERROR_MEMORY; *ranking is then empty. The ranking points into `tools`, not into the document.
BANTAM_MUST_CHECK bantam_status tools_rank(struct tool_ranking *ranking, const struct tools *tools,
                                           const struct document *document,
                                           struct finding_lines lines, bantam_error *error);
void tool_ranking_release(struct tool_ranking *ranking);

enum {
    LOCATIONS_MAXIMUM = 8,
};

// The places in files that the finding's lines name: distinct, in the order of the log, the project's own before those of
// libraries and the system; texts from the arena. Returns how many. Places that memory does not suffice for are left out.
size_t locations_find(bantam_location locations[LOCATIONS_MAXIMUM], struct arena *arena,
                      const struct document *document, struct finding_lines lines);

// Whether a file is of a library or the system, not the project's own.
bool location_is_foreign(struct span file);

#endif
