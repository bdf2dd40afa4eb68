// popt names the value instead of the option where a number was wanted: the option is the word before it.
#include "options.h"

#include <string.h>

#include "message.h"

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
