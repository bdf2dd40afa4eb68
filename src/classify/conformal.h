// Sets of labels with a stated coverage, for any coverage that is asked for later: order statistics of held-out rows.
//
// For each held-out row the probability that its true label got is known. Of n such values, sorted, the k-th with
// k = ⌊(n + 1)(1 − coverage)⌋ is the threshold: the label of a new row, exchangeable with these, reaches it with at least the
// coverage (split-conformal prediction; Vovk, Gammerman, Shafer 2005). At most CONFORMAL_RANKS of the values are kept; between
// them the lower one counts, which makes sets larger, never smaller.
#ifndef BANTAM_CLASSIFY_CONFORMAL_H
#define BANTAM_CLASSIFY_CONFORMAL_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"

enum {
    CONFORMAL_RANKS = 256
};

struct conformal_table {
    uint32_t n_rows;                      // held-out rows; 0: no table
    uint32_t n;                           // values kept
    uint32_t ranks[CONFORMAL_RANKS];      // (n) rising, from 1
    float probabilities[CONFORMAL_RANKS]; // (n) rising
};

// Fills the table from the probabilities that the true labels got; sorts them in place.
void conformal_table_fill(struct conformal_table *table, float *probabilities, size_t n_rows);

// The least probability of a label in a set; 0 where too few rows can promise the coverage. 0 < coverage < 1.
float conformal_table_threshold(const struct conformal_table *table, double coverage);

#endif
