// Patterns of every kind that the table of tools has, and those whose plain look deceives.
#include "triage/pattern_needs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void what_each_match_holds_is_found(void **state)
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
        {"x{y}abc|def", "y}abc|def"},
        {"xy{|abc}", "x|abc}"},
        {"(a{{+)+bc", "bc"},
        {"x+yz", "yz"},
        {"failed|broken", "failed|broken"},
        {"(?<subject>failed|broken) x", "failed|broken"},
        {"(?<subject>failed)? x", " x"},
        {"(?:failed|broken)? x", " x"},
        {"(?:failed|) x", " x"},
        {"(?:a|bc|\\d) and so on", " and so on"},
        {"to (?:host|proxy|the (?:end|start)):", "to host|to proxy|to the "},
        {"[a-z]+\\.(?:com|org)\\b", ".com|.org"},
        {"(?:[a-z]{2,9}://)(?<subject>\\w+)", "://"},
        {"(?:x|y)(?:host|port)", "host|port"},
        {"(?:host|port)+x", "host|port"},
        {"a)b", ""},
        {"(?<subject>ab)+c", "abc"},
        {"xyz(?:a)+c", "xyza"},
        {"xyz(?:(?:a)+)+bcde", "abcde"},
        {"x(?:ab|cd)+efg", "efg"},
        {"xy(?:z\\d)+abcd", "abcd"},
        {"x(?:\\d-)+?abcde", "abcde"},
        {"(?:[a-z]+\\.)+(?:com|org)", ".com|.org"},
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
        {"│? *Error: x", "Error: x"},
        {"a ─*b", "a "},
        {"target [`‘](?<subject>[^’]+)’ fails", "’ fails"},
        {"([abc)def", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pattern_needs needs;
        char words[PATTERN_WORDS * (PATTERN_WORD_MAXIMUM + 1)] = "";
        pattern_needs_read(&needs, cases[i][0]);
        for (size_t k = 0; k < needs.n; k++) {
            strcat(k > 0 ? strcat(words, "|") : words, needs.words[k]);
        }
        assert_string_equal(words, cases[i][1]);

        struct pattern_needs again;
        char packed[PATTERN_NEEDS_PACKED];
        pattern_needs_pack(&needs, packed);
        pattern_needs_unpack(&again, packed);
        assert_int_equal(again.n, needs.n);
        assert_memory_equal(again.sizes, needs.sizes, needs.n);
        assert_memory_equal(again.starts, needs.starts, sizeof needs.starts);
        for (size_t k = 0; k < needs.n; k++) {
            assert_string_equal(again.words[k], needs.words[k]);
        }
    }
}

static void a_text_with_one_of_the_words_has_what_is_needed(void **state)
{
    (void)state;
    struct pattern_needs needs;
    pattern_needs_read(&needs, "(?:ENOTFOUND|EAI_AGAIN) (?<subject>\\S+)");
    assert_true(pattern_needs_met(&needs, "x: EAI_AGAIN", 12));
    assert_true(pattern_needs_met(&needs, "ENOTFOUND y", 11));
    assert_false(pattern_needs_met(&needs, "x: EAI_AGAIN", 11));
    assert_false(pattern_needs_met(&needs, "ENOTHING EAI", 12));
    assert_false(pattern_needs_met(&needs, "", 0));
    pattern_needs_read(&needs, "\\w+");
    assert_true(pattern_needs_met(&needs, "", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_each_match_holds_is_found),
        cmocka_unit_test(a_text_with_one_of_the_words_has_what_is_needed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
