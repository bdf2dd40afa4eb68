// Which lines explain the failure: scores every line, re-ranks the best, grows chunks around them.
#ifndef BANTAM_TRIAGE_FINDER_H
#define BANTAM_TRIAGE_FINDER_H

#include "bantam/baseline.h"
#include "features/log_features.h"
#include "model/line_model.h"
#include "model/trees.h"
#include "triage/line_knowledge.h"
#include "triage/line_rows.h"

struct finder {
    struct line_model lines;
    struct tree_model rank;               // added to the linear score of the candidates
    struct tree_model chunk;              // log-odds that a line belongs to the anchor's chunk
    const struct keyword_table *keywords; // borrowed
    struct line_annotator annotator;
};

// A run of lines that explains a failure. Line indices are 0-based.
struct found {
    uint32_t first, last, anchor;
    float score; // the anchor's
};

struct listed_line {
    uint32_t line; // 0-based
    float score;
};

struct finder_options {
    size_t n_lines;                  // most lines to list
    size_t max_findings;             // most findings
    const bantam_baseline *baseline; // or NULL
};

// One log's answer. Keeps the features: the cause classifier reads them too.
struct finder_result {
    struct arena arena;
    struct log_features features;
    float *linear;     // (n_lines) the linear model's scores
    const bool *known; // (n_distinct) the baseline has such lines; NULL without a baseline
    struct listed_line *candidates; // (n_candidates) re-ranked lines, best first
    size_t n_candidates;
    struct listed_line *list; // (n_list) lines to read first, best first, diverse
    size_t n_list;
    struct found *findings; // (n_findings) best first
    size_t n_findings;
};

// Reads a model of kind "ci-lines". The tables and keywords must outlive the finder. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status finder_load(struct finder *finder, const bantam_model *file,
                                            const struct line_tables *tables,
                                            const struct keyword_table *keywords,
                                            bantam_error *error);
void finder_release(struct finder *finder);

// Errors: BANTAM_ERROR_MEMORY; *result is then empty. The document must outlive the result.
BANTAM_MUST_CHECK bantam_status finder_run(struct finder_result *result,
                                           const struct finder *finder,
                                           const struct document *document,
                                           const struct finder_options *options,
                                           bantam_error *error);
void finder_result_release(struct finder_result *result);

enum {
    CANDIDATES_BY_SCORE = 200, // the best lines of the linear model
    CANDIDATE_CENTERS = 20,    // the neighbourhood of so many of them is re-ranked as well
    CANDIDATE_REACH = 8,       // lines on each side
    CANDIDATES_MAXIMUM = 600,
};

// The lines worth re-ranking, best linear score first, at most CANDIDATES_MAXIMUM; `score` is the linear one. Returns how
// many; 0 also when memory is out (a log without candidates has no lines with text).
size_t finder_candidates(struct listed_line *candidates, const struct log_features *features,
                         const float *linear);

// Re-ranks, lists and grows chunks from result->features and result->linear, which are in place, into result->arena. False when
// memory is out.
bool finder_decide(struct finder_result *result, const struct tree_model *rank,
                   const struct tree_model *chunk, const struct line_scores *of_log,
                   const struct finder_options *options);

// The chunk around an anchor.
struct found finder_chunk(const struct tree_model *chunk, const struct line_scores *of_log,
                          uint32_t anchor);

#endif
