// What a classifier is made of, as text or JSON.
#include <string.h>

#include "bantam/classifier_report.h"
#include "bantam/classifier_train.h"
#include "base/error.h"
#include "report/json_writer.h"
#include "report/utf8.h"

bantam_inspection_options bantam_inspection_options_default(void)
{
    return (bantam_inspection_options){.n_ngrams = 0};
}

// The options that are not at their defaults, as the command line takes them.
static void append_options(bantam_buffer *out, const bantam_classifier *classifier)
{
    const bantam_classifier_options *options = bantam_classifier_trained_options(classifier);
    size_t n_options;
    const bantam_classifier_option *table = bantam_classifier_option_table(&n_options);
    bool any = false;
    for (size_t i = 0; i < n_options; i++) {
        bantam_buffer value;
        bantam_buffer_init(&value, 1024);
        bantam_classifier_option_text(&value, options, table[i].name);
        bantam_buffer_append(&value, "", 1);
        if (!value.failed && strcmp(value.data, table[i].initial) != 0) {
            bantam_buffer_append_format(out, "%s--%s %s", any ? " " : "options     ", table[i].name,
                                        value.data);
            any = true;
        }
        out->failed = out->failed || value.failed;
        bantam_buffer_release(&value);
    }
    bantam_buffer_append_string(out, any ? "\n" : "options     all at their defaults\n");
}

static void append_labels(bantam_buffer *out, const bantam_classifier *classifier)
{
    enum {
        LABELS_SHOWN = 10
    };
    size_t n = bantam_classifier_n_labels(classifier);
    bantam_buffer_append_format(
        out, "labels      %zu%s: ", n,
        bantam_classifier_is_multi_label(classifier) ? ", any number of them a text" : "");
    for (size_t i = 0; i < n && i < LABELS_SHOWN; i++) {
        bantam_buffer_append_string(out, i ? ", " : "");
        utf8_append_visible_string(out, bantam_classifier_label(classifier, i));
    }
    bantam_buffer_append_string(out, n > LABELS_SHOWN ? ", …\n" : "\n");
}

static bantam_status append_telling(bantam_buffer *out, const bantam_classifier *classifier,
                                    uint32_t label, size_t n, bantam_error *error)
{
    bantam_telling_ngrams *telling = NULL;
    bantam_status status = bantam_classifier_telling(&telling, classifier, label, n, error);
    if (status) {
        return status;
    }
    bantam_buffer_append_string(out, "\n");
    utf8_append_visible_string(out, bantam_classifier_label(classifier, label));
    bantam_buffer_append_string(out, "\n");
    for (size_t i = 0; i < telling->n; i++) {
        bantam_buffer_append_format(out, "  %+8.3f  \"", telling->ngrams[i].weight);
        utf8_append_visible_string(out, telling->ngrams[i].ngram);
        bantam_buffer_append_string(out, "\"\n");
    }
    bantam_telling_ngrams_free(&telling);
    return BANTAM_OK;
}

bantam_status bantam_inspection_text(bantam_buffer *out, const bantam_classifier *classifier,
                                     const bantam_inspection_options *options, bantam_error *error)
{
    bantam_buffer_append_string(out, "kind        " BANTAM_CLASSIFIER_KIND "\n");
    append_labels(out, classifier);
    bantam_buffer_append_format(out, "features    %zu\n", bantam_classifier_n_features(classifier));
    append_options(out, classifier);
    bantam_buffer_append_format(out, "calibrated  %s\n",
                                bantam_classifier_record(classifier, "calibration"));
    bantam_buffer_append_format(out, "measured    %s\n",
                                bantam_classifier_record(classifier, "measured"));
    bantam_buffer_append_format(out, "data        %s\n",
                                bantam_classifier_record(classifier, "data_digest"));
    if (options->file_size > 0) {
        bantam_buffer_append_format(out, "bytes       %zu\n", options->file_size);
    }
    bantam_status status = BANTAM_OK;
    size_t n_labels = bantam_classifier_n_labels(classifier);
    for (size_t i = 0; !status && options->n_ngrams > 0 && i < n_labels; i++) {
        if (!options->label_given || options->label == i) {
            status = append_telling(out, classifier, (uint32_t)i, options->n_ngrams, error);
        }
    }
    return status || !out->failed ? status : error_memory(error);
}

// A record that is JSON already.
static void append_record(bantam_buffer *out, const bantam_classifier *classifier, const char *name)
{
    bantam_buffer_append_format(out, ",\"%s\":", name);
    bantam_buffer_append_string(out, bantam_classifier_record(classifier, name));
}

static bantam_status json_write_telling(struct json_writer *writer,
                                        const bantam_classifier *classifier, uint32_t label,
                                        size_t n, bantam_error *error)
{
    bantam_telling_ngrams *telling = NULL;
    bantam_status status = bantam_classifier_telling(&telling, classifier, label, n, error);
    if (status) {
        return status;
    }
    json_write_key(writer, bantam_classifier_label(classifier, label));
    json_write_open(writer, '[', false);
    for (size_t i = 0; i < telling->n; i++) {
        json_write_open(writer, '{', false);
        json_write_key(writer, "ngram");
        json_write_string(writer, telling->ngrams[i].ngram);
        json_write_key(writer, "weight");
        json_write_number(writer, telling->ngrams[i].weight);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
    bantam_telling_ngrams_free(&telling);
    return BANTAM_OK;
}

bantam_status bantam_inspection_json(bantam_buffer *out, const bantam_classifier *classifier,
                                     const bantam_inspection_options *options, bantam_error *error)
{
    struct json_writer writer;
    size_t n_labels = bantam_classifier_n_labels(classifier);
    json_writer_init(&writer, out, false);
    json_write_open(&writer, '{', false);
    json_write_key(&writer, "kind");
    json_write_string(&writer, BANTAM_CLASSIFIER_KIND);
    json_write_key(&writer, "labels");
    json_write_open(&writer, '[', false);
    for (size_t i = 0; i < n_labels; i++) {
        json_write_string(&writer, bantam_classifier_label(classifier, i));
    }
    json_write_close(&writer, ']');
    bantam_buffer_append_format(out, ",\"multi_label\":%s",
                                bantam_classifier_is_multi_label(classifier) ? "true" : "false");
    json_write_key(&writer, "features");
    json_write_unsigned(&writer, bantam_classifier_n_features(classifier));
    json_write_key(&writer, "calibration");
    json_write_string(&writer, bantam_classifier_record(classifier, "calibration"));
    append_record(out, classifier, "options");
    append_record(out, classifier, "measured");
    json_write_key(&writer, "data_digest");
    json_write_string(&writer, bantam_classifier_record(classifier, "data_digest"));
    json_write_key(&writer, "bytes");
    json_write_unsigned(&writer, options->file_size);
    json_write_key(&writer, "telling");
    json_write_open(&writer, '{', false);
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; !status && options->n_ngrams > 0 && i < n_labels; i++) {
        if (!options->label_given || options->label == i) {
            status = json_write_telling(&writer, classifier, (uint32_t)i, options->n_ngrams, error);
        }
    }
    json_write_close(&writer, '}');
    json_write_close(&writer, '}');
    bantam_buffer_append_string(out, "\n");
    return status || !out->failed ? status : error_memory(error);
}
