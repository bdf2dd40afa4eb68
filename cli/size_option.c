// A number, and a unit behind it.
#include "size_option.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

struct unit {
    const char *name;
    double size;
};

// The number times its unit; NAN where the text is neither.
static double read_unit(const char *text, const struct unit *units, size_t n_units)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || !isfinite(number)) {
        return NAN;
    }
    while (*end == ' ') {
        end++;
    }
    for (size_t i = 0; i < n_units; i++) {
        if (strcasecmp(end, units[i].name) == 0) {
            return number * units[i].size;
        }
    }
    return NAN;
}

bool size_option_read(size_t *size, const char *text)
{
    static const struct unit units[] = {
        {"", 1},     {"b", 1},         {"k", 1e3}, {"kb", 1e3}, {"kib", 1024},   {"m", 1e6},
        {"mb", 1e6}, {"mib", 1 << 20}, {"g", 1e9}, {"gb", 1e9}, {"gib", 1 << 30}};
    double bytes = read_unit(text, units, sizeof units / sizeof *units);
    if (!(bytes >= 1 && bytes <= 1e15)) {
        return false;
    }
    *size = (size_t)bytes;
    return true;
}

bool time_option_read(double *seconds, const char *text)
{
    static const struct unit units[] = {{"", 1},     {"s", 1},    {"sec", 1},  {"m", 60},
                                        {"min", 60}, {"h", 3600}, {"ms", 1e-3}};
    double time = read_unit(text, units, sizeof units / sizeof *units);
    if (!(time > 0 && time <= 1e9)) {
        return false;
    }
    *seconds = time;
    return true;
}
