// Groups of logs for a person: in a terminal, and as Markdown.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/finding.h"
#include "report/groups.h"
#include "report/layout.h"
#include "report/markdown.h"

enum {
    LOGS_SHOWN = 3, // of a failure, where not all are asked for
    FIX_LINES = 3,
    INDENT = 10,
};

struct count {
    char text[48];
};

static struct count count_of(size_t n, const char *one, const char *many)
{
    struct count count;
    snprintf(count.text, sizeof count.text, "%zu %s", n, n == 1 ? one : many);
    return count;
}

static void write_summary(struct layout *layout, const bantam_groups *groups)
{
    struct count logs = count_of(groups->n_logs, "log", "logs");
    struct count failures = count_of(groups->n_groups, "distinct failure", "distinct failures");
    struct count passed = count_of(groups->n_passed, "log", "logs");
    layout_add(layout, STYLE_BOLD, logs.text);
    layout_add(layout, STYLE_PLAIN, ", ");
    layout_add(layout, STYLE_BOLD, failures.text);
    if (groups->n_passed > 0) {
        layout_add(layout, STYLE_PLAIN, ", ");
        layout_add(layout, STYLE_GOOD, passed.text);
        layout_add(layout, STYLE_PLAIN, " without a sign of one");
    }
    layout_end_line(layout);
}

// "  12 logs  test failed · pytest · tests/test_cart.py::test_discount"
static void write_head(struct layout *layout, const struct group *group)
{
    char count[32];
    snprintf(count, sizeof count, "%4zu %s", group->n_logs,
             group->n_logs == 1 ? "log   " : "logs  ");
    layout_add(layout, STYLE_BOLD, count);
    bool unclear = strcmp(group->cause, "unknown") == 0;
    layout_add(layout, unclear ? STYLE_UNSURE : STYLE_FAILED, finding_cause_title(group->cause));
    const char *dot = layout->ascii ? " - " : " · ";
    if (group->tool) {
        layout_add(layout, STYLE_DIM, dot);
        layout_add(layout, STYLE_PLAIN, group->tool);
    }
    if (group->subject) {
        layout_add(layout, STYLE_DIM, dot);
        layout_add_shrinking(layout, STYLE_BOLD, group->subject);
    }
    layout_end_line(layout);
}

static void indent(struct layout *layout)
{
    layout_add(layout, STYLE_PLAIN, "          ");
}

static void write_places(struct layout *layout, const struct group *group, size_t most)
{
    size_t shown = 0;
    for (const struct grouped_log *log = group->logs; log && shown < most; log = log->next) {
        char line[24];
        snprintf(line, sizeof line, ":%" PRIu64, log->line);
        indent(layout);
        layout_add_shrinking(layout, STYLE_DIM, log->path);
        layout_add(layout, STYLE_DIM, line);
        layout_end_line(layout);
        shown++;
    }
    if (shown < group->n_logs) {
        struct count more = count_of(group->n_logs - shown, "more (--all)", "more (--all)");
        indent(layout);
        layout_add(layout, STYLE_DIM, "and ");
        layout_add(layout, STYLE_DIM, more.text);
        layout_end_line(layout);
    }
}

void groups_write_text(bantam_buffer *out, const bantam_groups *groups,
                       const bantam_report_options *options)
{
    struct layout layout = {
        .out = out, .color = options->color, .ascii = options->ascii, .width = options->width};
    size_t most = options->all ? SIZE_MAX : LOGS_SHOWN;
    write_summary(&layout, groups);
    for (size_t i = 0; i < groups->n_groups; i++) {
        const struct group *group = &groups->groups[i];
        if (options->brief) {
            write_head(&layout, group);
            continue;
        }
        layout_end_line(&layout);
        write_head(&layout, group);
        if (*group->headline) {
            indent(&layout);
            layout_add(&layout, STYLE_PLAIN, group->headline);
            layout_end_line(&layout);
        }
        if (group->fix) {
            indent(&layout);
            layout_add(&layout, STYLE_DIM, "Do first: ");
            layout_end_wrapped(&layout, STYLE_PLAIN, group->fix, INDENT, FIX_LINES);
        }
        write_places(&layout, group, most);
    }
}

enum {
    MARKDOWN_MAXIMUM = 1000 * 1000 // bytes; GitHub refuses a job summary above 1 MiB
};

static void write_entry(bantam_buffer *out, const struct group *group, size_t most)
{
    bantam_buffer_append_format(out, "\n### %zu %s: %s", group->n_logs,
                                group->n_logs == 1 ? "log" : "logs",
                                finding_cause_title(group->cause));
    const char *const named[] = {group->tool, group->subject};
    for (size_t i = 0; i < 2; i++) {
        if (named[i]) {
            bantam_buffer_append_string(out, " · ");
            markdown_code(out, named[i]);
        }
    }
    bantam_buffer_append_string(out, "\n\n");
    if (*group->headline) {
        bantam_buffer_append_string(out, "- Says: ");
        markdown_code(out, group->headline);
        bantam_buffer_append_string(out, "\n");
    }
    if (group->fix) {
        bantam_buffer_append_string(out, "- Do first: ");
        markdown_prose(out, group->fix);
        bantam_buffer_append_string(out, "\n");
    }
    bantam_buffer_append_string(out, "- In: ");
    size_t shown = 0;
    for (const struct grouped_log *log = group->logs; log && shown < most; log = log->next) {
        bantam_buffer_append_string(out, shown++ ? ", " : "");
        markdown_code(out, log->path);
        bantam_buffer_append_format(out, " line %" PRIu64, log->line);
    }
    if (shown < group->n_logs) {
        bantam_buffer_append_format(out, " and %zu more", group->n_logs - shown);
    }
    bantam_buffer_append_string(out, "\n");
}

void groups_write_markdown(bantam_buffer *out, const bantam_groups *groups,
                           const bantam_report_options *options)
{
    bantam_buffer text;
    bantam_buffer_init(&text, out->maximum);
    size_t from = out->size, left_out = 0, most = options->all ? SIZE_MAX : LOGS_SHOWN;
    bantam_buffer_append_format(
        out, "## %s, %s\n", count_of(groups->n_logs, "log", "logs").text,
        count_of(groups->n_groups, "distinct failure", "distinct failures").text);
    if (groups->n_passed > 0) {
        bantam_buffer_append_format(out, "\n%s without a sign of a failure.\n",
                                    count_of(groups->n_passed, "log", "logs").text);
    }
    for (size_t i = 0; i < groups->n_groups; i++) {
        text.size = 0;
        write_entry(&text, &groups->groups[i], most);
        if (out->size - from + text.size > MARKDOWN_MAXIMUM) {
            left_out++;
        } else {
            bantam_buffer_append(out, text.data, text.size);
        }
    }
    if (left_out > 0) {
        bantam_buffer_append_format(out, "\n%zu more failures had no room here.\n", left_out);
    }
    out->failed |= text.failed;
    bantam_buffer_release(&text);
}
