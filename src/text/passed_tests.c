// From the last line to the first: verdicts are met before what they are about.
//
// Go ("go test -v": "=== RUN   TestA", "--- PASS: TestA (0.01s)"; gotestsum's "SKIP cart.TestA (0.00s)" and
// "=== SKIP: cart TestA (0.00s)"), GoogleTest ("[ RUN      ] A.b", "[       OK ] A.b (2 ms)"), XCTest
// ("Test Case 'A.b' started at …", "Test Case 'A.b' passed (0.1 seconds)") and CTest ("Start 7: adds", "7/12 Test #7: adds .. Passed"); TAP
// ("ok 3 - adds", "not ok 4 # TODO") and "[pass] adds", whose lines stand alone; pytest's list of warnings, which fail no test, ends with a
// link. A failure that was expected (XFAIL) fails no test either; PHP's run-tests prints how it differed above it. Nor does what configure and
// CMake tried out, which a job prints when they fail (config.log, CMakeError.log): compilers refuse most of it.
#include "text/passed_tests.h"

#include <xxhash.h>

#include "base/index_table.h"
#include "text/span.h"

enum mark_kind {
    NO_MARK,
    BORDER,  // ends what stood before, begins nothing
    STARTS,  // a test
    GOES_ON, // a test that was begun before, after others had their turn
    PASSED,  // or was skipped
    FAILED,
    PASSED_HERE, // a test of which nothing else tells: TAP's "ok 3 - adds"
    WARNINGS,    // of tests, up to where they are documented; failures that were expected
    EXPECTED,    // a failure
    DIFFERS,     // PHP's "========DIFF========", up to "========DONE========" above the verdict
    CONFIG_LOG,  // heads configure's record, which ends with "configure: exit 1"
    PROBE,       // heads CMake's record of one try
    TODO,        // a failure of TAP that is known to be one, with its comments below
};

// What a line tells of a test.
struct mark {
    enum mark_kind kind;
    struct span name;
    bool logs_below; // what the test logged stands below its verdict, indented
};

// How a line of the kind begins; the name behind it ends where the time or a parameter is told.
struct marker {
    const char *opening;
    enum mark_kind kind;
    bool logs_below;
};

static const struct marker go_runs[] = {
    {"=== RUN ", STARTS, false},  {"=== CONT ", GOES_ON, false}, {"=== NAME ", GOES_ON, false},
    {"=== SKIP: ", PASSED, true}, {"=== FAIL: ", FAILED, false}, {"=== PAUSE ", BORDER, false}};
static const struct marker go_verdicts[] = {
    {"--- PASS: ", PASSED, true}, {"--- SKIP: ", PASSED, true}, {"--- FAIL: ", FAILED, true}};
static const struct marker bracketed[] = {
    {"[ RUN      ] ", STARTS, false}, {"[       OK ] ", PASSED, false},
    {"[  SKIPPED ] ", PASSED, false}, {"[pass] ", PASSED_HERE, false},
    {"[PASS] ", PASSED_HERE, false},  {"[  FAILED  ] ", FAILED, false},
    {"[  ERROR   ] ", FAILED, false}};

static struct mark read_marker(struct span text, const struct marker *markers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct span rest = text;
        if (span_skip(&rest, span_of(markers[i].opening, strlen(markers[i].opening)))) {
            rest = span_trim(rest);
            size_t time = span_find(rest, SPAN(" (")), parameter = span_find(rest, SPAN(", "));
            size_t end = time < parameter ? time : parameter;
            return (struct mark){markers[i].kind,
                                 span_of(rest.data, end < rest.size ? end : rest.size),
                                 markers[i].logs_below};
        }
    }
    return (struct mark){.kind = NO_MARK};
}

static struct mark read_xctest(struct span text)
{
    static const struct {
        const char *word;
        enum mark_kind kind;
    } verbs[] = {{"started", STARTS}, {"passed", PASSED}, {"skipped", PASSED}, {"failed", FAILED}};
    size_t end = span_skip(&text, SPAN("Test Case '")) ? span_find(text, SPAN("' ")) : SIZE_MAX;
    for (size_t i = 0; end != SIZE_MAX && i < sizeof verbs / sizeof *verbs; i++) {
        if (span_starts(span_after(text, end + 2), span_of(verbs[i].word, strlen(verbs[i].word)))) {
            return (struct mark){.kind = verbs[i].kind, .name = span_of(text.data, end)};
        }
    }
    return (struct mark){.kind = NO_MARK};
}

// "===== FAILURES =====": pytest's, across the screen.
static struct mark read_heading(struct span text)
{
    if (span_equal(text, SPAN("========DIFF========"))) {
        return (struct mark){.kind = DIFFERS};
    }
    bool ends = span_ends(text, SPAN("====="));
    bool warns = ends && span_contains(text, SPAN("= warnings summary"));
    return (struct mark){.kind = warns ? WARNINGS : ends ? BORDER : NO_MARK};
}

// "Determining if the function socket exists failed with the following output:"
static struct mark read_probe(struct span text)
{
    bool heads = span_ends(text, SPAN(" with the following output:")) ||
                 span_ends(text, SPAN(" with the following compile output:"));
    return (struct mark){.kind = heads ? PROBE : NO_MARK};
}

// TAP's "ok 3 - adds"; "ok" and a tab, where a package of Go's ends.
static struct mark read_ok(struct span text)
{
    if (span_starts(text, SPAN("ok  \t"))) {
        return (struct mark){.kind = BORDER};
    }
    bool passed = span_skip(&text, SPAN("ok ")) && span_digits(text) > 0;
    return (struct mark){.kind = passed ? PASSED_HERE : NO_MARK};
}

// TAP's "not ok 7 - rounds # TODO", and "#   Failed (TODO) test 'rounds'" of it.
static struct mark read_todo(struct span text)
{
    bool todo = span_starts(text, SPAN("#   Failed (TODO) test")) ||
                (span_starts(text, SPAN("not ok ")) && span_contains(text, SPAN(" # TODO")));
    return (struct mark){.kind = todo ? TODO : NO_MARK};
}

// CTest's "    Start 7: adds" and " 7/12 Test  #7: adds ....   Passed    0.01 sec": tests go by their numbers.
static struct mark read_ctest(struct span text)
{
    bool starts = span_skip(&text, SPAN("Start "));
    if (!starts) {
        text = span_after(text, span_digits(text));
        bool counts = span_skip(&text, SPAN("/"));
        text = span_after(text, span_digits(text));
        text = counts && span_skip(&text, SPAN(" Test ")) ? span_trim_start(text) : span_of("", 0);
        span_skip(&text, SPAN("#"));
    }
    text = span_trim_start(text);
    struct span number = span_of(text.data, span_digits(text));
    if (number.size == 0 || !span_starts(span_after(text, number.size), SPAN(": "))) {
        return (struct mark){.kind = NO_MARK};
    }
    bool passed = span_contains(text, SPAN(" Passed "));
    return (struct mark){.kind = starts ? STARTS : passed ? PASSED : FAILED, .name = number};
}

#define READ(text, markers) read_marker(text, markers, sizeof(markers) / sizeof *(markers))

// gotestsum's "SKIP cart.TestAdd (0.00s)", CTest's start of a test.
static struct mark read_skip(struct span text)
{
    static const struct marker skips[] = {{"SKIP ", PASSED, true}};
    bool skips_test = span_starts(text, SPAN("SKIP ")) && span_ends(text, SPAN("s)"));
    return skips_test ? READ(text, skips) : read_ctest(text);
}

// Nearly every line is passed over after one look.
static bool may_begin_mark(char byte)
{
    return byte == '=' || byte == '-' || byte == '[' || byte == 'T' || byte == 'P' || byte == 'F' ||
           byte == 'o' || byte == 'X' || byte == 'E' || byte == 'D' || byte == 'c' || byte == 'n' ||
           byte == 'S' || byte == '#' || byte_is_digit(byte);
}

static struct mark read_mark(struct span text)
{
    switch (text.data[0]) {
    case '=':
        return span_starts(text, SPAN("===== ")) || span_starts(text, SPAN("======"))
                   ? read_heading(text)
                   : READ(text, go_runs);
    case '-':
        return span_starts(text, SPAN("-- Docs: ")) ? (struct mark){.kind = BORDER}
                                                    : READ(text, go_verdicts);
    case '[':
        return READ(text, bracketed);
    case 'T':
        return span_starts(text, SPAN("This file contains any messages produced by compilers"))
                   ? (struct mark){.kind = CONFIG_LOG}
                   : read_xctest(text);
    case 'D':
        return read_probe(text);
    case 'c':
        return (struct mark){.kind =
                                 span_starts(text, SPAN("configure: exit ")) ? BORDER : NO_MARK};
    case 'X':
        return (struct mark){.kind = span_starts(text, SPAN("XFAIL")) ? EXPECTED : NO_MARK};
    case 'E':
        return (struct mark){
            .kind = span_equal(text, SPAN("EXPECTED FAILED TEST SUMMARY")) ? WARNINGS : NO_MARK};
    case 'o':
        return read_ok(text);
    case 'n':
    case '#':
        return read_todo(text);
    case 'S':
        return read_skip(text);
    default:
        if (byte_is_digit(text.data[0])) {
            return read_ctest(text);
        }
        if (span_starts(text, SPAN("Performing "))) {
            return read_probe(text);
        }
        // A package of Go's ends.
        return (struct mark){.kind = span_equal(text, SPAN("PASS")) ||
                                             span_equal(text, SPAN("FAIL")) ||
                                             span_starts(text, SPAN("FAIL\t"))
                                         ? BORDER
                                         : NO_MARK};
    }
}

static struct mark mark_of(const struct line *line)
{
    struct span text = span_trim_start(line_span(line));
    return text.size > 0 && may_begin_mark(text.data[0]) ? read_mark(text)
                                                         : (struct mark){.kind = NO_MARK};
}

bool passed_tests_told(const struct line *line)
{
    enum mark_kind kind = mark_of(line).kind;
    return kind == PASSED || kind == PASSED_HERE || kind == WARNINGS || kind == EXPECTED ||
           kind == CONFIG_LOG || kind == PROBE || kind == TODO;
}

// The walk: verdicts of the tests that are told of below.
struct walk {
    struct document *document;
    // Of names, to enum mark_kind; NO_MARK: none that a test further up could have.
    struct index_table verdicts;
    size_t end;      // of the lines that no mark has claimed
    size_t expected; // the verdict below a difference that was expected; 0: none
};

// Sanitizers that only watch tell of what fails the whole run, whichever test they see it in.
static bool is_watched(const struct line *line)
{
    struct span text = line_span(line);
    return span_contains(text, SPAN("Sanitizer: ")) || span_contains(text, SPAN("runtime error: "));
}

static void mark_lines(struct walk *walk, size_t first, size_t end)
{
    struct line *lines = walk->document->lines;
    for (size_t at = first; at < end; at++) {
        if (is_watched(&lines[at])) {
            return;
        }
    }
    for (size_t at = first; at < end; at++) {
        lines[at].flags |= LINE_PASSED;
    }
}

// The lines below a verdict that are indented deeper.
static size_t logs_end(const struct walk *walk, size_t at)
{
    size_t indent = span_indent(line_span(&walk->document->lines[at])), end = at + 1;
    while (end < walk->end && span_indent(line_span(&walk->document->lines[end])) > indent) {
        end++;
    }
    return end;
}

static size_t comments_end(const struct walk *walk, size_t at)
{
    const struct line *lines = walk->document->lines;
    size_t end = at + 1;
    for (; end < walk->end; end++) {
        struct span text = span_trim_start(line_span(&lines[end]));
        if (!span_starts(text, SPAN("# ")) || span_starts(text, SPAN("#   Failed ")) ||
            span_starts(text, SPAN("# Looks like "))) {
            break;
        }
    }
    return end;
}

static void take_expected(struct walk *walk, size_t at)
{
    const struct line *above = &walk->document->lines[at > 0 ? at - 1 : 0];
    bool differed = span_equal(line_span(above), SPAN("========DONE========"));
    mark_lines(walk, at, at + 1);
    walk->expected = differed ? at : 0;
}

// Whether a record tells why configure itself gave up: "configure:6740: error: no curses".
static bool gives_up(const struct line *line)
{
    struct span text = line_span(line);
    bool own = span_skip(&text, SPAN("configure:"));
    return own && span_starts(span_after(text, span_digits(text)), SPAN(": error: "));
}

// The record from its heading on: to its end, or where the next command begins.
static void mark_record(struct walk *walk, size_t at)
{
    const struct document *document = walk->document;
    int32_t section = document->lines[at].section;
    for (size_t first = at; at < walk->end && document->lines[at].section == section &&
                            (at == first || !(document->lines[at].flags & LINE_COMMAND));
         at++) {
        if (!gives_up(&document->lines[at])) {
            document->lines[at].flags |= LINE_PASSED;
        }
    }
}

static bool take_mark(struct walk *walk, size_t at, const struct mark *mark)
{
    if (mark->kind == NO_MARK) {
        return true;
    }
    if (mark->kind == PASSED_HERE) {
        mark_lines(walk, at, at + 1);
    } else if (mark->kind == WARNINGS) {
        mark_lines(walk, at, walk->end);
    } else if (mark->kind == TODO) {
        mark_lines(walk, at, comments_end(walk, at));
    } else if (mark->kind == CONFIG_LOG || mark->kind == PROBE) {
        mark_record(walk, at);
    } else if (mark->kind == EXPECTED) {
        take_expected(walk, at);
    } else if (mark->kind == DIFFERS) {
        mark_lines(walk, at, walk->expected > at ? walk->expected : at);
        walk->expected = 0;
    } else if (mark->kind != BORDER) {
        bool is_new;
        uint32_t *verdict = index_table_entry(
            &walk->verdicts, XXH3_64bits(mark->name.data, mark->name.size), &is_new);
        if (!verdict) {
            return false;
        }
        if (is_new) {
            *verdict = NO_MARK;
        }
        if (mark->kind == PASSED) {
            mark_lines(walk, at, mark->logs_below ? logs_end(walk, at) : at + 1);
        } else if (mark->kind != FAILED && *verdict == PASSED) {
            mark_lines(walk, at, walk->end);
        }
        *verdict = mark->kind == GOES_ON  ? *verdict
                   : mark->kind == STARTS ? NO_MARK
                                          : (uint32_t)mark->kind;
    }
    walk->end = at;
    return true;
}

bool passed_tests_mark(struct document *document)
{
    struct walk walk = {.document = document, .end = document->n_lines};
    bool fits = true;
    for (size_t at = document->tells_passed ? document->n_lines : 0; fits && at-- > 0;) {
        struct mark mark = mark_of(&document->lines[at]);
        if (mark.kind != NO_MARK) {
            fits = (walk.verdicts.entries || index_table_init(&walk.verdicts, 256)) &&
                   take_mark(&walk, at, &mark);
        }
    }
    index_table_release(&walk.verdicts);
    return fits;
}
