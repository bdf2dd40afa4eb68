// A report of tests while it is read: what the elements of JUnit XML and of TRX say goes into the case that is open.
#ifndef BANTAM_TRIAGE_TEST_REPORT_READING_H
#define BANTAM_TRIAGE_TEST_REPORT_READING_H

#include "text/xml_reader.h"
#include "triage/test_report.h"

struct report_reading {
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

enum report_form {
    REPORT_OTHER,
    REPORT_JUNIT,
    REPORT_TRX,
};

// What a document with that first element is.
enum report_form report_form_of(struct span root);

// Takes in the element that the XML reader has just opened.
void reading_open(struct report_reading *reading, enum report_form form);

// The first line that says something, without what a terminal would not show; NULL where there is none, or no memory.
const char *reading_first_line(struct report_reading *reading, const char *text, size_t size);

// What tells a test from others: a hash of its class, or of its id in TRX, and its name.
uint64_t reading_key(struct span group, struct span name);

#endif
