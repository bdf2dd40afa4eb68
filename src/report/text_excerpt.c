// The lines of a finding with their numbers, and where there is no room for all, those that tell most.
#include "report/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    ANCHOR_ROWS = 3,
    EXCERPT_MOST = 64, // lines that are chosen; a terminal with more rows shows no more
};

int text_digits(uint64_t number)
{
    int count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

// The column at which a line's text begins.
static size_t text_column(int n_digits)
{
    return (size_t)n_digits + 4;
}

void text_log_line(struct report *report, const bantam_log_line *line, int n_digits, bool anchor)
{
    struct layout *layout = &report->layout;
    struct number number;
    snprintf(number.text, sizeof number.text, " %*" PRIu64 "  ", n_digits, line->line);
    layout_add(layout, anchor ? STYLE_FAILED : STYLE_PLAIN, anchor ? report->arrow : " ");
    layout_add(layout, anchor ? STYLE_BOLD : STYLE_DIM, number.text);
    if (anchor) {
        layout_end_wrapped(layout, STYLE_BOLD, line->text, text_column(n_digits), ANCHOR_ROWS);
    } else {
        layout_add(layout, STYLE_PLAIN, line->text);
        layout_end_line(layout);
    }
}

static void write_gap(struct report *report, uint64_t n_lines, int n_digits)
{
    struct number count = text_grouped(n_lines), indent;
    snprintf(indent.text, sizeof indent.text, "  %*s", n_digits - 1, "");
    layout_add(&report->layout, STYLE_DIM, indent.text);
    layout_add(&report->layout, STYLE_DIM, report->gap);
    layout_add(&report->layout, STYLE_DIM, "  ");
    layout_add(&report->layout, STYLE_DIM, count.text);
    layout_add(&report->layout, STYLE_DIM, n_lines == 1 ? " more line" : " more lines");
    layout_end_line(&report->layout);
}

// Lines of an excerpt, in its order.
struct choice {
    size_t at[EXCERPT_MOST];
    size_t n;
};

static bool is_chosen(const struct choice *choice, size_t line)
{
    for (size_t i = 0; i < choice->n; i++) {
        if (choice->at[i] == line) {
            return true;
        }
    }
    return false;
}

static struct choice choice_with(const struct choice *choice, size_t line)
{
    struct choice larger = *choice;
    size_t at = larger.n++;
    for (; at > 0 && larger.at[at - 1] > line; at--) {
        larger.at[at] = larger.at[at - 1];
    }
    larger.at[at] = line;
    return larger;
}

// A gap takes a row, as the line that it is too small to leave out would.
static size_t choice_rows(const struct choice *choice, const bantam_finding *finding,
                          size_t anchor_rows)
{
    size_t rows = 0;
    for (size_t i = 0; i < choice->n; i++) {
        uint64_t line = finding->excerpt[choice->at[i]].line;
        rows += line == finding->anchor_line ? anchor_rows : 1;
        rows += i > 0 && line > finding->excerpt[choice->at[i - 1]].line + 1;
    }
    return rows;
}

// The best lines that fit, the anchor always among them.
static struct choice choose_lines(const struct report *report, const bantam_finding *finding,
                                  size_t rows, int n_digits)
{
    struct choice choice = {.n = 0};
    bool refused[EXCERPT_MOST] = {false};
    size_t n = finding->n_excerpt < EXCERPT_MOST ? finding->n_excerpt : EXCERPT_MOST;
    size_t anchor_rows = 1;
    struct choice whole = {.n = 0};
    for (size_t i = 0; i < n; i++) {
        whole.at[whole.n++] = i;
        if (finding->excerpt[i].line == finding->anchor_line) {
            anchor_rows = layout_wrapped_lines(&report->layout, finding->excerpt[i].text,
                                               text_column(n_digits), ANCHOR_ROWS);
            choice = choice_with(&choice, i);
        }
    }
    if (choice_rows(&whole, finding, anchor_rows) <= rows) {
        return whole;
    }
    while (true) {
        size_t best = n;
        for (size_t i = 0; i < n; i++) {
            bool free = finding->excerpt[i].score > 0 && !refused[i] && !is_chosen(&choice, i);
            if (free && (best == n || finding->excerpt[i].score > finding->excerpt[best].score)) {
                best = i;
            }
        }
        if (best == n) {
            return choice;
        }
        struct choice larger = choice_with(&choice, best);
        if (choice_rows(&larger, finding, anchor_rows) <= rows) {
            choice = larger;
            memset(refused, 0, sizeof refused); // beside it a line may fit now
        } else {
            refused[best] = true;
        }
    }
}

void text_excerpt(struct report *report, const bantam_finding *finding, size_t rows)
{
    int n_digits = text_digits(finding->last_line) < 4 ? 4 : text_digits(finding->last_line);
    struct choice choice = {.n = 0};
    if (finding->n_excerpt > EXCERPT_MOST) {
        rows = 0; // its caller asked for a long one
    }
    if (rows > 0) {
        choice = choose_lines(report, finding, rows, n_digits);
    }
    uint64_t before = 0;
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        const bantam_log_line *line = &finding->excerpt[i];
        bool bridge = i > 0 && is_chosen(&choice, i - 1) && is_chosen(&choice, i + 1) &&
                      line[1].line == line[-1].line + 2;
        if (rows > 0 && !is_chosen(&choice, i) && !bridge) {
            continue;
        }
        if (before && line->line > before + 1) {
            write_gap(report, line->line - before - 1, n_digits);
        }
        before = line->line;
        text_log_line(report, line, n_digits, line->line == finding->anchor_line);
    }
}
