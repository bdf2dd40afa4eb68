// The words of a line: equal for lines that mask alike, apart by order, never more than there is room for.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "features/line_words.h"

struct words {
    uint32_t hashes[LINE_WORDS_MAXIMUM];
    size_t n;
};

static struct words words_of(const char *text)
{
    struct masked_line masked;
    struct words words;
    mask_line(&masked, text, strlen(text));
    words.n = line_words(words.hashes, &masked, text);
    return words;
}

static bool has(const struct words *words, uint32_t hash)
{
    for (size_t i = 0; i < words->n; i++) {
        if (words->hashes[i] == hash) {
            return true;
        }
    }
    return false;
}

static size_t shared(const struct words *a, const struct words *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        n += has(b, a->hashes[i]);
    }
    return n;
}

static void lines_that_mask_alike_have_the_same_words(void **state)
{
    (void)state;
    struct words a = words_of("src/a.c:12: error: no x"), b = words_of("lib/b.c:7: error: no x");
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.hashes, b.hashes, a.n * sizeof *a.hashes);
}

static void order_counts_and_words_are_shared(void **state)
{
    (void)state;
    struct words a = words_of("disk is full"), b = words_of("full is disk");
    size_t common = shared(&a, &b);
    assert_true(common >= 3 && common < a.n);
    struct words alone = words_of("disk"), unrelated = words_of("tests passed today");
    assert_true(shared(&a, &alone) > 0);
    assert_true(shared(&alone, &unrelated) == 0);
}

static void case_and_pieces_are_seen_through(void **state)
{
    (void)state;
    struct words a = words_of("AssertionError"), b = words_of("assertionError");
    assert_true(shared(&a, &b) >= 2);
    struct words upper = words_of("FAILED"), lower = words_of("Failed");
    assert_true(shared(&upper, &lower) >= 1);
}

static void an_empty_line_tells_its_length_only(void **state)
{
    (void)state;
    assert_int_equal(words_of("").n, 1);
}

static void there_is_always_room(void **state)
{
    (void)state;
    char line[2048];
    for (size_t i = 0; i < sizeof line - 1; i++) {
        line[i] = "aBcD_eF gH.iJ "[i % 14];
    }
    line[sizeof line - 1] = '\0';
    assert_in_range(words_of(line).n, 100, LINE_WORDS_MAXIMUM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_mask_alike_have_the_same_words),
        cmocka_unit_test(order_counts_and_words_are_shared),
        cmocka_unit_test(case_and_pieces_are_seen_through),
        cmocka_unit_test(an_empty_line_tells_its_length_only),
        cmocka_unit_test(there_is_always_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
