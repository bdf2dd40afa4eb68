// What the surroundings can show: colour, width, characters beyond ASCII. The only place that reads the environment.
#ifndef BANTAM_CLI_TERMINAL_H
#define BANTAM_CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum color_choice {
    COLOR_AUTO,
    COLOR_ALWAYS,
    COLOR_NEVER,
};

// "auto", "always" or "never"; false for anything else.
bool color_choice_parse(enum color_choice *choice, const char *name);

// Auto: on a terminal that is not "dumb", unless NO_COLOR is set (https://no-color.org).
bool terminal_color(enum color_choice choice);

// Columns of standard output's terminal; in a pipe COLUMNS where exported, else 0: do not cut.
size_t terminal_width(void);

// Whether the locale's encoding is UTF-8, by the first of LC_ALL, LC_CTYPE and LANG that is set.
bool terminal_utf8(void);

// Whether to show progress: standard error is a terminal, and standard output neither one nor a pipe, whose reader may write to that
// terminal too.
bool terminal_progress(void);

#endif
