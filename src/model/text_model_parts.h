// What a text model is made of: for the files that score with it, keep it and export it.
#ifndef BANTAM_MODEL_TEXT_MODEL_PARTS_H
#define BANTAM_MODEL_TEXT_MODEL_PARTS_H

#include "model/text_weights.h"

struct text_model {
    struct vectorizer *vectorizer;
    struct text_weights weights;
    float *intercepts; // (n_outputs)
};

#endif
