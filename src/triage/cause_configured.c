// A file's name with a number of a line behind it, or behind a word that says that it was read.
#include "triage/cause_configured.h"

#include <string.h>

enum {
    LINE_WORD_REACH = 3, // bytes from the name to "line"
};

static const char quotes[] = "'\"`";

static bool numbers_a_line(struct span after)
{
    if (after.size > 0 && strchr(quotes, *after.data)) {
        after = span_after(after, 1);
    }
    if (span_starts(after, SPAN(" ("))) {
        after = span_after(after, 1);
    }
    bool position = after.size > 1 && (*after.data == ':' || *after.data == '(') &&
                    byte_is_digit(after.data[1]);
    return position || span_find(after, SPAN("line ")) <= LINE_WORD_REACH;
}

static bool is_read(struct span before)
{
    static const char *const readers[] = {" of",     " in",  "-->",     "parsing", "parse",
                                          "reading", "read", "loading", "load"};
    while (before.size > 0 &&
           (before.data[before.size - 1] == ' ' || strchr(quotes, before.data[before.size - 1]))) {
        before.size--;
    }
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (span_ends(before, span_of(readers[i], strlen(readers[i])))) {
            return true;
        }
    }
    return false;
}

bool cause_points_into_configuration(struct span line, const struct concept_hit *hits,
                                     size_t n_hits)
{
    for (size_t i = 0; i < n_hits; i++) {
        bool configures =
            hits[i].concept == CONCEPT_CONFIGURATION_FILE || hits[i].concept == CONCEPT_YAML_FILE;
        size_t end = (size_t)hits[i].offset + hits[i].size;
        if (!configures || end > line.size) {
            continue;
        }
        bool of_make = hits[i].offset > 0 && line.data[hits[i].offset - 1] == '['; // of each target
        if (!of_make && (numbers_a_line(span_after(line, end)) ||
                         is_read(span_of(line.data, hits[i].offset)))) {
            return true;
        }
    }
    return false;
}
