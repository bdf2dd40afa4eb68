// How every command reads its options, and those that more than one has.
//
// In: a command line. Out: values that hold, or one message that names the option at fault.
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <popt.h>
#include <stdbool.h>

#include <bantam/bantam.h>

// Tells the problem that poptGetNextOpt returned (below -1) and where the command's options are told. `argv` is what the
// context was made of.
void options_refuse(poptContext context, int problem, const char *command, int argc,
                    const char **argv);

// What a command makes of its options.
struct option_reader {
    const char *command;            // "tune"
    const struct poptOption *table; // where their values go
    const char *const *help;        // pieces of text, up to a NULL
    const int *wants_help;          // set by --help
    unsigned flags;                 // of popt's context
    // Gets `settings`, and what stood beside the options, up to a NULL; NULL where nothing did.
    int (*run)(void *settings, const char *const *arguments);
};

// Reads all options into where the table points and runs the command, prints its help, or says what is wrong; returns the exit code.
// The table's texts and lists are released at the end.
int options_run(const struct option_reader *reader, void *settings, int argc, const char **argv);

// Whether `low <= value <= high`; false: told, naming the option ("--threads") and the command.
bool option_in_range(const char *command, const char *option, long value, long low, long high);

// Sets *share to the number that `text` is; NULL: leaves it. False: it is none from 0 to 1, which was told.
bool option_share(const char *command, const char *option, const char *text, double *share);

// Prints the pieces of a help; returns the exit code.
int options_print_help(const char *const *help);

// How many there are up to the NULL; `arguments` may be NULL.
size_t arguments_count(const char *const *arguments);

// Frees the texts and lists that the table points to, those of tables inside it, too, and sets them to NULL.
void options_release(const struct poptOption *table);

// How an answer is shown.
struct answer_options {
    char *color, *redact; // as given, or NULL; options_release frees them
};

// Rows of a popt table.
#define ANSWER_OPTIONS(options)                                                                    \
    {"color", '\0', POPT_ARG_STRING, &(options)->color, 0, NULL, NULL},                            \
    {                                                                                              \
        "redact", '\0', POPT_ARG_STRING, &(options)->redact, 0, NULL, NULL                         \
    }

// Sets both from the options; *redaction stays where it was not given. False: the reason was told.
bool answer_options_check(bantam_redaction *redaction, bool *colored,
                          const struct answer_options *options, const char *command);

#endif
