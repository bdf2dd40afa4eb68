// The page: nothing of a log is markup, every line is there or its absence is told, secrets are hidden, sizes keep to their bounds.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/report.h"
#include "report/html.h"
#include "report/sample_diagnosis.h"

// The sample's findings lie in lines 1,042 to 1,057 and in 88 of 2,310.
static const uint64_t SAMPLE_LINES = 2310;

// The page of the sample with a log of `n_lines` such lines; terminated. The caller releases it.
static bantam_buffer render(const char *line, uint64_t n_lines, size_t n_logs)
{
    bantam_buffer log, out;
    bantam_buffer_init(&log, (size_t)1 << 30);
    bantam_buffer_init(&out, (size_t)1 << 30);
    for (uint64_t i = 0; i < n_lines; i++) {
        bantam_buffer_append_format(&log, "%s\n", line);
    }
    bantam_diagnosis diagnosis = sample_diagnosis;
    diagnosis.n_lines = n_lines;
    bantam_report_document document;
    bantam_report_begin(&document, BANTAM_REPORT_HTML);
    bantam_report_options options = bantam_report_options_default();
    options.path = "logs/a <b> & \"c\".log";
    options.log = log.data;
    options.log_size = log.size;
    for (size_t i = 0; i < n_logs; i++) {
        bantam_report_add(&document, &out, &diagnosis, &options);
    }
    bantam_report_end(&document, &out);
    bantam_buffer_append(&out, "", 1);
    assert_false(log.failed || out.failed);
    assert_null(memchr(out.data, '\0', out.size - 1));
    bantam_buffer_release(&log);
    return out;
}

static size_t count(const char *text, const char *wanted)
{
    size_t n = 0;
    for (; (text = strstr(text, wanted)); text += strlen(wanted)) {
        n++;
    }
    return n;
}

// What the page says is not in it.
static uint64_t lines_left_out(const char *text)
{
    uint64_t sum = 0;
    for (; (text = strstr(text, "<div class=\"gap\">")); text++) {
        uint64_t number = 0;
        const char *digit = text + strlen("<div class=\"gap\">");
        const char *said = strstr(digit, " not in this page");
        for (; (*digit >= '0' && *digit <= '9') || *digit == ','; digit++) {
            number = *digit == ',' ? number : 10 * number + (uint64_t)(*digit - '0');
        }
        sum += said && said < strstr(digit, "</div>") ? number : 0;
    }
    return sum;
}

static void logs_are_no_markup(void **state)
{
    (void)state;
    bantam_buffer page =
        render("<script>alert(1)</script></div>\" onclick='x' &amp; \x1b[31mred", SAMPLE_LINES, 1);
    assert_null(strstr(page.data, "<script>alert"));
    assert_null(strstr(page.data, "\" onclick"));
    assert_null(strstr(page.data, "<b> & \""));
    assert_null(memchr(page.data, 0x1b, page.size));
    assert_non_null(strstr(page.data, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_non_null(strstr(page.data, "<title>logs/a &lt;b&gt; &amp; &quot;c&quot;.log"));
    assert_int_equal(count(page.data, "<script>"), 1); // its own
    assert_non_null(strstr(page.data, "default-src 'none'"));
    bantam_buffer_release(&page);
}

static void short_logs_are_whole(void **state)
{
    (void)state;
    bantam_buffer page = render("a line", SAMPLE_LINES, 1);
    assert_int_equal(count(page.data, "<div id=\"l1-"), SAMPLE_LINES);
    assert_int_equal(lines_left_out(page.data), 0);
    assert_non_null(strstr(page.data, "<div id=\"l1-1049\" data-n=\"1049\" class=\"a\">"));
    assert_non_null(strstr(page.data, "<a href=\"#l1-1049\">1,049</a>"));
    bantam_buffer_release(&page);
}

static void long_logs_are_cut_and_say_so(void **state)
{
    (void)state;
    uint64_t n_lines = 150000; // the beginning of a log of more, and shorter, lines is not read
    bantam_buffer page = render("a line of a long log", n_lines, 1);
    size_t n_shown = count(page.data, "<div id=\"l1-");
    assert_in_range(n_shown, 500, 6000);
    assert_int_equal(n_shown + lines_left_out(page.data), n_lines);
    assert_non_null(strstr(page.data, "id=\"l1-1049\""));
    assert_non_null(strstr(page.data, "id=\"l1-88\""));
    assert_non_null(strstr(page.data, "id=\"l1-150000\""));
    assert_non_null(strstr(page.data, "id=\"l1-1\""));
    assert_true(page.size < 1 << 20);
    bantam_buffer_release(&page);
}

static void long_lines_are_cut_and_say_so(void **state)
{
    (void)state;
    char *line = malloc(60001);
    memset(line, 'x', 60000);
    line[60000] = '\0';
    bantam_buffer page = render(line, SAMPLE_LINES, 1);
    size_t n_shown = count(page.data, "<div id=\"l1-");
    assert_int_equal(count(page.data, "… cut; the line has 60.0 KB"), n_shown);
    assert_int_equal(n_shown + lines_left_out(page.data), SAMPLE_LINES);
    assert_true(page.size < 4 << 20);
    free(line);
    bantam_buffer_release(&page);
}

static void secrets_are_hidden(void **state)
{
    (void)state;
    bantam_buffer page = render("token=ghp_0123456789abcdefghijABCDEFGHIJ012345", SAMPLE_LINES, 1);
    assert_null(strstr(page.data, "ghp_0123456789"));
    assert_non_null(strstr(page.data, "2310 secrets stand here as ***"));
    bantam_buffer_release(&page);
}

static void full_pages_keep_the_answers(void **state)
{
    (void)state;
    char line[400];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    bantam_buffer page = render(line, SAMPLE_LINES, 60);
    assert_int_equal(count(page.data, "<article id="), 60);
    assert_true(count(page.data, "The page is full") > 20);
    assert_true(page.size < 32 << 20);
    assert_non_null(strstr(page.data, "<title>logs/a"));
    bantam_buffer_release(&page);
}

static void pages_without_logs_are_pages(void **state)
{
    (void)state;
    bantam_buffer page = render("", 0, 1);
    assert_null(strstr(page.data, "class=\"log\""));
    assert_null(strstr(page.data, "href=\"#l"));
    assert_non_null(strstr(page.data, "assert 100 == 90"));
    bantam_buffer_release(&page);
    page = render("", 0, 0);
    assert_int_equal(count(page.data, "</html>"), 1);
    bantam_buffer_release(&page);
}

static void logs_read_ahead_make_the_same_page(void **state)
{
    (void)state;
    static const char log[] = "a\nexport TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345\nb\n";
    bantam_diagnosis diagnosis = sample_diagnosis;
    diagnosis.n_lines = 3;
    bantam_buffer pages[2];
    for (size_t i = 0; i < 2; i++) {
        bantam_report_document document;
        bantam_report_log *ahead = NULL;
        bantam_report_options options = bantam_report_options_default();
        options.log = log;
        options.log_size = sizeof log - 1;
        if (i == 1) {
            assert_int_equal(bantam_report_log_new(&ahead, log, sizeof log - 1, NULL), BANTAM_OK);
            options.log_ahead = ahead;
        }
        bantam_buffer_init(&pages[i], (size_t)1 << 20);
        bantam_report_begin(&document, BANTAM_REPORT_HTML);
        bantam_report_add(&document, &pages[i], &diagnosis, &options);
        bantam_report_log_free(&ahead);
        assert_null(ahead);
    }
    assert_int_equal(pages[0].size, pages[1].size);
    assert_memory_equal(pages[0].data, pages[1].data, pages[0].size);
    assert_non_null(memmem(pages[0].data, pages[0].size, "TOKEN=***", 9));
    bantam_buffer_release(&pages[0]);
    bantam_buffer_release(&pages[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_are_no_markup),
        cmocka_unit_test(short_logs_are_whole),
        cmocka_unit_test(long_logs_are_cut_and_say_so),
        cmocka_unit_test(long_lines_are_cut_and_say_so),
        cmocka_unit_test(secrets_are_hidden),
        cmocka_unit_test(logs_read_ahead_make_the_same_page),
        cmocka_unit_test(full_pages_keep_the_answers),
        cmocka_unit_test(pages_without_logs_are_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
