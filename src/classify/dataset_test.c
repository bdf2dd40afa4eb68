// A dataset from several sources and from memory: sorted names, labels and groups as numbers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/dataset.h"

struct source {
    const char *bytes;
    size_t size;
};

static ptrdiff_t read_once(void *context, char *buffer, size_t capacity)
{
    struct source *source = context;
    size_t size = source->size < capacity ? source->size : capacity;
    memcpy(buffer, source->bytes, size);
    source->bytes += size;
    source->size -= size;
    return (ptrdiff_t)size;
}

static void read_text(bantam_dataset *dataset, const char *text)
{
    struct source source = {text, strlen(text)};
    assert_int_equal(bantam_dataset_read(dataset, "text", read_once, &source, NULL), BANTAM_OK);
}

static void test_sources_append(void **state)
{
    (void)state;
    bantam_dataset *dataset;
    const bantam_dataset_options options = {.group_column = "who", .label_separator = "|"};
    assert_int_equal(bantam_dataset_new(&dataset, &options, NULL), BANTAM_OK);
    read_text(dataset, "text,label,who\nhello,b|a,zoe\nbye,,bob\n");
    read_text(dataset, "who\ttext\tlabel\nann\tonce more\tab\n");
    const bantam_text labels[] = {{"b", 1}, {"B", 1}, {"b", 1}};
    const bantam_record record = {
        .text = {"x\0y", 3}, .labels = labels, .n_labels = 3, .weight = 2};
    assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_OK);
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);

    assert_int_equal(bantam_dataset_n_labels(dataset), 4);
    static const char *const names[] = {"B", "a", "ab", "b"};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(bantam_dataset_label(dataset, i), names[i]);
    }
    assert_int_equal(bantam_dataset_n_groups(dataset), 4);
    assert_string_equal(bantam_dataset_group(dataset, 0), "");
    assert_string_equal(bantam_dataset_group(dataset, 3), "zoe");

    assert_int_equal(bantam_dataset_n_rows(dataset), 4);
    const bantam_row *first = bantam_dataset_row(dataset, 0);
    assert_int_equal(first->n_labels, 2);
    assert_int_equal(first->labels[0], 1);
    assert_int_equal(first->labels[1], 3);
    assert_int_equal(first->group, 3);
    assert_int_equal(bantam_dataset_row(dataset, 1)->n_labels, 0);
    assert_int_equal(bantam_dataset_row(dataset, 2)->line, 2);
    const bantam_row *last = bantam_dataset_row(dataset, 3);
    assert_memory_equal(last->text, "x\0y", 3);
    assert_int_equal(last->n_labels, 2);
    assert_int_equal(last->labels[0], 0);
    assert_int_equal(last->labels[1], 3);
    assert_true(bantam_dataset_is_multi_label(dataset));

    assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_ERROR_ARGUMENT);
    bantam_dataset_free(&dataset);
    assert_null(dataset);
}

static void test_rows_before_a_faulty_one_stay(void **state)
{
    (void)state;
    bantam_dataset *dataset;
    assert_int_equal(bantam_dataset_new(&dataset, NULL, NULL), BANTAM_OK);
    struct source source = {"text,label\na,b\nc\n", 17};
    bantam_error error;
    assert_int_equal(bantam_dataset_read(dataset, "mine.csv", read_once, &source, &error),
                     BANTAM_ERROR_INPUT);
    assert_int_equal(error.line, 3);
    assert_int_equal(strncmp(error.message, "mine.csv: row 2 (line 3) ", 25), 0);
    assert_int_equal(bantam_dataset_n_rows(dataset), 1);
    bantam_dataset_free(&dataset);
}

static void test_empty(void **state)
{
    (void)state;
    bantam_dataset *dataset;
    assert_int_equal(bantam_dataset_new(&dataset, NULL, NULL), BANTAM_OK);
    read_text(dataset, "");
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);
    assert_int_equal(bantam_dataset_n_rows(dataset), 0);
    assert_int_equal(bantam_dataset_n_labels(dataset), 0);
    assert_string_equal(bantam_dataset_note(dataset), "");
    bantam_dataset_free(&dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources_append),
        cmocka_unit_test(test_rows_before_a_faulty_one_stay),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
