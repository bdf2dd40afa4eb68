// A classifier as one C99 file: constants and tables, then the runtime (export_runtime/) that reads them.
//
// Everything is written with "exported" in its names, which are changed to the caller's at the end. Features are put in the order
// of their keys (upper bits of the n-grams' hashes), so that a search finds them.
#include "bantam/export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/classifier.h"
#include "features/vectorizer_parts.h"
#include "features/vectorizer_rows.h"
#include "model/text_model_parts.h"
#include "report/export_source.h"
#include "report/export_tables.h"

enum {
    NAME_MAXIMUM = 64,
    KEY_BITS = 48, // of a vocabulary with names
    SOURCE_MAXIMUM = INT32_MAX,
};

// A feature on its way into the order of the keys.
struct keyed_feature {
    uint64_t key;
    uint32_t feature; // of the model
};

struct exporting {
    const bantam_classifier *classifier;
    const struct text_model *model;
    const struct vectorizer *vectorizer;
    bantam_buffer source;
    struct keyed_feature
        *order; // (n_features) of each part in the order of its keys; hashed parts as they are
    unsigned dropped_bits[VECTORIZER_PARTS];
    unsigned low_bits;
    bool has_accents, has_idf; // any part
};

static int by_key(const void *left, const void *right)
{
    const struct keyed_feature *a = left, *b = right;
    return a->key != b->key          ? (a->key < b->key ? -1 : 1)
           : a->feature < b->feature ? -1
                                     : a->feature > b->feature;
}

// Chooses how many bits a part's keys have and sorts; where two of 48 bits are the same, all 64 are kept.
static void order_part(struct exporting *exporting, size_t at)
{
    const struct vectorizer_part *part = &exporting->vectorizer->parts[at];
    struct keyed_feature *order = exporting->order + part->first_feature;
    for (unsigned kept = KEY_BITS; kept <= 64; kept += 64 - KEY_BITS) {
        unsigned lost = part->vocabulary.dropped_bits;
        unsigned dropped = 64 - kept > lost ? 64 - kept : lost;
        bool twice = false;
        for (size_t f = 0; f < part->n_features; f++) {
            uint64_t key = f;
            if (!part->options.hash_bits) {
                key = part->vocabulary.entries[f].hash >> (dropped - lost);
            }
            order[f] = (struct keyed_feature){key, (uint32_t)(part->first_feature + f)};
        }
        qsort(order, part->n_features, sizeof *order, by_key);
        for (size_t f = 1; f < part->n_features; f++) {
            twice |= order[f].key == order[f - 1].key;
        }
        if (part->options.hash_bits) {
            return;
        }
        exporting->dropped_bits[at] = dropped;
        unsigned bits = 64 - dropped;
        unsigned low = bits > KEY_BITS ? 32 : bits > 32 ? 16 : 0;
        exporting->low_bits = low > exporting->low_bits ? low : exporting->low_bits;
        if (!twice) {
            return;
        }
    }
}

static void write_constant(struct exporting *exporting, const char *name, long long value)
{
    bantam_buffer_append_format(&exporting->source, "#define EXPORTED_%s %lld\n", name, value);
}

// A string literal. Whatever could be taken for our names, end the literal or confuse a compiler stands as octal digits.
static void write_literal(bantam_buffer *out, const char *text)
{
    bantam_buffer_append_string(out, "\"");
    for (const char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        bool plain = byte >= ' ' && byte < 0x7F && !strchr("\"\\?xX", byte);
        bantam_buffer_append_format(out, plain ? "%c" : "\\%03o", byte);
    }
    bantam_buffer_append_string(out, "\"");
}

static void write_keys(struct exporting *exporting)
{
    static const char *const types[] = {NULL, "uint16_t", "uint32_t"};
    const struct vectorizer *vectorizer = exporting->vectorizer;
    unsigned low_bits = exporting->low_bits;
    bantam_buffer_append_string(&exporting->source,
                                "\n/* Of each n-gram the first bits of its hash, rising. */");
    for (int low = 0; low < (low_bits ? 2 : 1); low++) {
        struct source_table table =
            source_table_begin(&exporting->source, low ? types[low_bits / 16] : "uint32_t",
                               low ? "exported_keys_low" : "exported_keys_high");
        for (size_t at = 0; at < vectorizer->options.n_parts; at++) {
            const struct vectorizer_part *part = &vectorizer->parts[at];
            for (size_t f = 0; f < part->n_features && !part->options.hash_bits; f++) {
                uint64_t key = exporting->order[part->first_feature + f].key;
                uint64_t shown = low ? key & ((UINT64_C(1) << low_bits) - 1) : key >> low_bits;
                source_table_append(&table, "%" PRIu64, shown);
            }
        }
        source_table_end(&table);
    }
}

static int by_float(const void *left, const void *right)
{
    const float *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

// There are far fewer different idf than features: a table of them, and each feature's place in it.
static bool write_idf(struct exporting *exporting)
{
    size_t n = exporting->vectorizer->n_features, n_values = 0;
    float *values = memory_allocate_array(n, sizeof *values);
    if (!values) {
        return false;
    }
    for (size_t f = 0; f < n; f++) {
        values[f] = vectorizer_idf(exporting->vectorizer, f);
    }
    qsort(values, n, sizeof *values, by_float);
    for (size_t f = 0; f < n; f++) {
        if (n_values == 0 || values[f] != values[n_values - 1]) {
            values[n_values++] = values[f];
        }
    }
    struct source_table table =
        source_table_begin(&exporting->source, "float", "exported_idf_values");
    for (size_t i = 0; i < n_values; i++) {
        source_table_append_float(&table, values[i]);
    }
    source_table_end(&table);
    table =
        source_table_begin(&exporting->source, source_unsigned(n_values), "exported_idf_places");
    for (size_t f = 0; f < n; f++) {
        float idf = vectorizer_idf(exporting->vectorizer, exporting->order[f].feature);
        const float *place = bsearch(&idf, values, n_values, sizeof *values, by_float);
        source_table_append(&table, "%zu", (size_t)(place - values));
    }
    source_table_end(&table);
    memory_free(values);
    return true;
}

// Where a feature's stored weights are.
static size_t entries_of(const struct text_weights *weights, size_t feature, size_t *start)
{
    *start = weights->is_sparse ? weights->starts[feature] : feature * weights->stride;
    return weights->is_sparse ? weights->starts[feature + 1] - *start : weights->n_outputs;
}

static void write_places(struct exporting *exporting)
{
    const struct text_weights *weights = &exporting->model->weights;
    size_t n = weights->n_features, start, at = 0;
    bantam_buffer_append_string(&exporting->source,
                                "\n/* Only weights other than 0: where each n-gram's begin, and "
                                "which outputs they are of. */");
    struct source_table table = source_table_begin(
        &exporting->source, source_unsigned(weights->starts[n]), "exported_starts");
    source_table_append(&table, "0");
    for (size_t f = 0; f < n; f++) {
        at += entries_of(weights, exporting->order[f].feature, &start);
        source_table_append(&table, "%zu", at);
    }
    source_table_end(&table);
    table = source_table_begin(&exporting->source, source_unsigned(weights->n_outputs - 1),
                               "exported_outputs");
    for (size_t f = 0; f < n; f++) {
        size_t count = entries_of(weights, exporting->order[f].feature, &start);
        for (size_t i = 0; i < count; i++) {
            source_table_append(&table, "%" PRIu16, weights->outputs[start + i]);
        }
    }
    source_table_end(&table);
}

// In the order of the keys; of four bits two to a byte, plus 8.
static void write_weights(struct exporting *exporting)
{
    const struct text_weights *weights = &exporting->model->weights;
    static const char *const types[] = {"float", "int8_t", "uint8_t"};
    struct source_table table =
        source_table_begin(&exporting->source, types[weights->format], "exported_weights");
    int half = 0;
    bool odd = false;
    for (size_t f = 0; f < weights->n_features; f++) {
        size_t start, n = entries_of(weights, exporting->order[f].feature, &start);
        for (size_t i = start; i < start + n; i++) {
            if (weights->format == WEIGHTS_F32) {
                source_table_append_float(&table, weights->floats[i]);
            } else if (weights->format == WEIGHTS_INT8) {
                source_table_append(&table, "%d", weights->integers[i]);
            } else if (odd) {
                source_table_append(&table, "%d", half | (weights->integers[i] + 8) << 4);
                odd = false;
            } else {
                half = weights->integers[i] + 8;
                odd = true;
            }
        }
    }
    if (odd) {
        source_table_append(&table, "%d", half);
    }
    source_table_end(&table);
    static const char *const reads[] = {
        "exported_weights[i]", "(float)exported_weights[i]",
        "(float)((int)(exported_weights[(i) / 2] >> ((i) % 2 * 4) & 15) - 8)"};
    bantam_buffer_append_format(&exporting->source, "#define EXPORTED_WEIGHT(i) %s\n",
                                reads[weights->format]);
    if (weights->format != WEIGHTS_F32) {
        table = source_table_begin(&exporting->source, "float", "exported_scales");
        for (size_t o = 0; o < weights->n_outputs; o++) {
            source_table_append_float(&table, weights->scales[o]);
        }
        source_table_end(&table);
    }
    bantam_buffer_append_format(&exporting->source, "#define EXPORTED_SCALE(o) %s\n",
                                weights->format == WEIGHTS_F32 ? "1" : "exported_scales[o]");
}

static void write_floats(struct exporting *exporting, const char *name, const float *values,
                         size_t n)
{
    struct source_table table = source_table_begin(&exporting->source, "float", name);
    for (size_t i = 0; i < n; i++) {
        source_table_append_float(&table, values[i]);
    }
    source_table_end(&table);
}

static void write_calibration(struct exporting *exporting)
{
    const struct calibration *calibration = &exporting->classifier->calibration;
    size_t n = calibration->n_outputs;
    bantam_buffer *out = &exporting->source;
    if (calibration->method == CALIBRATION_SIGMOID) {
        write_floats(exporting, "exported_slopes", calibration->slopes, n);
        write_floats(exporting, "exported_offsets", calibration->offsets, n);
    }
    if (calibration->method == CALIBRATION_ISOTONIC) {
        struct source_table table = source_table_begin(out, "uint32_t", "exported_knot_starts");
        for (size_t o = 0; o <= n; o++) {
            source_table_append(&table, "%zu", calibration->knot_starts[o]);
        }
        source_table_end(&table);
        table = source_table_begin(out, "exported_knot", "exported_knots");
        for (size_t i = 0; i < calibration->knot_starts[n]; i++) {
            source_table_append(&table, "{(float)%.9g, (float)%.9g}",
                                (double)calibration->knot_scores[i],
                                (double)calibration->knot_values[i]);
        }
        if (table.n == 0) {
            source_table_append(&table, "{0, 0}");
        }
        source_table_end(&table);
    }
}

static void write_stop_words(struct exporting *exporting)
{
    struct source_table table =
        source_table_begin(&exporting->source, "uint64_t", "exported_stop_words");
    for (size_t at = 0; at < exporting->vectorizer->options.n_parts; at++) {
        const struct vocabulary *stop_words = &exporting->vectorizer->parts[at].stop_words;
        for (size_t i = 0; i < stop_words->n; i++) {
            source_table_append(&table, "UINT64_C(%" PRIu64 ")", stop_words->entries[i].hash);
        }
    }
    source_table_end(&table);
}

static void write_parts(struct exporting *exporting)
{
    const struct vectorizer *vectorizer = exporting->vectorizer;
    bantam_buffer *out = &exporting->source;
    bantam_buffer_append_string(out, "\nstatic const struct exported_part exported_parts[] = {\n");
    size_t first_key = 0, first_stop_word = 0;
    for (size_t at = 0; at < vectorizer->options.n_parts; at++) {
        const struct vectorizer_part *part = &vectorizer->parts[at];
        const struct vectorizer_part_options *options = &part->options;
        bantam_buffer_append_format(
            out, "    {%d, %u, %u, %d, %d, %d, %d, %d, %d, %u, %d, %u, %zu, %zu, %zu, %zu, %zu},\n",
            (int)options->analyzer, options->n_min, options->n_max, options->lowercase,
            (int)options->accents, options->binary, options->sublinear_tf, options->use_idf,
            (int)options->norm, options->hash_bits, options->alternate_sign,
            exporting->dropped_bits[at], part->first_feature, part->n_features, first_key,
            first_stop_word, part->stop_words.n);
        first_key += options->hash_bits ? 0 : part->n_features;
        first_stop_word += part->stop_words.n;
    }
    bantam_buffer_append_string(out, "};\n");
}

static void write_constants(struct exporting *exporting)
{
    const struct vectorizer *vectorizer = exporting->vectorizer;
    unsigned n_max = 1;
    for (size_t at = 0; at < vectorizer->options.n_parts; at++) {
        unsigned longest = vectorizer->parts[at].options.n_max;
        n_max = longest > n_max ? longest : n_max;
    }
    write_constant(exporting, "PARTS", (long long)vectorizer->options.n_parts);
    write_constant(exporting, "N_MAX", n_max);
    write_constant(exporting, "ACCENTS", exporting->has_accents);
    write_constant(exporting, "IDF", exporting->has_idf);
    write_constant(exporting, "SPARSE", exporting->model->weights.is_sparse);
    write_constant(exporting, "LOW_BITS", exporting->low_bits);
    bantam_buffer_append_format(&exporting->source, "#define EXPORTED_SEED UINT64_C(%" PRIu64 ")\n",
                                vectorizer->seed);
    const struct calibration *calibration = &exporting->classifier->calibration;
    write_constant(exporting, "LINK", calibration->link);
    write_constant(exporting, "CALIBRATION", calibration->method);
    bantam_buffer_append_format(&exporting->source, "#define EXPORTED_TEMPERATURE ((float)%.9g)\n",
                                (double)calibration->temperature);
    if (calibration->method == CALIBRATION_ADAPTIVE) {
        bantam_buffer_append_format(&exporting->source,
                                    "#define EXPORTED_EXPONENT %.9g\n#define EXPORTED_LEAST %.9g\n"
                                    "#define EXPORTED_TYPICAL %.9g\n#define EXPORTED_MOST %.9g\n",
                                    (double)calibration->exponent,
                                    (double)calibration->spreads[SPREAD_LEAST],
                                    (double)calibration->spreads[SPREAD_TYPICAL],
                                    (double)calibration->spreads[SPREAD_MOST]);
    }
}

static void write_labels(struct exporting *exporting)
{
    bantam_buffer *out = &exporting->source;
    bantam_buffer_append_string(out, "\nstatic const char *const exported_labels[] = {\n");
    for (size_t i = 0; i < exporting->classifier->n_labels; i++) {
        bantam_buffer_append_string(out, "    ");
        write_literal(out, exporting->classifier->labels[i]);
        bantam_buffer_append_string(out, ",\n");
    }
    bantam_buffer_append_string(out, "};\n");
}

static bool write_source(struct exporting *exporting)
{
    bantam_buffer *out = &exporting->source;
    bantam_buffer_append_format(out, export_source_head, exporting->classifier->n_labels,
                                exporting->vectorizer->n_features,
                                exporting->model->weights.n_outputs);
    write_constants(exporting);
    bantam_buffer_append_string(out, export_source_types);
    write_labels(exporting);
    write_parts(exporting);
    write_stop_words(exporting);
    source_unicode_tables(out, exporting->has_accents);
    write_keys(exporting);
    bool written = !exporting->has_idf || write_idf(exporting);
    if (exporting->model->weights.is_sparse) {
        write_places(exporting);
    }
    write_weights(exporting);
    write_floats(exporting, "exported_intercepts", exporting->model->intercepts,
                 exporting->model->weights.n_outputs);
    write_calibration(exporting);
    bantam_buffer_append_string(out, "\n");
    bantam_buffer_append(out, export_runtime, export_runtime_size);
    bantam_buffer_append_string(out, export_source_tail);
    return written && !out->failed;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < size; i++) {
        if (!is_letter(name[i]) && (i == 0 || name[i] < '0' || name[i] > '9')) {
            return false;
        }
    }
    return size > 0 && size <= NAME_MAXIMUM;
}

// Copies the source with its names changed.
static void append_named(bantam_buffer *out, const bantam_buffer *source, const char *name)
{
    static const char lower[] = "exported", upper[] = "EXPORTED";
    enum {
        SIZE = sizeof lower - 1
    };
    char capitals[NAME_MAXIMUM + 1] = "";
    for (size_t i = 0; name[i]; i++) {
        capitals[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    }
    size_t copied = 0;
    for (size_t at = 0; at + SIZE <= source->size; at++) {
        bool is_lower = memcmp(source->data + at, lower, SIZE) == 0;
        if (is_lower || memcmp(source->data + at, upper, SIZE) == 0) {
            bantam_buffer_append(out, source->data + copied, at - copied);
            bantam_buffer_append_string(out, is_lower ? name : capitals);
            copied = at + SIZE;
            at = copied - 1;
        }
    }
    bantam_buffer_append(out, source->data + copied, source->size - copied);
}

bantam_status bantam_classifier_export_c(const bantam_classifier *classifier, const char *name,
                                         bantam_buffer *out, bantam_error *error)
{
    if (!is_name(name)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "\"%.64s\" can't begin the names in a C file: take letters, digits and "
                         "'_', at most %d, a letter first",
                         name, NAME_MAXIMUM);
    }
    struct exporting exporting = {.classifier = classifier,
                                  .model = classifier->text,
                                  .vectorizer = classifier->text->vectorizer};
    bantam_buffer_init(&exporting.source, SOURCE_MAXIMUM);
    exporting.order =
        memory_allocate_array(exporting.vectorizer->n_features, sizeof *exporting.order);
    bool written = exporting.order;
    for (size_t at = 0; at < exporting.vectorizer->options.n_parts && written; at++) {
        const struct vectorizer_part_options *options = &exporting.vectorizer->parts[at].options;
        exporting.has_accents |= options->accents != ACCENTS_KEEP;
        exporting.has_idf |= options->use_idf;
        order_part(&exporting, at);
    }
    written = written && write_source(&exporting);
    if (written) {
        append_named(out, &exporting.source, name);
    }
    memory_free(exporting.order);
    bantam_buffer_release(&exporting.source);
    return written && !out->failed ? BANTAM_OK : error_memory(error);
}
