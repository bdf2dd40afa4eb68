// A set of pairs never denies a word that stands in a text, and denies most that do not.
#include "text/byte_pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void words_of_the_texts_may_be_there(void **state)
{
    (void)state;
    static const char text[] = "gcc: error \xFF\xFE\x01 end";
    struct byte_pairs pairs = {.bits = {0}};
    byte_pairs_add(&pairs, text, strlen(text));
    byte_pairs_add(&pairs, "x", 1);
    byte_pairs_add(&pairs, "", 0);
    for (size_t at = 0; at < strlen(text); at++) {
        for (size_t size = 0; at + size <= strlen(text); size++) {
            assert_true(byte_pairs_may_hold(&pairs, text + at, size));
        }
    }
}

static void a_missing_pair_denies_a_word(void **state)
{
    (void)state;
    struct byte_pairs pairs = {.bits = {0}};
    assert_false(byte_pairs_may_hold(&pairs, "ab", 2));
    byte_pairs_add(&pairs, "abc", 3);
    byte_pairs_add(&pairs, "de", 2);
    assert_false(byte_pairs_may_hold(&pairs, "cd", 2)); // of two texts
    assert_false(byte_pairs_may_hold(&pairs, "abd", 3));
    assert_false(byte_pairs_may_hold(&pairs, "ba", 2));
    assert_true(byte_pairs_may_hold(&pairs, "z", 1)); // no pair, no answer
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_of_the_texts_may_be_there),
                                       cmocka_unit_test(a_missing_pair_denies_a_word)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
