// Recipes are JSON; every key is checked, so that a slip does not train another model than was meant.
#include "recipe.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

void recipe_release(struct recipe *recipe)
{
    free(recipe->kind);
    for (size_t i = 0; i < recipe->n_data; i++) {
        free(recipe->data[i]);
    }
    free(recipe->data);
    free(recipe->parameters);
    free(recipe->task);
    free(recipe->model);
    *recipe = (struct recipe){0};
}

static bool fill(struct recipe *recipe, json_t *root, struct problem *problem)
{
    const char *kind = json_string_value(json_object_get(root, "kind"));
    json_t *data = json_object_get(root, "data"), *seed = json_object_get(root, "seed");
    json_t *parameters = json_object_get(root, "parameters");
    if (!kind || !json_is_integer(seed) || (data && json_array_size(data) == 0) ||
        (parameters && !json_is_object(parameters))) {
        problem_set(problem,
                    "a recipe needs \"kind\" (text) and \"seed\" (whole number), and may have "
                    "\"data\" (list of folders) and \"parameters\" (object)");
        return false;
    }
    recipe->kind = strdup(kind);
    recipe->seed = (uint64_t)json_integer_value(seed);
    recipe->parameters = parameters ? json_dumps(parameters, JSON_COMPACT) : strdup("{}");
    const char *task = json_string_value(json_object_get(root, "task"));
    json_t *model = json_object_get(root, "model");
    recipe->task = task ? strdup(task) : NULL;
    recipe->model = model ? json_dumps(model, JSON_COMPACT) : NULL;
    recipe->data = calloc(json_array_size(data) + 1, sizeof *recipe->data);
    for (size_t i = 0; recipe->data && i < json_array_size(data); i++) {
        const char *folder = json_string_value(json_array_get(data, i));
        recipe->data[i] = strdup(folder ? folder : "");
        recipe->n_data++;
    }
    return recipe->kind && recipe->parameters && recipe->data;
}

bool recipe_read(struct recipe *recipe, const char *path, struct problem *problem)
{
    *recipe = (struct recipe){0};
    json_error_t json_problem;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &json_problem);
    if (!root) {
        if (json_problem.line < 0) {
            problem_set(problem, "the recipe cannot be read; check the path");
        } else {
            problem_set(problem, "line %d: %s", json_problem.line, json_problem.text);
        }
        return false;
    }
    const char *key;
    json_t *value;
    bool read = true;
    json_object_foreach(root, key, value)
    {
        static const char *const known[] = {"kind",    "seed", "data", "parameters",
                                            "comment", "task", "model"};
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            is_known = is_known || strcmp(key, known[i]) == 0;
        }
        if (!is_known) {
            problem_set(problem, "a recipe has no key \"%s\"", key);
            read = false;
        }
    }
    read = read && fill(recipe, root, problem);
    json_decref(root);
    if (!read) {
        recipe_release(recipe);
    }
    return read;
}

char *recipe_output_beside(const char *recipe_path)
{
    const char *slash = strrchr(recipe_path, '/');
    int folder = slash ? (int)(slash - recipe_path) + 1 : 0;
    char *output = NULL;
    if (asprintf(&output, "%.*smodel.safetensors", folder, recipe_path) < 0) {
        message("out of memory");
        return NULL;
    }
    return output;
}
