// Patterns of every kind that the table of tools has, and those whose plain look deceives.
#include "triage/pattern_literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_longest_certain_text_is_found(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"^FAILED (?<subject>\\S+::\\S+)", "FAILED "},
        {"(?<subject>\\S+\\.scala):\\d+:\\d+ -*$", ".scala:"},
        {"^_{2,} (?:ERROR (?:at|in) )?(?<subject>\\S.*?) _{2,}$", " "},
        {"^(?<subject>[^\\s:]+):\\d+:\\d+: [CWEFR]: ", ": "},
        {"colou?r is bad", "r is bad"},
        {"ab{0,1}cd", "cd"},
        {"a{2}", ""},
        {"x+yz", "yz"},
        {"failed|broken", ""},
        {"(?<subject>failed|broken) x", " x"},
        {"(?<subject>failed)? x", " x"},
        {"(?<subject>ab)+c", "ab"},
        {"(?<subject>a(?:bcd)*e)fg", "efg"},
        {"(?i)failed", ""},
        {"\\x41bcd", ""},
        {"\\Qa.b\\E", ""},
        {"[]abc]de", "de"},
        {"[^\\]abc]de", "de"},
        {"(?!abcdef)gh", "gh"},
        {"(?<=abcdef)gh", "gh"},
        {"a\\.b\\(c", "a.b(c"},
        {"a\\.?b", "a"},
        {"([abc)def", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char literal[PATTERN_LITERAL_MAXIMUM];
        pattern_literal(cases[i][0], literal);
        assert_string_equal(literal, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_longest_certain_text_is_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
