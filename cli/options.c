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

bool option_in_range(const char *command, const char *option, long value, long low, long high)
{
    if (value >= low && value <= high) {
        return true;
    }
    message("%s: takes a number from %ld to %ld; see bantam %s --help", option, low, high, command);
    return false;
}

bool option_share(const char *command, const char *option, const char *text, double *share)
{
    char *end = NULL;
    double value = text ? strtod(text, &end) : 0;
    if (text && (end == text || *end || !(value >= 0 && value <= 1))) {
        message("%s: takes a number from 0 to 1; see bantam %s --help", option, command);
        return false;
    }
    *share = text ? value : *share;
    return true;
}

size_t arguments_count(const char *const *arguments)
{
    size_t n = 0;
    while (arguments && arguments[n]) {
        n++;
    }
    return n;
}

int options_print_help(const char *const *help)
{
    bool printed = true;
    for (; *help; help++) {
        printed = printed && write_output(*help, strlen(*help));
    }
    return printed ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static void free_list(char **list)
{
    for (size_t i = 0; list && list[i]; i++) {
        free(list[i]);
    }
    free(list);
}

void options_release(const struct poptOption *table)
{
    for (; table->longName || table->argInfo; table++) {
        unsigned kind = table->arg ? table->argInfo & POPT_ARG_MASK : POPT_ARG_NONE;
        if (kind == POPT_ARG_INCLUDE_TABLE) {
            options_release(table->arg);
        } else if (kind == POPT_ARG_STRING) {
            char **text = table->arg;
            free(*text);
            *text = NULL;
        } else if (kind == POPT_ARG_ARGV) {
            char ***list = table->arg;
            free_list(*list);
            *list = NULL;
        }
    }
}

int options_run(const struct option_reader *reader, void *settings, int argc, const char **argv)
{
    poptContext context = poptGetContext("bantam", argc, argv, reader->table, reader->flags);
    int status = context ? poptGetNextOpt(context) : POPT_ERROR_MALLOC, code;
    if (!context) {
        message("not enough memory");
        code = EXIT_INPUT;
    } else if (status < -1) {
        options_refuse(context, status, reader->command, argc, argv);
        code = EXIT_USAGE;
    } else if (*reader->wants_help) {
        code = options_print_help(reader->help);
    } else {
        code = reader->run(settings, (const char *const *)poptGetArgs(context));
    }
    options_release(reader->table);
    poptFreeContext(context);
    return code;
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
