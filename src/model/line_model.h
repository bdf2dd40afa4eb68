// The linear part of the line finder: hashed words of the line and its neighbours, and dense features as one-hot tables.
//
// score(i) = Σ_o Σ_{w ∈ words(i+o)} W[w][o] + Σ_f own[f][v_f] + Σ_f context[f][v_f(i)], o = −2 … 2
//
// Separable in o: a distinct line's five sums are computed once and serve every line that masks to it.
#ifndef BANTAM_MODEL_LINE_MODEL_H
#define BANTAM_MODEL_LINE_MODEL_H

#include "bantam/model.h"
#include "features/log_features.h"

enum {
    LINE_REACH = 2, // neighbours on each side
    LINE_OFFSETS = 2 * LINE_REACH + 1,
    LINE_LANES = 8, // LINE_OFFSETS, padded for the processor
};

struct line_model {
    unsigned bits;    // 2^bits buckets
    int8_t *words;    // (2^bits, LINE_LANES)
    float word_scale; // weight = word_scale · words[…]
    float own[OWN_FEATURES][LINE_VALUES];
    float context[CONTEXT_FEATURES][LINE_VALUES];
};

// What one distinct line adds to the score of the line at −o … o.
struct line_sums {
    float of_offset
        [LINE_OFFSETS]; // [o]: to the score of the line that it is the (o − LINE_REACH)-th neighbour of
    float own;
};

// Reads tensors "words" I8 (2^bits, LINE_OFFSETS), "word_scale" F32 (1), "own" F32 (OWN_FEATURES, LINE_VALUES) and
// "context" F32. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status line_model_load(struct line_model *model, const bantam_model *file,
                                                bantam_error *error);

void line_model_release(struct line_model *model);

// The sums of a distinct line from the hashes of its words; `own` is left to line_model_own.
void line_model_sum(const struct line_model *model, const uint32_t *hashes, size_t n_hashes,
                    struct line_sums *sums);

float line_model_own(const struct line_model *model, const struct distinct_line *distinct);

// Writes the score of each line of the log. `sums` is (n_distinct), `scores` (n_lines).
void line_model_score(const struct line_model *model, const struct log_features *features,
                      const struct line_sums *sums, float *scores);

#endif
