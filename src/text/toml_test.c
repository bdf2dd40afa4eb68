// What the reader takes, and that each refusal names its line.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "text/toml.h"

// Everything that was read, as text.
struct trace {
    char text[1024];
};

static void add(struct trace *trace, const char *format, const char *name, const char *value,
                uint64_t line)
{
    size_t size = strlen(trace->text);
    snprintf(trace->text + size, sizeof trace->text - size, format, name, value,
             (unsigned long long)line);
}

static bantam_status table(void *context, const char *name, bool is_element, uint64_t line,
                           bantam_error *error)
{
    (void)error;
    add(context, "[%s%s@%llu]", is_element ? "+" : "", name, line);
    return BANTAM_OK;
}

static bantam_status key(void *context, const char *name, const struct toml_value *value,
                         uint64_t line, bantam_error *error)
{
    (void)error;
    const char *text = value->kind == TOML_STRING ? value->text : value->truth ? "TRUE" : "FALSE";
    add(context, "%s=<%s>@%llu ", name, text, line);
    return BANTAM_OK;
}

static bantam_status read_text(struct trace *trace, const char *toml, bantam_error *error)
{
    const struct toml_visitor visitor = {trace, table, key};
    struct arena arena = ARENA_EMPTY;
    *trace = (struct trace){""};
    // A copy without a byte behind it, for the sanitizer.
    size_t size = strlen(toml);
    char *copy = test_malloc(size + 1);
    memcpy(copy + 1, toml, size);
    bantam_status status = toml_read(copy + 1, size, &arena, &visitor, error);
    test_free(copy);
    arena_release(&arena);
    return status;
}

static void what_settings_need_is_read(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"# only a comment", ""},
        {"\xEF\xBB\xBF"
         "a = true\r\nb=false # end\r\n",
         "a=<TRUE>@1 b=<FALSE>@2 "},
        {"[[rule]]\npattern = 'a\\d+ \"x\"'\n\n[other]\n\"two words\" = \"y\"",
         "[+rule@1]pattern=<a\\d+ \"x\">@2 [other@4]two words=<y>@5 "},
        {"a = \"tab\\t quote\\\" e\\u00e9 \\U0001F600\"",
         "a=<tab\t quote\" e\xC3\xA9 \xF0\x9F\x98\x80>@1 "},
        {"a = \"\"\"\nfirst\nsecond \\\n   joined\"\"\"\nb = '''\nx\\y'''",
         "a=<first\nsecond joined>@1 b=<x\\y>@5 "},
        {"a = ''\nb = \"\"", "a=<>@1 b=<>@2 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trace trace;
        bantam_error error = {.message = ""};
        if (read_text(&trace, cases[i][0], &error)) {
            fail_msg("%s: %s", cases[i][0], error.message);
        }
        assert_string_equal(trace.text, cases[i][1]);
    }
}

static void refusals_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *toml, *reason;
        uint64_t line;
    } cases[] = {
        {"a = 'x", "not closed", 1},
        {"\n\na = \"x\ny\"", "not closed", 3},
        {"a = 3", "in quotes, true or false", 1},
        {"a =", "no value", 1},
        {"\na.b = 'x'", "dotted", 2},
        {"a = ['x']", "lists", 1},
        {"a = {b = 'x'}", "inline tables", 1},
        {"a = 'x' b = 'y'", "behind the value", 1},
        {"[rule", "a table is opened", 1},
        {"[[rule]\n", "a table is opened", 1},
        {"= 'x'", "a key or a table", 1},
        {"a = \"\\d\"", "'...'", 1},
        {"a = \"\\u12\"", "four hexadecimal", 1},
        {"a = \"\\uD800\"", "no character", 1},
        {"a = \"\\", "escape", 1},
        {"\xff", "a key or a table", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trace trace;
        bantam_error error = {.message = ""};
        assert_int_equal(read_text(&trace, cases[i].toml, &error), BANTAM_ERROR_INPUT);
        if (!strstr(error.message, cases[i].reason) || error.line != cases[i].line) {
            fail_msg("%s: line %llu: %s", cases[i].toml, (unsigned long long)error.line,
                     error.message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_settings_need_is_read),
        cmocka_unit_test(refusals_name_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
