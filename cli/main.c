// The command table and what stands before a command: help, version, and a hint where a name is wrong.
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "command.h"
#include "message.h"

static const struct command log_commands[] = {
    {"triage", "say why a CI job failed, from its log", command_triage},
    {"run", "run a command, and say why when it fails", command_run},
    {"show", "show what a run left out", command_show},
    {"fetch", "fetch logs from GitHub or GitLab", command_fetch},
    {"baseline", "keep what green logs say", command_baseline},
    {"history", "tell of failures that were seen before", command_history},
    {"learn", "learn from corrected answers", command_learn},
    {"mcp", "serve coding agents over standard input and output", command_mcp},
};

static const struct command text_commands[] = {
    {"train", "make a text classifier from a table, or a model from a recipe", command_train},
    {"predict", "say which label each text has, by a text classifier", command_predict},
    {"eval", "say how good a text classifier is, on labelled rows", command_eval},
    {"explain", "say which n-grams of a text speak for its label", command_explain},
    {"tune", "teach a text classifier examples of one's own", command_tune},
    {"shrink", "make a text classifier smaller, and say what that costs", command_shrink},
    {"inspect", "say what a text classifier is made of", command_inspect},
    {"export", "write a text classifier as C or JSON", command_export},
};

static const struct command transformer_commands[] = {
    {"add", "add two numbers with a tiny transformer", command_add},
    {"complete", "say what a tiny transformer answers to a prompt", command_complete},
};

// To add a command: write cmd_<name>.c, declare it in command.h, add its line above and its file in meson.build.
#define COMMANDS(list) list, sizeof(list) / sizeof *(list)
static const struct {
    const char *about;
    const struct command *commands; // (n)
    size_t n;
} groups[] = {
    {"CI logs", COMMANDS(log_commands)},
    {"text classifiers", COMMANDS(text_commands)},
    {"tiny transformers", COMMANDS(transformer_commands)},
};
#undef COMMANDS

enum {
    N_GROUPS = sizeof groups / sizeof *groups,
};

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < N_GROUPS; i++) {
        for (size_t k = 0; k < groups[i].n; k++) {
            if (strcmp(groups[i].commands[k].name, name) == 0) {
                return &groups[i].commands[k];
            }
        }
    }
    return NULL;
}

static int print_help(void)
{
    static const char begin[] =
        "usage: bantam COMMAND [OPTION...] [FILE...]\n"
        "       bantam help COMMAND\n"
        "\n"
        "Small models, built in or trained on your machine: why a CI job failed, which label\n"
        "a text has. Only fetch opens a connection.\n"
        "\n";
    static const char end[] = "options:\n"
                              "  -h, --help     print this and leave\n"
                              "  -V, --version  print the version and leave\n"
                              "\n"
                              "examples:\n"
                              "  bantam triage build.log\n"
                              "  bantam run -- make test\n"
                              "  bantam train labels.csv -o mine.bantam\n"
                              "  bantam help triage\n";
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    bantam_buffer_append_string(&text, begin);
    for (size_t i = 0; i < N_GROUPS; i++) {
        bantam_buffer_append_format(&text, "commands for %s:\n", groups[i].about);
        for (size_t k = 0; k < groups[i].n; k++) {
            const struct command *command = &groups[i].commands[k];
            bantam_buffer_append_format(&text, "  %-10s %s\n", command->name, command->summary);
        }
        bantam_buffer_append_string(&text, "\n");
    }
    bantam_buffer_append_string(&text, end);
    bool printed = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return printed ? EXIT_DIAGNOSED : EXIT_INPUT;
}

// Damerau-Levenshtein distance without far transpositions; words of a command's length only.
static size_t distance(const char *left, const char *right)
{
    enum {
        LONGEST = 32
    };
    size_t rows[3][LONGEST + 1], n_right = strlen(right);
    if (n_right > LONGEST || strlen(left) > LONGEST) {
        return LONGEST;
    }
    for (size_t j = 0; j <= n_right; j++) {
        rows[0][j] = j;
    }
    size_t *before = rows[2], *above = rows[0], *row = rows[1];
    for (size_t i = 1; left[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= n_right; j++) {
            size_t best = above[j - 1] + (left[i - 1] != right[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] &&
                before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            row[j] = best;
        }
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return above[n_right];
}

static int refuse_command(const char *name)
{
    const char *nearest = NULL;
    size_t least = 3; // a hint further away than two slips is a guess
    for (size_t i = 0; i < N_GROUPS; i++) {
        for (size_t k = 0; k < groups[i].n; k++) {
            size_t far = distance(name, groups[i].commands[k].name);
            if (far < least) {
                least = far;
                nearest = groups[i].commands[k].name;
            }
        }
    }
    if (nearest) {
        message("%s: no such command; did you mean bantam %s?", name, nearest);
    } else if (access(name, F_OK) == 0) {
        message("%s: no such command; did you mean bantam triage %s?", name, name);
    } else {
        message("%s: no such command; see bantam --help", name);
    }
    return EXIT_USAGE;
}

static int help_of(const char *name)
{
    const struct command *command = find(name);
    const char *arguments[] = {name, "--help", NULL};
    return command ? command->run(2, arguments) : refuse_command(name);
}

static int dispatch(int argc, const char **argv)
{
    if (argc < 2) {
        print_help();
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    bool help = strcmp(name, "help") == 0;
    if (help && argc > 2) {
        return help_of(argv[2]);
    }
    if (help || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        return print_help();
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        static const char version[] = "bantam " BANTAM_VERSION "\n";
        return write_output(version, sizeof version - 1) ? EXIT_DIAGNOSED : EXIT_INPUT;
    }
    const struct command *command = find(name);
    return command ? command->run(argc - 1, argv + 1) : refuse_command(name);
}

// A mapped file that another process cuts short while it is read faults; nothing but leaving is safe then.
static void on_bus_error(int number)
{
    static const char text[] = "bantam: a file became shorter while it was read; run it again\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) {
        _exit(EXIT_INPUT);
    }
    _exit(EXIT_INPUT);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); // a reader that went away is seen by write_output
    signal(SIGBUS, on_bus_error);
    int code = dispatch(argc, (const char **)argv);
    if (!close_output() && code < EXIT_INPUT) {
        code = EXIT_INPUT;
    }
    return code;
}
