// An evaluation as text for a person, as JSON for a program, or as one HTML page with plots, into a buffer.
#ifndef BANTAM_EVALUATION_REPORT_H
#define BANTAM_EVALUATION_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "evaluate.h"

// A model's size beside its accuracy, for the plot of the two.
typedef struct bantam_size_point {
    const char *name;
    uint64_t bytes;  // of the model; 0 leaves the point out
    double accuracy; // 0 to 1
} bantam_size_point;

// What is reported. Everything is borrowed for the time of the call.
typedef struct bantam_evaluation_report {
    const char *model; // how the model is called; required
    const char *data;  // how the rows are called; required
    const char *
        method; // how rows were held out, as in "5 folds, stratified"; NULL: the model has not seen them
    uint64_t model_bytes; // 0: not known
    const bantam_evaluation *evaluation;

    const char *
        second_model; // a model compared on the same rows; NULL: none, and the next three are not looked at
    uint64_t second_bytes;
    const bantam_evaluation *second;
    const bantam_comparison *comparison;

    const bantam_size_point *sizes; // (n_sizes) other models to plot beside
    size_t n_sizes;

    bool all;     // text: every class and every mistake instead of the worst; default false
    bool color;   // text: SGR colours; default false
    bool ascii;   // text: no characters outside ASCII in what the report adds; default false
    size_t width; // text: columns of the terminal; 0 (default): lines are not cut
    bool pretty;  // JSON over several lines; default false: one line
} bantam_evaluation_report;

// Appends the report for a person. Ends with a newline.
BANTAM_API void bantam_evaluation_report_text(bantam_buffer *out,
                                              const bantam_evaluation_report *report);

// Appends the report for a program: one object of schema "bantam-evaluation/1", ending in '\n'.
BANTAM_API void bantam_evaluation_report_json(bantam_buffer *out,
                                              const bantam_evaluation_report *report);

// Appends one self-contained page: no script, no reference to anything outside it, light or dark as the reader's system is.
BANTAM_API void bantam_evaluation_report_html(bantam_buffer *out,
                                              const bantam_evaluation_report *report);

#endif
