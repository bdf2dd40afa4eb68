// JUnit XML has no standard and many writers: what is read here is what they agree on, and what the attributes are called by each.
//
// A JUnit case that failed holds an element "failure" or "error"; message and place stand in attributes or in its text. A TRX result
// has an outcome; the class of its test stands further down, by the test's id.
#include <string.h>

#include "triage/test_report_reading.h"

// FNV-1a
static uint64_t hash_more(uint64_t hash, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3U;
    }
    return (hash ^ 0xff) * 0x100000001b3U;
}

uint64_t reading_key(struct span group, struct span name)
{
    return hash_more(hash_more(0xcbf29ce484222325U, group), name);
}

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

static void begin_case(struct report_reading *reading)
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

static bool is_named(const struct report_reading *reading, const char *name)
{
    return span_equal(reading->xml.name, span_of(name, strlen(name)));
}

enum report_form report_form_of(struct span root)
{
    static const char *const junit[] = {"testsuites", "testsuite"};
    return SPAN_IS_ONE_OF(root, junit)         ? REPORT_JUNIT
           : span_equal(root, SPAN("TestRun")) ? REPORT_TRX
                                               : REPORT_OTHER;
}

static void open_junit_case(struct report_reading *reading)
{
    static const char *const left_out[] = {"disabled", "notrun"}; // as CTest and GoogleTest say
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
    reading->skipped = SPAN_IS_ONE_OF(xml_attribute(xml, "status"), left_out);
}

static void open_failure(struct report_reading *reading)
{
    reading->failed = true;
    if (reading->in_failure == 0 && reading->body_size == 0) {
        reading->in_failure = reading->xml.depth;
        reading->message_size = take(reading->message, &reading->xml, "message");
    }
}

static void open_junit(struct report_reading *reading)
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

static void open_trx(struct report_reading *reading)
{
    static const char *const failed[] = {"Failed", "Error", "Timeout", "Aborted"};
    static const char *const skipped[] = {"NotExecuted", "NotRunnable", "Pending", "Inconclusive",
                                          "Disconnected"};
    const struct xml_reader *xml = &reading->xml;
    struct span outcome = xml_attribute(xml, "outcome");
    bool run =
        is_named(reading, "RunInfo"); // what befell the run as a whole, as a host that crashed
    if (is_named(reading, "UnitTestResult") || (run && SPAN_IS_ONE_OF(outcome, failed))) {
        begin_case(reading); // an inner result takes the place of the one that it is a part of
        reading->failed = SPAN_IS_ONE_OF(outcome, failed);
        reading->skipped = SPAN_IS_ONE_OF(outcome, skipped);
        reading->name_size = take(reading->name, xml, "testName");
        reading->seconds = read_seconds(xml_attribute(xml, "duration"));
        if (run) {
            memcpy(reading->name, "test run", 8);
            reading->name_size = 8;
        } else {
            reading->id = reading_key(xml_attribute(xml, "testId"),
                                      span_of(reading->name, reading->name_size));
        }
    } else if (reading->in_case && (is_named(reading, "Message") || is_named(reading, "Text") ||
                                    is_named(reading, "StackTrace"))) {
        reading->in_failure = reading->xml.depth;
    } else if (is_named(reading, "UnitTest")) {
        reading->name_size = take(reading->name, xml, "name");
        reading->id =
            reading_key(xml_attribute(xml, "id"), span_of(reading->name, reading->name_size));
    } else if (is_named(reading, "TestMethod") && !reading->in_case) {
        reading->class_size = take(reading->class_name, xml, "className");
        bantam_test_reports *reports = reading->reports;
        for (size_t i = reading->first_kept; i < reports->n_kept; i++) {
            if (reports->keys[i] == reading->id) {
                reports->tests[i].class_name =
                    reading_first_line(reading, reading->class_name, reading->class_size);
            }
        }
    }
}

void reading_open(struct report_reading *reading, enum report_form form)
{
    (form == REPORT_JUNIT ? open_junit : open_trx)(reading);
}
