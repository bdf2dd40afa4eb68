// Splitting, cleaning, encodings, and bytes that mean harm.
#include "text/document_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "text/visible.h"

static void test_lines_end_at_newline_only(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "a\r\nb \t\n\n  c\x0b"
                    "d\nlast");
    assert_int_equal(document.n_lines, 5);
    assert_int_equal(document.n_lines_total, 5);
    assert_int_equal(document.first_line_number, 1);
    check_text(&document, 1, "a");
    assert_int_equal(document.lines[0].raw_size, 2);
    check_text(&document, 2, "b");
    assert_int_equal(document.lines[1].offset, 3);
    check_text(&document, 3, "");
    check_text(&document, 4, "  cd");
    check_text(&document, 5, "last");
    document_release(&document);
    read_bytes(&document, NULL, 0);
    assert_int_equal(document.n_lines, 0);
    document_release(&document);
    READ(&document, "\n");
    assert_int_equal(document.n_lines, 1);
    document_release(&document);
}

// Vectors count most of them: every size up to a few blocks, and ends of lines at every place.
static void test_lines_of_any_size_are_counted(void **state)
{
    (void)state;
    char raw[1000];
    struct document document;
    for (size_t size = 1; size <= sizeof raw; size++) {
        size_t ends = 0;
        for (size_t at = 0; at < size; at++) {
            raw[at] = (at * at + size) % 7 < 2 ? '\n' : 'x';
            ends += raw[at] == '\n';
        }
        read_bytes(&document, raw, size);
        assert_int_equal(document.n_lines_total, ends + (raw[size - 1] != '\n'));
        document_release(&document);
    }
}

// Around a vector of printable bytes an escape code may stand anywhere.
static void test_codes_are_dropped_at_every_place(void **state)
{
    (void)state;
    static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN~";
    struct document document;
    for (size_t at = 0; at < sizeof text; at++) {
        char raw[2 * sizeof text];
        int size = snprintf(raw, sizeof raw, "%.*s\033[1m%s", (int)at, text, text + at);
        read_bytes(&document, raw, (size_t)size);
        check_text(&document, 1, text);
        document_release(&document);
    }
}

static void test_plain_text_is_a_slice(void **state)
{
    (void)state;
    static const char raw[] = "one\n\ttwo \xC3\xA4\n";
    struct document document;
    READ(&document, raw);
    assert_ptr_equal(document.lines[0].text, raw);
    assert_ptr_equal(document.lines[1].text, raw + 4);
    document_release(&document);
}

static void test_carriage_return_rewinds(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "10%\r50%\r100%\r\n"
                    "shown\r\033[K\r   \r\n"
                    "\rx\n"
                    "\r\r\r\n"
                    "a\r\r\nb");
    check_text(&document, 1, "100%");
    check_flags(&document, 1, LINE_REWOUND);
    check_text(&document, 2, "shown");
    check_text(&document, 3, "x");
    check_text(&document, 4, "");
    check_text(&document, 5, "a");
    check_no_flags(&document, 5, LINE_REWOUND);
    document_release(&document);
}

static void test_escape_codes(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "\033[1;31merror\033[0m: x\n"
                    "\033]8;;http://example.org\033\\link\033]8;;\a end\n"
                    "\033(Bcharset\033[?25l\033[2K\n"
                    "\033[38;5;196mred\033[39m \033[38;2;1;2;3mblue\n" // blue goes on
                    "carried\033[0m\n"                                 // 5
                    "\033[32mgreen\n"
                    "and on\n"
                    "\033[0moff\n" // 8
                    "\033]0;title without end\n"
                    "\033[31m\n" // 10
                    "\033[m\033\n"
                    "\x9B"
                    "31mc1\x9B"
                    "0m \xC2\x9Bz \xC3\x9B\n");
    check_text(&document, 1, "error: x");
    check_flags(&document, 1, LINE_RED | LINE_BOLD | LINE_COLORED);
    check_text(&document, 2, "link end");
    check_no_flags(&document, 2, LINE_COLORED);
    check_text(&document, 3, "charset");
    check_text(&document, 4, "red blue");
    check_flags(&document, 4, LINE_RED);
    check_flags(&document, 5, LINE_COLORED);
    check_no_flags(&document, 5, LINE_RED);
    check_flags(&document, 7, LINE_GREEN);
    check_no_flags(&document, 8, LINE_GREEN);
    check_text(&document, 9, "0;title without end");
    check_no_flags(&document, 10, LINE_RED);
    check_text(&document, 12, "c1 z \xC3\x9B");
    check_flags(&document, 12, LINE_RED);
    document_release(&document);
}

static void test_color_ends_at_section_borders(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "\033[31mred\n"
                    "still\n"
                    "$ make\n"
                    "plain\n");
    check_flags(&document, 2, LINE_RED);
    check_no_flags(&document, 4, LINE_RED | LINE_COLORED);
    document_release(&document);
}

static void test_backspace(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "wait |\b/\b-\b\\\n"
                    "N\bNA\bAM\bME\bE\n"
                    "100%\b\b\b\b\n"
                    "\b\b\bx\n"
                    "a\xC3\xA4\b\xC3\xB6\n");
    check_text(&document, 1, "wait \\");
    check_text(&document, 2, "NAME");
    check_text(&document, 3, "100%");
    check_text(&document, 4, "x");
    check_text(&document, 5, "a\xC3\xB6");
    document_release(&document);
}

static void test_utf16(void **state)
{
    (void)state;
    struct document document;
    static const char little[] = "\xFF\xFE"
                                 "a\0\r\0\n\0"
                                 "\x0A\x01"
                                 "b\0\n\0"
                                 "\x3D\xD8\x00\xDE"
                                 "\x00\xD8"
                                 "x";
    READ(&document, little);
    assert_int_equal(document.n_lines, 3);
    check_text(&document, 1, "a");
    check_text(&document, 2,
               "\xC4\x8A"
               "b");
    assert_int_equal(document.lines[1].offset, 8);
    assert_int_equal(document.lines[1].raw_size, 4);
    check_text(&document, 3, "\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
    document_release(&document);
    static const char big[] = "\xFE\xFF\0o\0k\0\n\0\033\0[\0003\0001\0m\0r";
    READ(&document, big);
    assert_int_equal(document.n_lines, 2);
    check_text(&document, 1, "ok");
    check_text(&document, 2, "r");
    check_flags(&document, 2, LINE_RED);
    document_release(&document);
    static const char bare[] = "h\0e\0l\0l\0o\0\n\0y\0o\0u\0";
    READ(&document, bare);
    check_text(&document, 1, "hello");
    check_text(&document, 2, "you");
    document_release(&document);
    READ(&document, "\xEF\xBB\xBFtext\n");
    check_text(&document, 1, "text");
    assert_int_equal(document.lines[0].offset, 0);
    document_release(&document);
}

static void test_overlong_line(void **state)
{
    (void)state;
    size_t size = 5 << 20;
    char *raw = malloc(size);
    assert_non_null(raw);
    memset(raw, 'x', size);
    struct document document;
    read_bytes(&document, raw, size);
    assert_int_equal(document.n_lines, 1);
    assert_int_equal(document.lines[0].size, LINE_TEXT_MAXIMUM);
    assert_int_equal(document.lines[0].raw_size, size);
    check_flags(&document, 1, LINE_TRUNCATED);
    document_release(&document);
    memcpy(raw + size - 6, "\rdone\r", 6);
    read_bytes(&document, raw, size);
    check_text(&document, 1, "done");
    document_release(&document);
    for (size_t at = 0; at + 1 < size; at += 2) { // an "\xC3\xA4" would be cut in two
        memcpy(raw + at, "\xC3\xA4", 2);
    }
    raw[0] = 'a';
    memmove(raw + 1, raw + 2, size - 2);
    read_bytes(&document, raw, size - 1);
    assert_int_equal(document.lines[0].size, LINE_TEXT_MAXIMUM - 1);
    document_release(&document);
    memset(raw, 0, size);
    read_bytes(&document, raw, size);
    assert_int_equal(document.n_lines, 1);
    check_text(&document, 1, "");
    document_release(&document);
    memset(raw, '\r', size);
    read_bytes(&document, raw, size);
    check_text(&document, 1, "");
    document_release(&document);
    free(raw);
}

static void test_head_of_a_huge_log_is_left_out(void **state)
{
    (void)state;
    size_t size = 1 << 18;
    char *raw = malloc(size);
    assert_non_null(raw);
    for (size_t at = 0; at < size; at += 1) {
        raw[at] = at % 2 ? '\n' : 'y';
    }
    raw[size - 2] = 'z';
    struct document document;
    read_bytes(&document, raw, size);
    assert_int_equal(document.n_lines_total, size / 2);
    assert_int_equal(document.n_lines, size / 2); // 131,072 lines fit in 200,000
    document_release(&document);
    memset(raw, '\n', size);
    raw[size - 2] = 'z';
    read_bytes(&document, raw, size);
    assert_int_equal(document.n_lines_total, size - 1);
    assert_int_equal(document.n_lines, 200000 + size / 140);
    assert_int_equal(document.first_line_number + document.n_lines - 1, document.n_lines_total);
    check_text(&document, document.n_lines, "z");
    assert_int_equal(document.lines[document.n_lines - 1].offset, size - 2);
    document_release(&document);
    free(raw);
}

// Every prefix of noise in which all that wrappers look for occurs; sanitizers watch.
static void test_noise(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "travis_fold:start:",
        "travis_time:end:",
        "\r",
        "\n",
        "\033[",
        "31m",
        "\033]",
        "\a",
        "##[",
        "group]",
        "Run ",
        "endgroup]",
        "error]",
        "Process completed with exit code ",
        "99999999999",
        "section_start:",
        "section_end:",
        "[Pipeline] {",
        "[Pipeline] }",
        "#12 ",
        "ERROR: ",
        "DONE ",
        "exit code: ",
        "2024-03-01T10:11:12.1234567Z ",
        "\t",
        "$ ",
        "+ ",
        "> ",
        "make: *** ",
        "\xC3",
        "\xFF\xFE",
        "The command \"",
        "\" exited with ",
        "-1.",
        "--- ",
        "~~~ ",
        "Finished: ",
        "====>> ",
        "#!/bin/",
        "==================== Test output for ",
        "Attaching to ",
        "web-1  | ",
        "a:b: cache miss, executing ",
        "[1] ",
        "a b$ ",
        "\b",
        " ",
        "",
    };
    uint64_t random = 7;
    for (int round = 0; round < 300; round++) {
        char raw[600];
        size_t size = 0;
        for (;;) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            const char *piece = pieces[(random >> 33) % (sizeof pieces / sizeof *pieces)];
            size_t length = strlen(piece) ? strlen(piece) : 1;
            if (size + length > sizeof raw) {
                break;
            }
            memcpy(raw + size, piece, length);
            size += length;
        }
        char *exact = malloc(size); // so that a read past the end is seen
        assert_non_null(exact);
        memcpy(exact, raw, size);
        struct document document;
        read_bytes(&document, exact, size);
        for (size_t i = 0; i < document.n_lines; i++) {
            int32_t index = document.lines[i].section;
            assert_true(index < (int32_t)document.n_sections);
            if (index >= 0) {
                assert_in_range(i, document.sections[index].first_line,
                                document.sections[index].last_line);
            }
        }
        for (size_t i = 0; i < document.n_sections; i++) {
            const struct section *section = &document.sections[i];
            assert_true(section->parent < (int32_t)i);
            assert_true(section->first_line <= section->last_line);
            assert_true(section->last_line < document.n_lines);
        }
        document_release(&document);
        free(exact);
    }
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    static const char raw[] =
        "travis_fold:start:a\r\033[0K\033[31mx\033[0m\n$ make\n#1 [2/3] RUN a\n"
        "#1 DONE 1s\n#2 DONE 1s\n#2 CACHED\n";
    for (uint64_t countdown = 0; countdown < 20; countdown++) {
        struct document document;
        memory_fail_after(countdown);
        bantam_status status = document_init(&document, raw, sizeof raw - 1, NULL);
        memory_fail_after(UINT64_MAX);
        if (status == BANTAM_OK) {
            document_release(&document);
            if (countdown == 0) {
                skip(); // built without failing allocations
            }
            return;
        }
        assert_int_equal(status, BANTAM_ERROR_MEMORY);
        assert_null(document.lines);
    }
    fail();
}

static void test_visible(void **state)
{
    (void)state;
    char out[64];
    static const char bad[] = "a\tb\033[0m\x80\xC2\x9B\xC3\xA4\xE2\x80\xAE\0\x7F";
    size_t size = text_visible_utf8(out, sizeof out, bad, sizeof bad - 1);
    static const char good[] = "a b\xEF\xBF\xBD[0m\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA4\xEF\xBF\xBD"
                               "\xEF\xBF\xBD\xEF\xBF\xBD";
    assert_int_equal(size, sizeof good - 1);
    assert_memory_equal(out, good, size);
    assert_int_equal(text_visible_utf8(out, 3, "ab\xC3\xA4", 4), 2);
    assert_int_equal(text_visible_utf8(out, 0, "ab", 2), 0);
    assert_int_equal(text_visible_utf8(out, 3, "\xF0\x9F\x98", 3), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_end_at_newline_only),
        cmocka_unit_test(test_lines_of_any_size_are_counted),
        cmocka_unit_test(test_codes_are_dropped_at_every_place),
        cmocka_unit_test(test_plain_text_is_a_slice),
        cmocka_unit_test(test_carriage_return_rewinds),
        cmocka_unit_test(test_escape_codes),
        cmocka_unit_test(test_color_ends_at_section_borders),
        cmocka_unit_test(test_backspace),
        cmocka_unit_test(test_utf16),
        cmocka_unit_test(test_overlong_line),
        cmocka_unit_test(test_head_of_a_huge_log_is_left_out),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_visible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
