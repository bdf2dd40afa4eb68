// AdamW (Loshchilov, Hutter 2019) over θ, after clipping and Grokfast's low-pass filter of the gradients (Lee et al. 2024).
#ifndef BANTAM_NEURAL_OPTIMISER_H
#define BANTAM_NEURAL_OPTIMISER_H

#include <stddef.h>

struct optimiser_options {
    double beta1, beta2, epsilon;
    double weight_decay;
    double clip;            // longest gradient (2-norm); 0: any
    double grokfast_decay;  // of the mean of gradients, per step
    double grokfast_weight; // how much of the mean is added to the gradient; 0: none
};

struct optimiser {
    struct optimiser_options options;
    size_t n;
    double *mean, *square, *slow; // (n) moments, and Grokfast's mean; of the caller
    double power1, power2;        // beta1^t, beta2^t: start at 1
};

// One step downhill; `gradient` (n) is overwritten.
void optimiser_step(struct optimiser *optimiser, double *parameters, double *gradient,
                    double learning_rate);

#endif
