// Answers in three notations. A row is made for every text of a stream, so numbers are written by hand.
#include "bantam/classifier_report.h"

#include <string.h>

#include "report/json_writer.h"
#include "report/utf8.h"

bantam_prediction_options bantam_prediction_options_default(void)
{
    return (bantam_prediction_options){.n_top = 0};
}

static void append_probability(bantam_buffer *out, float probability)
{
    char digits[PROBABILITY_SIZE];
    format_probability(digits, (double)probability);
    bantam_buffer_append(out, digits, sizeof digits);
}

static size_t count_top(const bantam_classifier *classifier,
                        const bantam_prediction_options *options)
{
    size_t n_labels = bantam_classifier_n_labels(classifier);
    return options->n_top < n_labels ? options->n_top : n_labels;
}

// The i-th of the labels that are given.
static uint32_t given_label(const bantam_prediction *prediction, size_t i)
{
    return prediction->ranked ? prediction->ranked[i] : prediction->decision->best;
}

// Any bytes as one line of valid UTF-8 that does nothing to a terminal.
static void append_line(bantam_buffer *out, const char *bytes, size_t size)
{
    size_t plain = 0, at = 0;
    while (at < size) {
        uint32_t character;
        size_t step = utf8_decode(bytes + at, size - at, &character);
        bool damaged = character == UTF8_DAMAGED;
        if (damaged || utf8_is_control(character)) {
            bantam_buffer_append(out, bytes + plain, at - plain);
            bantam_buffer_append_string(out, damaged ? UTF8_REPLACEMENT : " ");
            plain = at + step;
        }
        at += step;
    }
    bantam_buffer_append(out, bytes + plain, size - plain);
}

static void append_line_string(bantam_buffer *out, const char *string)
{
    append_line(out, string, strlen(string));
}

void bantam_prediction_text(bantam_buffer *out, const bantam_classifier *classifier,
                            const bantam_prediction *prediction,
                            const bantam_prediction_options *options)
{
    const bantam_decision *decision = prediction->decision;
    for (size_t i = 0; i < decision->n_labels; i++) {
        bantam_buffer_append_string(out, i ? ", " : "");
        append_line_string(out, bantam_classifier_label(classifier, given_label(prediction, i)));
    }
    bantam_buffer_append_string(out, decision->n_labels ? "\t" : "-\t");
    append_probability(out, decision->probability);
    bantam_buffer_append_string(out, "\t");
    for (size_t i = 0; i < count_top(classifier, options); i++) {
        uint32_t label = prediction->ranked[i];
        bantam_buffer_append_string(out, i ? ", " : "");
        append_line_string(out, bantam_classifier_label(classifier, label));
        bantam_buffer_append_string(out, " ");
        append_probability(out, prediction->probabilities[label]);
    }
    bantam_buffer_append_string(out, options->n_top ? "\t" : "");
    for (size_t i = 0; options->with_set && i < decision->n_set; i++) {
        bantam_buffer_append_string(out, i ? ", " : "{");
        append_line_string(out, bantam_classifier_label(classifier, prediction->ranked[i]));
    }
    bantam_buffer_append_string(out, !options->with_set ? "" : decision->n_set ? "}\t" : "{}\t");
    append_line(out, prediction->text.bytes, prediction->text.size);
    bantam_buffer_append_string(out, "\n");
}

static void json_write_labels(struct json_writer *writer, const bantam_classifier *classifier,
                              const bantam_prediction *prediction, const char *key, size_t n)
{
    json_write_key(writer, key);
    json_write_open(writer, '[', false);
    for (size_t i = 0; i < n; i++) {
        json_write_string(writer, bantam_classifier_label(classifier, given_label(prediction, i)));
    }
    json_write_close(writer, ']');
}

void bantam_prediction_json(bantam_buffer *out, const bantam_classifier *classifier,
                            const bantam_prediction *prediction,
                            const bantam_prediction_options *options)
{
    const bantam_decision *decision = prediction->decision;
    struct json_writer writer;
    json_writer_init(&writer, out, false);
    json_write_open(&writer, '{', false);
    if (bantam_classifier_is_multi_label(classifier)) {
        json_write_labels(&writer, classifier, prediction, "labels", decision->n_labels);
    } else {
        json_write_key(&writer, "label");
        json_write_string(&writer, decision->abstained
                                       ? NULL
                                       : bantam_classifier_label(classifier, decision->best));
    }
    json_write_key(&writer, "probability");
    json_write_probability(&writer, (double)decision->probability);
    if (options->n_top > 0) {
        json_write_key(&writer, "top");
        json_write_open(&writer, '[', false);
        for (size_t i = 0; i < count_top(classifier, options); i++) {
            uint32_t label = prediction->ranked[i];
            json_write_open(&writer, '{', false);
            json_write_key(&writer, "label");
            json_write_string(&writer, bantam_classifier_label(classifier, label));
            json_write_key(&writer, "probability");
            json_write_probability(&writer, (double)prediction->probabilities[label]);
            json_write_close(&writer, '}');
        }
        json_write_close(&writer, ']');
    }
    if (options->with_set) {
        json_write_labels(&writer, classifier, prediction, "set", decision->n_set);
    }
    json_write_key(&writer, "text");
    json_write_text(&writer, prediction->text.bytes, prediction->text.size);
    json_write_close(&writer, '}');
    bantam_buffer_append_string(out, "\n");
}

// A field of RFC 4180: quoted where it holds a quote, a comma or a line end; the bytes stay as they are.
static void append_field(bantam_buffer *out, const char *bytes, size_t size)
{
    bool quoted = size > 0 && (bytes[0] == ' ' || bytes[size - 1] == ' ');
    for (size_t i = 0; !quoted && i < size; i++) {
        quoted = bytes[i] == '"' || bytes[i] == ',' || bytes[i] == '\n' || bytes[i] == '\r';
    }
    if (!quoted) {
        bantam_buffer_append(out, bytes, size);
        return;
    }
    bantam_buffer_append_string(out, "\"");
    size_t from = 0;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '"') {
            bantam_buffer_append(out, bytes + from, i + 1 - from);
            from = i;
        }
    }
    bantam_buffer_append(out, bytes + from, size - from);
    bantam_buffer_append_string(out, "\"");
}

static void append_labels(bantam_buffer *out, const bantam_classifier *classifier,
                          const bantam_prediction *prediction, size_t n)
{
    if (n == 1) {
        const char *label = bantam_classifier_label(classifier, given_label(prediction, 0));
        append_field(out, label, strlen(label));
        return;
    }
    bantam_buffer joined;
    bantam_buffer_init(&joined, out->maximum);
    for (size_t i = 0; i < n; i++) {
        bantam_buffer_append_string(&joined, i ? "|" : "");
        bantam_buffer_append_string(
            &joined, bantam_classifier_label(classifier, given_label(prediction, i)));
    }
    append_field(out, joined.data, joined.size);
    out->failed = out->failed || joined.failed;
    bantam_buffer_release(&joined);
}

void bantam_prediction_csv_header(bantam_buffer *out, const bantam_classifier *classifier,
                                  const bantam_prediction_options *options)
{
    bantam_buffer_append_string(out, "label,probability");
    for (size_t i = 1; i <= count_top(classifier, options); i++) {
        bantam_buffer_append_format(out, ",label_%zu,probability_%zu", i, i);
    }
    bantam_buffer_append_string(out, options->with_set ? ",set,text\n" : ",text\n");
}

void bantam_prediction_csv(bantam_buffer *out, const bantam_classifier *classifier,
                           const bantam_prediction *prediction,
                           const bantam_prediction_options *options)
{
    append_labels(out, classifier, prediction, prediction->decision->n_labels);
    bantam_buffer_append_string(out, ",");
    append_probability(out, prediction->decision->probability);
    for (size_t i = 0; i < count_top(classifier, options); i++) {
        const char *label = bantam_classifier_label(classifier, prediction->ranked[i]);
        bantam_buffer_append_string(out, ",");
        append_field(out, label, strlen(label));
        bantam_buffer_append_string(out, ",");
        append_probability(out, prediction->probabilities[prediction->ranked[i]]);
    }
    if (options->with_set) {
        bantam_buffer_append_string(out, ",");
        append_labels(out, classifier, prediction, prediction->decision->n_set);
    }
    bantam_buffer_append_string(out, ",");
    append_field(out, prediction->text.bytes, prediction->text.size);
    bantam_buffer_append_string(out, "\n");
}
