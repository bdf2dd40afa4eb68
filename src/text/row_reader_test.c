// Rows of every format: what is read, what is guessed, and what is refused with row and line; in pieces of any size.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/buffer.h"
#include "bantam/dataset.h"

struct source {
    const char *bytes;
    size_t size, at, step; // at most `step` bytes a call
};

static ptrdiff_t read_source(void *context, char *buffer, size_t capacity)
{
    struct source *source = context;
    size_t size = source->size - source->at;
    size = size < capacity ? size : capacity;
    size = size < source->step ? size : source->step;
    memcpy(buffer, source->bytes + source->at, size);
    source->at += size;
    return (ptrdiff_t)size;
}

// Writes each row as "line|text|label+label|weight|group\n"; an error as "! message\n"; the note first where there is one.
static bantam_buffer rows_of(const char *bytes, size_t size, size_t step,
                             const bantam_dataset_options *options)
{
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 20);
    struct source source = {bytes, size, 0, step};
    bantam_row_reader *reader;
    const bantam_record *record;
    bantam_error error = {0};
    bantam_status status =
        bantam_row_reader_new(&reader, options, "rows", read_source, &source, &error);
    if (!status && *bantam_row_reader_note(reader)) {
        bantam_buffer_append_format(&out, "# %s\n", bantam_row_reader_note(reader));
    }
    while (!status && !(status = bantam_row_reader_next(reader, &record, &error)) && record) {
        bantam_buffer_append_format(&out, "%d|", (int)record->line);
        bantam_buffer_append(&out, record->text.bytes, record->text.size);
        for (size_t i = 0; i < record->n_labels; i++) {
            bantam_buffer_append_string(&out, i ? "+" : "|");
            bantam_buffer_append(&out, record->labels[i].bytes, record->labels[i].size);
        }
        bantam_buffer_append_format(&out, "%s%g|", record->n_labels ? "|" : "||",
                                    (double)record->weight);
        bantam_buffer_append(&out, record->group.bytes, record->group.size);
        bantam_buffer_append_string(&out, "\n");
    }
    if (status) {
        assert_int_equal(error.code, status);
        bantam_buffer_append_format(&out, "! %s\n", error.message);
    }
    bantam_row_reader_free(&reader);
    bantam_buffer_append(&out, "", 1);
    return out;
}

static void expect_sized(const char *bytes, size_t size, const bantam_dataset_options *options,
                         const char *expected)
{
    static const size_t steps[] = {1, 3, 1 << 20};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bantam_buffer rows = rows_of(bytes, size, steps[i], options);
        assert_string_equal(rows.data, expected);
        bantam_buffer_release(&rows);
    }
}

static void expect(const char *bytes, const bantam_dataset_options *options, const char *expected)
{
    expect_sized(bytes, strlen(bytes), options, expected);
}

static void expect_note(const char *bytes, const char *note)
{
    bantam_buffer rows = rows_of(bytes, strlen(bytes), 7, NULL);
    assert_memory_equal(rows.data, note, strlen(note));
    bantam_buffer_release(&rows);
}

static void test_csv(void **state)
{
    (void)state;
    expect("label,text\na,one\nb,\"two, three\"\n", NULL, "2|one|a|1|\n3|two, three|b|1|\n");
    expect("\xEF\xBB\xBFtext,label\r\nx,1\r\n\r\ny,2", NULL, "2|x|1|1|\n4|y|2|1|\n");
    expect("text,label\n\"a \"\"b\"\" c\",q\n\"two\nlines\",r\n\"\",s\n,t\n", NULL,
           "2|a \"b\" c|q|1|\n3|two\nlines|r|1|\n5||s|1|\n6||t|1|\n");
    expect("text;label\none; \n", NULL, "2|one| |1|\n");
    expect("Text\tLabel\nits 5\" wide\tno\n", NULL, "2|its 5\" wide|no|1|\n");
    expect_sized("label,text\na,b\0c\xFF\n", 17, NULL, "2|b");
}

static void test_columns(void **state)
{
    (void)state;
    bantam_dataset_options options = bantam_dataset_options_default();
    options.text_column = "q";
    options.label_column = "3";
    options.weight_column = "w";
    options.group_column = "who";
    expect("who,q,z,w\nann,hi,x,0.5\nbob,yo,y,1e-2\n", &options,
           "2|hi|x|0.5|ann\n3|yo|y|0.01|bob\n");
    expect("who,q,z,w\nann,hi,x,-1\n", &options,
           "! rows: row 1 (line 2) has the weight \"-1\"; it takes a number from 0 to 1e9\n");
    options.group_column = "whom";
    expect("who,q,z,w\nann,hi,x,1\n", &options,
           "! rows: has no column \"whom\"; its header has \"who\", \"q\", \"z\", \"w\"\n");
    options = bantam_dataset_options_default();
    options.header = BANTAM_HEADER_NO;
    options.text_column = "1";
    options.label_column = "2";
    expect("text,label\n", &options, "1|text|label|1|\n");
}

static void test_guess(void **state)
{
    (void)state;
    expect("yes,good morning to you\nno,the end of all\nyes,one more\n", NULL,
           "# CSV without a header; the text is column 2, the label column 1\n"
           "1|good morning to you|yes|1|\n2|the end of all|no|1|\n3|one more|yes|1|\n");
    expect("id;words;kind\n", &(bantam_dataset_options){.header = BANTAM_HEADER_YES},
           "# CSV with a header; the text is column 1 \"id\", the label column 2 \"words\"\n");
    expect("text\nalone\n", NULL,
           "! rows: has no column for the label; its first row is \"text\"\n");
}

// Names that are not the usual ones: a column of numbers tells, or labels that recur below a name that does not.
static void test_header_by_difference(void **state)
{
    (void)state;
    expect("no,words,kind\n1,some words,x\n2,more words,x\n3,yet more words,y\n", NULL,
           "# CSV with a header; the text is column 2 \"words\", the label column 3 \"kind\"\n"
           "2|some words|x|1|\n3|more words|x|1|\n4|yet more words|y|1|\n");
    bantam_dataset_options options = bantam_dataset_options_default();
    options.text_column = "2";
    options.label_column = "3";
    options.weight_column = "1";
    expect("no,words,kind\n1,some words,x\n2,more words,y\n", &options,
           "# CSV with a header; the text is column 2 \"words\", the label column 3 \"kind\"\n"
           "2|some words|x|1|\n3|more words|y|2|\n");
    expect("3,some words,x\n1,yet more words,y\n2,words,z\n", &options,
           "1|some words|x|3|\n2|yet more words|y|1|\n3|words|z|2|\n");
    options.weight_column = NULL;
    options.label_column = "2";
    expect("1,some words,x\n", &options,
           "! rows: column 2 is named for the text and for the label, too\n");
    static const char header[] = "words,kind\n", rows[] = "some words,x\nother words,y\n"
                                                          "words again,x\nmore words,y\n"
                                                          "at the end,x\nbehind the end,y\n"
                                                          "late words,x\nstill later,z\n";
    char with[400], without[400];
    snprintf(with, sizeof with, "%s%s", header, rows);
    snprintf(without, sizeof without, "%s%s", rows, "last words,z\n");
    expect_note(
        with, "# CSV with a header; the text is column 1 \"words\", the label column 2 \"kind\"\n");
    expect_note(without, "# CSV without a header; the text is column 1, the label column 2\n");
}

static void test_unlabelled(void **state)
{
    (void)state;
    const bantam_dataset_options options = {.label_optional = true};
    expect("one, two\n\nthree\r\n", &options, "1|one, two||1|\n2|||1|\n3|three||1|\n");
    expect("id,text\n7,\"one, two\"\n", &options, "2|one, two||1|\n");
    expect("{\"text\":\"x\"}\n{\"text\":\"y\",\"label\":3}\n", &options, "1|x||1|\n2|y|3|1|\n");
}

static void test_ndjson(void **state)
{
    (void)state;
    expect("{\"label\":1,\"text\":\"a\\nb\"}\n\n{\"text\":\"\",\"label\":true,\"z\":[{}]}\n", NULL,
           "1|a\nb|1|1|\n3||true|1|\n");
    expect("{\"Text\":\"a\",\"intent\":\"b\"}\n{\"Text\":\"a\"}\n", NULL,
           "1|a|b|1|\n! rows: row 2 (line 2) has no label\n");
    expect("{\"text\":1.5e3,\"label\":\"b\"}\n{\"label\":\"b\"}\n", NULL,
           "1|1.5e3|b|1|\n"
           "! rows: row 2 (line 2) has no text: its key \"text\" is missing or no string\n");
    expect("{\"text\":\"a\",\"label\":[\"x\",\"y\",\"x\"]}\n",
           &(bantam_dataset_options){.label_separator = ","}, "1|a|x+y|1|\n");
    expect("{\"text\":\"a\",\"label\":[\"x\",\"y\"]}\n", NULL,
           "! rows: row 1 (line 1) has several labels; give a label separator to allow them\n");
    bantam_dataset_options options = {.weight_column = "w", .group_column = "g"};
    expect("{\"text\":\"a\",\"label\":\"b\",\"w\":2,\"g\":7}\n", &options, "1|a|b|2|7\n");
    expect(
        "{\"text\":\"a\",\"label\":\"b\"} x\n", NULL,
        "! rows: row 1 (line 1) is no JSON object: something follows the object's end (byte 26)\n");
}

static void test_fasttext(void **state)
{
    (void)state;
    expect("__label__a one  two\n  __label__b\n", NULL, "1|one  two|a|1|\n2||b|1|\n");
    const bantam_dataset_options several = {.label_separator = ""};
    expect("__label__a __label__b x __label__c y\r\nnone\n", &several,
           "1|x y|a+b+c|1|\n2|none||1|\n");
    expect("__label__q\nx __label__abc yyyy zzzz\n", NULL, "1||q|1|\n2|x yyyy zzzz|abc|1|\n");
}

static void test_several_labels(void **state)
{
    (void)state;
    const bantam_dataset_options options = {.label_separator = "; "};
    expect("text,label\nx,a; b;  c ; a\ny,\n", &options, "2|x|a+b+c|1|\n3|y||1|\n");
}

static void test_refused(void **state)
{
    (void)state;
    expect("label,text\na,b\nc\n", NULL,
           "2|b|a|1|\n! rows: row 2 (line 3) has 1 field where the first row has 2; does a field "
           "that "
           "holds the separator lack quotes?\n");
    expect(
        "label,text\na,\"b\nc,d\n", NULL,
        "! rows: a quote in the row that begins at line 2 has no end; double each quote within a "
        "quoted field\n");
    expect("label,text\na,\"b\"c\n", NULL,
           "! rows: row 1 (line 2) has text behind the end of a quoted field; double each quote "
           "within "
           "one\n");
    expect("label,text\n,b\n", NULL, "! rows: row 1 (line 2) has no label\n");
    expect("\xFF\xFEt", NULL, "! rows: is UTF-16; save it as UTF-8\n");
    expect("", NULL, "");
    expect("\n\n", NULL, "");
    const bantam_dataset_options bad = {.separator = '"'};
    expect("a", &bad, "! there is no such format, header or separator of rows\n");
}

static ptrdiff_t read_nothing(void *context, char *buffer, size_t capacity)
{
    (void)context;
    (void)buffer;
    (void)capacity;
    return -1;
}

static void test_source_fails(void **state)
{
    (void)state;
    bantam_row_reader *reader;
    bantam_error error;
    assert_int_equal(bantam_row_reader_new(&reader, NULL, "disk", read_nothing, NULL, &error),
                     BANTAM_ERROR_INPUT);
    assert_null(reader);
    assert_string_equal(error.message, "disk: not readable from line 1 on");
}

static ptrdiff_t read_quotes(void *context, char *buffer, size_t capacity)
{
    size_t *n_bytes = context;
    memset(buffer, *n_bytes ? 'x' : '"', capacity);
    *n_bytes += capacity;
    return (ptrdiff_t)capacity;
}

static void test_endless_row(void **state)
{
    (void)state;
    bantam_row_reader *reader;
    bantam_error error;
    size_t n_bytes = 0;
    const bantam_dataset_options options = {.separator = ','};
    assert_int_equal(bantam_row_reader_new(&reader, &options, "x", read_quotes, &n_bytes, &error),
                     BANTAM_ERROR_INPUT);
    assert_string_equal(error.message,
                        "x: the row that begins at line 1 is longer than 16 MB; is a "
                        "quote without its end?");
    assert_in_range(n_bytes, BANTAM_ROW_MAXIMUM, 2 * BANTAM_ROW_MAXIMUM + (1 << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),         cmocka_unit_test(test_columns),
        cmocka_unit_test(test_guess),       cmocka_unit_test(test_header_by_difference),
        cmocka_unit_test(test_unlabelled),  cmocka_unit_test(test_ndjson),
        cmocka_unit_test(test_fasttext),    cmocka_unit_test(test_several_labels),
        cmocka_unit_test(test_refused),     cmocka_unit_test(test_source_fails),
        cmocka_unit_test(test_endless_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
