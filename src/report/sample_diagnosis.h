// For the tests of the reports: a diagnosis with every field in use, hostile texts among them.
#ifndef BANTAM_REPORT_SAMPLE_DIAGNOSIS_H
#define BANTAM_REPORT_SAMPLE_DIAGNOSIS_H

#include "bantam/triage.h"

static const bantam_log_line sample_excerpt[] = {
    {.line = 1042, .text = "____________________ test_discount ____________________"},
    {.line = 1047, .text = "        cart.add('tea', 100)"},
    {.line = 1048, .text = ">       assert cart.total() == 90"},
    {.line = 1049, .score = 0.99, .text = "E       assert 100 == 90"},
    {.line = 1050, .text = "E        +  where 100 = total()"},
    {.line = 1057, .text = "tests/test_cart.py:48: AssertionError"},
};

static const bantam_cause_probability sample_alternatives[] = {{"crash", 0.05}, {"lint", 0.012345}};

static const bantam_location sample_locations[] = {
    {"tests/test_cart.py", 48, -1},
    {"src/cart.py", 12, 7},
    {"setup.cfg", -1, -1},
};

static const bantam_evidence sample_evidence[] = {
    {1049, "assert", 1.31},
    {1049, "a line of pytest's own", 0.8},
    {1057, "AssertionError", -0.25},
};

static const bantam_finding sample_findings[] = {
    {.rank = 1,
     .score = 0.93,
     .first_line = 1042,
     .last_line = 1057,
     .anchor_line = 1049,
     .cause = "test",
     .cause_probability = 0.91,
     .cause_alternatives = sample_alternatives,
     .n_cause_alternatives = 2,
     .tool = "pytest",
     .subject = "tests/test_cart.py::test_discount",
     .locations = sample_locations,
     .n_locations = 3,
     .transient = "no",
     .fix_id = "test/pytest",
     .fix_text = "Read the assertion of tests/test_cart.py::test_discount and decide whether the "
                 "code or the expectation is wrong.",
     .fix_reproduce = "pytest tests/test_cart.py::test_discount",
     .fix_reason = "tool pytest",
     .excerpt = sample_excerpt,
     .n_excerpt = 6,
     .evidence = sample_evidence,
     .n_evidence = 3},
    {.rank = 2,
     .score = 0.31,
     .first_line = 88,
     .last_line = 88,
     .anchor_line = 88,
     .cause = "unknown",
     .cause_probability = 0.3,
     .cause_alternatives = sample_alternatives,
     .n_cause_alternatives = 1,
     .subject = "escape \x1b[31m quote \" back\\slash \x7f damage \xff\xc2 c1 \xc2\x9b end",
     .transient = "yes",
     .excerpt = sample_excerpt,
     .n_excerpt = 1},
    {.rank = 3, // a piece of the first
     .score = 0.2,
     .first_line = 1041,
     .last_line = 1041,
     .anchor_line = 1041,
     .cause = "test",
     .cause_probability = 0.4,
     .tool = "pytest",
     .transient = "no",
     .excerpt = sample_excerpt,
     .n_excerpt = 1},
};

static const bantam_log_line sample_lines[] = {
    {.line = 1049, .score = 0.99, .text = "E       assert 100 == 90"},
    {.line = 88, .score = 0.31, .text = "tab\tand ünïcode \xe2\x80\xa8 mark"},
};

static const bantam_model_name sample_models[] = {{"ci-lines", "1", "0123456789abcdef"}};

static const bantam_diagnosis sample_diagnosis = {
    .status = BANTAM_DIAGNOSED,
    .n_bytes = 123456789,
    .n_lines = 2310,
    .format = "travis",
    .findings = sample_findings,
    .n_findings = 3,
    .n_failures = 2,
    .lines = sample_lines,
    .n_lines_listed = 2,
    .models = sample_models,
    .n_models = 1,
};

#endif
