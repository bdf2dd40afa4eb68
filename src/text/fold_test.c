// Folding: case by place, accents, damage, runs and origins; whatever stands before it shifts a text across blocks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "text/fold.h"
#include "text/unicode.h"

static const struct folding words = {true, ACCENTS_KEEP, RUNS_OF_WORD};
static const struct folding visible = {true, ACCENTS_KEEP, RUNS_OF_VISIBLE};
static const struct folding plain = {false, ACCENTS_KEEP, RUNS_NONE};

// Folds `raw` behind n '-', for n up to two blocks: `expected` and the runs come out wherever it stands.
static void expect_folded(const struct folding *folding, const char *raw, const char *expected)
{
    struct folded_text folded = {0};
    for (size_t shift = 0; shift < 36; shift++) {
        char text[256], wanted[256];
        size_t blank = folding->runs == RUNS_OF_VISIBLE;
        memset(text, '-', shift);
        memcpy(text + shift, raw, strlen(raw) + 1);
        memset(wanted, '-', shift + blank);
        wanted[0] = blank ? ' ' : wanted[0];
        memcpy(wanted + shift + blank, expected, strlen(expected) + 1);
        assert_int_equal(fold_text(&folded, folding, text, strlen(text), true, NULL), BANTAM_OK);
        assert_int_equal(folded.size, strlen(wanted));
        assert_memory_equal(folded.bytes, wanted, folded.size);
        assert_int_equal(folded.origins[folded.size], strlen(text));
        assert_int_equal(folded.origins[folded.size + 1], strlen(text));
        for (size_t i = 0; i < folded.size; i++) {
            assert_true(folded.origins[i] <= folded.origins[i + 1]);
        }
    }
    folded_text_release(&folded);
}

static void case_is_python_s(void **state)
{
    (void)state;
    expect_folded(&words, "MiXed 42 Case", "mixed 42 case");
    expect_folded(&words, "ÀÉÎ Съешь ЖΩ", "àéî съешь жω");
    expect_folded(&words, "İI", "i̇i");
    expect_folded(&words, "ΟΔΥΣΣΕΥΣ", "οδυσσευς");                   // the last sigma is final
    expect_folded(&words, "ΑΣ Σ Σ.Α Α\u0301Σ", "ας σ σ.α α\u0301ς"); // marks are looked past
    expect_folded(&words, "ΑΣ'Α", "ασ'α");                           // and so is an apostrophe
    expect_folded(&plain, "ÀÉ MiX", "ÀÉ MiX");
}

static void accents_go(void **state)
{
    (void)state;
    struct folding unicode = {false, ACCENTS_UNICODE, RUNS_OF_WORD};
    struct folding ascii = {false, ACCENTS_ASCII, RUNS_OF_WORD};
    expect_folded(&unicode, "Ångström ﬁ ② e\u0301", "Angstrom fi 2 e");
    expect_folded(&unicode, "각 й",
                  "\u1100\u1161\u11A8 и"); // Hangul falls apart, й loses its breve
    expect_folded(&ascii, "Ångström ﬁ й", "Angstrom fi ");
}

static void damage_is_replaced(void **state)
{
    (void)state;
    expect_folded(&plain, "a\xFFz", "a\uFFFDz");
    expect_folded(&plain, "a\xE2\x82z", "a\uFFFDz");             // one for a piece that could go on
    expect_folded(&plain, "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"); // half a surrogate pair
    expect_folded(&plain, "\xC0\xAF\xF0\x9F", "\uFFFD\uFFFD\uFFFD");
}

static void blanks_become_one(void **state)
{
    (void)state;
    expect_folded(&plain, "a \t b", "a b");
    expect_folded(&plain, "a\tb\u00A0c", "a\tb\u00A0c"); // a single one stays as it is
    expect_folded(&plain, "a\u00A0\u2003b\n", "a b\n");
    expect_folded(&visible, "a\tb\u00A0c  d", "a b c  d");
}

static void expect_edges(const struct folding *folding, const char *raw, const uint32_t *edges,
                         size_t n)
{
    struct folded_text folded = {0};
    assert_int_equal(fold_text(&folded, folding, raw, strlen(raw), false, NULL), BANTAM_OK);
    assert_int_equal(folded.n_edges, n);
    assert_memory_equal(folded.edges, edges, n * sizeof *edges);
    folded_text_release(&folded);
}

static void runs_have_edges(void **state)
{
    (void)state;
    expect_edges(&words, "a_1 É.42--x", (uint32_t[]){0, 3, 4, 6, 7, 9, 11, 12}, 8);
    expect_edges(&words, "--", (uint32_t[]){0}, 0);
    expect_edges(&visible, "a_1 É.42", (uint32_t[]){1, 4, 5, 10}, 4);
    char run[200];
    memset(run, 'x', 199);
    run[199] = 0;
    expect_edges(&words, run, (uint32_t[]){0, 199}, 2);
    run[63] = ' ';
    run[128] = ' ';
    expect_edges(&words, run, (uint32_t[]){0, 63, 64, 128, 129, 199}, 6);
}

static void properties_are_python_s(void **state)
{
    (void)state;
    static const uint32_t of_words[] = {'_', 'a', '9', 0xBD, 0x2167, 0x4E2D, 0x10400};
    for (size_t i = 0; i < sizeof of_words / sizeof *of_words; i++) {
        assert_true(unicode_properties(of_words[i]) & UNICODE_WORD);
    }
    assert_false(unicode_properties(0x301) & UNICODE_WORD);
    assert_true(unicode_properties(0x1C) & UNICODE_SPACE);
    assert_true(unicode_properties(0x3000) & UNICODE_SPACE);
    assert_false(unicode_properties(0x200B) & UNICODE_SPACE);
    assert_int_equal(unicode_properties(0x110000), 0);
    assert_int_equal(unicode_lower(0x1E9E), 0xDF);
    uint32_t points[UNICODE_UNACCENTED_MOST];
    assert_int_equal(unicode_unaccent(0xFDFA, points), UNICODE_UNACCENTED_MOST);
}

// Code points that need no closer look take a way of their own: any bytes are folded as they decode.
static void any_bytes_fold_as_they_decode(void **state)
{
    (void)state;
    static const unsigned char pool[] = {'a',  ' ',  0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1,
                                         0xC2, 0xC3, 0xCE, 0xD0, 0xDF, 0xE0, 0xE1, 0xE2, 0xE3,
                                         0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
    const struct folding keep = {false, ACCENTS_KEEP, RUNS_OF_WORD};
    struct folded_text folded = {0};
    struct random random = {11};
    for (size_t round = 0; round < 200000; round++) {
        unsigned char raw[8];
        size_t size = 1 + random_below(&random, sizeof raw);
        for (size_t i = 0; i < size; i++) {
            raw[i] = pool[random_below(&random, sizeof pool)];
        }
        char expected[sizeof raw * UTF8_MOST];
        bool inside[sizeof expected + 1] = {false};
        size_t n = 0;
        for (size_t at = 0, read; at < size; at += read) {
            uint32_t point = unicode_decode(raw + at, raw + size, &read);
            size_t written = utf8_encode(point, expected + n);
            for (size_t i = 0; i < written; i++) {
                inside[n++] = unicode_properties(point) & UNICODE_WORD;
            }
        }
        assert_int_equal(fold_text(&folded, &keep, (const char *)raw, size, false, NULL),
                         BANTAM_OK);
        assert_int_equal(folded.size, n);
        assert_memory_equal(folded.bytes, expected, n);
        size_t edge = 0;
        for (size_t i = 0; i <= n; i++) {
            if (inside[i] != (i > 0 && inside[i - 1])) {
                assert_true(edge < folded.n_edges);
                assert_int_equal(folded.edges[edge++], i);
            }
        }
        assert_int_equal(edge, folded.n_edges);
    }
    folded_text_release(&folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_is_python_s),
        cmocka_unit_test(accents_go),
        cmocka_unit_test(damage_is_replaced),
        cmocka_unit_test(blanks_become_one),
        cmocka_unit_test(runs_have_edges),
        cmocka_unit_test(properties_are_python_s),
        cmocka_unit_test(any_bytes_fold_as_they_decode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
