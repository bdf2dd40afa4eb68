// Which lines explain the failure: scores every line, re-ranks the best, grows chunks around them.
#ifndef BANTAM_TRIAGE_FINDER_H
#define BANTAM_TRIAGE_FINDER_H

#include "bantam/baseline.h"
#include "model/line_model.h"
#include "model/trees.h"
#include "triage/finder_result.h"
#include "triage/finding_order.h"
#include "triage/gate.h"
#include "triage/learned.h"
#include "triage/line_knowledge.h"
#include "triage/line_rows.h"
#include "triage/rules.h"

struct finder {
    struct line_model lines;
    struct tree_model rank;               // added to the linear score of the candidates
    struct tree_model chunk;              // log-odds that a line belongs to the anchor's chunk
    struct finding_order order;           // of the findings, where there is no baseline
    float gate[GATE_FEATURES];            // did anything fail?
    const struct keyword_table *keywords; // borrowed
    struct line_annotator annotator;
};

struct finder_options {
    size_t n_lines;                  // most lines to list
    size_t max_findings;             // most findings
    const bantam_baseline *baseline; // or NULL
    const struct own_rules *rules;   // or NULL
    const struct learned *learned;   // or NULL
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
};

// The lines worth re-ranking, best linear score first, at most CANDIDATES_MAXIMUM; `score` is the linear one. Returns how
// many; 0 also when memory is out (a log without candidates has no lines with text).
size_t finder_candidates(struct listed_line *candidates, const struct log_features *features,
                         const float *linear);

// Re-ranks, lists and grows chunks from result->features and result->linear, which are in place, into result->arena; the list is
// longer than wanted where that is short, and the findings stand in the order of their best lines. False when memory is out.
bool finder_decide(struct finder_result *result, const struct tree_model *rank,
                   const struct tree_model *chunk, const struct line_scores *of_log,
                   const struct finder_options *options);

#endif
