// The lines around an anchor that tell of the same failure.
#ifndef BANTAM_TRIAGE_CHUNK_H
#define BANTAM_TRIAGE_CHUNK_H

#include "model/trees.h"
#include "triage/finder_result.h"
#include "triage/line_rows.h"

// `chunk` gives the log-odds that a line belongs to the anchor's chunk (rows of chunk_row). The anchor always belongs.
struct found chunk_around(const struct tree_model *chunk, const struct line_scores *of_log,
                          uint32_t anchor);

// Lines on one side of an anchor, nearest first, each with the chance that the chunk reaches so far; it never rises.
struct chunk_side {
    uint32_t lines[CHUNK_REACH];
    float chances[CHUNK_REACH];
    size_t n;
    float expected; // the chances' sum: so many lines are to be expected on this side …
    float beyond;   // … and at most so many more ahead of where the walk stands; 0: it has ended
};

// How many lines of each side to take. Returns false where lines ahead may change it.
struct chunk_size {
    size_t before, after;
};
bool chunk_size(struct chunk_size *size, const struct chunk_side *before,
                const struct chunk_side *after);

#endif
