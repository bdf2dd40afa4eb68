// popt names the value instead of the option where a number was wanted: the option is the word before it.
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "terminal.h"

static const char *option_before(const char *value, int argc, const char **argv)
{
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], value) == 0 && argv[i - 1][0] == '-') {
            return argv[i - 1];
        }
    }
    return NULL;
}

void options_refuse(poptContext context, int problem, const char *command, int argc,
                    const char **argv)
{
    const char *bad = poptBadOption(context, POPT_BADOPTION_NOALIAS), *before = NULL;
    if (bad && (problem == POPT_ERROR_BADNUMBER || problem == POPT_ERROR_OVERFLOW)) {
        before = option_before(bad, argc, argv);
    }
    if (before) {
        message("%s: %s is no number; see bantam %s --help", before, bad, command);
    } else {
        message("%s: %s; see bantam %s --help", bad ? bad : "?",
                problem == POPT_ERROR_BADOPT ? "unknown option" : poptStrerror(problem), command);
    }
}

bool options_read(int *code, poptContext context, const char *command, const char *help,
                  const int *wants_help, int argc, const char **argv)
{
    int status = poptGetNextOpt(context);
    if (status < -1) {
        options_refuse(context, status, command, argc, argv);
        *code = EXIT_USAGE;
        return false;
    }
    if (*wants_help) {
        *code = write_output(help, strlen(help)) ? EXIT_DIAGNOSED : EXIT_INPUT;
        return false;
    }
    return true;
}

bool answer_options_check(bantam_redaction *redaction, bool *colored,
                          const struct answer_options *options, const char *command)
{
    enum color_choice color = COLOR_AUTO;
    if (options->redact && !bantam_redaction_parse(redaction, options->redact)) {
        message("--redact: is secrets, emails or none; see bantam %s --help", command);
        return false;
    }
    if (options->color && !color_choice_parse(&color, options->color)) {
        message("--color: is auto, always or never; see bantam %s --help", command);
        return false;
    }
    *colored = terminal_color(color);
    return true;
}

void answer_options_release(struct answer_options *options)
{
    free(options->color);
    free(options->redact);
}
