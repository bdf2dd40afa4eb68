// An evaluation as one JSON object of schema "bantam-evaluation/1".
//
// Every key is always there, in one order; what is not known or was not asked for is null or an empty list. Shares are from 0 to 1.
#include "bantam/evaluation_report.h"

#include "report/json_writer.h"

static void number_member(struct json_writer *writer, const char *key, double value)
{
    json_write_key(writer, key);
    json_write_significant(writer, value);
}

static void write_interval(struct json_writer *writer, const char *key,
                           const bantam_interval *interval, bool has_intervals)
{
    json_write_open_member(writer, key, '{', true);
    number_member(writer, "value", interval->value);
    if (has_intervals) {
        number_member(writer, "low", interval->low);
        number_member(writer, "high", interval->high);
    } else {
        json_write_string_member(writer, "low", NULL);
        json_write_string_member(writer, "high", NULL);
    }
    json_write_close(writer, '}');
}

static void write_averages(struct json_writer *writer, const char *key,
                           const bantam_averages *averages)
{
    json_write_open_member(writer, key, '{', true);
    number_member(writer, "precision", averages->precision);
    number_member(writer, "recall", averages->recall);
    number_member(writer, "f1", averages->f1);
    json_write_close(writer, '}');
}

static void write_classes(struct json_writer *writer, const bantam_evaluation *evaluation)
{
    json_write_open_member(writer, "classes", '[', false);
    for (size_t c = 0; c < evaluation->n_classes; c++) {
        const bantam_class_result *class = &evaluation->classes[c];
        json_write_open(writer, '{', true);
        json_write_string_member(writer, "label", class->name);
        number_member(writer, "support", class->support);
        number_member(writer, "predicted", class->predicted);
        number_member(writer, "precision", class->precision);
        number_member(writer, "recall", class->recall);
        number_member(writer, "f1", class->f1);
        number_member(writer, "average_precision", class->average_precision);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

// Rows of the matrix are true classes, columns given ones, both in the order of "classes".
static void write_confusion(struct json_writer *writer, const bantam_evaluation *evaluation)
{
    if (!evaluation->confusion) {
        json_write_string_member(writer, "confusion", NULL);
        return;
    }
    json_write_open_member(writer, "confusion", '[', false);
    for (size_t truth = 0; truth < evaluation->n_classes; truth++) {
        json_write_open(writer, '[', true);
        for (size_t guess = 0; guess < evaluation->n_classes; guess++) {
            json_write_significant(writer,
                                   evaluation->confusion[truth * evaluation->n_classes + guess]);
        }
        json_write_close(writer, ']');
    }
    json_write_close(writer, ']');
}

static void write_reliability(struct json_writer *writer, const bantam_evaluation *evaluation)
{
    json_write_open_member(writer, "reliability", '[', false);
    for (size_t i = 0; i < BANTAM_RELIABILITY_BINS; i++) {
        const bantam_reliability_bin *bin = &evaluation->reliability[i];
        json_write_open(writer, '{', true);
        number_member(writer, "low", (double)i / BANTAM_RELIABILITY_BINS);
        number_member(writer, "high", (double)(i + 1) / BANTAM_RELIABILITY_BINS);
        number_member(writer, "weight", bin->weight);
        number_member(writer, "confidence", bin->confidence);
        number_member(writer, "accuracy", bin->accuracy);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_curve(struct json_writer *writer, const char *key, const char *x, const char *y,
                        const bantam_curve_point *points, size_t n_points)
{
    json_write_open_member(writer, key, '[', false);
    for (size_t i = 0; i < n_points; i++) {
        json_write_open(writer, '{', true);
        number_member(writer, x, points[i].x);
        number_member(writer, y, points[i].y);
        number_member(writer, "threshold", points[i].threshold);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static const char *class_name(const bantam_evaluation *evaluation, uint32_t class)
{
    return class < evaluation->n_classes ? evaluation->classes[class].name : NULL;
}

static void write_mistakes(struct json_writer *writer, const bantam_evaluation *evaluation)
{
    json_write_open_member(writer, "mistakes", '[', false);
    for (size_t i = 0; i < evaluation->n_mistakes; i++) {
        const bantam_mistake *mistake = &evaluation->mistakes[i];
        json_write_open(writer, '{', true);
        json_write_unsigned_member(writer, "row", mistake->row + 1);
        json_write_string_member(writer, "truth", class_name(evaluation, mistake->truth));
        json_write_string_member(writer, "guess", class_name(evaluation, mistake->guess));
        number_member(writer, "probability", mistake->probability);
        number_member(writer, "truth_probability", mistake->truth_probability);
        json_write_string_member(writer, "text", mistake->text);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_evaluation(struct json_writer *writer, const bantam_evaluation *evaluation)
{
    bool intervals = evaluation->has_intervals;
    json_write_unsigned_member(writer, "n_rows", evaluation->n_rows);
    json_write_key(writer, "confidence");
    if (intervals) {
        json_write_significant(writer, evaluation->confidence);
    } else {
        json_write_string(writer, NULL);
    }
    write_interval(writer, "accuracy", &evaluation->accuracy, intervals);
    write_interval(writer, "macro_f1", &evaluation->macro_f1, intervals);
    write_interval(writer, "log_loss", &evaluation->log_loss, intervals);
    write_interval(writer, "calibration_error", &evaluation->calibration_error, intervals);
    number_member(writer, "balanced_accuracy", evaluation->balanced_accuracy);
    number_member(writer, "brier_score", evaluation->brier_score);
    number_member(writer, "mean_average_precision", evaluation->mean_average_precision);
    write_averages(writer, "macro", &evaluation->macro);
    write_averages(writer, "micro", &evaluation->micro);
    write_averages(writer, "weighted", &evaluation->weighted);
    write_classes(writer, evaluation);
    write_confusion(writer, evaluation);
    write_reliability(writer, evaluation);
    write_curve(writer, "precision_recall", "recall", "precision", evaluation->precision_recall,
                evaluation->n_precision_recall);
    write_curve(writer, "coverage", "coverage", "accuracy", evaluation->coverage,
                evaluation->n_coverage);
    write_mistakes(writer, evaluation);
}

static void write_comparison(struct json_writer *writer, const bantam_evaluation_report *report)
{
    if (!report->second_model) {
        json_write_string_member(writer, "comparison", NULL);
        return;
    }
    const bantam_comparison *comparison = report->comparison;
    bool intervals = report->evaluation->has_intervals;
    json_write_open_member(writer, "comparison", '{', false);
    json_write_string_member(writer, "model", report->second_model);
    json_write_unsigned_member(writer, "model_bytes", report->second_bytes);
    number_member(writer, "first_only_right", comparison->first_only_right);
    number_member(writer, "second_only_right", comparison->second_only_right);
    number_member(writer, "both_right", comparison->both_right);
    number_member(writer, "both_wrong", comparison->both_wrong);
    number_member(writer, "p_value", comparison->p_value);
    json_write_open_member(writer, "difference", '{', false);
    write_interval(writer, "accuracy", &comparison->accuracy, intervals);
    write_interval(writer, "macro_f1", &comparison->macro_f1, intervals);
    write_interval(writer, "log_loss", &comparison->log_loss, intervals);
    write_interval(writer, "calibration_error", &comparison->calibration_error, intervals);
    json_write_close(writer, '}');
    json_write_open_member(writer, "second", '{', false);
    write_evaluation(writer, report->second);
    json_write_close(writer, '}');
    json_write_close(writer, '}');
}

void bantam_evaluation_report_json(bantam_buffer *out, const bantam_evaluation_report *report)
{
    struct json_writer writer;
    json_writer_init(&writer, out, report->pretty);
    json_write_open(&writer, '{', false);
    json_write_string_member(&writer, "schema", "bantam-evaluation/1");
    json_write_string_member(&writer, "model", report->model);
    json_write_unsigned_member(&writer, "model_bytes", report->model_bytes);
    json_write_string_member(&writer, "data", report->data);
    json_write_string_member(&writer, "method", report->method);
    write_evaluation(&writer, report->evaluation);
    write_comparison(&writer, report);
    json_write_close(&writer, '}');
    bantam_buffer_append(out, "\n", 1);
}
