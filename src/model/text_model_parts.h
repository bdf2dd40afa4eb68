// What a text model is made of: for the files that score with it, keep it and export it.
#ifndef BANTAM_MODEL_TEXT_MODEL_PARTS_H
#define BANTAM_MODEL_TEXT_MODEL_PARTS_H

#include <stdatomic.h>

#include "model/coarse_weights.h"
#include "model/text_weights.h"

struct text_model {
    struct vectorizer *vectorizer;
    struct text_weights weights;
    float *intercepts;                     // (n_outputs)
    struct coarse_weights *_Atomic coarse; // NULL: none, see text_model_coarsen
    atomic_size_t n_sought;                // texts whose largest score alone was sought
};

#endif
