// A classifier as one JSON object, for those who write a predictor in another language: nothing is left to be looked up here.
#include "bantam/export.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/classifier.h"
#include "features/vectorizer_parts.h"
#include "features/vectorizer_rows.h"
#include "model/text_model_parts.h"
#include "report/json_writer.h"
#include "text/unicode.h"

enum {
    NAME_START = 256, // bytes of a name that need no second look
};

// A float so that it reads back the same.
static void write_float(struct json_writer *writer, float value)
{
    char number[32];
    snprintf(number, sizeof number, "%.9g", (double)value);
    json_write_literal(writer, number);
}

static void write_member(struct json_writer *writer, const char *key, float value)
{
    json_write_key(writer, key);
    write_float(writer, value);
}

static void write_flag(struct json_writer *writer, const char *key, bool value)
{
    json_write_key(writer, key);
    json_write_literal(writer, value ? "true" : "false");
}

static void write_word(struct json_writer *writer, const char *key, const char *value)
{
    json_write_key(writer, key);
    json_write_string(writer, value);
}

static void write_count(struct json_writer *writer, const char *key, uint64_t value)
{
    json_write_key(writer, key);
    json_write_unsigned(writer, value);
}

static void write_floats(struct json_writer *writer, const char *key, const float *values, size_t n)
{
    json_write_key(writer, key);
    json_write_open(writer, '[', true);
    for (size_t i = 0; i < n; i++) {
        write_float(writer, values[i]);
    }
    json_write_close(writer, ']');
}

static void write_options(struct json_writer *writer, const struct vectorizer_part *part)
{
    static const char *const analyzers[] = {"word", "char", "char_wb"};
    static const char *const accents[] = {"keep", "ascii", "unicode"};
    static const char *const norms[] = {"none", "l1", "l2"};
    const struct vectorizer_part_options *options = &part->options;
    write_word(writer, "analyzer", analyzers[options->analyzer]);
    write_count(writer, "n_min", options->n_min);
    write_count(writer, "n_max", options->n_max);
    write_flag(writer, "lowercase", options->lowercase);
    write_word(writer, "accents", accents[options->accents]);
    write_flag(writer, "binary", options->binary);
    write_flag(writer, "sublinear_tf", options->sublinear_tf);
    write_flag(writer, "use_idf", options->use_idf);
    write_word(writer, "norm", norms[options->norm]);
    write_count(writer, "hash_bits", options->hash_bits);
    write_flag(writer, "alternate_sign", options->alternate_sign);
    json_write_key(writer, "stop_words");
    json_write_open(writer, '[', true);
    for (size_t i = 0; i < options->n_stop_words; i++) {
        json_write_string(writer, options->stop_words[i]);
    }
    json_write_close(writer, ']');
    if (!options->hash_bits && !part->vocabulary.names) {
        write_count(writer, "hash_bits_kept", 64 - part->vocabulary.dropped_bits);
    }
}

// The n-gram; its hash where there are no names, the column of a hashed part.
static bool write_ngram(struct json_writer *writer, const struct vectorizer_part *part, size_t f)
{
    if (part->options.hash_bits) {
        write_count(writer, "column", f);
        return true;
    }
    if (!part->vocabulary.names) {
        char hash[24];
        snprintf(hash, sizeof hash, "%" PRIx64, part->vocabulary.entries[f].hash);
        write_word(writer, "hash", hash);
        return true;
    }
    char start[NAME_START], *name = start;
    size_t size = vocabulary_name(&part->vocabulary, f, start, sizeof start);
    if (size > sizeof start) {
        name = memory_allocate(size);
        if (!name) {
            return false;
        }
        vocabulary_name(&part->vocabulary, f, name, size);
    }
    json_write_key(writer, "ngram");
    json_write_text(writer, name, size);
    if (name != start) {
        memory_free(name);
    }
    return true;
}

// Only weights other than 0, as pairs of output and weight.
static void write_weights(struct json_writer *writer, const float *weights, size_t n)
{
    json_write_key(writer, "weights");
    json_write_open(writer, '[', true);
    for (size_t o = 0; o < n; o++) {
        if (weights[o] != 0) {
            json_write_open(writer, '[', true);
            json_write_unsigned(writer, o);
            write_float(writer, weights[o]);
            json_write_close(writer, ']');
        }
    }
    json_write_close(writer, ']');
}

static bool write_part(struct json_writer *writer, const struct text_model *model,
                       const struct vectorizer_part *part, float *weights)
{
    bool written = true;
    json_write_open(writer, '{', false);
    write_options(writer, part);
    json_write_key(writer, "features");
    json_write_open(writer, '[', false);
    for (size_t f = 0; f < part->n_features && written; f++) {
        text_weights_row(&model->weights, part->first_feature + f, weights);
        json_write_open(writer, '{', true);
        written = write_ngram(writer, part, f);
        write_member(writer, "idf", part_idf(part, f));
        write_weights(writer, weights, model->weights.n_outputs);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
    json_write_close(writer, '}');
    return written;
}

static void write_calibration(struct json_writer *writer, const struct calibration *calibration)
{
    static const char *const links[] = {"softmax", "one-vs-rest", "multi-label"};
    size_t n = calibration->n_outputs;
    json_write_key(writer, "calibration");
    json_write_open(writer, '{', false);
    write_word(writer, "link", links[calibration->link]);
    write_word(writer, "method", calibration_name(calibration->method));
    if (calibration->method == CALIBRATION_TEMPERATURE) {
        write_member(writer, "temperature", calibration->temperature);
    } else if (calibration->method == CALIBRATION_ADAPTIVE) {
        write_member(writer, "temperature", calibration->temperature);
        write_member(writer, "exponent", calibration->exponent);
        write_floats(writer, "spreads", calibration->spreads, 3);
    } else if (calibration->method == CALIBRATION_SIGMOID) {
        write_floats(writer, "slopes", calibration->slopes, n);
        write_floats(writer, "offsets", calibration->offsets, n);
    } else if (calibration->method == CALIBRATION_ISOTONIC) {
        json_write_key(writer, "curves");
        json_write_open(writer, '[', false);
        for (size_t o = 0; o < n; o++) {
            size_t start = calibration->knot_starts[o], end = calibration->knot_starts[o + 1];
            json_write_open(writer, '{', false);
            write_floats(writer, "scores", calibration->knot_scores + start, end - start);
            write_floats(writer, "values", calibration->knot_values + start, end - start);
            json_write_close(writer, '}');
        }
        json_write_close(writer, ']');
    }
    json_write_close(writer, '}');
}

bantam_status bantam_classifier_export_json(const bantam_classifier *classifier, bantam_buffer *out,
                                            bantam_error *error)
{
    const struct text_model *model = classifier->text;
    size_t n_outputs = model->weights.n_outputs;
    float *weights = memory_allocate_array(n_outputs, sizeof *weights);
    bool written = weights;
    struct json_writer writer;
    json_writer_init(&writer, out, true);
    json_write_open(&writer, '{', false);
    write_word(&writer, "kind", BANTAM_CLASSIFIER_KIND);
    write_word(&writer, "unicode", UNICODE_VERSION);
    write_flag(&writer, "multi_label", classifier->multi_label);
    json_write_key(&writer, "labels");
    json_write_open(&writer, '[', false);
    for (size_t i = 0; i < classifier->n_labels; i++) {
        json_write_string(&writer, classifier->labels[i]);
    }
    json_write_close(&writer, ']');
    write_floats(&writer, "intercepts", model->intercepts, n_outputs);
    write_calibration(&writer, &classifier->calibration);
    json_write_key(&writer, "parts");
    json_write_open(&writer, '[', false);
    for (size_t i = 0; i < model->vectorizer->options.n_parts && written; i++) {
        written = write_part(&writer, model, &model->vectorizer->parts[i], weights);
    }
    json_write_close(&writer, ']');
    json_write_close(&writer, '}');
    bantam_buffer_append_string(out, "\n");
    memory_free(weights);
    return written && !out->failed ? BANTAM_OK : error_memory(error);
}
