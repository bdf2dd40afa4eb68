// What a finding is about, by the tool's own patterns and then by what error messages of any program have in common.
//
// In: patterns (PCRE2 with a group `subject`) and a finding's lines, both of unknown origin. Out: a short text. Matching has limits,
// so that no line and no pattern can take long; a pattern that does not compile is passed over (tests catch those shipped).
#define PCRE2_CODE_UNIT_WIDTH 8
#include "triage/tools.h"

#include <pcre2.h>
#include <string.h>

#include "base/error.h"
#include "text/visible.h"
#include "triage/pattern_literal.h"

enum {
    SUBJECT_MAXIMUM = 200, // bytes
    LINE_LIMIT = 1024,     // bytes of a line that are looked at
    LINES_LIMIT = 120,     // of a finding
    CLOSE = 12,            // lines before and behind it
    MATCH_LIMIT = 20000,
    DEPTH_LIMIT = 200,
};

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

struct search {
    const struct document *document;
    struct finding_lines lines;
    struct arena *arena;
    pcre2_match_context *limits;
    const char *found;
    bool out_of_memory;
};

static void keep(struct search *search, const char *text, size_t size)
{
    char shown[SUBJECT_MAXIMUM * 3];
    size = size < SUBJECT_MAXIMUM ? size : SUBJECT_MAXIMUM;
    while (size > 0 && (text[0] == ' ' || text[0] == '\t')) {
        text++;
        size--;
    }
    while (size > 0 && strchr(" \t:,;", text[size - 1]) && text[size - 1]) {
        size--;
    }
    size_t n = text_visible_utf8(shown, sizeof shown, text, size);
    if (n > 0) {
        search->found = arena_copy(search->arena, shown, n);
        search->out_of_memory = !search->found;
    }
}

// A pattern, compiled when a line has what it needs.
struct pattern {
    const char *text;
    char needs[PATTERN_LITERAL_MAXIMUM]; // a line without it can't match
    pcre2_code *code;
    pcre2_match_data *data;
    bool is_bad;
};

// The bytes of the class that a pattern without alternatives repeats from its start on: 2 in "(?<subject>\\S+x"; 0: none.
static size_t leading_class(const char *text)
{
    static const char opening[] = "(?<subject>";
    size_t size = 0;
    if (strncmp(text, opening, sizeof opening - 1) != 0 || strchr(text, '|')) {
        return 0;
    }
    text += sizeof opening - 1;
    if (text[0] == '\\' && (text[1] == 'S' || text[1] == 'w')) {
        size = 2;
    } else if (text[0] == '[' && text[1] != '^' && text[1] != ']' && !strstr(text, "[:")) {
        for (size = 1; text[size] && text[size] != ']'; size++) {
            size += text[size] == '\\' && text[size + 1];
        }
        size += text[size] == ']';
    }
    return size > 0 && text[size] == '+' ? size : 0;
}

// A run that opens a pattern is tried from its first byte alone: from any other it would match only what it matches from there.
static const char *from_run_start(struct search *search, const char *text)
{
    size_t size = leading_class(text);
    return size ? arena_format(search->arena, "(?<!%.*s)%s", (int)size, strchr(text, '>') + 1, text)
                : text;
}

static bool pattern_compile(struct search *search, struct pattern *pattern)
{
    if (!pattern->code && !pattern->is_bad) {
        int problem;
        PCRE2_SIZE where;
        const char *text = from_run_start(search, pattern->text);
        pattern->code =
            text ? pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, &problem, &where, NULL)
                 : NULL;
        pattern->data =
            pattern->code ? pcre2_match_data_create_from_pattern(pattern->code, NULL) : NULL;
        pattern->is_bad = !pattern->data;
    }
    return !pattern->is_bad;
}

static void try_line(struct search *search, struct pattern *pattern, uint32_t at)
{
    const struct line *line = &search->document->lines[at];
    size_t size = line->size < LINE_LIMIT ? line->size : LINE_LIMIT;
    if (!memmem(line->text, size, pattern->needs, strlen(pattern->needs)) ||
        !pattern_compile(search, pattern) ||
        pcre2_match(pattern->code, (PCRE2_SPTR)line->text, size, 0, 0, pattern->data,
                    search->limits) < 1) {
        return;
    }
    int group = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR) "subject");
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
    uint32_t n_groups = pcre2_get_ovector_count(pattern->data);
    if (group > 0 && (uint32_t)group < n_groups && ends[2 * group] != PCRE2_UNSET &&
        ends[2 * group + 1] > ends[2 * group]) {
        keep(search, line->text + ends[2 * group], ends[2 * group + 1] - ends[2 * group]);
    }
}

// The anchor first, then the lines behind it, then those before it.
static void try_range(struct search *search, struct pattern *pattern, bool around)
{
    uint32_t first = search->lines.first, last = search->lines.last;
    uint32_t anchor = search->lines.anchor, end = (uint32_t)search->document->n_lines - 1;
    if (around) {
        first = first > CLOSE ? first - CLOSE : 0;
        last = end - last > CLOSE ? last + CLOSE : end;
    }
    for (uint32_t at = anchor; at <= last && at - anchor < LINES_LIMIT && !search->found; at++) {
        try_line(search, pattern, at);
    }
    for (uint32_t at = anchor; at-- > first && anchor - at < LINES_LIMIT && !search->found;) {
        try_line(search, pattern, at);
    }
}

static void try_pattern(struct search *search, const char *text, bool around)
{
    struct pattern pattern = {.text = text};
    pattern_literal(text, pattern.needs);
    try_range(search, &pattern, around);
    pcre2_match_data_free(pattern.data);
    pcre2_code_free(pattern.code);
}

static void try_tool(struct search *search, const struct tool *tool, bool around)
{
    for (size_t i = 0; tool && i < tool->n_subjects && !search->found; i++) {
        try_pattern(search, tool->subjects[i], around);
    }
}

static void try_common(struct search *search)
{
    size_t n = sizeof common_patterns / sizeof *common_patterns;
    for (size_t i = 0; i < n && !search->found; i++) {
        try_pattern(search, common_patterns[i], false);
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
    uint32_t end = (uint32_t)document->n_lines - 1;
    lines.last = lines.last < end ? lines.last : end;
    lines.first = lines.first < lines.last ? lines.first : lines.last;
    lines.anchor = lines.anchor < lines.first  ? lines.first
                   : lines.anchor > lines.last ? lines.last
                                               : lines.anchor;
    struct search search = {.document = document, .lines = lines, .arena = arena};
    search.limits = pcre2_match_context_create(NULL);
    if (!search.limits) {
        return error_memory(error);
    }
    pcre2_set_match_limit(search.limits, MATCH_LIMIT);
    pcre2_set_depth_limit(search.limits, DEPTH_LIMIT);
    try_tool(&search, tool, false);
    try_tool(&search, search.found ? NULL : tool, true);
    try_common(&search);
    bantam_location locations[LOCATIONS_MAXIMUM];
    if (!search.found && !search.out_of_memory &&
        locations_find(locations, arena, document, lines) > 0) {
        search.found = locations[0].file;
    }
    pcre2_match_context_free(search.limits);
    *subject = search.found;
    return search.out_of_memory ? error_memory(error) : BANTAM_OK;
}
