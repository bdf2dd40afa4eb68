// The order statistics behind conformal sets.
#include "classify/conformal.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

void conformal_table_fill(struct conformal_table *table, float *probabilities, size_t n_rows)
{
    *table = (struct conformal_table){.n_rows = (uint32_t)n_rows};
    if (n_rows == 0) {
        return;
    }
    qsort(probabilities, n_rows, sizeof *probabilities, by_value);
    size_t n = n_rows < CONFORMAL_RANKS ? n_rows : CONFORMAL_RANKS;
    for (size_t i = 0; i < n; i++) {
        size_t rank = n == 1 ? 1 : 1 + i * (n_rows - 1) / (n - 1);
        table->ranks[i] = (uint32_t)rank;
        table->probabilities[i] = probabilities[rank - 1];
    }
    table->n = (uint32_t)n;
}

float conformal_table_threshold(const struct conformal_table *table, double coverage)
{
    double rank = floor(((double)table->n_rows + 1) * (1 - coverage) + 1e-9);
    float threshold = 0;
    for (size_t i = 0; i < table->n && table->ranks[i] <= rank; i++) {
        threshold = table->probabilities[i];
    }
    return threshold;
}
