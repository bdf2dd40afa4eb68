// What the finder finds in a log: scored lines, a list to read first, findings.
#ifndef BANTAM_TRIAGE_FINDER_RESULT_H
#define BANTAM_TRIAGE_FINDER_RESULT_H

#include "features/log_features.h"
#include "triage/rules.h"

// A run of lines that explains a failure. Line indices are 0-based.
struct found {
    uint32_t first, last, anchor;
    float score;    // the anchor's
    float share;    // of the candidates' weight that its lines have, before findings were ordered
    uint32_t place; // among the findings in the order of their best lines
    bool told;      // enough of a failure of its own
};

struct listed_line {
    uint32_t line; // 0-based
    float score;
};

// One log's answer. Keeps the features: the cause classifier reads them too.
struct finder_result {
    struct arena arena;
    struct log_features features;
    float *linear;         // (n_lines) the linear model's scores
    struct rule_hits hits; // of the person's own rules
    const bool *known;     // (n_distinct) the baseline has such lines; NULL without a baseline
    struct listed_line *candidates; // (n_candidates) re-ranked lines, best first
    size_t n_candidates;
    double mass;              // Σ exp(score − highest) over the candidates
    struct listed_line *list; // (n_list) lines to read first, best first, diverse
    size_t n_list;
    struct found *findings; // (n_findings) best first
    size_t n_findings;
    bool out_of_time; // the log ends because its time was over, which the best line tells
};

enum {
    CANDIDATES_MAXIMUM = 600,
};

// Best first, of equal ones the earlier line; `n` is at most CANDIDATES_MAXIMUM.
void listed_lines_sort(struct listed_line *lines, size_t n);

// The share of the candidates' weight that a line of that score has, and that the finding's lines have together, in [0, 1].
double finder_line_share(const struct finder_result *result, float score);
double finder_score(const struct finder_result *result, const struct found *found);

#endif
