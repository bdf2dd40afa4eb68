// A classifier's answers as text for a person or as CSV or NDJSON for a program, into a buffer.
#ifndef BANTAM_CLASSIFIER_REPORT_H
#define BANTAM_CLASSIFIER_REPORT_H

#include "classifier.h"
#include "explain.h"

// One answer. Everything is borrowed for the time of the call.
typedef struct bantam_prediction {
    bantam_text text;
    const float *probabilities; // (n_labels)
    const uint32_t
        *ranked; // (n_labels) as bantam_classifier_decide wrote it; NULL where one label is enough
    const bantam_decision *decision;
} bantam_prediction;

typedef struct bantam_prediction_options {
    size_t n_top;  // so many of the most likely labels are listed; 0 (default): only the answer
    bool with_set; // list the set of labels; default false
} bantam_prediction_options;

BANTAM_API bantam_prediction_options bantam_prediction_options_default(void);

// Appends a line: label, probability, what else was asked for, text; between them tabs. Where the model abstains the label is "-".
// Control characters of the text become blanks.
BANTAM_API void bantam_prediction_text(bantam_buffer *out, const bantam_classifier *classifier,
                                       const bantam_prediction *prediction,
                                       const bantam_prediction_options *options);

// Appends one JSON object and a newline: "label" (null where the model abstains) or "labels", "probability" of the most likely label,
// "top": [{"label", "probability"}] and "set": [label] where asked for, "text".
BANTAM_API void bantam_prediction_json(bantam_buffer *out, const bantam_classifier *classifier,
                                       const bantam_prediction *prediction,
                                       const bantam_prediction_options *options);

// Appends a row of RFC 4180: label (empty where the model abstains; several joined by '|'), probability, label_1, probability_1, …,
// set (joined by '|'), text. The header is the first line of the file.
BANTAM_API void bantam_prediction_csv_header(bantam_buffer *out,
                                             const bantam_classifier *classifier,
                                             const bantam_prediction_options *options);
BANTAM_API void bantam_prediction_csv(bantam_buffer *out, const bantam_classifier *classifier,
                                      const bantam_prediction *prediction,
                                      const bantam_prediction_options *options);

typedef struct bantam_explanation_options {
    bool color;             // SGR colours; default false
    size_t n_contributions; // n-grams listed; 0: all, default 10
} bantam_explanation_options;

BANTAM_API bantam_explanation_options bantam_explanation_options_default(void);

// Appends the explanation for a person: the text, coloured by what each part adds, the n-grams that add most, what is left, and the
// nearest training texts.
BANTAM_API void bantam_explanation_text(bantam_buffer *out, const bantam_classifier *classifier,
                                        const bantam_explanation *explanation, bantam_text text,
                                        const bantam_explanation_options *options);

// Appends one JSON object and a newline: "label", "against", "probability", "score", "base", "absent", "contributions": [{"ngram",
// "value", "places": [[start, end]]}], "neighbours": [{"text", "labels", "similarity"}], "text". All contributions are in it.
BANTAM_API void bantam_explanation_json(bantam_buffer *out, const bantam_classifier *classifier,
                                        const bantam_explanation *explanation, bantam_text text);

typedef struct bantam_inspection_options {
    size_t n_ngrams;  // most telling n-grams listed for each label; default 0
    bool label_given; // only for `label`; default false
    uint32_t label;
    size_t file_size; // bytes; 0 (default): not told
} bantam_inspection_options;

BANTAM_API bantam_inspection_options bantam_inspection_options_default(void);

// Appends what a classifier is made of, for a person: labels, features, options that are not at their defaults, what was measured when it
// was trained, and the most telling n-grams. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_ARGUMENT (a label that is none).
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_inspection_text(bantam_buffer *out, const bantam_classifier *classifier,
                       const bantam_inspection_options *options, bantam_error *error);

// The same as one JSON object and a newline: "labels", "multi_label", "features", "calibration", "options", "measured", "data_digest",
// "bytes", "telling": {label: [{"ngram", "weight"}]}.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_inspection_json(bantam_buffer *out, const bantam_classifier *classifier,
                       const bantam_inspection_options *options, bantam_error *error);

#endif
