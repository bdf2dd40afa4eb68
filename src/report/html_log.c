// Which lines of a log its page holds, and how they are folded.
//
// A short log stands there whole. Of a long one the page holds what is near the findings, its end, its beginning and the lines to
// read first, within a budget: a log of 100 MB makes a page of some hundred kilobytes, and every cut is told.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "report/html.h"
#include "report/quantity.h"
#include "report/svg.h"
#include "text/visible.h"
#include "triage/redaction.h"

enum {
    LINE_BYTES = 2000, // shown of a line; what it has more is told
    MARKUP = 48,       // bytes around a line, about
    WHOLE_LINES = 6000,
    NEAR_LINES = 400, // around a finding
    LONG_FINDING = 1200,
    END_LINES = 300,
    HEAD_LINES = 60,
    LISTED_NEAR = 12, // around a line to read first
    LISTED_MOST = 40,
    OPEN_NEAR = 5,  // lines before and after a finding that are not folded
    OPEN_LONG = 40, // of a long finding, before and after its anchor
    FOLD_LEAST = 4, // lines; fewer are not folded
    STEP_LEAST = 8, // lines of a step that is a fold of its own
};

void html_text(bantam_buffer *out, const char *text)
{
    svg_escape(out, text, strlen(text));
}

void html_line_number(bantam_buffer *out, const struct html_log *log, uint64_t line)
{
    struct quantity number = quantity_grouped(line);
    if (html_log_holds(log, line)) {
        bantam_buffer_append_format(out, "<a href=\"#l%zu-%" PRIu64 "\">%s</a>", log->number, line,
                                    number.text);
    } else {
        bantam_buffer_append_string(out, number.text);
    }
}

// ---- choosing -----------------------------------------------------------------------------------

static size_t cost(const struct line *line)
{
    return MARKUP + (line->size < LINE_BYTES ? line->size : LINE_BYTES);
}

// Adds what of these lines fits into the room that is left.
static void add_range(struct html_log *log, size_t first, size_t last, size_t *room)
{
    if (log->n_ranges == HTML_RANGES || first >= log->document.n_lines) {
        return;
    }
    size_t end = first;
    while (end <= last && end < log->document.n_lines && cost(&log->document.lines[end]) <= *room) {
        *room -= cost(&log->document.lines[end++]);
    }
    if (end > first) {
        log->ranges[log->n_ranges++] = (struct html_range){first, end - 1};
    }
}

static int by_first_line(const void *a, const void *b)
{
    const struct html_range *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

static void join_ranges(struct html_log *log)
{
    size_t n = 0;
    qsort(log->ranges, log->n_ranges, sizeof *log->ranges, by_first_line);
    for (size_t i = 0; i < log->n_ranges; i++) {
        struct html_range *last = n > 0 ? &log->ranges[n - 1] : NULL;
        if (last && log->ranges[i].first <= last->last + FOLD_LEAST) {
            last->last = log->ranges[i].last > last->last ? log->ranges[i].last : last->last;
        } else {
            log->ranges[n++] = log->ranges[i];
        }
    }
    log->n_ranges = n;
}

static size_t below(size_t line, size_t by)
{
    return line > by ? line - by : 0;
}

// 0-based in the document; a line before its first gives SIZE_MAX.
static size_t index_of(const struct html_log *log, uint64_t line)
{
    uint64_t first = log->document.first_line_number;
    return line >= first ? (size_t)(line - first) : SIZE_MAX;
}

static void choose(struct html_log *log, const bantam_diagnosis *diagnosis, size_t room)
{
    size_t n_lines = log->document.n_lines;
    size_t whole = 0;
    for (size_t i = 0; i < n_lines && n_lines <= WHOLE_LINES; i++) {
        whole += cost(&log->document.lines[i]);
    }
    if (n_lines <= WHOLE_LINES && whole <= room) {
        add_range(log, 0, n_lines - 1, &room);
        return;
    }
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        size_t anchor = index_of(log, finding->anchor_line);
        size_t first = index_of(log, finding->first_line), last = index_of(log, finding->last_line);
        if (anchor != SIZE_MAX && first != SIZE_MAX) {
            first = anchor - first < LONG_FINDING ? first : anchor - LONG_FINDING;
            last = last - anchor < LONG_FINDING ? last : anchor + LONG_FINDING;
            add_range(log, below(first, NEAR_LINES), last + NEAR_LINES, &room);
        }
    }
    add_range(log, below(n_lines, END_LINES), n_lines - 1, &room);
    add_range(log, 0, HEAD_LINES - 1, &room);
    for (size_t i = 0; i < diagnosis->n_lines_listed && i < LISTED_MOST; i++) {
        size_t at = index_of(log, diagnosis->lines[i].line);
        if (at != SIZE_MAX) {
            add_range(log, below(at, LISTED_NEAR), at + LISTED_NEAR, &room);
        }
    }
    join_ranges(log);
}

struct bantam_report_log {
    struct document document; // empty once a page has taken it over
};

bantam_status bantam_report_log_new(bantam_report_log **out, const void *log, size_t size,
                                    bantam_error *error)
{
    *out = memory_allocate_array(1, sizeof **out);
    bantam_status status =
        *out ? document_init(&(*out)->document, log, size, error) : error_memory(error);
    if (status) {
        bantam_report_log_free(out);
    }
    return status;
}

void bantam_report_log_free(bantam_report_log **log)
{
    if (*log) {
        document_release(&(*log)->document);
        memory_free(*log);
        *log = NULL;
    }
}

static bantam_status take_document(struct html_log *log, const bantam_report_options *options)
{
    if (options->log_ahead) {
        log->document = options->log_ahead->document;
        options->log_ahead->document = (struct document){.raw = NULL};
        return BANTAM_OK;
    }
    return document_init(&log->document, options->log, options->log_size, NULL);
}

bantam_status html_log_init(struct html_log *log, size_t number, const bantam_diagnosis *diagnosis,
                            const bantam_report_options *options, size_t room)
{
    *log = (struct html_log){.number = number};
    if (!options->log || options->log_size == 0 || room == 0) {
        return BANTAM_OK;
    }
    bantam_status status = take_document(log, options);
    log->there = !status && log->document.n_lines > 0;
    if (log->there) {
        choose(log, diagnosis, room);
    }
    for (size_t i = 0; i < log->n_ranges && !status; i++) {
        status = redaction_hide_lines(&log->n_hidden, &log->document, log->ranges[i].first,
                                      log->ranges[i].last, options->redaction, NULL);
    }
    return status;
}

void html_log_release(struct html_log *log)
{
    document_release(&log->document);
}

bool html_log_holds(const struct html_log *log, uint64_t line)
{
    size_t at = log->there ? index_of(log, line) : SIZE_MAX;
    for (size_t i = 0; i < log->n_ranges && at != SIZE_MAX; i++) {
        if (at >= log->ranges[i].first && at <= log->ranges[i].last) {
            return true;
        }
    }
    return false;
}

// ---- writing ------------------------------------------------------------------------------------

struct lines_writer {
    bantam_buffer *out;
    const struct html_log *log;
    const bantam_diagnosis *diagnosis;
};

static const char *line_class(const struct lines_writer *writer, size_t at)
{
    uint64_t number = writer->log->document.first_line_number + at;
    bool in_finding = false;
    for (size_t i = 0; i < writer->diagnosis->n_findings; i++) {
        const bantam_finding *finding = &writer->diagnosis->findings[i];
        if (number == finding->anchor_line) {
            return " class=\"a\"";
        }
        in_finding |= number >= finding->first_line && number <= finding->last_line;
    }
    unsigned flags = writer->log->document.lines[at].flags;
    if (in_finding) {
        return " class=\"f\"";
    }
    if (flags & LINE_MARKER) {
        return " class=\"m\"";
    }
    if (flags & LINE_COMMAND) {
        return " class=\"c\"";
    }
    return flags & (LINE_ERROR | LINE_RED)        ? " class=\"e\""
           : flags & (LINE_WARNING | LINE_YELLOW) ? " class=\"w\""
                                                  : "";
}

static void write_line(const struct lines_writer *writer, size_t at)
{
    const struct html_log *log = writer->log;
    const struct line *line = &log->document.lines[at];
    uint64_t number = log->document.first_line_number + at;
    char text[LINE_BYTES];
    size_t size = line_visible_utf8(text, sizeof text, line);
    bantam_buffer_append_format(writer->out,
                                "<div id=\"l%zu-%" PRIu64 "\" data-n=\"%" PRIu64 "\"%s>",
                                log->number, number, number, line_class(writer, at));
    svg_escape(writer->out, text, size);
    if (line->size > LINE_BYTES || line->flags & LINE_TRUNCATED) {
        bantam_buffer_append_format(writer->out, "<u>… cut; the line has %s</u>",
                                    quantity_bytes(line->raw_size).text);
    }
    bantam_buffer_append_string(writer->out, "\n</div>\n");
}

// Whether the line is one of those that are not folded: a finding, or just beside one.
static bool is_open(const struct lines_writer *writer, size_t at)
{
    uint64_t number = writer->log->document.first_line_number + at;
    for (size_t i = 0; i < writer->diagnosis->n_findings; i++) {
        const bantam_finding *finding = &writer->diagnosis->findings[i];
        uint64_t anchor = finding->anchor_line, first = finding->first_line,
                 last = finding->last_line;
        first = anchor - first > OPEN_LONG ? anchor - OPEN_LONG : first;
        last = last - anchor > OPEN_LONG ? anchor + OPEN_LONG : last;
        if (number + OPEN_NEAR >= first && number <= last + OPEN_NEAR) {
            return true;
        }
    }
    return false;
}

static int32_t step_of(const struct document *document, size_t line)
{
    return document_outermost(document, document->lines[line].section);
}

// Where a part that begins at `from` ends (exclusive): where its openness changes, or a step of some length begins.
static size_t part_end(const struct lines_writer *writer, size_t from, size_t end)
{
    const struct document *document = &writer->log->document;
    bool open = is_open(writer, from);
    size_t at = from + 1;
    for (; at < end && is_open(writer, at) == open; at++) {
        int32_t step = open ? -1 : step_of(document, at);
        const struct section *section = step >= 0 ? &document->sections[step] : NULL;
        if (section && section->first_line == at &&
            section->last_line - section->first_line + 1 >= STEP_LEAST) {
            break;
        }
    }
    return at;
}

// "12 to 340": 1-based.
static void write_numbers(const struct lines_writer *writer, uint64_t first, uint64_t last)
{
    bantam_buffer_append_string(writer->out, quantity_grouped(first).text);
    if (last > first) {
        bantam_buffer_append_format(writer->out, " to %s", quantity_grouped(last).text);
    }
}

static void write_fold_head(const struct lines_writer *writer, size_t from, size_t end)
{
    const struct document *document = &writer->log->document;
    int32_t step = step_of(document, from);
    const struct section *section = step >= 0 ? &document->sections[step] : NULL;
    bool named = section && section->first_line == from && document->lines[from].size > 0;
    char text[200];
    bantam_buffer_append_string(writer->out, "<details class=\"fold\"><summary>");
    if (named) { // in the words of its first line, in which secrets are hidden
        svg_escape(writer->out, text, line_visible_utf8(text, sizeof text, &document->lines[from]));
        bool failed = section->exit_code != EXIT_UNKNOWN && section->exit_code != 0;
        if (failed) {
            bantam_buffer_append_format(writer->out, "<span class=\"x\">exit %" PRId32 "</span>",
                                        section->exit_code);
        }
        bantam_buffer_append_string(writer->out, "<small>");
    }
    bantam_buffer_append_format(writer->out, "%s lines%s", quantity_grouped(end - from).text,
                                named ? " · " : "<small>");
    write_numbers(writer, document->first_line_number + from,
                  document->first_line_number + end - 1);
    bantam_buffer_append_string(writer->out, "</small></summary><div class=\"block\">\n");
}

static void write_range(const struct lines_writer *writer, const struct html_range *range)
{
    size_t end = range->last + 1;
    for (size_t from = range->first; from < end;) {
        size_t stop = part_end(writer, from, end);
        bool folded = !is_open(writer, from) && stop - from >= FOLD_LEAST;
        if (folded) {
            write_fold_head(writer, from, stop);
        }
        for (size_t at = from; at < stop; at++) {
            write_line(writer, at);
        }
        if (folded) {
            bantam_buffer_append_string(writer->out, "</div></details>\n");
        }
        from = stop;
    }
}

// 1-based, `last` included; nothing where there are none.
static void write_gap(const struct lines_writer *writer, uint64_t first, uint64_t last)
{
    if (last < first) {
        return;
    }
    uint64_t n_lines = last - first + 1;
    bantam_buffer_append_format(
        writer->out, "<div class=\"gap\">%s %s not in this page: ", quantity_grouped(n_lines).text,
        n_lines == 1 ? "line is" : "lines are");
    write_numbers(writer, first, last);
    bantam_buffer_append_string(writer->out, "</div>\n");
}

void html_log_write(bantam_buffer *out, const struct html_log *log,
                    const bantam_diagnosis *diagnosis)
{
    struct lines_writer writer = {out, log, diagnosis};
    if (log->n_ranges == 0) {
        return;
    }
    uint64_t n_shown = 0, next = 1, first_number = log->document.first_line_number;
    for (size_t i = 0; i < log->n_ranges; i++) {
        n_shown += log->ranges[i].last - log->ranges[i].first + 1;
    }
    bool whole = n_shown == log->document.n_lines_total;
    bantam_buffer_append_format(out, "<section class=\"log\"><h2>The log<small>%s%s</small></h2>\n",
                                whole ? "whole" : quantity_grouped(n_shown).text,
                                whole ? "" : " of its lines, near what was found");
    bantam_buffer_append_string(out, "<div class=\"lines\">\n");
    for (size_t i = 0; i < log->n_ranges; i++) {
        write_gap(&writer, next, first_number + log->ranges[i].first - 1);
        write_range(&writer, &log->ranges[i]);
        next = first_number + log->ranges[i].last + 1;
    }
    write_gap(&writer, next, log->document.n_lines_total);
    bantam_buffer_append_string(out, "</div></section>\n");
}
