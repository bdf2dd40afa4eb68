// A model in memory: its description, the learned numbers, and the tensors that follow from them.
#ifndef BANTAM_NEURAL_NETWORK_H
#define BANTAM_NEURAL_NETWORK_H

#include "bantam/neural.h"
#include "neural/description.h"

struct bantam_neural {
    struct neural_description description;
    bantam_neural_info info;
    char *json;         // what the description was read from, terminated
    double *parameters; // θ (n_parameters)
    double *values;     // (graph.n_values) of all nodes, in step with θ
};

// The numbers of a tensor of the description's list; NULL for NO_TENSOR.
const double *network_tensor(const struct bantam_neural *neural, size_t tensor);

// Bytes of all learned numbers.
static inline size_t network_parameters_size(const struct bantam_neural *neural)
{
    return neural->info.n_parameters * sizeof(double);
}

#endif
