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

// Reads all options. True: the command goes on. False: *code is what it ends with, after its help where *wants_help has been set, or a
// refusal.
bool options_read(int *code, poptContext context, const char *command, const char *help,
                  const int *wants_help, int argc, const char **argv);

// How an answer is shown.
struct answer_options {
    char *color, *redact; // as given, or NULL
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

void answer_options_release(struct answer_options *options);

#endif
