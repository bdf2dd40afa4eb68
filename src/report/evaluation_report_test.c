// The three reports of an evaluation: what they say, that hostile names and texts stay text, and that the page needs nothing else.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bantam/evaluation_report.h"
#include "report/json_writer.h"
#include "report/quantity.h"

enum {
    ROWS = 6,
    CLASSES = 2
};

static const char *const names[CLASSES] = {"<b>&\"\x1b[31m", "spam"};
static const float first_probabilities[ROWS * CLASSES] = {0.9F, 0.1F, 0.8F, 0.2F, 0.3F, 0.7F,
                                                          0.2F, 0.8F, 0.1F, 0.9F, 0.6F, 0.4F};
static const float second_probabilities[ROWS * CLASSES] = {0.9F, 0.1F, 0.2F, 0.8F, 0.7F, 0.3F,
                                                           0.2F, 0.8F, 0.1F, 0.9F, 0.6F, 0.4F};
static const uint32_t labels[ROWS] = {0, 0, 1, 1, 0, 0};
static const bantam_text texts[ROWS] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}, {"</table>\xFF", 9},
                                        {"", 0}};

struct sample {
    bantam_evaluation *first, *second;
    bantam_comparison comparison;
};

static bantam_evaluation_report make_report(struct sample *sample, bool compared)
{
    bantam_predictions predictions = {.n_rows = ROWS,
                                      .n_classes = CLASSES,
                                      .names = names,
                                      .probabilities = first_probabilities,
                                      .labels = labels,
                                      .texts = texts};
    bantam_predictions other = predictions;
    other.probabilities = second_probabilities;
    *sample = (struct sample){0};
    assert_int_equal(bantam_evaluate(&sample->first, &predictions, NULL, NULL), BANTAM_OK);
    assert_int_equal(bantam_evaluate(&sample->second, &other, NULL, NULL), BANTAM_OK);
    assert_int_equal(bantam_compare(&sample->comparison, &predictions, &other, NULL, NULL),
                     BANTAM_OK);
    bantam_evaluation_report report = {.model = "a.bantam",
                                       .data = "<test>.csv",
                                       .model_bytes = 97700,
                                       .evaluation = sample->first};
    if (compared) {
        report.second_model = "b.bantam";
        report.second_bytes = 1200000;
        report.second = sample->second;
        report.comparison = &sample->comparison;
    }
    return report;
}

static void release(struct sample *sample)
{
    bantam_evaluation_free(&sample->first);
    bantam_evaluation_free(&sample->second);
}

static bantam_buffer render(void (*write)(bantam_buffer *, const bantam_evaluation_report *),
                            const bantam_evaluation_report *report)
{
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 20);
    write(&out, report);
    assert_int_equal(out.data[out.size - 1], '\n');
    bantam_buffer_append(&out, "", 1);
    assert_false(out.failed);
    return out;
}

static void test_text(void **state)
{
    (void)state;
    struct sample sample;
    bantam_evaluation_report report = make_report(&sample, true);
    bantam_buffer out = render(bantam_evaluation_report_text, &report);
    assert_non_null(strstr(out.data, "a.bantam on <test>.csv · 6 rows · 2 classes · 97.7 KB\n"));
    assert_non_null(strstr(out.data, "\n  accuracy               83.3 %   "));
    assert_non_null(strstr(out.data, "Only the first is right on 2 rows, only the second on 0"));
    assert_non_null(
        strstr(out.data, "Chance alone makes such a difference (exact McNemar test, p = 0.5)"));
    assert_null(strchr(out.data, '\x1b'));
    bantam_buffer_release(&out);
    report.ascii = true;
    report.width = 60;
    out = render(bantam_evaluation_report_text, &report);
    for (const char *at = out.data, *end; *at; at = end + 1) {
        end = strchr(at, '\n');
        assert_in_range(end - at, 0, 60);
        for (const char *byte = at; byte < end; byte++) {
            assert_in_range((unsigned char)*byte, ' ', '~');
        }
    }
    bantam_buffer_release(&out);
    release(&sample);
}

static double number_at(const json_t *root, const char *key)
{
    return json_number_value(json_object_get(root, key));
}

static void test_json(void **state)
{
    (void)state;
    struct sample sample;
    bantam_evaluation_report report = make_report(&sample, true);
    for (int pretty = 0; pretty < 2; pretty++) {
        report.pretty = pretty;
        bantam_buffer out = render(bantam_evaluation_report_json, &report);
        json_t *root = json_loads(out.data, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(root);
        assert_string_equal(json_string_value(json_object_get(root, "schema")),
                            "bantam-evaluation/1");
        assert_true(fabs(number_at(json_object_get(root, "accuracy"), "value") - 5.0 / 6) < 1e-6);
        const json_t *class = json_array_get(json_object_get(root, "classes"), 0);
        assert_string_equal(json_string_value(json_object_get(class, "label")), names[0]);
        const json_t *row = json_array_get(json_object_get(root, "confusion"), 0);
        assert_int_equal(json_integer_value(json_array_get(row, 0)), 3);
        const json_t *mistake = json_array_get(json_object_get(root, "mistakes"), 0);
        assert_int_equal(json_integer_value(json_object_get(mistake, "row")), 5);
        const json_t *comparison = json_object_get(root, "comparison");
        assert_int_equal(json_integer_value(json_object_get(comparison, "first_only_right")), 2);
        assert_true(number_at(comparison, "p_value") > 0.49);
        json_decref(root);
        bantam_buffer_release(&out);
    }
    release(&sample);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    while ((text = strstr(text, word))) {
        n++;
        text += strlen(word);
    }
    return n;
}

static void test_html(void **state)
{
    (void)state;
    struct sample sample;
    bantam_evaluation_report report = make_report(&sample, true);
    bantam_buffer out = render(bantam_evaluation_report_html, &report);
    static const char *const paired[][2] = {{"<svg ", "</svg>"},     {"<table>", "</table>"},
                                            {"<g ", "</g>"},         {"<figure", "</figure>"},
                                            {"<tr>", "</tr>"},       {"<text ", "</text>"},
                                            {"<title>", "</title>"}, {"<section>", "</section>"}};
    for (size_t i = 0; i < sizeof paired / sizeof *paired; i++) {
        assert_int_equal(count(out.data, paired[i][0]), count(out.data, paired[i][1]));
    }
    assert_int_equal(count(out.data, "<svg "), 5); // confusion, reliability, two curves, sizes
    assert_non_null(strstr(out.data, "&lt;test&gt;.csv"));
    assert_non_null(strstr(out.data, "&lt;/table&gt;\xEF\xBF\xBD"));
    assert_null(strstr(out.data, "<b>&"));
    assert_null(strchr(out.data, '\x1b'));
    static const char *const outside[] = {"http", "<script", "<link", "<img", "url(", "@import"};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        assert_null(strstr(out.data, outside[i]));
    }
    assert_null(strstr(out.data, "nan"));
    assert_null(strstr(out.data, "inf"));
    bantam_buffer_release(&out);
    release(&sample);
}

static void test_one_model_has_no_size_plot(void **state)
{
    (void)state;
    struct sample sample;
    bantam_evaluation_report report = make_report(&sample, false);
    bantam_buffer out = render(bantam_evaluation_report_html, &report);
    assert_int_equal(count(out.data, "<svg "), 4);
    bantam_buffer_release(&out);
    const bantam_size_point sizes[] = {{"small", 2000, 0.7}, {"unknown", 0, 0.9}};
    report.sizes = sizes;
    report.n_sizes = 2;
    out = render(bantam_evaluation_report_html, &report);
    assert_int_equal(count(out.data, "<svg "), 5);
    assert_non_null(strstr(out.data, "small: 2.0 KB, 70.0 %"));
    bantam_buffer_release(&out);
    release(&sample);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *written;
    } cases[] = {{0, "0"},
                 {1, "1"},
                 {-2.5, "-2.5"},
                 {1234567, "1.23457e6"},
                 {1e-9, "1e-9"},
                 {0.1, "0.1"},
                 {9.999999, "10"},
                 {NAN, "0"},
                 {0.00012345678, "0.000123457"},
                 {9.9999996e-9, "1e-8"},
                 {83.25, "83.25"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bantam_buffer out;
        struct json_writer writer;
        bantam_buffer_init(&out, 100);
        json_writer_init(&writer, &out, false);
        json_write_significant(&writer, cases[i].value);
        bantam_buffer_append(&out, "", 1);
        assert_string_equal(out.data, cases[i].written);
        bantam_buffer_release(&out);
    }
    assert_string_equal(quantity_bytes(999).text, "999 bytes");
    assert_string_equal(quantity_bytes(999960).text, "1.0 MB");
    assert_string_equal(quantity_grouped(1234567).text, "1,234,567");
    assert_string_equal(quantity_fitted("ab", 4, "~").text, "ab  ");
    assert_string_equal(quantity_fitted("abcdef", 4, "~").text, "abc~");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),    cmocka_unit_test(test_json),
        cmocka_unit_test(test_html),    cmocka_unit_test(test_one_model_has_no_size_plot),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
