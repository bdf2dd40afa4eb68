// An evaluation as one page that opens anywhere: HTML, its style and its plots in one file, nothing fetched, nothing run.
//
// In: an evaluation and names of any bytes. Out: HTML in UTF-8; colours follow the reader's light or dark setting.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bantam/evaluation_report.h"
#include "report/evaluation_plots.h"
#include "report/quantity.h"
#include "report/svg.h"

static const char style_colors[] =
    ":root{color-scheme:light dark;--ground:#fbfbf9;--card:#ffffff;--ink:#1b1b1a;--faint:#64635f;"
    "--grid:#e6e5e0;--first:#2460c8;--second:#c2570c;--good:#1c7c54;--shade:#eeeeea}\n"
    "@media (prefers-color-scheme:dark){:root{--ground:#141413;--card:#1d1d1b;--ink:#ededea;"
    "--faint:#a5a49e;--grid:#35342f;--first:#7fb0ff;--second:#f2a267;--good:#6fd3a4;"
    "--shade:#282825}}\n";

static const char style_page[] =
    "*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif}\n"
    "main{max-width:1120px;margin:0 auto;padding:32px 20px 64px}"
    "h1{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}"
    "h2{font-size:19px;margin:0 0 2px}p{margin:0 0 12px;color:var(--faint)}"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;"
    "margin:20px 0}\n"
    ".tile,figure,section{background:var(--card);border:1px solid var(--grid);border-radius:10px;"
    "padding:16px 18px;margin:0;min-width:0}.tile b{display:block;font-size:30px;line-height:1.2;"
    "font-variant-numeric:tabular-nums}.tile span{color:var(--faint);font-size:14px}\n"
    ".plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));"
    "gap:14px;margin:14px 0}section,figure.wide{margin:14px 0}figcaption p{font-size:14px}"
    "svg{display:block;width:100%;height:auto;font:12px system-ui,\"DejaVu Sans\",sans-serif}\n"
    ".scroll{overflow:auto;max-height:560px}table{border-collapse:collapse;width:100%;"
    "font-size:14px;font-variant-numeric:tabular-nums}th,td{text-align:right;padding:5px 10px;"
    "border-bottom:1px solid var(--grid);vertical-align:top}th{position:sticky;top:0;"
    "background:var(--card);color:var(--faint);font-weight:600}"
    "td.name,th.name{text-align:left;overflow-wrap:anywhere}td.text{min-width:240px}"
    "td .meter{display:block;height:4px;background:var(--first);border-radius:2px;margin-top:3px}\n"
    "strong.first{color:var(--first)}strong.second{color:var(--second)}\n";

static const char style_plots[] =
    "svg text{fill:var(--ink)}svg .tick,svg .axis{fill:var(--faint)}svg .axis{font-size:13px}"
    ".grid{stroke:var(--grid);stroke-width:1}.ideal{stroke:var(--faint);stroke-dasharray:5 4;"
    "stroke-width:1.5}.ground{fill:var(--shade)}\n"
    ".bar rect{fill:var(--first);fill-opacity:.3}.bar .count{fill-opacity:.75}"
    ".first-point,.first-mark circle{fill:var(--first)}"
    ".second-point,.second-mark circle{fill:var(--second)}.other-mark circle{fill:var(--faint)}"
    ".first-line,.second-line{fill:none;stroke:var(--first);stroke-width:2.5;"
    "stroke-linejoin:round}.second-line{stroke:var(--second)}"
    ".first-mark line{stroke:var(--first);stroke-width:2}"
    ".second-mark line{stroke:var(--second);stroke-width:2}\n"
    "svg .first-name{fill:var(--first);font-weight:600}"
    "svg .second-name{fill:var(--second);font-weight:600}"
    ".rest circle{fill:transparent}.rest:hover circle{fill:var(--first);fill-opacity:.5}"
    ".right rect{fill:var(--first)}.wrong rect{fill:var(--second)}"
    "g:hover>rect{stroke:var(--ink);stroke-width:1.5}svg .count-on{fill:var(--card);"
    "font-weight:600}\n";

struct page {
    bantam_buffer *out;
    const bantam_evaluation_report *report;
    const bantam_evaluation *evaluation;
};

static void append(struct page *page, const char *html)
{
    bantam_buffer_append_string(page->out, html);
}

static void append_text(struct page *page, const char *text)
{
    svg_escape(page->out, text, strlen(text));
}

static void begin(struct page *page)
{
    const bantam_evaluation_report *report = page->report;
    append(page,
           "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
    append_text(page, report->model);
    append(page, " on ");
    append_text(page, report->data);
    append(page, "</title>\n<style>\n");
    append(page, style_colors);
    append(page, style_page);
    append(page, style_plots);
    append(page, "</style></head>\n<body><main>\n<h1>");
    append_text(page, report->model);
    append(page, " on ");
    append_text(page, report->data);
    struct quantity rows = quantity_grouped(page->evaluation->n_rows);
    struct quantity classes = quantity_grouped(page->evaluation->n_classes);
    struct quantity size = quantity_bytes(report->model_bytes);
    bantam_buffer_append_format(page->out, "</h1>\n<p>%s rows · %s classes", rows.text,
                                classes.text);
    if (report->model_bytes) {
        bantam_buffer_append_format(page->out, " · model of %s", size.text);
    }
    if (report->method) {
        append(page, " · ");
        append_text(page, report->method);
    }
    append(page, "</p>\n");
}

static void tile(struct page *page, const char *name, const bantam_interval *interval, bool share,
                 const char *meaning)
{
    double scale = share ? 100 : 1;
    int decimals = share ? 1 : 3;
    const char *unit = share ? " %" : "";
    bantam_buffer_append_format(page->out, "<div class=\"tile\"><span>%s</span><b>%.*f%s</b><span>",
                                name, decimals, interval->value * scale, unit);
    if (page->evaluation->has_intervals) {
        bantam_buffer_append_format(page->out, "%.*f–%.*f%s<br>", decimals, interval->low * scale,
                                    decimals, interval->high * scale, unit);
    }
    bantam_buffer_append_format(page->out, "%s</span></div>\n", meaning);
}

static void write_tiles(struct page *page)
{
    const bantam_evaluation *evaluation = page->evaluation;
    append(page, "<div class=\"tiles\">\n");
    tile(page, evaluation->multi_label ? "Exact sets" : "Accuracy", &evaluation->accuracy, true,
         evaluation->multi_label ? "rows with exactly their labels" : "rows with the right class");
    tile(page, "Macro F1", &evaluation->macro_f1, true, "each class counts alike");
    tile(page, "Log-loss", &evaluation->log_loss, false, "nats a row; 0 is perfect");
    tile(page, "Calibration error", &evaluation->calibration_error, true,
         "how far probabilities are off");
    append(page, "</div>\n");
    if (evaluation->has_intervals) {
        bantam_buffer_append_format(
            page->out,
            "<p>The ranges hold %g %% of bootstrap resamples of the rows. Balanced accuracy "
            "%.1f %%, Brier score %.4f, weighted F1 %.1f %%, micro F1 %.1f %%.</p>\n",
            evaluation->confidence * 100, evaluation->balanced_accuracy * 100,
            evaluation->brier_score, evaluation->weighted.f1 * 100, evaluation->micro.f1 * 100);
    }
}

static void figure(struct page *page, const char *title, const char *meaning,
                   void (*plot)(bantam_buffer *, const bantam_evaluation_report *), bool wide)
{
    bantam_buffer_append_format(page->out,
                                "<figure%s><figcaption><h2>%s</h2><p>%s</p></figcaption>\n",
                                wide ? " class=\"wide\"" : "", title, meaning);
    plot(page->out, page->report);
    append(page, "</figure>\n");
}

static void write_plots(struct page *page)
{
    append(page, "<div class=\"plots\">\n");
    figure(page, "Reliability",
           "Points on the dashed line: probabilities that can be taken at their word.",
           plot_reliability, false);
    figure(page, "Precision and recall",
           "Over all classes together, as the threshold falls from the left to the right.",
           plot_precision_recall, false);
    figure(page, "Answering only when sure",
           "How accurate the answers are when the least sure ones are kept back.", plot_coverage,
           false);
    if (plot_has_sizes(page->report)) {
        figure(page, "Size and accuracy", "Up and to the left is better.", plot_sizes, false);
    }
    append(page, "</div>\n");
    if (page->evaluation->confusion) {
        figure(page, "Confusion",
               "Blue: right; orange: wrong. The fuller, the larger the share of the true class's "
               "rows; rest the pointer on a cell to read it.",
               plot_confusion, true);
    }
}

static const char *class_name(const bantam_evaluation *evaluation, uint32_t class)
{
    return class < evaluation->n_classes ? evaluation->classes[class].name : "(no label)";
}

static void write_pairs(struct page *page)
{
    const bantam_evaluation *evaluation = page->evaluation;
    if (!evaluation->n_confused) {
        return;
    }
    append(page,
           "<section><h2>Most often confused</h2><p>Where two classes may need clearer texts, "
           "or to be one.</p>\n<div class=\"scroll\"><table><tr><th>rows</th>"
           "<th class=\"name\">true class</th><th class=\"name\">given class</th></tr>\n");
    for (size_t i = 0; i < evaluation->n_confused; i++) {
        const bantam_confused_pair *pair = &evaluation->confused[i];
        bantam_buffer_append_format(page->out, "<tr><td>%.0f</td><td class=\"name\">",
                                    pair->weight);
        append_text(page, class_name(evaluation, pair->truth));
        append(page, "</td><td class=\"name\">");
        append_text(page, class_name(evaluation, pair->guess));
        append(page, "</td></tr>\n");
    }
    append(page, "</table></div></section>\n");
}

static void write_mistakes(struct page *page)
{
    const bantam_evaluation *evaluation = page->evaluation;
    if (!evaluation->n_mistakes) {
        return;
    }
    append(page, "<section><h2>Surest mistakes</h2><p>Read these first: some are labels to correct."
                 "</p>\n<div class=\"scroll\"><table><tr><th>row</th><th>p</th>"
                 "<th class=\"name\">true class</th><th class=\"name\">given class</th>"
                 "<th class=\"name\">text</th></tr>\n");
    for (size_t i = 0; i < evaluation->n_mistakes; i++) {
        const bantam_mistake *mistake = &evaluation->mistakes[i];
        bantam_buffer_append_format(page->out, "<tr><td>%zu</td><td>%.2f</td><td class=\"name\">",
                                    mistake->row + 1, mistake->probability);
        append_text(page, class_name(evaluation, mistake->truth));
        append(page, "</td><td class=\"name\">");
        append_text(page, class_name(evaluation, mistake->guess));
        append(page, "</td><td class=\"name text\">");
        if (mistake->text) {
            svg_escape(page->out, mistake->text, mistake->text_size);
        }
        append(page, "</td></tr>\n");
    }
    append(page, "</table></div></section>\n");
}

static void write_class(struct page *page, const bantam_class_result *class)
{
    struct quantity support = quantity_grouped((uint64_t)llround(class->support));
    append(page, "<tr><td class=\"name\">");
    append_text(page, class->name);
    bantam_buffer_append_format(page->out,
                                "</td><td>%s</td><td>%.1f</td><td>%.1f</td><td>%.1f<span "
                                "class=\"meter\" style=\"width:%.0f%%\"></span></td><td>%.1f</td>"
                                "</tr>\n",
                                support.text, class->precision * 100, class->recall * 100,
                                class->f1 * 100, class->f1 * 100, class->average_precision * 100);
}

static void write_classes(struct page *page)
{
    const bantam_evaluation *evaluation = page->evaluation;
    append(page, "<section><h2>Classes</h2><p>All in per cent but the rows.</p>\n"
                 "<div class=\"scroll\"><table><tr><th class=\"name\">class</th><th>rows</th>"
                 "<th>precision</th><th>recall</th><th>F1</th><th>average precision</th></tr>\n");
    for (size_t c = 0; c < evaluation->n_classes; c++) {
        const bantam_class_result *class = &evaluation->classes[c];
        if (class->support > 0 || class->predicted > 0) {
            write_class(page, class);
        }
    }
    append(page, "</table></div></section>\n");
}

static void difference(struct page *page, const char *name, double first, double second,
                       const bantam_interval *change, bool share)
{
    double scale = share ? 100 : 1;
    int decimals = share ? 1 : 3;
    const char *unit = share ? " %" : "";
    bantam_buffer_append_format(
        page->out, "<tr><td class=\"name\">%s</td><td>%.*f%s</td><td>%.*f%s</td><td>%+.*f</td><td>",
        name, decimals, first * scale, unit, decimals, second * scale, unit, decimals,
        change->value * scale);
    if (page->evaluation->has_intervals) {
        bantam_buffer_append_format(page->out, "%+.*f to %+.*f", decimals, change->low * scale,
                                    decimals, change->high * scale);
    }
    append(page, "</td></tr>\n");
}

static void write_comparison(struct page *page)
{
    const bantam_evaluation_report *report = page->report;
    const bantam_evaluation *one = report->evaluation, *two = report->second;
    const bantam_comparison *comparison = report->comparison;
    append(page, "<section><h2>Compared on the same rows</h2><p><strong class=\"first\">");
    append_text(page, report->model);
    append(page, "</strong> and <strong class=\"second\">");
    append_text(page, report->second_model);
    bantam_buffer_append_format(
        page->out,
        "</strong>: only the first is right on %.0f rows, only the second on %.0f. %s (exact "
        "McNemar test, p = %.2g).</p>\n",
        comparison->first_only_right, comparison->second_only_right,
        comparison->p_value < 1 - comparison->confidence
            ? "The difference in accuracy is no chance"
            : "Chance alone makes such a difference in accuracy",
        comparison->p_value);
    append(page, "<div class=\"scroll\"><table><tr><th class=\"name\"></th><th>first</th>"
                 "<th>second</th><th>difference</th><th>range</th></tr>\n");
    difference(page, "accuracy", one->accuracy.value, two->accuracy.value, &comparison->accuracy,
               true);
    difference(page, "macro F1", one->macro_f1.value, two->macro_f1.value, &comparison->macro_f1,
               true);
    difference(page, "log-loss", one->log_loss.value, two->log_loss.value, &comparison->log_loss,
               false);
    difference(page, "calibration error", one->calibration_error.value,
               two->calibration_error.value, &comparison->calibration_error, true);
    append(page, "</table></div></section>\n");
}

void bantam_evaluation_report_html(bantam_buffer *out, const bantam_evaluation_report *report)
{
    struct page page = {out, report, report->evaluation};
    begin(&page);
    write_tiles(&page);
    if (report->second_model) {
        write_comparison(&page);
    }
    write_plots(&page);
    write_pairs(&page);
    write_mistakes(&page);
    write_classes(&page);
    append(&page, "</main></body></html>\n");
}
