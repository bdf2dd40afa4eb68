// A recipe: what a shipped model is made of.
//
// {"kind": "ci-lines", "seed": 1, "data": ["logchunks"], "parameters": {…}}
//   data        folders below the data root, see labelled_logs.h; a kind that makes its own data has none
//   parameters  hyper-parameters that are not at their defaults
//   task, model what a tiny transformer learns to do, and its description (kind "neural"; docs/user/neural.md)
#ifndef BANTAM_CLI_RECIPE_H
#define BANTAM_CLI_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapping.h"

struct recipe {
    char *kind;
    uint64_t seed;
    char **data; // (n_data)
    size_t n_data;
    char *parameters; // JSON object
    char *task;       // NULL: none
    char *model;      // JSON object; NULL: none
};

// False: see `problem`; nothing is then held.
bool recipe_read(struct recipe *recipe, const char *path, struct problem *problem);
void recipe_release(struct recipe *recipe);

// "model.safetensors" beside the recipe; NULL when memory is out, which was told. The caller frees.
char *recipe_output_beside(const char *path);

#endif
