// Reads reports of tests and keeps what failed, once each, with the line of its text that says why and the place that it names.
#include "triage/test_report.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/encoding.h"
#include "text/visible.h"
#include "triage/test_report_reading.h"
#include "triage/tools.h"

const char *reading_first_line(struct report_reading *reading, const char *text, size_t size)
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
static void find_place(struct report_reading *reading, bantam_failed_test *test)
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
static const char *body_line(struct report_reading *reading)
{
    struct span body = span_of(reading->body, reading->body_size);
    struct span name = span_of(reading->name, reading->name_size);
    for (;;) {
        size_t end = span_find(body, SPAN("\n"));
        struct span line = span_of(body.data, end == SIZE_MAX ? body.size : end);
        bool names = name.size > 0 && span_contains(line, name);
        if (end == SIZE_MAX || !(names || span_starts(line, SPAN("=== ")))) {
            return reading_first_line(reading, body.data, body.size);
        }
        body = span_after(body, end + 1);
    }
}

static void keep_failed(struct report_reading *reading)
{
    bantam_test_reports *reports = reading->reports;
    uint64_t key = reading->id;
    if (key == 0) {
        key = reading_key(span_of(reading->class_name, reading->class_size),
                          span_of(reading->name, reading->name_size));
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
        .name = reading_first_line(reading, reading->name, reading->name_size),
        .class_name = reading_first_line(reading, reading->class_name, reading->class_size),
        .file = reading_first_line(reading, reading->file, reading->file_size),
        .message = reading_first_line(reading, reading->message, reading->message_size)};
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

static void end_case(struct report_reading *reading)
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

static void add_text(struct report_reading *reading)
{
    if (reading->in_case && reading->in_failure) {
        size_t room = sizeof reading->body - reading->body_size;
        reading->body_size += xml_decode(reading->body + reading->body_size, room,
                                         reading->xml.text, reading->xml.literal);
    }
}

static void close_element(struct report_reading *reading)
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

static bantam_status not_a_report(const struct report_reading *reading, bantam_error *error)
{
    char name[48];
    size_t n = text_visible_utf8(name, sizeof name - 1, reading->xml.name.data,
                                 reading->xml.name.size < 40 ? reading->xml.name.size : 40);
    name[n] = '\0';
    return error_set(error, BANTAM_ERROR_INPUT,
                     "is no report of tests: its first element is %s; give JUnit XML or TRX", name);
}

static bantam_status read_report(struct report_reading *reading, bantam_error *error)
{
    enum report_form form = REPORT_OTHER;
    for (;;) {
        switch (xml_reader_next(&reading->xml)) {
        case XML_OPENED:
            form = form == REPORT_OTHER ? report_form_of(reading->xml.name) : form;
            if (form == REPORT_OTHER) {
                return not_a_report(reading, error);
            }
            reading_open(reading, form);
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
    struct report_reading *reading = memory_allocate_array(1, sizeof *reading);
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
    return event == XML_OPENED && report_form_of(xml.name) != REPORT_OTHER;
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
