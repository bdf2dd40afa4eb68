// Options by name: reading, writing, parts of the features, what is refused.
#include "classify/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *text_of(bantam_buffer *buffer, const bantam_classifier_options *options,
                           const char *name)
{
    buffer->size = 0;
    bantam_classifier_option_text(buffer, options, name);
    bantam_buffer_append(buffer, "", 1);
    return buffer->data;
}

static void defaults_are_those_of_the_table(void **state)
{
    bantam_classifier_options options = bantam_classifier_options_default();
    size_t n_options;
    const bantam_classifier_option *table = bantam_classifier_option_table(&n_options);
    bantam_buffer text;
    (void)state;
    bantam_buffer_init(&text, 1000);
    assert_true(n_options > 20);
    for (size_t i = 0; i < n_options; i++) {
        assert_string_equal(text_of(&text, &options, table[i].name), table[i].initial);
    }
    assert_int_equal(options.parts[0].n_max, 1);
    assert_true(options.parts[0].lowercase && options.parts[0].idf);
    assert_false(options.parts[0].binary);
    assert_float_equal(options.C, 1, 0);
    assert_int_equal(options.calibration, BANTAM_CALIBRATE_AUTO);
    assert_int_equal(bantam_classifier_options_check(&options, NULL), BANTAM_OK);
    bantam_buffer_release(&text);
}

static void parts_stand_side_by_side(void **state)
{
    bantam_classifier_options options = bantam_classifier_options_default();
    bantam_buffer text;
    (void)state;
    bantam_buffer_init(&text, 1000);
    assert_int_equal(bantam_classifier_option_set(&options, "min-df", "2", NULL), BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "analyzer", "word+char_wb", NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "ngrams", "1-2+2-5", NULL), BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "sublinear-tf", "yes", NULL),
                     BANTAM_OK);
    assert_int_equal(options.n_parts, 2);
    assert_int_equal(options.parts[1].analyzer, BANTAM_ANALYZER_CHAR_WB);
    assert_int_equal(options.parts[1].n_min, 2);
    assert_int_equal(options.parts[1].n_max, 5);
    assert_float_equal(options.parts[1].min_df, 2, 0); // as the part before it
    assert_true(options.parts[0].sublinear_tf && options.parts[1].sublinear_tf);
    assert_string_equal(text_of(&text, &options, "ngrams"), "1-2+2-5");
    assert_string_equal(text_of(&text, &options, "C"), "1");
    bantam_buffer_release(&text);
}

static void slips_are_refused_by_name(void **state)
{
    static const char *const refused[][2] = {
        {"analyzer", "words"},
        {"analyzer", "word+char+char_wb+word+char"},
        {"analyzer", "word|char"},
        {"analyzer", ""},
        {"ngrams", "0-2"},
        {"ngrams", "3-2"},
        {"ngrams", "1-17"},
        {"ngrams", "1-2-3"},
        {"ngrams", "1.5"},
        {"C", "0"},
        {"C", "-1"},
        {"C", "nan"},
        {"C", "inf"},
        {"C", "1x"},
        {"C", " 1"},
        {"C", "0x10"},
        {"folds", "1"},
        {"folds", "2.5"},
        {"hash-bits", "25"},
        {"lowercase", "maybe"},
        {"max-features", "-1"},
        {"seed", "1e99"},
        {"no-such", "1"},
    };
    (void)state;
    bantam_classifier_options before = bantam_classifier_options_default();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        bantam_classifier_options options = before;
        bantam_error error;
        assert_int_equal(
            bantam_classifier_option_set(&options, refused[i][0], refused[i][1], &error),
            BANTAM_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, refused[i][0]));
        assert_memory_equal(&options, &before, sizeof before);
    }
    char longest[400];
    memset(longest, '1', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(bantam_classifier_option_set(&before, "C", longest, NULL),
                     BANTAM_ERROR_ARGUMENT);
}

static void what_does_not_go_together_is_refused(void **state)
{
    static const char *const pairs[][2][2] = {
        {{"hash-bits", "18"}, {"min-df", "2"}},
        {{"hash-bits", "18"}, {"max-features", "9"}},
        {{"hash-bits", "18"}, {"sublinear-tf", "yes"}},
        {{"hash-bits", "5"}, {"norm", "l2"}},
        {{"stop-words", "yes"}, {"analyzer", "char"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bantam_classifier_options options = bantam_classifier_options_default();
        for (size_t j = 0; j < 2; j++) {
            assert_int_equal(
                bantam_classifier_option_set(&options, pairs[i][j][0], pairs[i][j][1], NULL),
                BANTAM_OK);
        }
        assert_int_equal(bantam_classifier_options_check(&options, NULL), BANTAM_ERROR_ARGUMENT);
    }
    bantam_classifier_options options = bantam_classifier_options_default();
    options.n_parts = 5;
    assert_int_equal(bantam_classifier_options_check(&options, NULL), BANTAM_ERROR_ARGUMENT);
    options.n_parts = 1;
    options.parts[0].n_max = 0;
    assert_int_equal(bantam_classifier_options_check(&options, NULL), BANTAM_ERROR_ARGUMENT);
}

static void the_record_reads_back(void **state)
{
    bantam_classifier_options options = bantam_classifier_options_default(), read;
    bantam_buffer first, second;
    (void)state;
    bantam_buffer_init(&first, 10000);
    bantam_buffer_init(&second, 10000);
    assert_int_equal(bantam_classifier_option_set(&options, "analyzer", "char+word", NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "C", "0.3", NULL), BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "max-df", "0.5+10", NULL), BANTAM_OK);
    classifier_options_write(&first, &options);
    bantam_buffer_append(&first, "", 1);
    assert_int_equal(classifier_options_read(&read, first.data, NULL), BANTAM_OK);
    classifier_options_write(&second, &read);
    bantam_buffer_append(&second, "", 1);
    assert_string_equal(first.data, second.data);
    static const char *const damaged[] = {"",
                                          "[]",
                                          "{\"C\":1}",
                                          "{\"C\":\"0\"}",
                                          "{\"x\":\"1\"}",
                                          "{\"C\":\"1\"",
                                          "{\"hash-bits\":\"3\"}"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        assert_int_equal(classifier_options_read(&read, damaged[i], NULL), BANTAM_ERROR_MODEL);
    }
    bantam_buffer_release(&first);
    bantam_buffer_release(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(parts_stand_side_by_side),
        cmocka_unit_test(slips_are_refused_by_name),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(the_record_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
