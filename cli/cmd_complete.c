// bantam complete: what a tiny transformer answers to a prompt.
//
// In: a model file of the kind "neural" and prompts, as arguments or a line each on standard input. Out: a line each, the answer.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

#include "command.h"
#include "mapping.h"
#include "message.h"
#include "options.h"

static const char help[] =
    "usage: bantam complete [OPTION...] MODEL [PROMPT...]\n"
    "\n"
    "Prints what a tiny transformer (bantam train, kind \"neural\") answers to each\n"
    "PROMPT, or to each line of standard input. A prompt is written in the model's\n"
    "symbols and is as long as the model's prompts are.\n"
    "\n"
    "      --describe             print the model's sizes and counts instead\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam complete parity.safetensors 011010011101=\n"
    "  bantam complete --describe models/adder/model.safetensors\n"
    "\n"
    "exit status: 0 answered, 2 wrong usage, 3 the model or a prompt could not be read.\n";

enum {
    MODEL_MAXIMUM = 1 << 24 // bytes of a model file
};

// One prompt after the other; as arguments or as lines they are all there before the first is answered.
struct prompts {
    uint8_t *tokens; // (n, length)
    size_t n;
};

static bool add_prompt(struct prompts *prompts, const bantam_neural_info *info, const char *text)
{
    size_t size = strlen(text);
    if (size != info->prompt) {
        message("the prompt \"%.60s\" has %zu symbols; this model reads %zu", text, size,
                info->prompt);
        return false;
    }
    uint8_t *tokens = realloc(prompts->tokens, (prompts->n + 1) * info->length);
    if (!tokens) {
        message("out of memory");
        return false;
    }
    prompts->tokens = tokens;
    for (size_t i = 0; i < size; i++) {
        const char *symbol = strchr(info->symbols, text[i]);
        if (!symbol) {
            message("the prompt \"%.60s\" has a symbol that this model does not know; it knows %s",
                    text, info->symbols);
            return false;
        }
        tokens[prompts->n * info->length + i] = (uint8_t)(symbol - info->symbols);
    }
    memset(tokens + prompts->n * info->length + size, 0, info->length - size);
    prompts->n++;
    return true;
}

static bool read_lines(struct prompts *prompts, const bantam_neural_info *info)
{
    char *line = NULL;
    size_t capacity = 0;
    bool read = true;
    ssize_t size;
    while (read && (size = getline(&line, &capacity, stdin)) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        read = add_prompt(prompts, info, line);
    }
    free(line);
    return read;
}

static bool answer(const bantam_neural *neural, struct prompts *prompts)
{
    const bantam_neural_info *info = bantam_neural_inform(neural);
    bantam_error error;
    if (bantam_neural_complete(neural, BANTAM_FLOAT32, prompts->tokens, prompts->n, &error)) {
        message("%s", error.message);
        return false;
    }
    for (size_t i = 0; i < prompts->n; i++) {
        char line[1024];
        size_t n = info->length - info->prompt;
        for (size_t k = 0; k < n; k++) {
            line[k] = info->symbols[prompts->tokens[i * info->length + info->prompt + k]];
        }
        line[n] = '\n';
        if (!write_output(line, n + 1)) {
            return false;
        }
    }
    return true;
}

static bool describe(const bantam_neural *neural)
{
    const bantam_neural_info *info = bantam_neural_inform(neural);
    char text[2048];
    int size = snprintf(text, sizeof text,
                        "parameters  %zu trained, %zu given, %zu as AdderBoard counts\n"
                        "sequence    %zu symbols of a prompt, %zu of an answer; symbols %s\n"
                        "sizes       width %zu, %zu layer%s, %zu head%s of %zu, hidden %zu\n",
                        info->n_parameters, info->n_given, info->n_board, info->prompt,
                        info->length - info->prompt, info->symbols, info->width, info->n_layers,
                        info->n_layers == 1 ? "" : "s", info->n_heads,
                        info->n_heads == 1 ? "" : "s", info->head_width, info->hidden);
    return write_output(text, (size_t)size);
}

static bool load(bantam_neural **neural, const char *path)
{
    bantam_model *file = NULL;
    bantam_error error;
    struct problem problem = {""};
    struct mapping mapping;
    if (!mapping_open(&mapping, path, MODEL_MAXIMUM, &problem)) {
        message("%s: %s", path, problem.text);
        return false;
    }
    bool loaded = !bantam_model_load(&file, mapping.bytes, mapping.size, &error) &&
                  !bantam_neural_load(neural, file, &error);
    if (!loaded) {
        message("%s: %s", path, error.message);
    }
    bantam_model_free(&file);
    mapping_release(&mapping);
    return loaded;
}

static int run(const char *path, const char *const *texts, bool describes)
{
    bantam_neural *neural = NULL;
    if (!load(&neural, path)) {
        return EXIT_INPUT;
    }
    const bantam_neural_info *info = bantam_neural_inform(neural);
    struct prompts prompts = {NULL, 0};
    bool done = true;
    if (describes) {
        done = describe(neural);
    } else if (texts && *texts) {
        for (; done && *texts; texts++) {
            done = add_prompt(&prompts, info, *texts);
        }
    } else {
        done = read_lines(&prompts, info);
    }
    done = done && (describes || answer(neural, &prompts));
    free(prompts.tokens);
    bantam_neural_free(&neural);
    return done ? EXIT_DIAGNOSED : EXIT_INPUT;
}

struct settings {
    int describes, help;
};

static int check_and_run(void *context, const char *const *arguments)
{
    const struct settings *settings = context;
    if (!arguments || !arguments[0]) {
        message("complete takes a model file; see bantam complete --help");
        return EXIT_USAGE;
    }
    return run(arguments[0], arguments + 1, settings->describes);
}

int command_complete(int argc, const char **argv)
{
    struct settings settings = {0};
    const struct poptOption options[] = {
        {"describe", 0, POPT_ARG_NONE, &settings.describes, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {.command = "complete",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &settings.help,
                                         .run = check_and_run};
    return options_run(&reader, &settings, argc, argv);
}
