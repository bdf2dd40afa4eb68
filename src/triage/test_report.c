// JUnit XML has no standard and many writers: what is read here is what they agree on, and what the attributes are called by each.
//
// A JUnit case that failed holds an element "failure" or "error"; message and place stand in attributes or in its text. A TRX result
// has an outcome; the class of its test stands further down, by the test's id.
#include "triage/test_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/encoding.h"
#include "text/visible.h"
#include "text/xml_reader.h"
#include "triage/tools.h"

struct reading {
    bantam_test_reports *reports;
    const char *path;
    struct xml_reader xml;
    size_t in_case;    // depth within the open case or result; 0: none is open
    size_t in_failure; // depth within its failure
    size_t first_kept; // of this report
    bool failed, skipped;
    bool out_of_memory;
    char name[TEST_TEXT], class_name[TEST_TEXT], file[TEST_TEXT], message[TEST_TEXT],
        suite[TEST_TEXT];
    size_t name_size, class_size, file_size, message_size, suite_size;
    int64_t line;
    double seconds;
    uint64_t id;          // hash of the test's, in TRX
    char body[TEST_BODY]; // of the failure
    size_t body_size;
};

// FNV-1a
static uint64_t hash_more(uint64_t hash, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
    }
    return (hash ^ 0xff) * 0x100000001b3U;
}

static uint64_t hash_of(struct span text)
{
    return hash_more(0xcbf29ce484222325U, text.data, text.size);
}

// ---- what a report says -------------------------------------------------------------------------

static size_t take(char out[TEST_TEXT], const struct xml_reader *xml, const char *attribute)
{
    return xml_decode(out, TEST_TEXT, xml_attribute(xml, attribute), false);
}

// "1.5", "1,234.5" as some versions of Surefire write it, "00:00:01.5" of TRX; negative where there is none.
static double read_seconds(struct span text)
{
    double total = 0, part = 0, place = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte_is_digit(byte)) {
            part = place > 0 ? part + (byte - '0') * place : part * 10 + (byte - '0');
            place /= 10;
        } else if (byte == ':') {
            total = (total + part) * 60;
            part = place = 0;
        } else if (byte == '.' && place <= 0) {
            place = 0.1;
        } else if (byte != ',') {
            return -1;
        }
    }
    return text.size > 0 && total + part < 1e9 ? total + part : -1;
}

static int64_t read_line_number(struct span text)
{
    int32_t number;
    return span_number(text, &number) && number > 0 ? number : -1;
}

static void begin_case(struct reading *reading)
{
    reading->in_case = reading->xml.depth;
    reading->in_failure = 0;
    reading->failed = reading->skipped = false;
    reading->name_size = reading->class_size = reading->file_size = 0;
    reading->message_size = reading->body_size = 0;
    reading->line = -1;
    reading->seconds = -1;
    reading->id = 0;
}

// The first line that says something, without what a terminal would not show; NULL where there is none.
static const char *first_line(struct reading *reading, const char *text, size_t size)
{
    size_t from = 0, to;
    while (from < size && (byte_is_blank(text[from]) || text[from] == '\n' || text[from] == '\r')) {
        from++;
    }
    for (to = from; to < size && text[to] != '\n' && text[to] != '\r'; to++) {
    }
    char shown[TEST_TEXT * 3];
    size_t kept = to - from < TEST_TEXT ? to - from : TEST_TEXT;
    size_t n = text_visible_utf8(shown, sizeof shown, text + from, kept);
    const char *copy = n > 0 ? arena_copy(&reading->reports->arena, shown, n) : NULL;
    reading->out_of_memory |= n > 0 && !copy;
    return copy;
}

// The place that the failure's text names first of those in the test's own file, or first of all where that isn't known.
static void find_place(struct reading *reading, bantam_failed_test *test)
{
    struct document document;
    if (reading->body_size == 0) {
        return;
    }
    if (document_init(&document, reading->body, reading->body_size, NULL)) {
        reading->out_of_memory = true;
        return;
    }
    bantam_location places[LOCATIONS_MAXIMUM];
    struct finding_lines lines = {.first = 0, .last = (uint32_t)document.n_lines - 1};
    size_t n = document.n_lines > 0
                   ? locations_find(places, &reading->reports->arena, &document, lines)
                   : 0;
    for (size_t i = 0; i < n; i++) {
        const char *own = test->file ? strrchr(test->file, '/') : NULL;
        own = own ? own + 1 : test->file;
        const char *there = strrchr(places[i].file, '/');
        if (places[i].line > 0 && (!own || strcmp(own, there ? there + 1 : places[i].file) == 0)) {
            test->file = test->file ? test->file : places[i].file;
            test->line = places[i].line;
            break;
        }
    }
    document_release(&document);
}

static bool make_room(bantam_test_reports *reports)
{
    if (reports->n_kept < reports->capacity) {
        return true;
    }
    size_t capacity = reports->capacity ? 2 * reports->capacity : 16;
    bantam_failed_test *tests = memory_resize_array(reports->tests, capacity, sizeof *tests);
    reports->tests = tests ? tests : reports->tests;
    uint64_t *keys = tests ? memory_resize_array(reports->keys, capacity, sizeof *keys) : NULL;
    reports->keys = keys ? keys : reports->keys;
    reports->capacity = keys ? capacity : reports->capacity;
    return keys != NULL;
}

// The first line of the failure's text that is not the test's name, as PHPUnit begins, or "=== RUN", as Go's does.
static const char *body_line(struct reading *reading)
{
    struct span body = span_of(reading->body, reading->body_size);
    struct span name = span_of(reading->name, reading->name_size);
    for (;;) {
        size_t end = span_find(body, SPAN("\n"));
        struct span line = span_of(body.data, end == SIZE_MAX ? body.size : end);
        bool names = name.size > 0 && span_contains(line, name);
        if (end == SIZE_MAX || !(names || span_starts(line, SPAN("=== ")))) {
            return first_line(reading, body.data, body.size);
        }
        body = span_after(body, end + 1);
    }
}

static void keep_failed(struct reading *reading)
{
    bantam_test_reports *reports = reading->reports;
    uint64_t key = reading->id;
    if (key == 0) {
        key = hash_more(hash_of(span_of(reading->class_name, reading->class_size)), reading->name,
                        reading->name_size);
    }
    for (size_t i = 0; i < reports->n_kept; i++) {
        if (reports->keys[i] == key) {
            return;
        }
    }
    if (reports->n_kept == TESTS_KEPT) {
        return;
    }
    bantam_failed_test test = {
        .line = reading->line,
        .seconds = reading->seconds,
        .report = reading->path,
        .name = first_line(reading, reading->name, reading->name_size),
        .class_name = first_line(reading, reading->class_name, reading->class_size),
        .file = first_line(reading, reading->file, reading->file_size),
        .message = first_line(reading, reading->message, reading->message_size)};
    if (!test.message || strcmp(test.message, "Failed") == 0) { // gotestsum's of every test
        const char *line = body_line(reading);
        test.message = line ? line : test.message;
    }
    test.name = test.name ? test.name : arena_copy_string(&reports->arena, "a test without a name");
    find_place(reading, &test);
    reading->out_of_memory |= !test.name || !make_room(reports);
    if (!reading->out_of_memory) {
        reports->tests[reports->n_kept] = test;
        reports->keys[reports->n_kept++] = key;
    }
}

static void end_case(struct reading *reading)
{
    bantam_test_reports *reports = reading->reports;
    reports->n_tests++;
    reports->n_skipped += reading->skipped && !reading->failed;
    reading->in_case = 0;
    if (reading->failed) {
        reports->n_failed++;
        reports->first_failed_report =
            reports->first_failed_report ? reports->first_failed_report : reading->path;
        keep_failed(reading);
    }
}

// ---- JUnit --------------------------------------------------------------------------------------

static bool is_named(const struct reading *reading, const char *name)
{
    return span_equal(reading->xml.name, span_of(name, strlen(name)));
}

static bool is_one_of(struct span text, const char *const *names)
{
    while (*names && !span_equal(text, span_of(*names, strlen(*names)))) {
        names++;
    }
    return *names != NULL;
}

static void open_junit_case(struct reading *reading)
{
    static const char *const left_out[] = {"disabled", "notrun",
                                           NULL}; // as CTest and GoogleTest say
    const struct xml_reader *xml = &reading->xml;
    begin_case(reading);
    reading->name_size = take(reading->name, xml, "name");
    reading->class_size = take(reading->class_name, xml, "classname");
    if (reading->class_size == 0) {
        memcpy(reading->class_name, reading->suite, reading->suite_size);
        reading->class_size = reading->suite_size;
    }
    reading->file_size = take(reading->file, xml, "file");
    reading->line = read_line_number(xml_attribute(xml, "line"));
    reading->seconds = read_seconds(xml_attribute(xml, "time"));
    reading->skipped = is_one_of(xml_attribute(xml, "status"), left_out);
}

static void open_failure(struct reading *reading)
{
    reading->failed = true;
    if (reading->in_failure == 0 && reading->body_size == 0) {
        reading->in_failure = reading->xml.depth;
        reading->message_size = take(reading->message, &reading->xml, "message");
    }
}

static void open_junit(struct reading *reading)
{
    bool failure = is_named(reading, "failure") || is_named(reading, "error");
    if (is_named(reading, "testcase")) {
        open_junit_case(reading);
    } else if (is_named(reading, "testsuite")) {
        reading->suite_size = take(reading->suite, &reading->xml, "name");
    } else if (reading->in_case && reading->xml.depth == reading->in_case + 1) {
        reading->skipped |= is_named(reading, "skipped");
        bool told = reading->message_size > 0 || reading->body_size > 0;
        if (failure) {
            open_failure(reading);
        } else if (reading->failed && !told && is_named(reading, "system-out")) { // of CTest
            reading->in_failure = reading->xml.depth;
        }
    } else if (failure &&
               !reading->in_case) { // of the suite: what comes before or after its cases failed
        begin_case(reading);
        memcpy(reading->name, reading->suite, reading->suite_size);
        reading->name_size = reading->suite_size;
        open_failure(reading);
    }
}

// ---- TRX ----------------------------------------------------------------------------------------

static void open_trx(struct reading *reading)
{
    static const char *const failed[] = {"Failed", "Error", "Timeout", "Aborted", NULL};
    static const char *const skipped[] = {"NotExecuted",  "NotRunnable",  "Pending",
                                          "Inconclusive", "Disconnected", NULL};
    const struct xml_reader *xml = &reading->xml;
    struct span outcome = xml_attribute(xml, "outcome");
    bool run =
        is_named(reading, "RunInfo"); // what befell the run as a whole, as a host that crashed
    if (is_named(reading, "UnitTestResult") || (run && is_one_of(outcome, failed))) {
        begin_case(reading); // an inner result takes the place of the one that it is a part of
        reading->failed = is_one_of(outcome, failed);
        reading->skipped = is_one_of(outcome, skipped);
        reading->name_size = take(reading->name, xml, "testName");
        reading->seconds = read_seconds(xml_attribute(xml, "duration"));
        if (run) {
            memcpy(reading->name, "test run", 8);
            reading->name_size = 8;
        } else {
            reading->id =
                hash_more(hash_of(xml_attribute(xml, "testId")), reading->name, reading->name_size);
        }
    } else if (reading->in_case && (is_named(reading, "Message") || is_named(reading, "Text") ||
                                    is_named(reading, "StackTrace"))) {
        reading->in_failure = reading->xml.depth;
    } else if (is_named(reading, "UnitTest")) {
        reading->id = hash_of(xml_attribute(xml, "id"));
        reading->name_size = take(reading->name, xml, "name");
    } else if (is_named(reading, "TestMethod") && !reading->in_case) {
        uint64_t id = hash_more(reading->id, reading->name, reading->name_size);
        reading->class_size = take(reading->class_name, xml, "className");
        bantam_test_reports *reports = reading->reports;
        for (size_t i = reading->first_kept; i < reports->n_kept; i++) {
            if (reports->keys[i] == id) {
                reports->tests[i].class_name =
                    first_line(reading, reading->class_name, reading->class_size);
            }
        }
    }
}

// ---- one report ---------------------------------------------------------------------------------

static void add_text(struct reading *reading)
{
    if (reading->in_case && reading->in_failure) {
        size_t room = sizeof reading->body - reading->body_size;
        reading->body_size += xml_decode(reading->body + reading->body_size, room,
                                         reading->xml.text, reading->xml.literal);
    }
}

static void close_element(struct reading *reading)
{
    if (reading->in_failure && reading->xml.depth < reading->in_failure) {
        reading->in_failure = 0;
        size_t room = sizeof reading->body - reading->body_size;
        if (room > 0 && reading->body_size > 0) { // a message and the stack below it
            reading->body[reading->body_size++] = '\n';
        }
    }
    if (reading->in_case && reading->xml.depth < reading->in_case) {
        end_case(reading);
    }
}

static bantam_status not_a_report(const struct reading *reading, bantam_error *error)
{
    char name[48];
    size_t n = text_visible_utf8(name, sizeof name - 1, reading->xml.name.data,
                                 reading->xml.name.size < 40 ? reading->xml.name.size : 40);
    name[n] = '\0';
    return error_set(error, BANTAM_ERROR_INPUT,
                     "is no report of tests: its first element is %s; give JUnit XML or TRX", name);
}

static bantam_status read_report(struct reading *reading, bantam_error *error)
{
    bool junit = false, trx = false;
    for (;;) {
        switch (xml_reader_next(&reading->xml)) {
        case XML_OPENED:
            if (!junit && !trx) {
                junit = is_named(reading, "testsuites") || is_named(reading, "testsuite");
                trx = is_named(reading, "TestRun");
                if (!junit && !trx) {
                    return not_a_report(reading, error);
                }
            }
            (junit ? open_junit : open_trx)(reading);
            break;
        case XML_CLOSED:
            close_element(reading);
            break;
        case XML_TEXT:
            add_text(reading);
            break;
        case XML_ENDED:
            return reading->out_of_memory ? error_memory(error) : BANTAM_OK;
        case XML_DAMAGED:
            return error_set_at(error, BANTAM_ERROR_INPUT, reading->xml.at, 0, "%s",
                                reading->xml.problem);
        }
        if (reading->out_of_memory) {
            return error_memory(error);
        }
    }
}

// In the order in which the tests were added; what was read of a damaged report stays.
static bantam_status read_bytes(bantam_test_reports *reports, const char *path, const char *bytes,
                                size_t size, bantam_error *error)
{
    struct reading *reading = memory_allocate_array(1, sizeof *reading);
    const char *copy = arena_copy_string(&reports->arena, path ? path : "-");
    if (!reading || !copy) {
        memory_free(reading);
        return error_memory(error);
    }
    reading->reports = reports;
    reading->path = copy;
    reading->first_kept = reports->n_kept;
    xml_reader_init(&reading->xml, bytes, size);
    size_t n_before = reports->n_tests;
    bantam_status status = read_report(reading, error);
    reports->damaged |= status != BANTAM_OK;
    if (!status || reports->n_tests > n_before) {
        reports->n_reports++;
        reports->first_report = reports->first_report ? reports->first_report : copy;
    }
    memory_free(reading);
    return status;
}

bantam_status bantam_test_reports_add(bantam_test_reports *reports, const char *path,
                                      const void *bytes, size_t size, bantam_error *error)
{
    size_t mark;
    enum encoding encoding = encoding_detect(bytes, size, &mark);
    if (encoding == ENCODING_BYTES) {
        return read_bytes(reports, path, bytes, size, error);
    }
    char *converted = memory_allocate(encoding_capacity(size));
    if (!converted) {
        return error_memory(error);
    }
    size_t n = encoding_convert(encoding, converted, (const char *)bytes + mark, size - mark);
    bantam_status status = read_bytes(reports, path, converted, n, error);
    memory_free(converted);
    return status;
}

bool bantam_is_test_report(const void *bytes, size_t size)
{
    static const char *const roots[] = {"testsuites", "testsuite", "TestRun", NULL};
    char head[8192];
    size_t mark, n = size < sizeof head / 2 ? size : sizeof head / 2;
    enum encoding encoding = encoding_detect(bytes, n, &mark);
    struct xml_reader xml;
    if (encoding == ENCODING_BYTES) {
        xml_reader_init(&xml, bytes, n);
    } else {
        size_t even = (n - mark) / 2 * 2;
        xml_reader_init(&xml, head,
                        encoding_convert(encoding, head, (const char *)bytes + mark,
                                         even < 2048 ? even : 2048));
    }
    enum xml_event event;
    do {
        event = xml_reader_next(&xml);
    } while (event == XML_TEXT);
    return event == XML_OPENED && is_one_of(xml.name, roots);
}

bantam_status bantam_test_reports_new(bantam_test_reports **out, bantam_error *error)
{
    *out = memory_allocate_array(1, sizeof **out);
    return *out ? BANTAM_OK : error_memory(error);
}

void bantam_test_reports_free(bantam_test_reports **reports)
{
    if (*reports) {
        arena_release(&(*reports)->arena);
        memory_free((*reports)->tests);
        memory_free((*reports)->keys);
        memory_free(*reports);
        *reports = NULL;
    }
}

size_t bantam_test_reports_count(const bantam_test_reports *reports)
{
    return reports->n_reports;
}
