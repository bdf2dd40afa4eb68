// Which lines explain the failure: scores every line, lists the best, grows chunks around them.
#ifndef BANTAM_TRIAGE_FINDER_H
#define BANTAM_TRIAGE_FINDER_H

#include "features/log_features.h"
#include "model/line_model.h"

struct finder {
    struct line_model lines;
    struct arena arena;
    const struct keyword_table *keywords;
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
    size_t n_lines;      // most lines to list
    size_t max_findings; // most findings
};

// One log's answer. Keeps the features: the cause classifier reads them too.
struct finder_result {
    struct arena arena;
    struct log_features features;
    float *scores;            // (n_lines)
    struct listed_line *list; // (n_list) lines to read first, best first, diverse
    size_t n_list;
    struct found *findings; // (n_findings) best first
    size_t n_findings;
};

// Errors as line_model_load's.
BANTAM_MUST_CHECK bantam_status finder_load(struct finder *finder, const bantam_model *file,
                                            bantam_error *error);
void finder_release(struct finder *finder);

// Errors: BANTAM_ERROR_MEMORY; *result is then empty. The document must outlive the result.
BANTAM_MUST_CHECK bantam_status finder_run(struct finder_result *result,
                                           const struct finder *finder,
                                           const struct document *document,
                                           const struct finder_options *options,
                                           bantam_error *error);
void finder_result_release(struct finder_result *result);

#endif
