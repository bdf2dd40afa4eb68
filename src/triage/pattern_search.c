// Compiles a pattern when the first line has what it needs, and tries it from the anchor outwards.
#include "triage/pattern_search.h"

#include <string.h>

#include "base/error.h"
#include "text/byte_pairs.h"
#include "text/visible.h"
#include "triage/pattern_needs.h"
#include "triage/pattern_options.h"

enum {
    FOUND_MAXIMUM = 200, // bytes
    LINE_LIMIT = 1024,   // bytes of a line that are looked at
    LINES_LIMIT = 120,   // of a finding
    CLOSE = 12,          // lines before and behind it
    MATCH_LIMIT = 20000,
    DEPTH_LIMIT = 200,
    TRIES = 8, // matches of a line, where those before were not accepted
};

bantam_status pattern_search_init(struct pattern_search *search, struct arena *arena,
                                  const struct document *document, struct finding_lines lines,
                                  bantam_error *error)
{
    uint32_t end = document->n_lines > 0 ? (uint32_t)document->n_lines - 1 : 0;
    lines.last = lines.last < end ? lines.last : end;
    lines.first = lines.first < lines.last ? lines.first : lines.last;
    lines.anchor = lines.anchor < lines.first  ? lines.first
                   : lines.anchor > lines.last ? lines.last
                                               : lines.anchor;
    *search = (struct pattern_search){.document = document, .lines = lines, .arena = arena};
    search->limits = pcre2_match_context_create(NULL);
    if (!search->limits) {
        return error_memory(error);
    }
    pcre2_set_match_limit(search->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(search->limits, DEPTH_LIMIT);
    return BANTAM_OK;
}

void pattern_search_release(struct pattern_search *search)
{
    pcre2_match_context_free(search->limits);
    search->limits = NULL;
}

// "@shop%2fcart", as an address has it, is "@shop/cart".
static size_t with_slash(char *text, size_t size)
{
    char *code = memmem(text, size, "%2f", 3);
    code = code ? code : memmem(text, size, "%2F", 3);
    if (code) {
        *code = '/';
        memmove(code + 1, code + 3, size - (size_t)(code + 3 - text));
        size -= 2;
    }
    return size;
}

static void keep(struct pattern_search *search, const char *text, size_t size)
{
    char shown[FOUND_MAXIMUM * 3];
    size = size < FOUND_MAXIMUM ? size : FOUND_MAXIMUM;
    while (size > 0 && (text[0] == ' ' || text[0] == '\t')) {
        text++;
        size--;
    }
    while (size > 0 && strchr(" \t:,;", text[size - 1]) && text[size - 1]) {
        size--;
    }
    if (search->accepts && !search->accepts(text, size)) {
        return;
    }
    size_t n = text_visible_utf8(shown, sizeof shown, text, size);
    n = with_slash(shown, n);
    if (n > 0) {
        search->found = arena_copy(search->arena, shown, n);
        search->out_of_memory |= !search->found;
    }
}

// A pattern, compiled when a line has what it needs.
struct pattern {
    const char *text;
    struct pattern_needs needs; // a line without them can't match
    bool spans_two;             // it holds a \n: it is matched against a line and the one below
    const struct line *last;    // that was tried, unless it spans two; NULL: none yet
    pcre2_code *code;
    pcre2_match_data *data;
    bool is_bad;
};

// Needs are large: only what counts of them is cleared.
static void begin_pattern(struct pattern *pattern, const char *text, const char *needs)
{
    pattern->text = text;
    pattern->spans_two = strstr(text, "\\n");
    pattern->last = NULL;
    pattern->code = NULL;
    pattern->data = NULL;
    pattern->is_bad = false;
    if (needs) {
        pattern_needs_unpack(&pattern->needs, needs);
    } else {
        pattern_needs_read(&pattern->needs, text);
    }
}

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
static const char *from_run_start(struct pattern_search *search, const char *text)
{
    size_t size = leading_class(text);
    return size ? arena_format(search->arena, "(?<!%.*s)%s", (int)size, strchr(text, '>') + 1, text)
                : text;
}

static bool pattern_compile(struct pattern_search *search, struct pattern *pattern)
{
    if (!pattern->code && !pattern->is_bad) {
        int problem;
        PCRE2_SIZE where;
        const char *text = from_run_start(search, pattern->text);
        pattern->code = text ? pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
                                             pattern_options(text), &problem, &where, NULL)
                             : NULL;
        pattern->data =
            pattern->code ? pcre2_match_data_create_from_pattern(pattern->code, NULL) : NULL;
        pattern->is_bad = !pattern->data;
    }
    return !pattern->is_bad;
}

// The subject of the match at hand, kept where it is accepted.
static void take_match(struct pattern_search *search, struct pattern *pattern, const char *text)
{
    int group = pcre2_substring_number_from_name(pattern->code, (PCRE2_SPTR) "subject");
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
    uint32_t n_groups = pcre2_get_ovector_count(pattern->data);
    if (group > 0 && (uint32_t)group < n_groups && ends[2 * group] != PCRE2_UNSET &&
        ends[2 * group + 1] > ends[2 * group]) {
        keep(search, text + ends[2 * group], ends[2 * group + 1] - ends[2 * group]);
    }
}

static void try_text(struct pattern_search *search, struct pattern *pattern, const char *text,
                     size_t size)
{
    size = size < LINE_LIMIT ? size : LINE_LIMIT;
    if (search->found || !pattern_needs_met(&pattern->needs, text, size) ||
        !pattern_compile(search, pattern)) {
        return;
    }
    size_t from = 0;
    for (int tries = 0; tries < TRIES && from < size && !search->found; tries++) {
        if (pcre2_match(pattern->code, (PCRE2_SPTR)text, size, from, 0, pattern->data,
                        search->limits) < 1) {
            return;
        }
        take_match(search, pattern, text);
        size_t end = pcre2_get_ovector_pointer(pattern->data)[1];
        from = end > from ? end : from + 1;
        if (!search->accepts) {
            return;
        }
    }
}

// The line and the one below it.
static void try_two_lines(struct pattern_search *search, struct pattern *pattern,
                          const struct line *line)
{
    char both[LINE_LIMIT];
    size_t first = line[0].size, second = line[1].size;
    if (first + 1 >= sizeof both) {
        return;
    }
    second = second < sizeof both - first - 1 ? second : sizeof both - first - 1;
    memcpy(both, line[0].text, first);
    both[first] = '\n';
    memcpy(both + first + 1, line[1].text, second);
    try_text(search, pattern, both, first + 1 + second);
}

// Whether a line is to be avoided is asked last: that takes longer than to match most patterns.
static void try_line(struct pattern_search *search, struct pattern *pattern, uint32_t at)
{
    const struct line *line = &search->document->lines[at], *last = pattern->last;
    if (!pattern->spans_two) {
        if (last && last->size == line->size && memcmp(last->text, line->text, line->size) == 0) {
            return; // a loop prints hundreds of the same
        }
        pattern->last = line;
        try_text(search, pattern, line->text, line->size);
    } else if (at + 1 < search->document->n_lines) {
        try_two_lines(search, pattern, line);
    }
    if (search->found && search->avoids && search->avoids(line->text, line->size)) {
        search->found = NULL;
    }
}

struct line_range {
    uint32_t first, last; // inclusive
};

// What is close stands in the same step: others have names of their own.
static struct line_range close_lines(const struct pattern_search *search)
{
    const struct document *document = search->document;
    uint32_t first = search->lines.first, last = search->lines.last;
    uint32_t from = 0, to = (uint32_t)document->n_lines - 1;
    int32_t step = document_outermost(document, document->lines[search->lines.anchor].section);
    if (step >= 0 && document->sections[step].first_line <= first &&
        document->sections[step].last_line >= last) {
        from = document->sections[step].first_line;
        to = document->sections[step].last_line;
    }
    return (struct line_range){first - from > CLOSE ? first - CLOSE : from,
                               to - last > CLOSE ? last + CLOSE : to};
}

static struct line_range lines_within(const struct pattern_search *search, enum pattern_reach reach)
{
    uint32_t first = search->lines.first, last = search->lines.last;
    uint32_t anchor = search->lines.anchor;
    if (reach == REACH_CLOSE) {
        struct line_range close = close_lines(search);
        first = close.first;
        last = close.last;
    } else if (reach == REACH_SECTION) {
        const struct line *lines = search->document->lines;
        while (first > 0 && anchor - first < LINES_LIMIT &&
               lines[first - 1].section == lines[anchor].section) {
            first--;
        }
    }
    return (struct line_range){anchor - first < LINES_LIMIT ? first : anchor - LINES_LIMIT + 1,
                               last - anchor < LINES_LIMIT ? last : anchor + LINES_LIMIT - 1};
}

// NULL when memory is out.
static const struct byte_pairs *pairs_within(struct pattern_search *search,
                                             enum pattern_reach reach)
{
    struct byte_pairs **pairs = &search->pairs[reach];
    if (!*pairs) {
        *pairs = arena_allocate_array(search->arena, 1, sizeof **pairs);
        search->out_of_memory |= !*pairs;
        struct line_range range = lines_within(search, reach);
        for (uint32_t at = range.first; *pairs && at <= range.last; at++) {
            const struct line *line = &search->document->lines[at];
            byte_pairs_add(*pairs, line->text, line->size < LINE_LIMIT ? line->size : LINE_LIMIT);
        }
    }
    return *pairs;
}

// Most patterns are about words that none of the lines has: whether one may is asked of all lines at once.
static bool may_match(struct pattern_search *search, const struct pattern *pattern,
                      enum pattern_reach reach)
{
    const struct pattern_needs *needs = &pattern->needs;
    if (!search->pairs || needs->n == 0 || pattern->spans_two) {
        return true;
    }
    const struct byte_pairs *pairs = pairs_within(search, reach);
    for (size_t i = 0; pairs && i < needs->n; i++) {
        if (byte_pairs_may_hold(pairs, needs->words[i], needs->sizes[i])) {
            return true;
        }
    }
    return false;
}

// The anchor first, then the lines around it, the closest first and of two as close the one behind it.
static void try_range(struct pattern_search *search, struct pattern *pattern,
                      enum pattern_reach reach)
{
    struct line_range range = lines_within(search, reach);
    uint32_t anchor = search->lines.anchor;
    for (uint32_t away = 0; away < LINES_LIMIT && !search->found; away++) {
        if (away <= range.last - anchor) {
            try_line(search, pattern, anchor + away);
        }
        if (away > 0 && away <= anchor - range.first && !search->found) {
            try_line(search, pattern, anchor - away);
        }
    }
}

static void end_pattern(struct pattern *pattern)
{
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
}

void pattern_search_lines(struct pattern_search *search, const char *text, const char *needs,
                          enum pattern_reach reach)
{
    if (search->found || search->document->n_lines == 0) {
        return;
    }
    struct pattern pattern;
    begin_pattern(&pattern, text, needs);
    if (may_match(search, &pattern, reach)) {
        try_range(search, &pattern, reach);
    }
    end_pattern(&pattern);
}

void pattern_search_text(struct pattern_search *search, const char *text, const char *needs,
                         struct span in)
{
    if (search->found) {
        return;
    }
    struct pattern pattern;
    begin_pattern(&pattern, text, needs);
    try_text(search, &pattern, in.data, in.size);
    end_pattern(&pattern);
}
