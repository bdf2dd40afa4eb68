// Words that differ anywhere are told apart; too long ones are not kept; a full memo begins anew.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "features/word_memo.h"

enum {
    ROOM = MEMO_WORD_SIZE + 2 * MEMO_HEAD_SIZE // a word and what may be read behind it
};

// Another word behind each: what follows must not count.
static void write_word(char word[ROOM], size_t size, size_t other_at)
{
    memset(word, 'a', size);
    memset(word + size, 'x' + (int)(size + other_at) % 2, ROOM - size);
    if (other_at < size) {
        word[other_at] = 'b';
    }
}

static void words_are_told_apart(void **state)
{
    (void)state;
    struct word_memo memo;
    word_memo_init(&memo, MEMO_WORDS_MOST);
    char word[ROOM];
    int32_t n = 0;
    for (size_t size = 1; size <= MEMO_WORD_SIZE; size++) {
        for (size_t other = 0; other <= size; other++, n++) {
            write_word(word, size, other);
            struct memo_key key = word_memo_key(word, size);
            uint32_t feature = (uint32_t)n;
            assert_int_equal(word_memo_find(&memo, &key), MEMO_NONE);
            assert_int_equal(word_memo_add(&memo, &key, &feature, 1), n);
        }
    }
    n = 0;
    for (size_t size = 1; size <= MEMO_WORD_SIZE; size++) {
        for (size_t other = 0; other <= size; other++, n++) {
            write_word(word, size, other);
            memset(word + size, '?', ROOM - size);
            struct memo_key key = word_memo_key(word, size);
            assert_int_equal(word_memo_find(&memo, &key), n);
            assert_int_equal(memo.words[n].n, 1);
            assert_int_equal(memo.features[memo.words[n].first], n);
        }
    }
    write_word(word, MEMO_WORD_SIZE + 1, 0);
    struct memo_key key = word_memo_key(word, MEMO_WORD_SIZE + 1);
    assert_int_equal(word_memo_add(&memo, &key, NULL, 0), MEMO_NONE);
    word_memo_release(&memo);
}

static void a_full_memo_begins_anew(void **state)
{
    (void)state;
    struct word_memo memo;
    word_memo_init(&memo, 3);
    char word[ROOM];
    for (size_t size = 1; size <= 4; size++) {
        write_word(word, size, 0);
        struct memo_key key = word_memo_key(word, size);
        uint32_t feature = 7;
        assert_int_equal(word_memo_add(&memo, &key, &feature, 1), (int32_t)(size - 1) % 3);
    }
    for (size_t size = 1; size <= 4; size++) {
        write_word(word, size, 0);
        struct memo_key key = word_memo_key(word, size);
        assert_int_equal(word_memo_find(&memo, &key), size == 4 ? 0 : MEMO_NONE);
    }
    word_memo_release(&memo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_told_apart),
        cmocka_unit_test(a_full_memo_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
