// A field is known by its name, indented below a line that has more to say; a row that warns by the one below it that errs; a test's
// verdict by what it expected; a frame of a stack by what was thrown.
#include "triage/report_row.h"

#include "features/report_form.h"
#include "text/word_list.h"
#include "triage/difference.h"
#include "triage/stack_trace.h"

enum {
    LABEL_MINIMUM = 3, // bytes before a number, with the colon
    LIST_REACH = 2000, // lines of a list of failed tests
    HEAD_REACH = 8,    // fields above one another
    ERROR_REACH = 20,  // rows from one that warns to one that errs
    ROW_GAP = 3,       // lines from one row of a list to the next: an excerpt, the next file's name
    TEST_REACH = 1000, // lines from the list of failed tests to what they said
    ERRORS_GAP = 60,   // lines from one error of a compiler to the next: its notes, warnings
    ISSUE_REACH = 12,  // lines from a remark to the last row of the source that it shows
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
           span_contains(text, SPAN(" fixable with the `--fix`"));
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

// Of GoogleTest's verdict on a test, alone or in the list at the end, the first expectation that was not met; `at` where none is told.
static uint32_t unmet_expectation(const struct document *document, uint32_t at, struct span test)
{
    uint32_t told = at;
    size_t time = span_find(test, SPAN(" ("));
    test.size = time < test.size ? time : test.size;
    for (uint32_t above = at; test.size > 0 && above-- > 0 && at - above <= TEST_REACH;) {
        struct span text = line_span(&document->lines[above]);
        if (span_ends(text, SPAN(": Failure")) || span_contains(text, SPAN("): error: "))) {
            told = above;
        } else if (span_skip(&text, SPAN("[ RUN      ] "))) {
            if (span_equal(text, test)) {
                return told;
            }
            told = at;
        }
    }
    return at;
}

// Of PHPUnit's count the first failed test in its lists; `at` where none is told.
static uint32_t first_counted_test(const struct document *document, uint32_t at)
{
    uint32_t told = at;
    for (uint32_t above = at; above-- > 0 && at - above <= TEST_REACH;) {
        struct span text = line_span(&document->lines[above]);
        if (span_starts(text, SPAN("PHPUnit "))) {
            break;
        }
        if (span_starts(text, SPAN("1) ")) && document->lines[above + 1].size > 0) {
            told = above + 1 < at ? above + 1 : told;
        }
    }
    return told;
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

// What ssh or the server said above git's "fatal: Could not read from remote repository."; `at` where neither said anything.
static uint32_t refusal_above(const struct document *document, uint32_t at)
{
    const struct line *above = &document->lines[at > 0 ? at - 1 : 0];
    struct span text = line_span(above);
    bool tells = at > 0 && text.size > 0 && above->section == document->lines[at].section &&
                 !(above->flags & (LINE_COMMAND | LINE_MARKER)) &&
                 !span_starts(text, SPAN("Cloning into "));
    return tells ? at - 1 : at;
}

// Of a row of the source that bandit shows below an issue, "698\t    subprocess.call(hook)", the issue; else `at`.
static uint32_t issue_above(const struct document *document, uint32_t at)
{
    struct span row = line_span(&document->lines[at]);
    size_t digits = span_digits(row);
    if (digits == 0 || digits == row.size || !byte_is_blank(row.data[digits])) {
        return at;
    }
    for (uint32_t above = at; above-- > 0 && at - above <= ISSUE_REACH;) {
        struct span text = line_span(&document->lines[above]);
        if (span_starts(text, SPAN(">> Issue: "))) {
            return above;
        }
    }
    return at;
}

// Of what hlint shows below "a.hs:3:4: Suggestion: Use infix", as found and as it may be, that row; else `at`.
static uint32_t suggestion_above(const struct document *document, uint32_t at)
{
    for (uint32_t above = at; above > 0 && at - above <= ISSUE_REACH; above--) {
        const struct line *line = &document->lines[above];
        if (line->size == 0) {
            break;
        }
        if (span_equal(line_span(line), SPAN("Found:"))) {
            return above - 1;
        }
    }
    return at;
}

// Of the row of source that shellcheck shows below "In a.sh line 3:", what it says of it, "  ^-- SC2086 (info): x"; else `at`.
static uint32_t remark_below(const struct document *document, uint32_t at)
{
    struct span above = at > 0 ? line_span(&document->lines[at - 1]) : span_of("", 0);
    bool shown = span_starts(above, SPAN("In ")) && span_contains(above, SPAN(" line ")) &&
                 span_ends(above, SPAN(":"));
    for (uint32_t below = at + 1; shown && below < document->n_lines && below - at <= ROW_GAP;
         below++) {
        struct span row = span_trim_start(line_span(&document->lines[below]));
        if (span_starts(row, SPAN("^-")) &&
            (span_contains(row, SPAN("-^ SC")) || span_contains(row, SPAN("-- SC")))) {
            return below;
        }
    }
    return at;
}

static bool is_pytests_error(const struct document *document, uint32_t at)
{
    return span_starts(line_span(&document->lines[at]), SPAN("E  "));
}

// Of pytest's row of the place where a test failed, "tests/test_cart.py:13: AssertionError", the first row of what failed there,
// "E       assert 90 == 100"; else `at`.
static uint32_t error_above(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    size_t place = span_find(text, SPAN(".py:"));
    struct span rest = span_after(text, place == SIZE_MAX ? text.size : place + 4);
    size_t digits = span_digits(rest);
    rest = span_after(rest, digits);
    if (digits == 0 || !span_skip(&rest, SPAN(": ")) || span_contains(rest, SPAN(" "))) {
        return at;
    }
    uint32_t row = at;
    while (row > 0 && at - row < ROW_GAP && !is_pytests_error(document, row)) {
        row--;
    }
    if (!is_pytests_error(document, row)) {
        return at;
    }
    while (row > 0 && is_pytests_error(document, row - 1)) {
        row--;
    }
    return row;
}

// Of pip's word that no version of a package is there, the index's refusal to tell of any; else `at`.
static uint32_t index_above(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    bool none = span_starts(text, SPAN("ERROR: Could not find a version that satisfies")) ||
                span_starts(text, SPAN("ERROR: No matching distribution found for"));
    for (uint32_t above = at; none && above > 0 && at - above < ROW_GAP; above--) {
        if (span_contains(line_span(&document->lines[above - 1]),
                          SPAN("Credentials not correct for "))) {
            return above - 1;
        }
    }
    return at;
}

uint32_t row_told_by(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    struct span verdict = text;
    if (span_starts(text, SPAN("fatal: Could not read from remote repository"))) {
        return refusal_above(document, at);
    }
    if (span_skip(&verdict, SPAN("[  FAILED  ] "))) {
        return unmet_expectation(document, at, verdict);
    }
    if (span_starts(text, SPAN("Tests: ")) && span_contains(text, SPAN(", Assertions: "))) {
        return first_counted_test(document, at);
    }
    static uint32_t (*const tellers[])(const struct document *, uint32_t) = {
        index_above, issue_above,       suggestion_above,      remark_below,
        error_above, difference_change, stack_trace_exception, first_entry};
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
