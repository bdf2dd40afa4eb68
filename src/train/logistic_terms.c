// The one kernel that reads rows and columns: the sum of some rows of a dense matrix, each times a value. Forwards the dense matrix is
// the parameters and the sums are scores; backwards it is the residuals and the sums are the gradient.
#include <string.h>

#include "base/vector.h"
#include "train/logistic_problem.h"

enum {
    SUM_BLOCK =
        256,    // terms that are added up before they join the total, which keeps rounding small
    GROUPS = 5, // of lanes that are summed at a time: what fits the registers of AVX2
};

// Adds the terms to n_groups groups of lanes of `sums`; n_groups is a constant where this is inlined.
VECTOR_INLINE void add_groups(float *sums, const struct logistic_terms *terms, size_t first,
                              const size_t n_groups)
{
    for (size_t block = 0; block < terms->n; block += SUM_BLOCK) {
        size_t end = block + SUM_BLOCK < terms->n ? block + SUM_BLOCK : terms->n;
        half_lanes inner[2 * GROUPS];
        for (size_t g = 0; g < 2 * n_groups; g++) {
            inner[g] = (half_lanes){0};
        }
        for (size_t k = block; k < end; k++) {
            const float *from = terms->dense + terms->indices[k] * terms->width + first;
            float value = terms->values[k];
            float factor = terms->squared ? value * value : value;
            for (size_t g = 0; g < 2 * n_groups; g++) {
                inner[g] += factor * vector_load_half(from + g * VECTOR_HALF_LANES);
            }
        }
        for (size_t g = 0; g < 2 * n_groups; g++) {
            float *to = sums + first + g * VECTOR_HALF_LANES;
            vector_store_half(to, vector_load_half(to) + inner[g]);
        }
    }
}

static void add_single(float *sum, const struct logistic_terms *terms)
{
    for (size_t block = 0; block < terms->n; block += SUM_BLOCK) {
        size_t end = block + SUM_BLOCK < terms->n ? block + SUM_BLOCK : terms->n;
        float inner = 0;
        for (size_t k = block; k < end; k++) {
            float value = terms->values[k];
            inner += (terms->squared ? value * value : value) * terms->dense[terms->indices[k]];
        }
        *sum += inner;
    }
}

VECTOR_KERNEL_SMALL
static void add_terms(float *sums, const struct logistic_terms *terms)
{
    if (terms->width == 1) {
        add_single(sums, terms);
        return;
    }
    for (size_t first = 0; first < terms->width; first += GROUPS * VECTOR_LANES) {
        size_t left = (terms->width - first) / VECTOR_LANES;
        switch (left < GROUPS ? left : GROUPS) {
        case 1:
            add_groups(sums, terms, first, 1);
            break;
        case 2:
            add_groups(sums, terms, first, 2);
            break;
        case 3:
            add_groups(sums, terms, first, 3);
            break;
        case 4:
            add_groups(sums, terms, first, 4);
            break;
        default:
            add_groups(sums, terms, first, GROUPS);
            break;
        }
    }
}

void logistic_add_terms(float *sums, const struct logistic_terms *terms)
{
    add_terms(sums, terms);
}
