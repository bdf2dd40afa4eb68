// An evaluation for a person: how good, how sure that is, where the probabilities can be trusted, and what goes wrong.
//
// In: an evaluation and what the terminal can show. Out: a screenful or two; `all` lists every class.
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bantam/evaluation_report.h"
#include "base/memory.h"
#include "report/layout.h"
#include "report/quantity.h"

enum {
    CLASSES_SHOWN = 10,
    PAIRS_SHOWN = 8,
    MISTAKES_SHOWN = 5,
    COVERED_LEAST = 30, // rows that a threshold is told for
    BAR_COLUMNS = 24,
    NAME_COLUMNS = 34, // of a class in the table
};

struct text_report {
    struct layout layout;
    const bantam_evaluation_report *report;
    const bantam_evaluation *evaluation;
    const char *dot, *dash, *arrow, *bar, *minus;
};

struct cell {
    char text[80];
};

BANTAM_PRINTF(4, 5)
static void add_format(struct layout *layout, enum style style, struct cell *cell,
                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(cell->text, sizeof cell->text, format, arguments);
    va_end(arguments);
    layout_add(layout, style, cell->text);
}

static void end_blank(struct text_report *text)
{
    layout_end_line(&text->layout);
}

static void heading(struct text_report *text, const char *title, const char *beside)
{
    end_blank(text);
    layout_add(&text->layout, STYLE_BOLD, title);
    layout_add(&text->layout, STYLE_DIM, beside);
    layout_end_line(&text->layout);
}

static void write_title(struct text_report *text, const char *model, uint64_t bytes)
{
    const bantam_evaluation_report *report = text->report;
    struct layout *layout = &text->layout;
    struct quantity rows = quantity_grouped(text->evaluation->n_rows);
    struct quantity classes = quantity_grouped(text->evaluation->n_classes);
    struct quantity size = quantity_bytes(bytes);
    layout_add_shrinking(layout, STYLE_BOLD, model);
    layout_add(layout, STYLE_PLAIN, " on ");
    layout_add_shrinking(layout, STYLE_BOLD, report->data);
    layout_add(layout, STYLE_DIM, text->dot);
    layout_add(layout, STYLE_PLAIN, rows.text);
    layout_add(layout, STYLE_PLAIN, " rows");
    layout_add(layout, STYLE_DIM, text->dot);
    layout_add(layout, STYLE_PLAIN, classes.text);
    layout_add(layout, STYLE_PLAIN, " classes");
    if (bytes) {
        layout_add(layout, STYLE_DIM, text->dot);
        layout_add(layout, STYLE_PLAIN, size.text);
    }
    layout_end_line(layout);
    if (report->method) {
        layout_add(layout, STYLE_DIM, report->method);
        layout_end_line(layout);
    }
}

// "  accuracy     91.3 %   90.3–92.3 %". `share`: in per cent.
static void write_metric(struct text_report *text, const char *name,
                         const bantam_interval *interval, bool share, const char *note)
{
    struct layout *layout = &text->layout;
    struct cell label, value, range;
    double scale = share ? 100 : 1;
    const char *unit = share ? " %" : "  ";
    int decimals = share ? 1 : 3;
    add_format(layout, STYLE_PLAIN, &label, "  %-20s", name);
    add_format(layout, STYLE_BOLD, &value, "%7.*f%s", decimals, interval->value * scale, unit);
    if (text->evaluation->has_intervals) {
        add_format(layout, STYLE_DIM, &range, "   %.*f%s%.*f%s", decimals, interval->low * scale,
                   text->dash, decimals, interval->high * scale, share ? " %" : "");
    }
    if (note) {
        layout_add(layout, STYLE_DIM, text->dot);
        layout_add(layout, STYLE_DIM, note);
    }
    layout_end_line(layout);
}

static void write_metrics(struct text_report *text)
{
    const bantam_evaluation *evaluation = text->evaluation;
    struct cell note;
    snprintf(note.text, sizeof note.text, "%g %% of resamples", evaluation->confidence * 100);
    end_blank(text);
    write_metric(text, evaluation->multi_label ? "exact sets" : "accuracy", &evaluation->accuracy,
                 true, evaluation->has_intervals ? note.text : NULL);
    write_metric(text, "macro F1", &evaluation->macro_f1, true, NULL);
    write_metric(text, "log-loss", &evaluation->log_loss, false, NULL);
    write_metric(text, "calibration error", &evaluation->calibration_error, true, NULL);
}

static void write_average(struct text_report *text, const char *name,
                          const bantam_averages *averages)
{
    struct cell cell;
    add_format(&text->layout, STYLE_PLAIN, &cell, "  %-*s%9.1f %9.1f %9.1f", NAME_COLUMNS, name,
               averages->precision * 100, averages->recall * 100, averages->f1 * 100);
    layout_end_line(&text->layout);
}

struct ranked_class {
    size_t class;
    double f1, support;
};

static int compare_worst(const void *left, const void *right)
{
    const struct ranked_class *a = left, *b = right;
    if (a->f1 < b->f1 || a->f1 > b->f1) {
        return a->f1 < b->f1 ? -1 : 1;
    }
    return (a->class > b->class) - (a->class < b->class);
}

static void write_class(struct text_report *text, const bantam_class_result *class)
{
    struct layout *layout = &text->layout;
    struct cell numbers;
    struct quantity support = quantity_grouped((uint64_t)llround(class->support));
    struct quantity name = quantity_fitted(class->name, NAME_COLUMNS, layout_mark(layout));
    layout_add(layout, STYLE_PLAIN, "  ");
    layout_add(layout, STYLE_PLAIN, name.text);
    add_format(layout, STYLE_PLAIN, &numbers, "%9.1f %9.1f %9.1f %8s", class->precision * 100,
               class->recall * 100, class->f1 * 100, support.text);
    layout_end_line(layout);
}

static void write_classes(struct text_report *text)
{
    const bantam_evaluation *evaluation = text->evaluation;
    struct ranked_class *ranked = memory_allocate_array(evaluation->n_classes, sizeof *ranked);
    if (!ranked) {
        text->layout.out->failed = true;
        return;
    }
    size_t n = 0;
    for (size_t c = 0; c < evaluation->n_classes; c++) {
        const bantam_class_result *class = &evaluation->classes[c];
        if (class->support > 0 || class->predicted > 0) {
            ranked[n++] = (struct ranked_class){c, class->f1, class->support};
        }
    }
    qsort(ranked, n, sizeof *ranked, compare_worst);
    size_t n_shown = text->report->all || n <= CLASSES_SHOWN + 2 ? n : CLASSES_SHOWN;
    struct cell title, head;
    end_blank(text);
    add_format(&text->layout, STYLE_BOLD, &title, "%-*s", NAME_COLUMNS + 2,
               n_shown < n ? "Classes, the worst first (per cent)" : "Classes (per cent)");
    add_format(&text->layout, STYLE_DIM, &head, "%9s %9s %9s %8s", "precision", "recall", "F1",
               "rows");
    layout_end_line(&text->layout);
    write_average(text, "all, each class alike (macro)", &evaluation->macro);
    write_average(text, "all, by rows (weighted)", &evaluation->weighted);
    write_average(text, "all, pooled (micro)", &evaluation->micro);
    for (size_t i = 0; i < n_shown; i++) {
        write_class(text, &evaluation->classes[ranked[i].class]);
    }
    if (n_shown < n) {
        struct cell rest;
        add_format(&text->layout, STYLE_DIM, &rest, "  and %zu more; --all lists them",
                   n - n_shown);
        layout_end_line(&text->layout);
    }
    memory_free(ranked);
}

static void write_reliability(struct text_report *text)
{
    const bantam_evaluation *evaluation = text->evaluation;
    struct layout *layout = &text->layout;
    heading(text, "Can the probabilities be trusted?",
            evaluation->multi_label ? "  (of each row's likeliest class)" : NULL);
    layout_add(layout, STYLE_DIM, "  says         is right      rows");
    layout_end_line(layout);
    for (size_t i = BANTAM_RELIABILITY_BINS; i-- > 0;) {
        const bantam_reliability_bin *bin = &evaluation->reliability[i];
        if (bin->weight <= 0) {
            continue;
        }
        struct cell said, right, bar;
        struct quantity rows = quantity_grouped((uint64_t)llround(bin->weight));
        double off = bin->accuracy - bin->confidence;
        add_format(layout, STYLE_PLAIN, &said, "  %5.1f %%", bin->confidence * 100);
        add_format(layout, fabs(off) > 0.1 ? STYLE_UNSURE : STYLE_PLAIN, &right, "     %5.1f %%",
                   bin->accuracy * 100);
        struct cell count;
        add_format(layout, STYLE_PLAIN, &count, "  %8s%s", rows.text,
                   bin->weight / evaluation->weight * BAR_COLUMNS >= 0.5 ? "  " : "");
        size_t n = (size_t)llround(bin->weight / evaluation->weight * BAR_COLUMNS), size = 0;
        for (size_t at = 0; at < n; at++) {
            size += (size_t)snprintf(bar.text + size, sizeof bar.text - size, "%s", text->bar);
        }
        bar.text[size] = '\0';
        layout_add(layout, STYLE_COMMAND, bar.text);
        layout_end_line(layout);
    }
}

// What share of rows can be answered at an accuracy that is asked for.
static void write_coverage(struct text_report *text)
{
    static const double wanted[] = {0.99, 0.95, 0.9};
    const bantam_evaluation *evaluation = text->evaluation;
    const bantam_curve_point *told = NULL;
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
        const bantam_curve_point *best = NULL;
        for (size_t i = 0; i < evaluation->n_coverage; i++) {
            const bantam_curve_point *point = &evaluation->coverage[i];
            bool many = point->x * (double)evaluation->n_rows >= COVERED_LEAST;
            best = many && point->y >= wanted[w] ? point : best;
        }
        if (!best || best->x >= 1 - 1e-9 || best == told) {
            continue;
        }
        if (!told) {
            heading(text, "Answering only when sure", NULL);
        }
        told = best;
        struct cell cell;
        add_format(&text->layout, STYLE_PLAIN, &cell,
                   "  %.0f %% right where p is at least %.2f: %.1f %% of the rows", wanted[w] * 100,
                   best->threshold, best->x * 100);
        layout_end_line(&text->layout);
    }
}

static const char *class_name(const bantam_evaluation *evaluation, uint32_t class)
{
    return class < evaluation->n_classes ? evaluation->classes[class].name : "(no label)";
}

static void write_pairs(struct text_report *text)
{
    const bantam_evaluation *evaluation = text->evaluation;
    size_t n = text->report->all || evaluation->n_confused < PAIRS_SHOWN ? evaluation->n_confused
                                                                         : PAIRS_SHOWN;
    if (n) {
        heading(text, "Most often confused", "  (rows, true class, given class)");
    }
    for (size_t i = 0; i < n; i++) {
        const bantam_confused_pair *pair = &evaluation->confused[i];
        struct cell count;
        add_format(&text->layout, STYLE_PLAIN, &count, "  %5.0f  ", pair->weight);
        layout_add_shrinking(&text->layout, STYLE_PLAIN, class_name(evaluation, pair->truth));
        layout_add(&text->layout, STYLE_DIM, text->arrow);
        layout_add_shrinking(&text->layout, STYLE_PLAIN, class_name(evaluation, pair->guess));
        layout_end_line(&text->layout);
    }
}

static void write_mistakes(struct text_report *text)
{
    const bantam_evaluation *evaluation = text->evaluation;
    struct layout *layout = &text->layout;
    size_t n = text->report->all || evaluation->n_mistakes < MISTAKES_SHOWN ? evaluation->n_mistakes
                                                                            : MISTAKES_SHOWN;
    if (n) {
        heading(text, "Surest mistakes", "  (row, probability, true class, given class)");
    }
    for (size_t i = 0; i < n; i++) {
        const bantam_mistake *mistake = &evaluation->mistakes[i];
        struct cell where;
        add_format(layout, STYLE_PLAIN, &where, "  %5zu  %.2f  ", mistake->row + 1,
                   mistake->probability);
        layout_add_shrinking(layout, STYLE_PLAIN, class_name(evaluation, mistake->truth));
        layout_add(layout, STYLE_DIM, text->arrow);
        layout_add_shrinking(layout, STYLE_PLAIN, class_name(evaluation, mistake->guess));
        layout_end_line(layout);
        if (mistake->text) {
            layout_add(layout, STYLE_PLAIN, "               ");
            layout_add(layout, STYLE_DIM, mistake->text);
            layout_end_line(layout);
        }
    }
}

static void write_difference(struct text_report *text, const char *name,
                             const bantam_interval *difference, double first, double second,
                             bool share)
{
    struct layout *layout = &text->layout;
    struct cell label, values, change, range;
    double scale = share ? 100 : 1;
    int decimals = share ? 1 : 3;
    add_format(layout, STYLE_PLAIN, &label, "  %-20s", name);
    add_format(layout, STYLE_PLAIN, &values, "%9.*f %9.*f", decimals, first * scale, decimals,
               second * scale);
    add_format(layout, STYLE_BOLD, &change, " %+11.*f", decimals, difference->value * scale);
    if (text->evaluation->has_intervals) {
        add_format(layout, STYLE_DIM, &range, "   %+.*f to %+.*f", decimals,
                   difference->low * scale, decimals, difference->high * scale);
    }
    layout_end_line(layout);
}

static void write_comparison(struct text_report *text)
{
    const bantam_evaluation_report *report = text->report;
    const bantam_comparison *comparison = report->comparison;
    const bantam_evaluation *one = report->evaluation, *two = report->second;
    struct layout *layout = &text->layout;
    struct cell cell;
    struct quantity first_size = quantity_bytes(report->model_bytes);
    struct quantity second_size = quantity_bytes(report->second_bytes);
    layout_add(layout, STYLE_BOLD, "first   ");
    layout_add_shrinking(layout, STYLE_PLAIN, report->model);
    layout_add(layout, STYLE_DIM, report->model_bytes ? text->dot : NULL);
    layout_add(layout, STYLE_PLAIN, report->model_bytes ? first_size.text : NULL);
    layout_end_line(layout);
    layout_add(layout, STYLE_BOLD, "second  ");
    layout_add_shrinking(layout, STYLE_PLAIN, report->second_model);
    layout_add(layout, STYLE_DIM, report->second_bytes ? text->dot : NULL);
    layout_add(layout, STYLE_PLAIN, report->second_bytes ? second_size.text : NULL);
    layout_end_line(layout);
    end_blank(text);
    layout_add(layout, STYLE_DIM, "                          first    second  difference");
    layout_end_line(layout);
    write_difference(text, "accuracy, %", &comparison->accuracy, one->accuracy.value,
                     two->accuracy.value, true);
    write_difference(text, "macro F1, %", &comparison->macro_f1, one->macro_f1.value,
                     two->macro_f1.value, true);
    write_difference(text, "log-loss", &comparison->log_loss, one->log_loss.value,
                     two->log_loss.value, false);
    write_difference(text, "calibration error, %", &comparison->calibration_error,
                     one->calibration_error.value, two->calibration_error.value, true);
    end_blank(text);
    add_format(layout, STYLE_PLAIN, &cell,
               "  Only the first is right on %.0f rows, only the second on %.0f",
               comparison->first_only_right, comparison->second_only_right);
    layout_end_line(layout);
    bool clear = comparison->p_value < 1 - comparison->confidence;
    add_format(layout, clear ? STYLE_GOOD : STYLE_UNSURE, &cell,
               clear ? "  The difference in accuracy is no chance (exact McNemar test, p = %.2g)"
                     : "  Chance alone makes such a difference (exact McNemar test, p = %.2g)",
               comparison->p_value);
    layout_end_line(layout);
}

void bantam_evaluation_report_text(bantam_buffer *out, const bantam_evaluation_report *report)
{
    bool ascii = report->ascii;
    struct text_report text = {
        .layout = {.out = out, .color = report->color, .ascii = ascii, .width = report->width},
        .report = report,
        .evaluation = report->evaluation,
        .dot = ascii ? " - " : " · ",
        .dash = ascii ? "-" : "–",
        .arrow = ascii ? " -> " : " → ",
        .bar = ascii ? "#" : "█",
    };
    write_title(&text, report->model, report->model_bytes);
    write_metrics(&text);
    write_classes(&text);
    write_reliability(&text);
    write_coverage(&text);
    write_pairs(&text);
    write_mistakes(&text);
    if (report->second_model) {
        heading(&text, "Compared on the same rows", NULL);
        write_comparison(&text);
    }
}
