// Each plot says its numbers again in <title> elements, which browsers show where the pointer rests.
#include "report/evaluation_plots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/quantity.h"
#include "report/svg.h"

enum {
    PLOT_WIDTH = 480,
    PLOT_HEIGHT = 360,
    NAMED_CLASSES = 40, // more are told where the pointer rests only
    NAME_SHOWN = 18,    // columns of a class in the confusion matrix
};

static struct svg_plot plot_of(bantam_buffer *out, struct svg_axis x, struct svg_axis y)
{
    return (struct svg_plot){.out = out,
                             .left = 58,
                             .top = 34,
                             .width = PLOT_WIDTH - 58 - 20,
                             .height = PLOT_HEIGHT - 34 - 52,
                             .x = x,
                             .y = y};
}

static void line(const struct svg_plot *plot, const char *class, double x1, double y1, double x2,
                 double y2)
{
    bantam_buffer_append_format(
        plot->out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class,
        svg_x(plot, x1), svg_y(plot, y1), svg_x(plot, x2), svg_y(plot, y2));
}

static void begin_mark(bantam_buffer *out, const char *class)
{
    bantam_buffer_append_format(out, "<g class=\"%s\"><title>", class);
}

static void curve(const struct svg_plot *plot, const char *class, const bantam_curve_point *points,
                  size_t n_points)
{
    bantam_buffer_append_format(plot->out, "<polyline class=\"%s\" points=\"", class);
    for (size_t i = 0; i < n_points; i++) {
        double y = fmin(fmax(points[i].y, plot->y.low), plot->y.high);
        bantam_buffer_append_format(plot->out, "%.1f,%.1f ", svg_x(plot, points[i].x),
                                    svg_y(plot, y));
    }
    bantam_buffer_append_string(plot->out, "\"/>\n");
}

// Places where the pointer may rest, some twenty along the curve.
static void rest_points(const struct svg_plot *plot, const bantam_curve_point *points,
                        size_t n_points, const char *x, const char *y)
{
    size_t step = n_points / 20 + 1;
    for (size_t i = 0; i < n_points; i += step) {
        if (points[i].y < plot->y.low) {
            continue;
        }
        char told[160];
        snprintf(told, sizeof told, "p ≥ %.3f: %s %.1f %%, %s %.1f %%", points[i].threshold, x,
                 points[i].x * 100, y, points[i].y * 100);
        begin_mark(plot->out, "rest");
        bantam_buffer_append_string(plot->out, told);
        bantam_buffer_append_format(plot->out,
                                    "</title><circle cx=\"%.1f\" cy=\"%.1f\" r=\"7\"/></g>\n",
                                    svg_x(plot, points[i].x), svg_y(plot, points[i].y));
    }
}

// Names of the two models in the colours of their marks.
static void legend(const struct svg_plot *plot, const bantam_evaluation_report *report, double x,
                   double y)
{
    if (report->second_model) {
        struct quantity first = quantity_fitted(report->model, 30, "…");
        struct quantity second = quantity_fitted(report->second_model, 30, "…");
        first.text[strcspn(first.text, " ")] = '\0';
        second.text[strcspn(second.text, " ")] = '\0';
        svg_text(plot->out, x, y, "start", "first-name", first.text);
        svg_text(plot->out, x, y + 18, "start", "second-name", second.text);
    }
}

static void reliability_bars(const struct svg_plot *plot, const bantam_evaluation *evaluation,
                             const struct svg_plot *counts)
{
    for (size_t i = 0; i < BANTAM_RELIABILITY_BINS; i++) {
        const bantam_reliability_bin *bin = &evaluation->reliability[i];
        if (bin->weight <= 0) {
            continue;
        }
        double left = svg_x(plot, (double)i / BANTAM_RELIABILITY_BINS) + 1;
        double width = plot->width / BANTAM_RELIABILITY_BINS - 2;
        double top = svg_y(plot, bin->accuracy), share = bin->weight / evaluation->weight;
        begin_mark(plot->out, "bar");
        bantam_buffer_append_format(plot->out, "says %.1f %%, is right %.1f %%, %.0f rows</title>",
                                    bin->confidence * 100, bin->accuracy * 100, bin->weight);
        bantam_buffer_append_format(plot->out,
                                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                                    left, top, width, plot->top + plot->height - top);
        double count_top = svg_y(counts, share);
        bantam_buffer_append_format(
            plot->out,
            "<rect class=\"count\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>\n",
            left, count_top, width, counts->top + counts->height - count_top);
    }
}

static void reliability_points(const struct svg_plot *plot, const bantam_evaluation *evaluation,
                               const char *class)
{
    for (size_t i = 0; i < BANTAM_RELIABILITY_BINS; i++) {
        const bantam_reliability_bin *bin = &evaluation->reliability[i];
        if (bin->weight > 0) {
            bantam_buffer_append_format(
                plot->out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n", class,
                svg_x(plot, bin->confidence), svg_y(plot, bin->accuracy));
        }
    }
}

void plot_reliability(bantam_buffer *out, const bantam_evaluation_report *report)
{
    const bantam_evaluation *evaluation = report->evaluation;
    struct svg_axis said = {0, 1, .title = "probability that the model gives", .percent = true};
    struct svg_axis right = {0, 1, .title = "share that is right", .percent = true};
    struct svg_plot plot = plot_of(out, (struct svg_axis){0, 1, .percent = true}, right);
    struct svg_plot counts = plot;
    plot.height -= 84;
    counts.top = plot.top + plot.height + 46;
    counts.height = 38;
    counts.x = said;
    double most = 0;
    for (size_t i = 0; i < BANTAM_RELIABILITY_BINS; i++) {
        most = fmax(most, evaluation->reliability[i].weight / evaluation->weight);
    }
    counts.y = (struct svg_axis){0, most, .title = "share of rows", .percent = true};
    svg_open(out, PLOT_WIDTH, PLOT_HEIGHT, false, "Reliability: accuracy over probability");
    svg_axes(&plot);
    reliability_bars(&plot, evaluation, &counts);
    line(&plot, "ideal", 0, 0, 1, 1);
    reliability_points(&plot, evaluation, "first-point");
    if (report->second_model) {
        reliability_points(&plot, report->second, "second-point");
    }
    legend(&plot, report, plot.left + plot.width * 0.56, plot.top + plot.height - 30);
    double bottom = counts.top + counts.height;
    line(&counts, "grid", 0, 0, 1, 0);
    svg_text(out, counts.left, counts.top - 8, "start", "axis", counts.y.title);
    struct quantity top;
    snprintf(top.text, sizeof top.text, "%.0f %%", most * 100);
    svg_text(out, counts.left - 8, counts.top + 10, "end", "tick", top.text);
    svg_text(out, counts.left + counts.width / 2, bottom + 20, "middle", "axis", said.title);
    svg_close(out);
}

void plot_precision_recall(bantam_buffer *out, const bantam_evaluation_report *report)
{
    const bantam_evaluation *evaluation = report->evaluation;
    struct svg_plot plot = plot_of(out, (struct svg_axis){0, 1, .title = "recall", .percent = true},
                                   (struct svg_axis){0, 1, .title = "precision", .percent = true});
    svg_open(out, PLOT_WIDTH, PLOT_HEIGHT, false, "Precision over recall");
    svg_axes(&plot);
    if (report->second_model) {
        curve(&plot, "second-line", report->second->precision_recall,
              report->second->n_precision_recall);
    }
    curve(&plot, "first-line", evaluation->precision_recall, evaluation->n_precision_recall);
    rest_points(&plot, evaluation->precision_recall, evaluation->n_precision_recall, "recall",
                "precision");
    char told[80];
    snprintf(told, sizeof told, "mean average precision %.1f %%",
             evaluation->mean_average_precision * 100);
    svg_text(out, plot.left + 12, plot.top + plot.height - 14, "start", "note", told);
    legend(&plot, report, plot.left + 12, plot.top + plot.height - 56);
    svg_close(out);
}

void plot_coverage(bantam_buffer *out, const bantam_evaluation_report *report)
{
    const bantam_evaluation *evaluation = report->evaluation;
    double least = 1;
    for (size_t i = 0; i < evaluation->n_coverage; i++) {
        least = fmin(least, evaluation->coverage[i].y);
    }
    for (size_t i = 0; report->second_model && i < report->second->n_coverage; i++) {
        least = fmin(least, report->second->coverage[i].y);
    }
    double low = fmin(floor(least * 20) / 20, 0.95);
    struct svg_plot plot =
        plot_of(out, (struct svg_axis){0, 1, .title = "share of rows answered", .percent = true},
                (struct svg_axis){low, 1, .title = "share that is right", .percent = true});
    svg_open(out, PLOT_WIDTH, PLOT_HEIGHT, false, "Accuracy over the share of rows answered");
    svg_axes(&plot);
    if (report->second_model) {
        curve(&plot, "second-line", report->second->coverage, report->second->n_coverage);
    }
    curve(&plot, "first-line", evaluation->coverage, evaluation->n_coverage);
    rest_points(&plot, evaluation->coverage, evaluation->n_coverage, "answered", "right");
    legend(&plot, report, plot.left + 12, plot.top + plot.height - 30);
    svg_close(out);
}

static void confusion_cell(bantam_buffer *out, const bantam_evaluation *evaluation, size_t truth,
                           size_t guess, double left, double top, double side)
{
    size_t n = evaluation->n_classes;
    double weight = evaluation->confusion[truth * n + guess];
    double support = evaluation->classes[truth].support;
    if (weight <= 0) {
        return;
    }
    double share = support > 0 ? weight / support : 0;
    begin_mark(out, truth == guess ? "right" : "wrong");
    svg_escape(out, evaluation->classes[truth].name, strlen(evaluation->classes[truth].name));
    bantam_buffer_append_string(out, " → ");
    svg_escape(out, evaluation->classes[guess].name, strlen(evaluation->classes[guess].name));
    bantam_buffer_append_format(out, ": %.0f rows, %.1f %%</title>", weight, share * 100);
    bantam_buffer_append_format(out,
                                "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
                                "fill-opacity=\"%.2f\"/>",
                                left + (double)guess * side, top + (double)truth * side,
                                fmax(side - (side > 6 ? 1 : 0.2), 0.5),
                                fmax(side - (side > 6 ? 1 : 0.2), 0.5), 0.12 + 0.88 * sqrt(share));
    if (side >= 22) {
        char count[32];
        snprintf(count, sizeof count, "%.0f", weight);
        svg_text(out, left + ((double)guess + 0.5) * side - 0.5,
                 top + ((double)truth + 0.5) * side + 4, "middle",
                 share > 0.3 ? "count-on" : "count-off", count);
    }
    bantam_buffer_append_string(out, "</g>\n");
}

static void confusion_names(bantam_buffer *out, const bantam_evaluation *evaluation, double left,
                            double top, double side)
{
    size_t n = evaluation->n_classes;
    for (size_t c = 0; c < n; c++) {
        struct quantity name = quantity_fitted(evaluation->classes[c].name, NAME_SHOWN, "…");
        size_t size = strlen(name.text);
        while (size && name.text[size - 1] == ' ') {
            name.text[--size] = '\0';
        }
        svg_text(out, left - 6, top + ((double)c + 0.5) * side + 4, "end", "tick", name.text);
        double x = left + ((double)c + 0.5) * side + 4, y = top + (double)n * side + 8;
        bantam_buffer_append_format(out, "<g transform=\"translate(%.1f %.1f) rotate(-60)\">", x,
                                    y);
        svg_text(out, 0, 0, "end", "tick", name.text);
        bantam_buffer_append_string(out, "</g>\n");
    }
}

// Units that the longest name takes, by the mean width of a character of the page's font.
static double names_width(const bantam_evaluation *evaluation)
{
    size_t longest = 0;
    for (size_t c = 0; c < evaluation->n_classes; c++) {
        size_t size = strlen(evaluation->classes[c].name);
        longest = size > longest ? size : longest;
    }
    return (longest < NAME_SHOWN ? (double)longest : NAME_SHOWN) * 7.2;
}

void plot_confusion(bantam_buffer *out, const bantam_evaluation_report *report)
{
    const bantam_evaluation *evaluation = report->evaluation;
    size_t n = evaluation->n_classes;
    bool named = n <= NAMED_CLASSES;
    double room = named ? names_width(evaluation) : 0;
    double left = room + 12, top = 26, bottom = room * 0.87 + 40, whole = 1000;
    double side = fmin((whole - left - 10) / (double)n, 64);
    double frame = side * (double)n;
    whole = left + frame + 10;
    svg_open(out, fmax(whole, 420), top + frame + bottom, true, "Confusion matrix");
    bantam_buffer_append_format(out,
                                "<rect class=\"ground\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                                "height=\"%.1f\"/>\n",
                                left, top, frame, frame);
    for (size_t truth = 0; truth < n; truth++) {
        for (size_t guess = 0; guess < n; guess++) {
            confusion_cell(out, evaluation, truth, guess, left, top, side);
        }
    }
    if (named) {
        confusion_names(out, evaluation, left, top, side);
    }
    svg_text(out, left, top - 10, "start", "axis", "rows: the true class");
    svg_text(out, left + frame, top + frame + bottom - 8, "end", "axis",
             "columns: the class that was given");
    svg_close(out);
}

bool plot_has_sizes(const bantam_evaluation_report *report)
{
    size_t n = report->model_bytes > 0;
    n += report->second_model && report->second_bytes;
    for (size_t i = 0; i < report->n_sizes; i++) {
        n += report->sizes[i].bytes > 0;
    }
    return n > 1;
}

struct size_range {
    double least_bytes, most_bytes, least, most;
};

static void widen(struct size_range *range, uint64_t bytes, double low, double high)
{
    if (bytes) {
        range->least_bytes = fmin(range->least_bytes, (double)bytes);
        range->most_bytes = fmax(range->most_bytes, (double)bytes);
        range->least = fmin(range->least, low);
        range->most = fmax(range->most, high);
    }
}

static void size_mark(const struct svg_plot *plot, const char *class, const char *name,
                      uint64_t bytes, const bantam_interval *accuracy)
{
    if (!bytes) {
        return;
    }
    double x = svg_x(plot, (double)bytes), y = svg_y(plot, accuracy->value);
    struct quantity size = quantity_bytes(bytes), label;
    begin_mark(plot->out, class);
    svg_escape(plot->out, name, strlen(name));
    bantam_buffer_append_format(plot->out, ": %s, %.1f %%</title>", size.text,
                                accuracy->value * 100);
    if (accuracy->high > accuracy->low) {
        bantam_buffer_append_format(plot->out,
                                    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x,
                                    svg_y(plot, accuracy->low), x, svg_y(plot, accuracy->high));
    }
    bantam_buffer_append_format(plot->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>", x, y);
    bool late = x > plot->left + plot->width * 0.6;
    struct quantity fitted = quantity_fitted(name, 24, "…");
    size_t end = strlen(fitted.text);
    while (end && fitted.text[end - 1] == ' ') {
        fitted.text[--end] = '\0';
    }
    snprintf(label.text, sizeof label.text, "%.120s, %.40s", fitted.text, size.text);
    svg_text(plot->out, late ? x - 10 : x + 10, y + 4, late ? "end" : "start", "note", label.text);
    bantam_buffer_append_string(plot->out, "</g>\n");
}

void plot_sizes(bantam_buffer *out, const bantam_evaluation_report *report)
{
    const bantam_interval *own = &report->evaluation->accuracy;
    struct size_range range = {INFINITY, 0, 1, 0};
    widen(&range, report->model_bytes, own->low, own->high);
    if (report->second_model) {
        widen(&range, report->second_bytes, report->second->accuracy.low,
              report->second->accuracy.high);
    }
    for (size_t i = 0; i < report->n_sizes; i++) {
        widen(&range, report->sizes[i].bytes, report->sizes[i].accuracy, report->sizes[i].accuracy);
    }
    double space = fmax((range.most - range.least) * 0.2, 0.01);
    struct svg_axis x = {range.least_bytes / 2, range.most_bytes * 2, .logarithmic = true,
                         .title = "size of the model file", .bytes = true};
    struct svg_axis y = {fmax(range.least - space, 0), fmin(range.most + space, 1),
                         .title = "accuracy", .percent = true};
    struct svg_plot plot = plot_of(out, x, y);
    svg_open(out, PLOT_WIDTH, PLOT_HEIGHT, false, "Accuracy over the size of the model");
    svg_axes(&plot);
    for (size_t i = 0; i < report->n_sizes; i++) {
        double accuracy = report->sizes[i].accuracy;
        size_mark(&plot, "other-mark", report->sizes[i].name, report->sizes[i].bytes,
                  &(bantam_interval){accuracy, accuracy, accuracy});
    }
    if (report->second_model) {
        size_mark(&plot, "second-mark", report->second_model, report->second_bytes,
                  &report->second->accuracy);
    }
    size_mark(&plot, "first-mark", report->model, report->model_bytes, own);
    svg_close(out);
}
