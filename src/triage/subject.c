// What a finding is about, by the tool's own patterns and then by what error messages of any program have in common.
#include "triage/tools.h"

#include <string.h>

#include "base/error.h"
#include "text/span.h"
#include "triage/names.h"
#include "triage/pattern_search.h"

static const char *const common_patterns[] = {
    "Could not resolve host:? (?<subject>[\\w.-]+)",
    "No module named '?(?<subject>[\\w.]+)",
    "Cannot find module '(?<subject>[^']+)'",
    "fatal error: (?<subject>\\S+): No such file",
    "(?:^|[\\s:])(?<subject>[\\w.+-]+): (?:command )?not found",
    "No rule to make target [`'\"](?<subject>[^'\"]+)",
    "[Ff]ailed to connect to (?<subject>[\\w.-]+)",
    "[Cc]ould not connect to (?:server )?(?<subject>[\\w.:/-]+)",
    "^\\s*(?:FAIL(?:ED)?|ERROR)[:!]?\\s+(?<subject>[\\w./:$-]*[\\w/:$-]\\w[\\w./:$-]*)",
    "^\\s*not ok \\d+ -? ?(?<subject>[^#]+)",
    "^\\s*\\d+\\) (?<subject>\\S.*?):?$",
    "\\b(?<subject>https?://[^\\s'\"<>)\\]]+)",
    "unable to access '(?<subject>[^']+)'",
    ("(?:No such file or directory|cannot stat|cannot open|ENOENT)"
     "[^'\"`]*['\"`](?<subject>[^'\"`]+)['\"`]"),
    "(?<subject>[\\w./-]+): No such file or directory",
    "undefined reference to [`'](?<subject>[^']+)'",
    "[Mm]odule not found: (?:Error: )?(?:Can't resolve )?'(?<subject>[^']+)'",
    "The command \"(?<subject>[^\"]+)\" (?:failed and )?exited with [1-9]",
};

// A function of the C library or of a sanitizer's: the frame on top of a stack, not the one at fault.
static bool is_library_function(const char *text, size_t size)
{
    static const char *const names[] = {"free",   "malloc", "calloc", "realloc", "memcpy",
                                        "memset", "memcmp", "strlen", "strcpy",  "strcmp",
                                        "abort",  "raise",  "printf", "operator"};
    return SPAN_IS_ONE_OF(span_of(text, size), names) ||
           (size > 7 && memcmp(text, "__asan_", 7) == 0) ||
           (size > 6 && memcmp(text, "__mem", 5) == 0) ||
           (size > 6 && memcmp(text, "__str", 5) == 0) ||
           (size > 12 && memcmp(text, "__sanitizer_", 12) == 0) ||
           (size > 14 && memcmp(text, "__interceptor_", 14) == 0);
}

// Numbers alone, words of the sentence and links to a manual say nothing of what is at fault.
static bool is_telling(const char *text, size_t size)
{
    static const char *const words[] = {"the", "a", "an", "While", "STOP", "server", "-r"};
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) {
        digits += text[i] >= '0' && text[i] <= '9';
    }
    return !SPAN_IS_ONE_OF(span_of(text, size), words) && !(digits == size && size <= 3) &&
           !is_library_function(text, size) && !name_is_for_reading(text, size);
}

static void try_tool(struct pattern_search *search, const struct tool *tool,
                     enum pattern_reach reach)
{
    for (size_t i = 0; tool && i < tool->n_subjects && !search->found; i++) {
        pattern_search_lines(search, tool->subjects[i], reach);
    }
}

static void try_common(struct pattern_search *search)
{
    size_t n = sizeof common_patterns / sizeof *common_patterns;
    for (size_t i = 0; i < n && !search->found; i++) {
        pattern_search_lines(search, common_patterns[i], REACH_FINDING);
    }
}

bantam_status subject_find(const char **subject, struct arena *arena, const struct tool *tool,
                           const struct document *document, struct finding_lines lines,
                           bantam_error *error)
{
    *subject = NULL;
    if (document->n_lines == 0) {
        return BANTAM_OK;
    }
    struct pattern_search search;
    bantam_status status = pattern_search_init(&search, arena, document, lines, error);
    if (status) {
        return status;
    }
    search.accepts = is_telling;
    try_tool(&search, tool, REACH_FINDING);
    try_tool(&search, tool, REACH_CLOSE);
    try_common(&search);
    pattern_search_release(&search);
    bantam_location locations[LOCATIONS_MAXIMUM];
    if (!search.found && !search.out_of_memory &&
        locations_find(locations, arena, document, search.lines) > 0 &&
        !location_is_foreign(locations[0].file)) {
        search.found = locations[0].file;
    }
    *subject = search.found;
    return search.out_of_memory ? error_memory(error) : BANTAM_OK;
}
