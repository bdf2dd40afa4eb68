// What is masked, what is told apart, the limits, and words in pieces.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "text/mask.h"
#include "text/mask_key.h"

static struct masked_line mask(const char *text)
{
    struct masked_line masked;
    mask_line(&masked, text, strlen(text));
    return masked;
}

static void assert_alike(const char *one, const char *other)
{
    struct masked_line first = mask(one), second = mask(other);
    assert_int_equal(first.n_tokens, second.n_tokens);
    assert_true(first.hash == second.hash);
}

static void assert_apart(const char *one, const char *other)
{
    assert_true(mask(one).hash != mask(other).hash);
}

static void what_varies_from_run_to_run_is_masked(void **state)
{
    (void)state;
    assert_alike("took 12 ms", "took 3401 ms");
    assert_alike("took 1.25 s", "took 17.5 s");
    assert_alike("at src/a/b.c line", "at lib/x.c line");
    assert_alike("commit 3f2a9c1d0b failed", "commit 9b0e77aa12 failed");
    assert_alike("get https://a.org/x now", "get https://b.net/y?z=1 now");
    assert_alike("no 'apple' here", "no 'pear' here");
    assert_alike("-----", "--------------");
}

static void what_matters_is_told_apart(void **state)
{
    (void)state;
    assert_apart("tests passed", "tests failed");
    assert_apart("Error in main", "error in main");
    assert_apart("at src/a.c line", "at src/a.py line");
    assert_apart("a: b", "a b");
    assert_int_equal(mask("").n_tokens, 0);
    assert_true(mask("").hash == 0);
    assert_true(mask("   ").hash == 0);
}

static void tokens_have_their_kinds_and_places(void **state)
{
    (void)state;
    const char *text = "  FAIL src/cart.c:12 at 0x7fff1234";
    struct masked_line masked = mask(text);
    assert_int_equal(masked.indent, 2);
    assert_int_equal(masked.tokens[0].kind, TOKEN_WORD);
    assert_int_equal(masked.tokens[0].offset, 2);
    assert_int_equal(masked.tokens[0].size, 4);
    assert_true(masked.tokens[0].shape & TOKEN_CAPITALS);
    assert_int_equal(masked.tokens[1].kind, TOKEN_PATH);
    assert_memory_equal(text + masked.tokens[1].offset, "src/cart.c", masked.tokens[1].size);
    assert_int_equal(masked.tokens[2].kind, TOKEN_PUNCTUATION);
    assert_true(masked.tokens[2].shape & TOKEN_GLUED);
    assert_int_equal(masked.tokens[3].kind, TOKEN_NUMBER);
    assert_int_equal(masked.tokens[masked.n_tokens - 1].kind, TOKEN_HEX);
    assert_int_equal(mask("\tx").indent, 4);
}

static void a_word_hashes_as_its_token_does(void **state)
{
    (void)state;
    struct masked_line masked = mask("Error");
    assert_int_equal(masked.n_tokens, 1);
    assert_int_equal(masked.tokens[0].lowered_hash, mask_word_hash("error"));
    assert_int_not_equal(masked.tokens[0].hash, mask_word_hash("error"));
}

static void compound_words_come_in_pieces(void **state)
{
    (void)state;
    const char *words[] = {"assertEqual", "assert_equal", "ASSERT_EQUAL"};
    for (size_t i = 0; i < 3; i++) {
        uint32_t pieces[4];
        assert_int_equal(mask_word_pieces(pieces, 4, words[i], strlen(words[i])), 2);
        assert_int_equal(pieces[0], mask_word_hash("assert"));
        assert_int_equal(pieces[1], mask_word_hash("equal"));
        assert_int_equal(mask_word_pieces(pieces, 1, words[i], strlen(words[i])), 1);
    }
    assert_true(mask("assertEqual").tokens[0].shape & TOKEN_COMPOUND);
    assert_false(mask("assert").tokens[0].shape & TOKEN_COMPOUND);
}

static void long_and_damaged_lines_keep_to_the_limits(void **state)
{
    (void)state;
    char line[4096];
    for (unsigned seed = 1; seed < 200; seed++) {
        unsigned random = seed;
        for (size_t i = 0; i < sizeof line; i++) {
            random = random * 1103515245U + 12345U;
            line[i] = (char)(random >> 16);
        }
        struct masked_line masked;
        mask_line(&masked, line, sizeof line);
        assert_in_range(masked.n_tokens, 0, MASK_TOKENS_MAXIMUM);
        size_t end = 0;
        for (size_t i = 0; i < masked.n_tokens; i++) {
            assert_true(masked.tokens[i].offset >= end);
            assert_true(masked.tokens[i].size > 0);
            end = (size_t)masked.tokens[i].offset + masked.tokens[i].size;
            assert_true(end <= sizeof line);
        }
    }
}

static uint64_t key(const char *text)
{
    return mask_key(text, strlen(text), 0);
}

static void keys_know_few_digits(void **state)
{
    (void)state;
    assert_true(key("took 12 ms of 345678901234567890") == key("took 34 ms of 123456789012345678"));
    assert_true(key("1.5 MB, 2-3") == key("7.2 MB, 8-9"));
    assert_true(key("a.mp3") != key("a.mp4"));
    assert_true(key("a.s1234567b89") != key("a.s1234567b88"));
    assert_true(key("at 0x1f") != key("at 1x1f"));
    assert_true(key("sixteen bytes  0x1f") != key("sixteen bytes  1x1f")); // apart in two words
    assert_true(key("12") != key("123"));
    assert_true(mask_key("12", 2, 1) != mask_key("12", 2, 2));
    assert_true(text_key("12", 2, 0) != text_key("13", 2, 0));
}

static void a_text_without_digits_has_a_key_of_its_own(void **state)
{
    (void)state;
    char text[450];
    memset(text, 'a', sizeof text);
    for (size_t size = 0; size < sizeof text; size++) {
        assert_false(mask_key_tells(text, size));
    }
    for (size_t at = 0; at < 40; at++) {
        text[at] = "09"[at % 2];
        assert_true(mask_key_tells(text, 40));
        assert_false(mask_key_tells(text, at));
        text[at] = "/:"[at % 2]; // beside the digits
    }
    text[MASK_BYTES_MAXIMUM] = '1';
    assert_false(mask_key_tells(text, sizeof text));
}

// Random texts of what the mask looks at, and the same with other digits.
static void lines_with_one_key_mask_alike(void **state)
{
    (void)state;
    static const char bytes[] = "0123456789012345678900123456789abcxXfz.. -_/:'\x80";
    struct random random = {7};
    size_t n_alike = 0;
    for (size_t turn = 0; turn < 200000; turn++) {
        char one[40], other[40];
        size_t size = 1 + random_below(&random, sizeof one);
        for (size_t i = 0; i < size; i++) {
            one[i] = other[i] = bytes[random_below(&random, sizeof bytes - 1)];
        }
        for (size_t i = 0; i < size; i++) {
            if (one[i] >= '0' && one[i] <= '9' && random_below(&random, 8) == 0) {
                other[i] = (char)('0' + random_below(&random, 10));
            }
        }
        if (mask_key(one, size, 0) == mask_key(other, size, 0)) {
            struct masked_line first, second;
            mask_line(&first, one, size);
            mask_line(&second, other, size);
            assert_true(first.hash == second.hash);
            n_alike += memcmp(one, other, size) != 0;
        }
    }
    assert_true(n_alike > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_varies_from_run_to_run_is_masked),
        cmocka_unit_test(what_matters_is_told_apart),
        cmocka_unit_test(tokens_have_their_kinds_and_places),
        cmocka_unit_test(a_word_hashes_as_its_token_does),
        cmocka_unit_test(compound_words_come_in_pieces),
        cmocka_unit_test(long_and_damaged_lines_keep_to_the_limits),
        cmocka_unit_test(keys_know_few_digits),
        cmocka_unit_test(a_text_without_digits_has_a_key_of_its_own),
        cmocka_unit_test(lines_with_one_key_mask_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
