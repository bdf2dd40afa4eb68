// Each of these knows one tool's way of writing, and the line above or below that says what the line at hand only belongs to.
#include "triage/tool_row.h"

#include <string.h>

#include "text/word_list.h"

enum {
    TEST_REACH = 1000, // lines from the list of failed tests to what they said
    ISSUE_REACH = 12,  // lines from a remark to the last row of the source that it shows
    VALUES_REACH = 8,  // values that disprove a property
    CLOSE = 3,         // lines between what a tool says at once
};

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
    for (uint32_t below = at + 1; shown && below < document->n_lines && below - at <= CLOSE;
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
    while (row > 0 && at - row < CLOSE && !is_pytests_error(document, row)) {
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
    for (uint32_t above = at; none && above > 0 && at - above < CLOSE; above--) {
        if (span_contains(line_span(&document->lines[above - 1]),
                          SPAN("Credentials not correct for "))) {
            return above - 1;
        }
    }
    return at;
}

// Of the values that QuickCheck shows below "cart total *** Failed! Falsified (after 3 tests):", that line; else `at`.
static uint32_t falsified_above(const struct document *document, uint32_t at)
{
    for (uint32_t above = at; above-- > 0 && at - above <= VALUES_REACH;) {
        struct span text = line_span(&document->lines[above]);
        if (text.size == 0 || document->lines[above].section != document->lines[at].section) {
            break;
        }
        if (span_contains(text, SPAN("*** Failed! "))) {
            return above;
        }
    }
    return at;
}

// Of the place below ExUnit's "  1) test adds (CartTest)", that heading; else `at`.
static uint32_t heading_above(const struct document *document, uint32_t at)
{
    struct span place = span_trim(line_span(&document->lines[at]));
    size_t end = span_find(place, SPAN(".exs:"));
    bool is_place =
        end != SIZE_MAX && end + 5 + span_digits(span_after(place, end + 5)) == place.size;
    struct span heading = span_trim(line_span(&document->lines[at > 0 ? at - 1 : 0]));
    size_t digits = span_digits(heading);
    bool heads = digits > 0 && span_starts(span_after(heading, digits), SPAN(") test "));
    return is_place && heads ? at - 1 : at;
}

// Of testthat's last word, "Error: Test failures", the first failure of its list; else `at`.
static uint32_t first_failure_above(const struct document *document, uint32_t at)
{
    uint32_t first = at;
    struct span text = span_trim(line_span(&document->lines[at]));
    for (uint32_t above = at; span_equal(text, SPAN("Error: Test failures")) && above-- > 0 &&
                              at - above <= TEST_REACH;) {
        struct span row = span_trim(line_span(&document->lines[above]));
        if (span_skip(&row, SPAN("── ")) && word_list_begins("Failure|Error", '|', row)) {
            first = above;
        }
    }
    return first;
}

// Of what rustc notes of a lint, "   = note: `-D x` implied by `-D warnings`", what the lint found, "error: unused x"; else `at`.
static uint32_t noted_above(const struct document *document, uint32_t at)
{
    static const char *const of_lints[] = {"` implied by `", "` on by default",
                                           "#[warn(",        "#[allow(",
                                           "#[deny(",        "for further information visit "};
    struct span note = span_trim(line_span(&document->lines[at]));
    bool is_note = word_list_begins("= note: |= help: ", '|', note), of_lint = false;
    for (size_t i = 0; i < sizeof of_lints / sizeof *of_lints; i++) {
        of_lint |= span_contains(note, span_of(of_lints[i], strlen(of_lints[i])));
    }
    for (uint32_t above = at; is_note && of_lint && above-- > 0 && at - above <= ISSUE_REACH;) {
        struct span text = line_span(&document->lines[above]);
        if (text.size == 0) {
            break;
        }
        if (span_starts(text, SPAN("error")) || span_starts(text, SPAN("warning"))) {
            return above;
        }
    }
    return at;
}

// Of what the shell says of the command that travis_wait ended, "functions: line 109: 219 Killed ...", why it did; else `at`.
static uint32_t patience_above(const struct document *document, uint32_t at)
{
    bool ended = span_contains(line_span(&document->lines[at]), SPAN("/.travis/functions: line "));
    for (uint32_t above = at; ended && above-- > 0 && at - above <= CLOSE;) {
        struct span text = line_span(&document->lines[above]);
        if (span_starts(text, SPAN("Timeout (")) && span_contains(text, SPAN(" Terminating "))) {
            return above;
        }
    }
    return at;
}

// The first line of the section above, no further than TEST_REACH, that holds both; `at` where none does. NULL: only the first.
static uint32_t first_holding(const struct document *document, uint32_t at, const char *one,
                              const char *other)
{
    uint32_t first = at;
    for (uint32_t above = at; above-- > 0 && at - above <= TEST_REACH;) {
        struct span text = line_span(&document->lines[above]);
        if (document->lines[above].section != document->lines[at].section) {
            break;
        }
        if (span_contains(text, span_of(one, strlen(one))) &&
            (!other || span_contains(text, span_of(other, strlen(other))))) {
            first = above;
        }
    }
    return first;
}

// Of nox's list of sessions, "nox > * lint-3.12: failed", what it said of that one; else `at`.
static uint32_t session_above(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    if (!span_skip(&text, SPAN("nox > * ")) || !span_ends(text, SPAN(": failed"))) {
        return at;
    }
    struct span name = span_of(text.data, text.size - 8);
    for (uint32_t above = at; above-- > 0 && at - above <= TEST_REACH;) {
        struct span row = line_span(&document->lines[above]);
        if (span_skip(&row, SPAN("nox > Session ")) && span_starts(row, name) &&
            span_starts(span_after(row, name.size), SPAN(" failed: "))) {
            return above;
        }
    }
    return at;
}

// Of rspec's list of what to run again, "rspec ./a_spec.rb:3 # Cart adds", the first failure; else `at`.
static uint32_t first_example_above(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    bool lists = span_starts(text, SPAN("rspec ./")) && span_contains(text, SPAN(" # "));
    for (uint32_t above = at; lists && above-- > 0 && at - above <= TEST_REACH;) {
        if (span_starts(line_span(&document->lines[above]), SPAN("  1) "))) {
            return above;
        }
    }
    return at;
}

// Of what cargo says of a program that a signal ended, what that said last; else `at`.
static uint32_t overflow_above(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    bool ended = span_contains(text, SPAN("process didn't exit successfully: "));
    for (uint32_t above = at; ended && above-- > 0 && at - above <= VALUES_REACH;) {
        if (span_contains(line_span(&document->lines[above]), SPAN("has overflowed its stack"))) {
            return above;
        }
    }
    return at;
}

// Of what the shell says of Python that a signal ended, what Python itself said of it; else `at`.
static uint32_t fatal_above(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    bool ended = span_contains(text, SPAN(": line ")) && span_contains(text, SPAN("python")) &&
                 (span_contains(text, SPAN(" Segmentation fault ")) ||
                  span_contains(text, SPAN(" Aborted ")));
    return ended ? first_holding(document, at, "Fatal Python error: ", NULL) : at;
}

// Of the further banners of pytest-timeout, the first, which has the test; else `at`.
static uint32_t first_banner(const struct document *document, uint32_t at)
{
    struct span text = span_trim(line_span(&document->lines[at]));
    bool banner = span_starts(text, SPAN("+++++")) && span_contains(text, SPAN("+ Timeout +"));
    return banner ? first_holding(document, at, "+ Timeout +", "::") : at;
}

uint32_t tool_row_told_by(const struct document *document, uint32_t at)
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
        index_above,     issue_above,         suggestion_above,    remark_below, error_above,
        falsified_above, heading_above,       first_failure_above, noted_above,  patience_above,
        session_above,   first_example_above, overflow_above,      fatal_above,  first_banner};
    for (size_t i = 0; i < sizeof tellers / sizeof *tellers; i++) {
        uint32_t told_by = tellers[i](document, at);
        if (told_by != at) {
            return told_by;
        }
    }
    return at;
}
