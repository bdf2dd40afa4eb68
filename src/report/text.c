// A diagnosis for a person: the conclusion, the lines, what to do, why, and what else was found.
//
// In: a diagnosis and what the terminal can show. Out: lines, most of them cut to its width, a screenful by default.
#include "bantam/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/finding.h"
#include "report/layout.h"

enum {
    LABEL_COLUMNS = 14, // "  Reproduce   "
    FIX_LINES = 3,
    EVIDENCE_SHOWN = 4,
    WHY_LINES = 2,
    LOCATIONS_SHOWN = 3,
    LINES_IN_DOUBT = 3, // of those to read first, where the cause is not clear
    ANCHOR_ROWS = 3,
    HEAD_ROWS = 3,           // the conclusion, the place, a blank line
    EXCERPT_LEAST = 5,       // rows, whatever else there is to say
    EXCERPT_MOST = 64,       // lines that are chosen; a terminal with more rows shows no more
    WHY_SLACK = 16,          // columns that breaking lines at blanks may cost
    PROSE_MAXIMUM = 1 << 16, // bytes of one label's text
};

#define FAINT_SHARE 0.05 // of the best line's score; what is below is noise

struct report {
    struct layout layout;
    const bantam_diagnosis *diagnosis;
    const bantam_report_options *options;
    const char *path;
    bool apart;                           // a blank line is due before the next label
    const char *dot, *dash, *arrow, *gap; // " · ", "–", "▶", "⋮"
};

bantam_report_options bantam_report_options_default(void)
{
    return (bantam_report_options){.path = NULL};
}

struct number {
    char text[64];
};

static struct number percent(double probability)
{
    struct number number = {"0%"};
    double hundredths = isfinite(probability) ? fmin(fmax(probability, 0), 1) * 100 : 0;
    if (hundredths > 99 && hundredths < 100) {
        return (struct number){">99%"};
    }
    if (hundredths > 0 && hundredths < 1) {
        return (struct number){"<1%"};
    }
    snprintf(number.text, sizeof number.text, "%.0f%%", hundredths);
    return number;
}

// With a comma between thousands.
static struct number grouped(uint64_t value)
{
    struct number plain, number;
    snprintf(plain.text, sizeof plain.text, "%" PRIu64, value);
    size_t size = strlen(plain.text), at = 0;
    for (size_t i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0) {
            number.text[at++] = ',';
        }
        number.text[at++] = plain.text[i];
    }
    number.text[at] = '\0';
    return number;
}

static struct number line_range(const struct report *report, uint64_t first, uint64_t last)
{
    struct number number;
    if (first == last) {
        snprintf(number.text, sizeof number.text, "%" PRIu64, first);
    } else {
        snprintf(number.text, sizeof number.text, "%" PRIu64 "%s%" PRIu64, first, report->dash,
                 last);
    }
    return number;
}

// "test failed · pytest · tests/test_cart.py::test_discount"; `probability` must live until the line ends.
static void add_conclusion(struct report *report, const bantam_finding *finding,
                           const struct number *probability)
{
    struct layout *layout = &report->layout;
    bool unclear = finding_is_unclear(finding);
    layout_add(layout, STYLE_BOLD, finding_cause_title(finding->cause));
    if (finding->tool) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_PLAIN, finding->tool);
    }
    if (finding->subject) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add_shrinking(layout, STYLE_BOLD, finding->subject);
    }
    if (!unclear) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_PLAIN, probability->text);
    }
}

// The job failed once: what comes after the first finding may be its echo, or nothing.
static void add_lead(struct report *report, const bantam_finding *finding)
{
    enum style style = finding_is_unclear(finding) ? STYLE_UNSURE : STYLE_FAILED;
    bool first = finding == report->diagnosis->findings;
    layout_add(&report->layout, first ? style : STYLE_DIM, first ? "FAIL" : "ALSO");
    layout_add(&report->layout, STYLE_PLAIN, report->options->brief ? " " : "  ");
}

static void write_place(struct report *report, const bantam_finding *finding)
{
    struct layout *layout = &report->layout;
    struct number anchor, range = line_range(report, finding->first_line, finding->last_line),
                          total = grouped(report->diagnosis->n_lines),
                          sure = percent(finding->score);
    snprintf(anchor.text, sizeof anchor.text, ":%" PRIu64, finding->anchor_line);
    layout_add(layout, STYLE_PLAIN, "      ");
    layout_add_shrinking(layout, STYLE_DIM, report->path);
    layout_add(layout, STYLE_DIM, anchor.text);
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, finding->first_line == finding->last_line ? "line " : "lines ");
    layout_add(layout, STYLE_DIM, range.text);
    layout_add(layout, STYLE_DIM, " of ");
    layout_add(layout, STYLE_DIM, total.text);
    if (finding->score < 0.5) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_DIM, "the lines are a guess, ");
        layout_add(layout, STYLE_DIM, sure.text);
    }
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, report->diagnosis->format);
    layout_end_line(layout);
}

static void write_blank(struct report *report)
{
    layout_end_line(&report->layout);
}

static int digits(uint64_t number)
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

static void write_log_line(struct report *report, const bantam_log_line *line, int n_digits,
                           bool anchor)
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
    struct number count = grouped(n_lines), indent;
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

// `rows`: 0 for the whole.
static void write_excerpt(struct report *report, const bantam_finding *finding, size_t rows)
{
    int n_digits = digits(finding->last_line) < 4 ? 4 : digits(finding->last_line);
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
        write_log_line(report, line, n_digits, line->line == finding->anchor_line);
    }
}

static void add_label(struct report *report, const char *label)
{
    static const char blanks[] = "            ";
    if (report->apart) {
        write_blank(report);
        report->apart = false;
    }
    layout_add(&report->layout, STYLE_PLAIN, "  ");
    layout_add(&report->layout, STYLE_DIM, label);
    layout_add(&report->layout, STYLE_PLAIN, blanks + strlen(label));
}

static void write_fix(struct report *report, const bantam_finding *finding)
{
    if (finding->fix_text) {
        add_label(report, "Do first");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, finding->fix_text, LABEL_COLUMNS,
                           FIX_LINES);
    }
    if (finding->fix_reproduce) {
        add_label(report, "Reproduce");
        layout_add(&report->layout, STYLE_COMMAND, finding->fix_reproduce);
        layout_end_line_whole(&report->layout);
    }
    if (finding->transient && strcmp(finding->transient, "yes") == 0) {
        add_label(report, "Re-run");
        layout_add(&report->layout, STYLE_PLAIN, "is likely to pass: nothing of yours is at fault");
        layout_end_line(&report->layout);
    }
}

// The columns that a label's text has in `n_lines` lines; 0: as many as it needs.
static size_t room(const struct report *report, size_t n_lines)
{
    size_t width = report->layout.width;
    return width > LABEL_COLUMNS ? n_lines * (width - LABEL_COLUMNS) : 0;
}

static void append_location(bantam_buffer *text, const bantam_location *location)
{
    bantam_buffer_append_string(text, location->file);
    if (location->line >= 0) {
        bantam_buffer_append_format(text, ":%" PRId64, location->line);
    }
    if (location->line >= 0 && location->column >= 0) {
        bantam_buffer_append_format(text, ":%" PRId64, location->column);
    }
}

// As many as fit whole; the first may lose its middle.
static void write_locations(struct report *report, const bantam_finding *finding)
{
    enum {
        MORE_COLUMNS = 13 // " and 99 more"
    };
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    size_t most = room(report, 1), shown = 0, first_size = 0;
    for (; shown < finding->n_locations && shown < LOCATIONS_SHOWN; shown++) {
        size_t before = text.size;
        bantam_buffer_append_string(&text, shown ? ", " : "");
        append_location(&text, &finding->locations[shown]);
        if (shown == 0) {
            first_size = text.size;
        } else if (most && text.size + MORE_COLUMNS > most) {
            text.size = before;
            break;
        }
    }
    if (shown > 0 && shown < finding->n_locations) {
        bantam_buffer_append_format(&text, " and %zu more", finding->n_locations - shown);
    }
    bantam_buffer_append(&text, "", 1);
    report->layout.out->failed |= text.failed;
    if (shown && !text.failed) {
        struct number first_tail = {""};
        add_label(report, "Where");
        if (shown == 1 && first_size < text.size - 1) {
            snprintf(first_tail.text, sizeof first_tail.text, "%s", text.data + first_size);
            text.data[first_size] = '\0';
        }
        layout_add_shrinking(&report->layout, STYLE_PLAIN, text.data);
        layout_add(&report->layout, STYLE_PLAIN, first_tail.text);
        layout_end_line(&report->layout);
    }
    bantam_buffer_release(&text);
}

// What speaks for the cause, as much as fits two lines; what speaks against it is left to the JSON.
static void write_evidence(struct report *report, const bantam_finding *finding)
{
    static const char says[] = "says ";
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    size_t shown = 0, most = room(report, WHY_LINES);
    uint64_t line = 0;
    bool cited = false;
    for (size_t i = 0; i < finding->n_evidence && shown < EVIDENCE_SHOWN; i++) {
        const bantam_evidence *evidence = &finding->evidence[i];
        size_t before = text.size;
        if (!(evidence->weight > 0)) {
            continue;
        }
        bool cites = strncmp(evidence->feature, says, strlen(says)) == 0;
        bantam_buffer_append_format(&text, "%s%s", shown ? ", " : "",
                                    evidence->feature + (cited && cites ? strlen(says) : 0));
        if (evidence->line && evidence->line != line) {
            bantam_buffer_append_format(&text, " (line %" PRIu64 ")", evidence->line);
        }
        if (shown && most && text.size + WHY_SLACK > most) {
            text.size = before;
            continue;
        }
        shown++;
        line = evidence->line;
        cited = cites;
    }
    bantam_buffer_append(&text, "", 1);
    report->layout.out->failed |= text.failed;
    if (shown && !text.failed) {
        add_label(report, "Why");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, text.data, LABEL_COLUMNS, WHY_LINES);
    }
    bantam_buffer_release(&text);
}

// "perhaps dependency 41%, network 22%": as many as fit.
static void write_alternatives(struct report *report, const bantam_finding *finding)
{
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    size_t most = room(report, 1), shown = 0;
    for (size_t i = 0; i < finding->n_cause_alternatives && i < 3; i++) {
        const bantam_cause_probability *other = &finding->cause_alternatives[i];
        size_t before = text.size;
        if (other->probability < 0.05) {
            break;
        }
        struct number chance = percent(other->probability);
        bantam_buffer_append_format(&text, "%s%s %s", shown ? ", " : "",
                                    finding_cause_title(other->cause), chance.text);
        if (shown && most && text.size > most) {
            text.size = before;
            break;
        }
        shown++;
    }
    bantam_buffer_append(&text, "", 1);
    report->layout.out->failed |= text.failed;
    if (shown && !text.failed) {
        add_label(report, finding_is_unclear(finding) ? "Perhaps" : "Or");
        layout_add(&report->layout, STYLE_PLAIN, text.data);
        layout_end_line(&report->layout);
    }
    bantam_buffer_release(&text);
}

// What stands below the lines.
static void write_advice(struct report *report, const bantam_finding *finding)
{
    report->apart = true;
    if (finding_is_unclear(finding)) {
        write_alternatives(report, finding);
    }
    write_fix(report, finding);
    write_locations(report, finding);
    write_evidence(report, finding);
    if (!finding_is_unclear(finding) &&
        (report->options->all || finding->cause_probability < 0.7)) {
        write_alternatives(report, finding);
    }
}

// That something is not shown as it stands in the log.
static void write_hidden(struct report *report)
{
    size_t n_hidden = report->diagnosis->n_hidden;
    if (n_hidden > 0) {
        char text[96];
        snprintf(text, sizeof text, "%zu %s here as *** (--redact none shows %s)", n_hidden,
                 n_hidden == 1 ? "secret stands" : "secrets stand", n_hidden == 1 ? "it" : "them");
        add_label(report, "Hidden");
        layout_end_wrapped(&report->layout, STYLE_DIM, text, LABEL_COLUMNS, 2);
    }
}

static const char *anchor_text(const bantam_finding *finding)
{
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        if (finding->excerpt[i].line == finding->anchor_line) {
            return finding->excerpt[i].text;
        }
    }
    return NULL;
}

// A line each; one without a cause to name shows its anchor instead. Much fainter ones than the first are noise.
static void write_further(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    bool told = false;
    for (size_t i = 1; i < diagnosis->n_findings; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        if (finding->score < FAINT_SHARE * diagnosis->findings[0].score) {
            continue;
        }
        struct number probability = percent(finding->cause_probability);
        struct number range = line_range(report, finding->first_line, finding->last_line);
        bool single = finding->first_line == finding->last_line;
        add_label(report, told ? "" : "Also");
        told = true;
        layout_add(&report->layout, STYLE_PLAIN, single ? "line " : "lines ");
        layout_add(&report->layout, STYLE_PLAIN, range.text);
        layout_add(&report->layout, STYLE_PLAIN, "  ");
        if (finding_is_unclear(finding) && !finding->subject && anchor_text(finding)) {
            layout_add(&report->layout, STYLE_PLAIN, anchor_text(finding));
        } else {
            add_conclusion(report, finding, &probability);
        }
        layout_end_line(&report->layout);
    }
}

// In the first finding, shown or cut out of its excerpt, or told as the place of a further one.
static bool told_above(const bantam_diagnosis *diagnosis, uint64_t line)
{
    const bantam_finding *findings = diagnosis->findings;
    if (diagnosis->n_findings && line >= findings->first_line && line <= findings->last_line) {
        return true;
    }
    for (size_t i = 1; i < diagnosis->n_findings; i++) {
        if (findings[i].anchor_line == line) {
            return true;
        }
    }
    return false;
}

// The lines to read first: all that were asked for; in doubt a few that no finding tells.
static void write_lines(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    bool asked = report->options->n_lines > 0, doubt = diagnosis->status == BANTAM_UNKNOWN;
    size_t wanted = asked ? report->options->n_lines : doubt ? LINES_IN_DOUBT : 0, shown = 0;
    size_t n_faint = 0;
    int n_digits = 4;
    for (size_t i = 0; i < diagnosis->n_lines_listed; i++) {
        int count = digits(diagnosis->lines[i].line);
        n_digits = count > n_digits ? count : n_digits;
    }
    for (size_t i = 0; i < diagnosis->n_lines_listed && shown < wanted; i++) {
        const bantam_log_line *line = &diagnosis->lines[i];
        bool faint = line->score < FAINT_SHARE * diagnosis->lines[0].score;
        if (faint) {
            n_faint += i < wanted;
            continue;
        }
        if (!asked && told_above(diagnosis, line->line)) {
            continue;
        }
        if (shown++ == 0) {
            write_blank(report);
            layout_add(&report->layout, STYLE_DIM,
                       asked ? "  Lines to read first" : "  Other lines to read");
            layout_end_line(&report->layout);
        }
        write_log_line(report, line, n_digits, false);
    }
    if (asked && n_faint > 0) {
        struct number left_out;
        snprintf(left_out.text, sizeof left_out.text,
                 "  %zu more %s hardly anything; JSON has them", n_faint,
                 n_faint == 1 ? "says" : "say");
        layout_add(&report->layout, STYLE_DIM, left_out.text);
        layout_end_line(&report->layout);
    }
}

static void write_finding(struct report *report, const bantam_finding *finding, size_t rows)
{
    struct number probability = percent(finding->cause_probability);
    add_lead(report, finding);
    add_conclusion(report, finding, &probability);
    layout_end_line(&report->layout);
    write_place(report, finding);
    write_blank(report);
    write_excerpt(report, finding, rows);
}

static size_t count_lines(const bantam_buffer *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->size; i++) {
        count += text->data[i] == '\n';
    }
    return count;
}

// The first finding with what the others come to. What stands below the excerpt is written first: it tells how many
// rows are left for the lines.
static void write_screen(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    bantam_buffer *out = report->layout.out, below;
    bantam_buffer_init(&below, (size_t)1 << 24);
    report->layout.out = &below;
    write_advice(report, diagnosis->findings);
    write_further(report);
    write_hidden(report);
    if (report->options->n_lines == 0) {
        write_lines(report);
    }
    report->layout.out = out;
    size_t rows = report->options->rows, taken = HEAD_ROWS + count_lines(&below);
    if (rows > 0) {
        rows = rows > taken + EXCERPT_LEAST ? rows - taken : EXCERPT_LEAST;
    }
    write_finding(report, diagnosis->findings, rows);
    bantam_buffer_append(out, below.data, below.size);
    out->failed |= below.failed;
    bantam_buffer_release(&below);
    if (report->options->n_lines > 0) {
        write_lines(report);
    }
}

static void write_all(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        if (i) {
            write_blank(report);
        }
        write_finding(report, &diagnosis->findings[i], 0);
        write_advice(report, &diagnosis->findings[i]);
    }
    write_hidden(report);
    write_lines(report);
}

static void write_no_failure(struct report *report)
{
    struct layout *layout = &report->layout;
    struct number total = grouped(report->diagnosis->n_lines);
    layout_add(layout, STYLE_GOOD, "OK    ");
    layout_add(layout, STYLE_BOLD, "no sign of a failure");
    layout_end_line(layout);
    layout_add(layout, STYLE_PLAIN, "      ");
    layout_add_shrinking(layout, STYLE_DIM, report->path);
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, total.text);
    layout_add(layout, STYLE_DIM, report->diagnosis->n_lines == 1 ? " line" : " lines");
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, report->diagnosis->format);
    layout_end_line(layout);
    layout_add(layout, STYLE_PLAIN, "      ");
    layout_end_wrapped(layout, STYLE_PLAIN,
                       "If the job did fail, its reason is in another log: look at its other "
                       "steps and at the CI's own messages.",
                       6, 2);
}

// "build.log:1049: FAIL test failed · pytest · …", as editors read places.
static void write_brief(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    struct number place = {": "}, probability = {""};
    layout_add(&report->layout, STYLE_PLAIN, report->path); // whole: editors follow it
    if (diagnosis->n_findings) {
        snprintf(place.text, sizeof place.text, ":%" PRIu64 ": ",
                 diagnosis->findings[0].anchor_line);
    }
    layout_add(&report->layout, STYLE_DIM, place.text);
    if (diagnosis->n_findings) {
        probability = percent(diagnosis->findings[0].cause_probability);
        add_lead(report, &diagnosis->findings[0]);
        add_conclusion(report, &diagnosis->findings[0], &probability);
    } else {
        layout_add(&report->layout, STYLE_GOOD, "OK ");
        layout_add(&report->layout, STYLE_PLAIN, "no sign of a failure");
    }
    layout_end_line(&report->layout);
}

void bantam_report_text(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                        const bantam_report_options *options)
{
    bantam_report_options chosen = options ? *options : bantam_report_options_default();
    bool ascii = chosen.ascii;
    struct report report = {
        .layout = {.out = out, .color = chosen.color, .ascii = ascii, .width = chosen.width},
        .diagnosis = diagnosis,
        .options = &chosen,
        .path = !chosen.path || strcmp(chosen.path, "-") == 0 ? "standard input" : chosen.path,
        .dot = ascii ? " - " : " · ",
        .dash = ascii ? "-" : "–",
        .arrow = ascii ? ">" : "▶",
        .gap = ascii ? ":" : "⋮",
    };
    if (chosen.brief) {
        write_brief(&report);
        return;
    }
    if (diagnosis->status == BANTAM_NO_FAILURE_FOUND || diagnosis->n_findings == 0) {
        write_no_failure(&report);
        write_lines(&report);
    } else if (chosen.all) {
        write_all(&report);
    } else {
        write_screen(&report);
    }
}
