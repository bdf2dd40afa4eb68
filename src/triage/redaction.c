// Which lines may be quoted, and secrets in them replaced. Nothing remembers a secret longer than the call.
#include "triage/redaction.h"

#include "base/error.h"
#include "text/redact.h"
#include "text/secret.h"

enum {
    REACH = 64,    // lines around a finding that a subject or a place may be taken from
    LOOK_BACK = 80 // lines that a private key may have before the one that is looked at
};

struct redaction {
    struct document *document;
    bool emails;
    size_t n_hidden;
    bool out_of_memory;
};

static struct span line_text(const struct line *line)
{
    return line_span(line);
}

// `text` with each secret replaced, as a copy in the document's arena; `text` itself where it has none.
static struct span without_secrets(struct redaction *redaction, struct span text)
{
    struct secret secret;
    if (redaction->out_of_memory || !secret_find(&secret, text, 0, redaction->emails)) {
        return text;
    }
    char *copy = arena_allocate(&redaction->document->arena, text.size);
    if (!copy) {
        redaction->out_of_memory = true;
        return text;
    }
    return span_of(copy, redact_line(copy, text, redaction->emails, &redaction->n_hidden));
}

static bool in_key(const struct document *document, size_t at)
{
    if (!redact_may_be_key(line_text(&document->lines[at]))) {
        return false;
    }
    for (size_t back = 1; back <= LOOK_BACK && back <= at; back++) {
        struct span text = line_text(&document->lines[at - back]);
        if (secret_block_opens(text)) {
            return true;
        }
        if (secret_block_closes(text)) {
            return false;
        }
    }
    return false;
}

static void hide_in_line(struct redaction *redaction, size_t at)
{
    struct line *line = &redaction->document->lines[at];
    if (in_key(redaction->document, at)) {
        line->text = "***";
        line->size = 3;
        redaction->n_hidden++;
        return;
    }
    struct span text = without_secrets(redaction, line_text(line));
    line->text = text.data;
    line->size = (uint16_t)text.size;
}

static void hide_in_lines(struct redaction *redaction, size_t first, size_t last, size_t reach)
{
    size_t n_lines = redaction->document->n_lines;
    first = first > reach ? first - reach : 0;
    last = last + reach < n_lines ? last + reach : n_lines - 1;
    for (size_t at = first; at <= last; at++) {
        hide_in_line(redaction, at);
    }
}

// The sections that a line stands in: their commands are told as what to run again.
static void hide_in_sections(struct redaction *redaction, size_t line)
{
    struct document *document = redaction->document;
    for (int32_t at = document->lines[line].section; at >= 0; at = document->sections[at].parent) {
        struct section *section = &document->sections[at];
        size_t told = redaction->n_hidden; // the line that tells the command counts already
        struct span command =
            without_secrets(redaction, span_of(section->command, section->command_size));
        struct span name = without_secrets(redaction, span_of(section->name, section->name_size));
        redaction->n_hidden = told;
        section->command = command.data;
        section->command_size = (uint32_t)command.size;
        section->name = name.data;
        section->name_size = (uint32_t)name.size;
    }
}

bantam_status redaction_apply(size_t *n_hidden, struct document *document,
                              const struct finder_result *result, bantam_redaction what,
                              size_t context, bantam_error *error)
{
    struct redaction redaction = {.document = document, .emails = what == BANTAM_REDACT_EMAILS};
    size_t reach = context > REACH ? context : REACH;
    for (size_t i = 0; i < result->n_findings; i++) {
        const struct found *found = &result->findings[i];
        hide_in_lines(&redaction, found->first, found->last, reach);
        hide_in_sections(&redaction, found->anchor);
    }
    for (size_t i = 0; i < result->n_list; i++) {
        hide_in_lines(&redaction, result->list[i].line, result->list[i].line, 0);
    }
    *n_hidden = redaction.n_hidden;
    return redaction.out_of_memory ? error_memory(error) : BANTAM_OK;
}

bantam_status redaction_hide_lines(size_t *n_hidden, struct document *document, size_t first,
                                   size_t last, bantam_redaction what, bantam_error *error)
{
    struct redaction redaction = {.document = document, .emails = what == BANTAM_REDACT_EMAILS};
    if (what != BANTAM_REDACT_NOTHING) {
        hide_in_lines(&redaction, first, last, 0);
    }
    *n_hidden += redaction.n_hidden;
    return redaction.out_of_memory ? error_memory(error) : BANTAM_OK;
}
