// The weights of one label, whatever the number of the model's outputs.
#ifndef BANTAM_CLASSIFY_LABEL_WEIGHTS_H
#define BANTAM_CLASSIFY_LABEL_WEIGHTS_H

#include "classify/classifier.h"

// Scores are taken from `outputs` (n_outputs): a label's own, or that of the one output with its sign.
static inline double label_score(const bantam_classifier *classifier, const float *outputs,
                                 uint32_t label)
{
    size_t n_outputs = text_model_n_outputs(classifier->text);
    if (n_outputs > 1 || classifier->multi_label) {
        return (double)outputs[label];
    }
    return label == 1 ? (double)outputs[0] : -(double)outputs[0];
}

#endif
