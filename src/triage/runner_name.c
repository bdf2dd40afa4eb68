// By the form of the name and by what the command is: titles that a report joins with marks are joined with blanks for most runners.
#include "triage/runner_name.h"

#include <string.h>

#include "text/span.h"
#include "triage/names.h"

static bool append(char name[RUNNER_NAME_MAXIMUM], size_t *size, struct span part)
{
    if (part.size >= RUNNER_NAME_MAXIMUM - *size) {
        return false;
    }
    memcpy(name + *size, part.data, part.size);
    *size += part.size;
    name[*size] = '\0';
    return true;
}

// Takes the title before the next mark off `rest`; *last: there is none.
static struct span next_title(struct span *rest, bool *last)
{
    static const char *const marks[] = {" › ", " > "};
    struct span title = *rest;
    *last = true;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = span_find(title, span_of(marks[i], strlen(marks[i])));
        if (at != SIZE_MAX) {
            title.size = at;
            *last = false;
        }
    }
    if (!*last) {
        struct span behind = span_after(*rest, title.size);
        *rest = span_after(behind, span_starts(behind, SPAN(" > ")) ? 3 : strlen(" › "));
    }
    return title;
}

// "cart › shows the total" is "cart shows the total", and a file before it is none of the titles; Gradle has "CartTest.total" for "CartTest >
// total()" and nothing simple for more.
static bool join_titles(char name[RUNNER_NAME_MAXIMUM], bool gradle, struct span told)
{
    size_t size = 0, n = 0;
    name[0] = '\0';
    for (bool last = false; !last; n++) {
        struct span title = next_title(&told, &last);
        bool is_file = n == 0 && !last && name_is_source(title.data, title.size);
        if (gradle && span_ends(title, SPAN("()"))) {
            title.size -= 2;
        }
        if (!is_file && ((size > 0 && !append(name, &size, gradle ? SPAN(".") : SPAN(" "))) ||
                         !append(name, &size, title))) {
            return false;
        }
    }
    return !gradle || n == 2;
}

// "RateTest#adds" for "RateTest.adds", and without a line behind it.
static void mark_method(char *name)
{
    char *dot = strrchr(name, '.'), *colon = strrchr(name, ':');
    if (colon && byte_is_digit(colon[1])) {
        *colon = '\0';
    }
    const char *class = dot;
    while (class && class > name && class[-1] != '.') {
        class --;
    }
    if (dot && byte_is_upper(*class) && byte_is_lower(dot[1])) {
        *dot = '#';
    }
}

bool runner_name(char name[RUNNER_NAME_MAXIMUM], const char *command, const char *told)
{
    bool phpunit = strstr(command, "phpunit"), gradle = strstr(command, "--tests ");
    const char *space =
        phpunit ? strrchr(told, '\\') : NULL; // of names, which a filter would take for marks
    told = space ? space + 1 : told;
    struct span whole = span_of(told, strlen(told));
    bool titles = span_contains(whole, SPAN(" › ")) || span_contains(whole, SPAN(" > "));
    bool maven = strstr(command, "-Dtest=");
    if (titles) {
        return !maven && join_titles(name, gradle, whole);
    }
    size_t size = 0;
    if (!append(name, &size, whole)) {
        return false;
    }
    if (maven) {
        mark_method(name);
    }
    return true;
}
