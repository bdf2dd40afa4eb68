// Rows of byte features for the finder's trees: a candidate line for re-ranking, and a line beside an anchor for the chunk.
//
// Both see the dense features of the line and what the linear scores look like around it; training and serving build
// their rows here.
#ifndef BANTAM_TRIAGE_LINE_ROWS_H
#define BANTAM_TRIAGE_LINE_ROWS_H

#include "features/log_features.h"

// The scores of a log and what is derived from them once.
struct line_scores {
    const struct log_features *features;
    const float *scores; // (n_lines)
    const bool *known;   // (n_distinct) a green log has such lines; NULL without one
    float *most_before;  // (n_lines) the highest score of the lines before
    float *most_after;   // (n_lines) the highest score of the lines after
    float *shares;       // (n_lines) exp(score − most)
    float most;          // the highest score
    float second;        // the highest score more than SECOND_DISTANCE lines away from it
    size_t top;          // the line with the highest score
    float mass;          // Σ shares
    size_t n_close;      // lines within 1 of the highest
};

enum {
    SECOND_DISTANCE = 10
};

// Errors: BANTAM_ERROR_MEMORY. `features` and `scores` must outlive it.
BANTAM_MUST_CHECK bantam_status line_scores_init(struct line_scores *of_log,
                                                 const struct log_features *features,
                                                 const float *scores, bantam_error *error);
void line_scores_release(struct line_scores *of_log);

enum {
    RANK_SCORES = 22,
    RANK_FEATURES = OWN_FEATURES + CONTEXT_FEATURES + RANK_SCORES,
    CHUNK_RELATIONS = 26,
    CHUNK_FEATURES = OWN_FEATURES + CONTEXT_FEATURES + CHUNK_RELATIONS,
    CHUNK_REACH = 160, // lines from the anchor that a chunk may cover on each side
};

// `rank` is the line's place in the order of scores, from 0.
void rank_row(const struct line_scores *of_log, size_t line, size_t rank,
              uint8_t row[RANK_FEATURES]);

// What lies between an anchor and a line: kept by the caller while it walks away from the anchor, one call a line.
struct chunk_walk {
    size_t anchor;
    int step; // −1 or 1
    float least, sum;
    size_t n_lines, n_blank, n_errors, n_strong; // n_strong: lines within 2.5 of the anchor's score
};

struct chunk_walk chunk_walk_start(const struct line_scores *of_log, size_t anchor, int step);

// The row of the next line of the walk.
void chunk_row(const struct line_scores *of_log, struct chunk_walk *walk, size_t line,
               uint8_t row[CHUNK_FEATURES]);

// Whether a chunk must not run over the line: a command, the wrapper's own line, an exit status, a tool's usage.
bool chunk_border(const struct log_features *features, size_t line);

#endif
