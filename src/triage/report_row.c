// A field is known by its name, indented below a line that has more to say; a row that warns by the one below it that errs; a frame of a
// stack by what was thrown; what a single tool writes by that (tool_row.h).
#include "triage/report_row.h"

#include "features/report_form.h"
#include "text/word_list.h"
#include "triage/difference.h"
#include "triage/stack_trace.h"
#include "triage/tool_row.h"

enum {
    LABEL_MINIMUM = 3, // bytes before a number, with the colon
    LIST_REACH = 2000, // lines of a list of failed tests
    HEAD_REACH = 8,    // fields above one another
    ERROR_REACH = 20,  // rows from one that warns to one that errs
    ROW_GAP = 3,       // lines from one row of a list to the next: an excerpt, the next file's name
    ERRORS_GAP = 60,   // lines from one error of a compiler to the next: its notes, warnings
};

// Whether a line is a label and a number, and which.
static bool is_count(struct span text, int32_t *count)
{
    text = span_trim(text);
    size_t digits = 0;
    while (digits < text.size && byte_is_digit(text.data[text.size - 1 - digits])) {
        digits++;
    }
    struct span label = span_trim(span_of(text.data, text.size - digits));
    if (label.size < LABEL_MINIMUM || !strchr(":=", label.data[label.size - 1]) ||
        !span_number(span_after(text, text.size - digits), count)) {
        return false;
    }
    for (size_t i = 0; i + 1 < label.size; i++) {
        if (!byte_is_letter(label.data[i]) && !strchr(" ()-_/", label.data[i])) {
            return false;
        }
    }
    return true;
}

// "[*] 3 fixable with the `--fix` option": how many of the findings above the tool would mend by itself.
static bool counts_fixable(struct span text)
{
    return span_starts(text, SPAN("[*] ")) &&
           (span_contains(text, SPAN(" fixable with the `--fix`")) ||
            span_contains(text, SPAN(" fixable with `--fix`")));
}

// "found 0 vulnerabilities", "0 errors."
static bool tells_none(struct span text)
{
    static const char *const nouns =
        "vulnerabilities error errors failure failures warnings problems issues offenses";
    text = span_trim(text);
    (void)(span_skip(&text, SPAN("found ")) || span_skip(&text, SPAN("Found ")));
    bool none = span_skip(&text, SPAN("0 "));
    text.size -= span_ends(text, SPAN("."));
    return none && word_list_holds(nouns, ' ', text);
}

bool row_counts(const struct document *document, uint32_t at)
{
    int32_t count, beside;
    const struct line *lines = document->lines;
    if (tells_none(line_span(&lines[at])) || counts_fixable(line_span(&lines[at]))) {
        return true;
    }
    if (!is_count(line_span(&lines[at]), &count)) {
        return false;
    }
    return count == 0 || (at > 0 && is_count(line_span(&lines[at - 1]), &beside)) ||
           (at + 1 < document->n_lines && is_count(line_span(&lines[at + 1]), &beside));
}

bool row_helps(struct span text)
{
    if (!span_skip(&text, SPAN("npm error ")) && !span_skip(&text, SPAN("npm ERR! "))) {
        return false;
    }
    struct span told = span_trim_start(text);
    size_t indent = text.size - told.size;
    return indent >= 4 || (indent >= 2 && span_starts(told, SPAN("--")));
}

// What scanners tell of an entry, whatever its head says.
static const char fields[] = "Severity: |Confidence: |CWE: |More Info: |Location: |Level: |"
                             "Reference: |References: |Rule: |Rule ID: |Impact: ";

static bool is_field(const struct line *line)
{
    return word_list_begins(fields, '|', span_trim(line_span(line)));
}

bool row_tells(struct span text, struct span severity)
{
    text = span_trim(text);
    size_t size = 0;
    while (size < text.size && (byte_is_digit(text.data[size]) || text.data[size] == ':')) {
        size++;
    }
    struct span rest = span_trim(span_after(text, size));
    return size >= 3 && span_digits(text) > 0 && span_starts(rest, severity);
}

static bool is_row_of(const struct line *line, struct span severity)
{
    return row_tells(line_span(line), severity);
}

// The next row of the same file that errs; `at` where there is none.
static uint32_t error_below(const struct document *document, uint32_t at)
{
    for (uint32_t row = at + 1; row < document->n_lines && row - at <= ERROR_REACH; row++) {
        if (is_row_of(&document->lines[row], SPAN("error "))) {
            return row;
        }
        if (!is_row_of(&document->lines[row], SPAN("warning "))) {
            return at;
        }
    }
    return at;
}

// The number of a list's entry, "  3) Cart adds", 0 for any other line.
static int32_t entry_number(const struct line *line)
{
    struct span text = span_trim_start(line_span(line));
    size_t digits = span_digits(text);
    int32_t number = 0;
    bool heads = digits > 0 && digits < 4 && span_starts(span_after(text, digits), SPAN(") ")) &&
                 span_number(text, &number);
    return heads ? number : 0;
}

// In a list of failed tests the line of the first entry that stands where `at` does in its own; `at` outside of such lists.
static uint32_t first_entry(const struct document *document, uint32_t at)
{
    const struct line *lines = document->lines;
    uint32_t head = at;
    while (head > 0 && at - head < HEAD_REACH && entry_number(&lines[head]) == 0) {
        head--;
    }
    int32_t number = entry_number(&lines[head]);
    uint32_t offset = at - head;
    for (uint32_t above = head; number > 1 && above > 0 && head - above < LIST_REACH; above--) {
        if (lines[above].section != lines[at].section) {
            return at;
        }
        if (entry_number(&lines[above]) == 1 &&
            span_indent(line_span(&lines[above])) == span_indent(line_span(&lines[head]))) {
            uint32_t told = above;
            while (told < above + offset && lines[told + 1].size > 0 &&
                   entry_number(&lines[told + 1]) == 0) {
                told++;
            }
            return told == above + offset ? told : above;
        }
    }
    return at;
}

uint32_t row_told_by(const struct document *document, uint32_t at)
{
    static uint32_t (*const tellers[])(const struct document *, uint32_t) = {
        tool_row_told_by, difference_change, stack_trace_exception, first_entry};
    for (size_t i = 0; i < sizeof tellers / sizeof *tellers; i++) {
        uint32_t told_by = tellers[i](document, at);
        if (told_by != at) {
            return told_by;
        }
    }
    size_t indent = span_indent(line_span(&document->lines[at]));
    if (is_row_of(&document->lines[at], SPAN("warning "))) {
        return error_below(document, at);
    }
    if (indent == 0 || !is_field(&document->lines[at])) {
        return at;
    }
    for (uint32_t above = at; above-- > 0 && at - above <= HEAD_REACH;) {
        const struct line *line = &document->lines[above];
        if (line->size == 0 || line->flags & LINE_MARKER ||
            line->section != document->lines[at].section) {
            return at;
        }
        if (span_indent(line_span(line)) < indent) {
            return above;
        }
    }
    return at;
}

static bool is_rule_row(const struct log_features *features, uint32_t at)
{
    static const uint32_t rules = 1U << FORM_RULE_NAME | 1U << FORM_RULE_WORD |
                                  1U << FORM_RULE_CODE | 1U << FORM_RULE_CATEGORY;
    const struct line *line = &features->document->lines[at];
    uint32_t forms =
        report_forms(line_span(line), features->distinct[features->distinct_of_line[at]].kind);
    return forms >> FORM_PLACE & 1 && forms & rules;
}

static bool is_mild(const struct line *line)
{
    struct span text = line_span(line);
    return span_contains(text, SPAN(" warning")) || span_contains(text, SPAN(" note:")) ||
           span_contains(text, SPAN(" info"));
}

// The next row of the list above or below; `at` where there is none.
static uint32_t next_row(const struct log_features *features, uint32_t at, bool up)
{
    const struct document *document = features->document;
    for (uint32_t gap = 1; gap <= ROW_GAP && (up ? gap <= at : at + gap < document->n_lines);
         gap++) {
        uint32_t row = up ? at - gap : at + gap;
        const struct line *line = &document->lines[row];
        if (line->section != document->lines[at].section || line->flags & LINE_MARKER) {
            return at;
        }
        if (is_rule_row(features, row)) {
            return row;
        }
    }
    return at;
}

// The file's ending and nothing else of "A.java:3: error: x", "a.c:1:2: fatal error: x", "a.ts(1,2): error TS1: x",
// "[ERROR] /src/A.java:[3,8] x", "[javac] A.java:3: error: x"; empty where the line is no compiler's error.
static struct span compiler_error(struct span text)
{
    text = span_trim_start(text);
    bool tagged = span_skip(&text, SPAN("[ERROR] ")) || span_skip(&text, SPAN("[error] "));
    span_skip(&text, SPAN("[javac] "));
    size_t end = span_find(text, SPAN(" "));
    struct span place = span_of(text.data, end == SIZE_MAX ? text.size : end);
    size_t dot = place.size;
    for (size_t i = 0; i + 1 < place.size; i++) {
        bool mark = place.data[i] == ':' || place.data[i] == '(';
        if (mark && (byte_is_digit(place.data[i + 1]) || place.data[i + 1] == '[')) {
            struct span rest = span_trim_start(span_after(text, place.size));
            bool errs = tagged || span_starts(rest, SPAN("error")) ||
                        span_starts(rest, SPAN("fatal error"));
            return span_of(place.data + dot, errs && dot < i ? i - dot : 0);
        }
        dot = place.data[i] == '.' ? i : dot;
    }
    return span_of(text.data, 0);
}

// Of a compiler's errors the first one: what follows it is often only its consequence.
static uint32_t first_error(const struct document *document, uint32_t at, struct span ending)
{
    uint32_t first = at;
    for (uint32_t above = at; above-- > 0 && first - above <= ERRORS_GAP;) {
        const struct line *line = &document->lines[above];
        if (line->section != document->lines[at].section || line->flags & LINE_MARKER) {
            break;
        }
        if (span_equal(compiler_error(line_span(line)), ending)) {
            first = above;
        }
    }
    return first;
}

// Of what was thrown or not met in the same words by test after test, the first.
static uint32_t first_thrown(const struct log_features *features, uint32_t at)
{
    const uint32_t *distinct = features->distinct_of_line;
    const struct line *lines = features->document->lines;
    struct span text = line_span(&lines[at]);
    struct line_kind kind = features->distinct[distinct[at]].kind;
    bool thrown = kind.keywords & (1U << KEYWORD_EXCEPTION | 1U << KEYWORD_ASSERT) ||
                  report_forms(text, kind) & 1U << FORM_TEST_ROW;
    for (uint32_t row = 0; thrown && row < at; row++) {
        if (distinct[row] == distinct[at] && lines[row].section == lines[at].section &&
            span_equal(line_span(&lines[row]), text)) {
            return row;
        }
    }
    return at;
}

uint32_t row_first_alike(const struct log_features *features, uint32_t at)
{
    const struct line *lines = features->document->lines;
    struct span ending = compiler_error(line_span(&lines[at]));
    if (ending.size > 0) {
        return first_error(features->document, at, ending);
    }
    uint32_t place = difference_first_place(features->document, at);
    if (place != at) {
        return place;
    }
    if (!is_rule_row(features, at)) {
        return first_thrown(features, at);
    }
    uint32_t top = at, row, next;
    while ((next = next_row(features, top, true)) != top) {
        top = next;
    }
    for (row = top; is_mild(&lines[row]); row = next) {
        next = next_row(features, row, false);
        if (next == row) {
            return top; // none errs
        }
    }
    return row;
}
