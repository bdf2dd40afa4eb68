// Environment variables and ioctl.
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WIDTH_MINIMUM = 20,
    WIDTH_MAXIMUM = 1000,
};

bool color_choice_parse(enum color_choice *choice, const char *name)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            *choice = (enum color_choice)i;
            return true;
        }
    }
    return false;
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

bool terminal_color(enum color_choice choice)
{
    if (choice != COLOR_AUTO) {
        return choice == COLOR_ALWAYS;
    }
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0 &&
           !is_set("NO_COLOR");
}

size_t terminal_width(void)
{
    struct winsize size;
    size_t width = 0;
    if (is_set("COLUMNS")) {
        width = strtoul(getenv("COLUMNS"), NULL, 10);
    } else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        width = size.ws_col;
    }
    if (width == 0 || width > WIDTH_MAXIMUM) {
        return 0;
    }
    return width < WIDTH_MINIMUM ? WIDTH_MINIMUM : width;
}

bool terminal_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        if (is_set(variables[i])) {
            const char *locale = getenv(variables[i]);
            return strcasestr(locale, "utf-8") || strcasestr(locale, "utf8");
        }
    }
    return false;
}

bool terminal_progress(void)
{
    struct stat about;
    bool piped = fstat(STDOUT_FILENO, &about) != 0 || S_ISFIFO(about.st_mode);
    return isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && !piped;
}
