// Limits, errors, threads and hashes of vectorizers; what scikit-learn gives is held in tests/parity/vectorizer.py.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "base/bits.h"
#include "base/memory.h"
#include "base/random.h"
#include "features/ngram_hash.h"
#include "features/vectorizer.h"
#include "features/vectorizer_rows.h"

static const struct text_piece pieces[] = {
    {"red red blue", 12}, {"blue green", 10}, {"red green black", 15}, {"black black", 11}};

enum {
    N_PIECES = sizeof pieces / sizeof *pieces
};

static struct vectorizer *fit(const struct vectorizer_options *options,
                              struct sparse_matrix *matrix)
{
    struct vectorizer *vectorizer = NULL;
    bantam_error error;
    if (vectorizer_fit(&vectorizer, matrix, pieces, N_PIECES, options, 2, &error)) {
        fail_msg("%s", error.message);
    }
    return vectorizer;
}

static void expect_names(const struct vectorizer *vectorizer, const char *const *names, size_t n)
{
    assert_int_equal(vectorizer_n_features(vectorizer), n);
    for (size_t i = 0; i < n; i++) {
        char name[64];
        size_t size = vectorizer_feature_name(vectorizer, i, name, sizeof name);
        assert_int_equal(size, strlen(names[i]));
        assert_memory_equal(name, names[i], size);
    }
}

static void the_most_frequent_stay_first_by_name(void **state)
{
    (void)state;
    struct vectorizer_options options = vectorizer_options_default();
    options.parts[0].max_features = 3; // black and red are there three times, blue and green twice
    struct vectorizer *vectorizer = fit(&options, NULL);
    expect_names(vectorizer, (const char *const[]){"black", "blue", "red"}, 3);
    vectorizer_free(&vectorizer);
    options.parts[0].binary = true; // now all are there twice
    vectorizer = fit(&options, NULL);
    expect_names(vectorizer, (const char *const[]){"black", "blue", "green"}, 3);
    vectorizer_free(&vectorizer);
}

static void names_are_cut_to_the_capacity(void **state)
{
    (void)state;
    struct vectorizer_options options = vectorizer_options_default();
    options.parts[0].n_max = 2;
    struct vectorizer *vectorizer = fit(&options, NULL);
    char name[4] = "????";
    assert_int_equal(vectorizer_feature_name(vectorizer, 1, name, 3), strlen("black black"));
    assert_memory_equal(name, "bla?", 4);
    vectorizer_free(&vectorizer);
}

static void expect_refused(const struct vectorizer_options *options, bantam_status expected,
                           const char *part_of_message)
{
    struct vectorizer *vectorizer = NULL;
    struct sparse_matrix matrix;
    bantam_error error;
    assert_int_equal(vectorizer_fit(&vectorizer, &matrix, pieces, N_PIECES, options, 1, &error),
                     expected);
    assert_null(vectorizer);
    assert_null(matrix.starts);
    assert_non_null(strstr(error.message, part_of_message));
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    struct vectorizer_options options = vectorizer_options_default();
    options.n_parts = VECTORIZER_PARTS + 1;
    expect_refused(&options, BANTAM_ERROR_ARGUMENT, "parts");
    options = vectorizer_options_default();
    options.parts[0].n_min = 3;
    expect_refused(&options, BANTAM_ERROR_ARGUMENT, "n-grams of 3 to 1");
    options = vectorizer_options_default();
    options.parts[0].max_df = (struct document_limit){1.5, true};
    expect_refused(&options, BANTAM_ERROR_ARGUMENT, "min_df");
    options = vectorizer_options_default();
    options.parts[0].hash_bits = 7;
    expect_refused(&options, BANTAM_ERROR_ARGUMENT, "7 hash bits");
    options = vectorizer_options_default();
    options.parts[0].sublinear_tf = options.parts[0].alternate_sign = true;
    expect_refused(&options, BANTAM_ERROR_ARGUMENT, "sublinear_tf");
    options = vectorizer_options_default();
    options.parts[0].min_df = (struct document_limit){4, false};
    expect_refused(&options, BANTAM_ERROR_INPUT, "min_df");
    static const char *const all[] = {"red", "green", "blue", "black"};
    options = vectorizer_options_default();
    options.parts[0].stop_words = all;
    options.parts[0].n_stop_words = 4;
    expect_refused(&options, BANTAM_ERROR_INPUT, "stop words");
}

static void nothing_to_learn_needs_no_texts(void **state)
{
    (void)state;
    struct vectorizer_options options = vectorizer_options_default();
    options.parts[0].hash_bits = 10;
    options.parts[0].use_idf = false;
    struct vectorizer *vectorizer = NULL;
    struct sparse_matrix matrix;
    assert_int_equal(vectorizer_fit(&vectorizer, NULL, NULL, 0, &options, 1, NULL), BANTAM_OK);
    assert_int_equal(vectorizer_n_features(vectorizer), 1024);
    assert_int_equal(vectorizer_transform(&matrix, vectorizer, pieces, N_PIECES, 1, NULL),
                     BANTAM_OK);
    assert_int_equal(matrix.starts[N_PIECES], 8);
    sparse_matrix_release(&matrix);
    vectorizer_free(&vectorizer);
}

// Words of a small alphabet, so that texts share many n-grams.
static struct text_piece *draw_texts(size_t n, char *memory, size_t size)
{
    struct text_piece *texts = memory_allocate_array(n, sizeof *texts);
    assert_non_null(texts);
    struct random random = {3};
    for (size_t i = 0; i < n; i++) {
        char *text = memory + i * size;
        for (size_t j = 0; j < size; j++) {
            text[j] = "abcde  \xC3\xA9"[random_below(&random, 9)];
        }
        texts[i] = (struct text_piece){text, random_below(&random, size)};
    }
    return texts;
}

static void expect_same_matrix(const struct sparse_matrix *left, const struct sparse_matrix *right)
{
    size_t n = left->starts[left->n_rows];
    assert_int_equal(left->n_rows, right->n_rows);
    assert_int_equal(left->n_columns, right->n_columns);
    assert_memory_equal(left->starts, right->starts, (left->n_rows + 1) * sizeof *left->starts);
    assert_memory_equal(left->columns, right->columns, n * sizeof *left->columns);
    assert_memory_equal(left->values, right->values, n * sizeof *left->values);
}

static void rows_are_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    enum {
        N_TEXTS = 500,
        SIZE = 80
    };
    static char memory[N_TEXTS * SIZE];
    struct text_piece *texts = draw_texts(N_TEXTS, memory, SIZE);
    struct vectorizer_options options = vectorizer_options_default();
    options.n_parts = 2;
    options.parts[0].n_max = 2;
    options.parts[1] = vectorizer_part_options_default();
    options.parts[1].analyzer = ANALYZER_CHAR_WB;
    options.parts[1].n_max = 4;
    options.parts[1].min_df = (struct document_limit){3, false};
    struct vectorizer *first = NULL, *other = NULL;
    struct sparse_matrix rows, other_rows;
    assert_int_equal(vectorizer_fit(&first, &rows, texts, N_TEXTS, &options, 1, NULL), BANTAM_OK);
    for (int n_threads = 2; n_threads < 9; n_threads += 3) {
        assert_int_equal(
            vectorizer_fit(&other, &other_rows, texts, N_TEXTS, &options, n_threads, NULL),
            BANTAM_OK);
        expect_same_matrix(&rows, &other_rows);
        sparse_matrix_release(&other_rows);
        assert_int_equal(vectorizer_transform(&other_rows, other, texts, N_TEXTS, n_threads, NULL),
                         BANTAM_OK);
        expect_same_matrix(&rows, &other_rows);
        sparse_matrix_release(&other_rows);
        vectorizer_free(&other);
    }
    sparse_matrix_release(&rows);
    vectorizer_free(&first);
    memory_free(texts);
}

static void numbers_are_sorted(void **state)
{
    (void)state;
    uint32_t numbers[300], scratch[300];
    struct random random = {5};
    static const size_t sizes[] = {0, 1, 7, 40, 41, 300};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (unsigned bits = 4; bits <= 32; bits += 7) {
            uint64_t sum = 0;
            for (size_t j = 0; j < sizes[i]; j++) {
                numbers[j] = (uint32_t)(random_next(&random) >> (64 - bits));
                sum += numbers[j];
            }
            sort_numbers(numbers, scratch, sizes[i]);
            for (size_t j = 0; j < sizes[i]; j++) {
                sum -= numbers[j];
                assert_true(j == 0 || numbers[j - 1] <= numbers[j]);
            }
            assert_int_equal(sum, 0);
        }
    }
}

// Values of the published test vectors of MurmurHash3_x86_32 with seed 0.
static void murmur_is_murmur(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t hash;
    } known[] = {{"", 0},
                 {"test", 0xBA6BD213},
                 {"Hello, world!", 0xC0363E43},
                 {"The quick brown fox jumps over the lazy dog", 0x2E4FF723}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_int_equal(hash_murmur(known[i].text, strlen(known[i].text)), known[i].hash);
    }
}

static void numbers_come_back_from_bits(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 1, 127, 128, 300, 1U << 20, UINT32_MAX, UINT64_MAX};
    enum {
        N = sizeof numbers / sizeof *numbers
    };
    for (unsigned k = 0; k < 33; k += 4) {
        bantam_buffer bytes;
        bantam_buffer_init(&bytes, 1 << 16);
        for (size_t i = 0; i < N; i++) {
            bits_append_leb128(&bytes, numbers[i]);
        }
        struct bit_writer writer = {.out = &bytes};
        for (size_t i = 0; i < N; i++) {
            bit_writer_append_rice(&writer, numbers[i], k);
        }
        bit_writer_finish(&writer);
        const unsigned char *at = (const unsigned char *)bytes.data, *end = at + bytes.size;
        uint64_t number;
        for (size_t i = 0; i < N; i++) {
            assert_true(bits_read_leb128(&at, end, &number));
            assert_int_equal(number, numbers[i]);
        }
        struct bit_reader reader = {.at = at, .end = end};
        for (size_t i = 0; i < N; i++) {
            assert_true(bit_reader_rice(&reader, k, &number));
            assert_int_equal(number, numbers[i]);
        }
        assert_false(bit_reader_read(&reader, 8, &number));
        bantam_buffer_release(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_frequent_stay_first_by_name),
        cmocka_unit_test(names_are_cut_to_the_capacity),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(nothing_to_learn_needs_no_texts),
        cmocka_unit_test(rows_are_the_same_on_any_number_of_threads),
        cmocka_unit_test(numbers_are_sorted),
        cmocka_unit_test(murmur_is_murmur),
        cmocka_unit_test(numbers_come_back_from_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
