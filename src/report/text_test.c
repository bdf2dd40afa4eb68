// The report for a person: what it says, that it keeps to the width, and that no byte of a log acts on the terminal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/report.h"
#include "report/sample_diagnosis.h"
#include "report/utf8.h"

static bantam_buffer render(const bantam_diagnosis *diagnosis, const bantam_report_options *options)
{
    bantam_buffer buffer;
    bantam_buffer_init(&buffer, 1 << 20);
    bantam_report_text(&buffer, diagnosis, options);
    bantam_buffer_append(&buffer, "", 1);
    assert_false(buffer.failed);
    return buffer;
}

static bantam_report_options plain_options(void)
{
    bantam_report_options options = bantam_report_options_default();
    options.path = "build.log";
    options.ascii = true;
    options.width = 80;
    return options;
}

static bantam_diagnosis first_finding_only(void)
{
    bantam_diagnosis diagnosis = sample_diagnosis;
    diagnosis.n_findings = diagnosis.n_failures = 1;
    return diagnosis;
}

static bantam_diagnosis second_finding_only(void)
{
    bantam_diagnosis diagnosis = sample_diagnosis;
    diagnosis.findings = sample_findings + 1;
    diagnosis.n_findings = diagnosis.n_failures = 1;
    diagnosis.status = BANTAM_UNKNOWN;
    return diagnosis;
}

static void the_conclusion_leads(void **state)
{
    (void)state;
    bantam_report_options options = plain_options();
    bantam_diagnosis diagnosis = first_finding_only();
    bantam_buffer text = render(&diagnosis, &options);
    assert_string_equal(
        text.data,
        "FAIL  test failed - pytest - tests/test_cart.py::test_discount - 91%\n"
        "      build.log:1049 - lines 1042-1057 of 2,310 - travis\n"
        "\n"
        "  1042  ____________________ test_discount ____________________\n"
        "     :  4 more lines\n"
        "  1047          cart.add('tea', 100)\n"
        "  1048  >       assert cart.total() == 90\n"
        "> 1049  E       assert 100 == 90\n"
        "  1050  E        +  where 100 = total()\n"
        "     :  6 more lines\n"
        "  1057  tests/test_cart.py:48: AssertionError\n"
        "\n"
        "  Do first    Read the assertion of tests/test_cart.py::test_discount and decide\n"
        "              whether the code or the expectation is wrong.\n"
        "  Reproduce   pytest tests/test_cart.py::test_discount\n"
        "  Where       tests/test_cart.py:48, src/cart.py:12:7, setup.cfg\n"
        "  Why         assert (line 1049), a line of pytest's own\n");
    bantam_buffer_release(&text);
}

static void doubt_is_told(void **state)
{
    (void)state;
    bantam_report_options options = plain_options();
    bantam_diagnosis diagnosis = second_finding_only();
    bantam_buffer text = render(&diagnosis, &options);
    assert_non_null(strstr(text.data, "FAIL  cause not clear - escape ?[31m"));
    assert_non_null(strstr(text.data, "a guess, 31% - travis\n"));
    assert_non_null(strstr(text.data, "\n  Perhaps     crash 5%\n"));
    assert_non_null(strstr(text.data, "\n  Other lines to read\n  1049  E "));
    bantam_buffer_release(&text);
}

static void no_failure_is_told(void **state)
{
    (void)state;
    bantam_report_options options = plain_options();
    bantam_diagnosis diagnosis = {
        .status = BANTAM_NO_FAILURE_FOUND, .format = "plain", .n_lines = 1234567};
    bantam_buffer text = render(&diagnosis, &options);
    assert_non_null(strstr(text.data, "OK    no sign of a failure\n"
                                      "      build.log - 1,234,567 lines - plain\n"));
    bantam_buffer_release(&text);
    options.brief = true;
    text = render(&diagnosis, &options);
    assert_string_equal(text.data, "build.log: OK no sign of a failure\n");
    bantam_buffer_release(&text);
}

static void further_findings_take_a_line_each_and_all_shows_them_whole(void **state)
{
    (void)state;
    bantam_report_options options = plain_options();
    bantam_buffer text = render(&sample_diagnosis, &options);
    assert_non_null(strstr(text.data, "\n  Also        line 88  cause not clear - escape "));
    bantam_buffer_release(&text);
    options.all = true;
    text = render(&sample_diagnosis, &options);
    assert_null(strstr(text.data, "Also"));
    assert_non_null(strstr(text.data, "\n\nALSO  cause not clear - escape "));
    assert_non_null(strstr(text.data, "\n      build.log:88 - line 88 of 2,310"));
    bantam_buffer_release(&text);
}

static size_t count_lines(const bantam_buffer *text)
{
    size_t count = 0;
    for (const char *at = text->data; (at = strchr(at, '\n')) != NULL; at++) {
        count++;
    }
    return count;
}

static void the_anchor_is_wrapped_and_not_cut(void **state)
{
    (void)state;
    bantam_log_line anchor = {
        .line = 7,
        .score = 1,
        .text = "  src/store/index.c:118:5: error: passing argument 2 of 'store_open' from "
                "incompatible pointer type [-Werror=incompatible-pointer-types]"};
    bantam_finding finding = sample_findings[0];
    finding.first_line = finding.last_line = finding.anchor_line = 7;
    finding.excerpt = &anchor;
    finding.n_excerpt = 1;
    bantam_diagnosis diagnosis = first_finding_only();
    diagnosis.findings = &finding;
    bantam_report_options options = plain_options();
    bantam_buffer text = render(&diagnosis, &options);
    assert_non_null(strstr(text.data, ">    7    src/store/index.c:118:5: error: passing argument "
                                      "2 of 'store_open'\n        from incompatible pointer "
                                      "type [-Werror=incompatible-pointer-types]\n\n"));
    bantam_buffer_release(&text);
}

static void few_rows_keep_the_best_lines(void **state)
{
    (void)state;
    enum {
        LINES = 40
    };
    bantam_log_line lines[LINES];
    for (size_t i = 0; i < LINES; i++) {
        lines[i] = (bantam_log_line){.line = 100 + i, .score = 0.1, .text = "filler"};
    }
    lines[3] = (bantam_log_line){.line = 103, .score = 0.9, .text = "Expected: 12"};
    lines[4] = (bantam_log_line){.line = 104, .score = 0.8, .text = "Received: 21"};
    lines[30] = (bantam_log_line){.line = 130, .score = 1, .text = "the anchor"};
    bantam_finding finding = sample_findings[0];
    finding.first_line = 100;
    finding.last_line = 139;
    finding.anchor_line = 130;
    finding.excerpt = lines;
    finding.n_excerpt = LINES;
    bantam_diagnosis diagnosis = first_finding_only();
    diagnosis.findings = &finding;
    bantam_report_options options = plain_options();
    options.rows = 14;
    bantam_buffer text = render(&diagnosis, &options);
    assert_int_equal(count_lines(&text), 14);
    assert_non_null(strstr(text.data, "   103  Expected: 12\n   104  Received: 21\n"
                                      "     :  25 more lines\n>  130  the anchor\n"));
    bantam_buffer_release(&text);
    options.all = true;
    text = render(&diagnosis, &options);
    assert_non_null(strstr(text.data, "   139  filler\n"));
    assert_null(strstr(text.data, "more lines"));
    bantam_buffer_release(&text);
}

static void quotations_are_told_after_one_verb(void **state)
{
    (void)state;
    static const bantam_evidence evidence[] = {{1049, "says \"assert 100\"", 1},
                                               {1049, "says \"where 100\"", 0.5},
                                               {1049, "printed by pytest, a test runner", 0.4},
                                               {1057, "says \"AssertionError\"", 0.3}};
    bantam_finding finding = sample_findings[0];
    finding.evidence = evidence;
    finding.n_evidence = 4;
    bantam_diagnosis diagnosis = first_finding_only();
    diagnosis.findings = &finding;
    bantam_report_options options = plain_options();
    bantam_buffer text = render(&diagnosis, &options);
    assert_non_null(strstr(
        text.data, "  Why         says \"assert 100\" (line 1049), \"where 100\", printed by "
                   "pytest, a\n              test runner, says \"AssertionError\" (line "
                   "1057)\n"));
    bantam_buffer_release(&text);
}

static size_t columns_of(const char *line, size_t size)
{
    size_t columns = 0;
    for (size_t at = 0; at < size;) {
        uint32_t character;
        at += utf8_decode(line + at, size - at, &character);
        assert_int_not_equal(character, UTF8_DAMAGED);
        assert_false(utf8_is_control(character));
        columns += (size_t)utf8_columns(character);
    }
    return columns;
}

// Only the command to be copied may pass the width.
static void assert_within(const bantam_buffer *text, size_t width)
{
    for (const char *line = text->data; *line; line = strchr(line, '\n') + 1) {
        size_t size = (size_t)(strchr(line, '\n') - line);
        size_t columns = columns_of(line, size);
        if (columns > width && !strstr(line, "  Reproduce ")) {
            print_message("width %zu: %.*s\n", width, (int)size, line);
        }
        assert_true(columns <= width || memmem(line, size, "  Reproduce ", 12));
    }
}

static void lines_keep_to_the_width(void **state)
{
    (void)state;
    for (size_t width = 20; width < 140; width++) {
        for (int ascii = 0; ascii < 2; ascii++) {
            bantam_report_options options = plain_options();
            options.width = width;
            options.ascii = ascii;
            options.n_lines = 10;
            options.rows = width / 3;
            bantam_buffer text = render(&sample_diagnosis, &options);
            assert_within(&text, width);
            bantam_buffer_release(&text);
            options.all = true;
            bantam_diagnosis diagnosis = second_finding_only();
            text = render(&diagnosis, &options);
            assert_within(&text, width);
            bantam_buffer_release(&text);
            options.brief = true;
            text = render(&diagnosis, &options);
            assert_within(&text, width);
            bantam_buffer_release(&text);
        }
    }
}

static void without_a_width_nothing_is_cut(void **state)
{
    (void)state;
    bantam_report_options options = plain_options();
    options.width = 0;
    bantam_buffer text = render(&sample_diagnosis, &options);
    assert_null(strchr(text.data, '~'));
    assert_non_null(strstr(text.data, "decide whether the code or the expectation is wrong.\n"));
    bantam_buffer_release(&text);
}

static void colour_is_only_ours(void **state)
{
    (void)state;
    bantam_report_options options = plain_options();
    options.color = true;
    options.all = true;
    bantam_buffer text = render(&sample_diagnosis, &options);
    assert_memory_equal(text.data, "\x1b[1;31mFAIL", 11);
    size_t opened = 0, closed = 0;
    for (const char *at = text.data; (at = strchr(at, '\x1b')) != NULL; at++) {
        assert_int_equal(at[1], '[');
        closed += memcmp(at, "\x1b[0m", 4) == 0;
        opened++;
    }
    assert_int_equal(opened, 2 * closed);
    assert_null(strstr(text.data, "\x1b[31m")); // the log's own
    bantam_buffer_release(&text);
}

static void damaged_utf8_is_stepped_over(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t step;
        uint32_t character;
    } cases[] = {
        {"A", 1, 'A'},
        {"\xc3\xbc", 2, 0xfc},
        {"\xe2\x96\xb6", 3, 0x25b6},
        {"\xf0\x9f\x9a\xa8", 4, 0x1f6a8},
        {"\xc0\x80", 1, UTF8_DAMAGED},         // overlong
        {"\xe0\x80\x80", 1, UTF8_DAMAGED},     // overlong
        {"\xed\xa0\x80", 1, UTF8_DAMAGED},     // surrogate
        {"\xf4\x90\x80\x80", 1, UTF8_DAMAGED}, // above U+10FFFF
        {"\xe2\x96", 2, UTF8_DAMAGED},         // cut
        {"\xf0\x9f\x9a!", 3, UTF8_DAMAGED},    // cut by another character
        {"\x80", 1, UTF8_DAMAGED},             // stray
        {"\xff", 1, UTF8_DAMAGED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t character;
        size_t step = utf8_decode(cases[i].bytes, strlen(cases[i].bytes), &character);
        assert_int_equal(step, cases[i].step);
        assert_int_equal(character, cases[i].character);
    }
    assert_int_equal(utf8_columns(0x1f6a8), 2);
    assert_int_equal(utf8_columns(0x301), 0);
    assert_int_equal(utf8_columns(0x2713), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_conclusion_leads),
        cmocka_unit_test(doubt_is_told),
        cmocka_unit_test(no_failure_is_told),
        cmocka_unit_test(further_findings_take_a_line_each_and_all_shows_them_whole),
        cmocka_unit_test(the_anchor_is_wrapped_and_not_cut),
        cmocka_unit_test(few_rows_keep_the_best_lines),
        cmocka_unit_test(quotations_are_told_after_one_verb),
        cmocka_unit_test(lines_keep_to_the_width),
        cmocka_unit_test(without_a_width_nothing_is_cut),
        cmocka_unit_test(colour_is_only_ours),
        cmocka_unit_test(damaged_utf8_is_stepped_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
