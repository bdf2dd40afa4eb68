// Walking skeleton: the last line that says "error" or "fail" is the answer.
#include "bantam/triage.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/document.h"

struct bantam_triage {
    int unused;
};

struct owned_diagnosis {
    bantam_diagnosis public;
    struct arena arena;
};

bantam_status bantam_triage_new(bantam_triage **out, bantam_error *error)
{
    *out = memory_allocate_array(1, sizeof **out);
    return *out ? BANTAM_OK : error_memory(error);
}

void bantam_triage_free(bantam_triage **triage)
{
    memory_free(*triage);
    *triage = NULL;
}

bantam_status bantam_triage_use(bantam_triage *triage, const void *model_bytes, size_t size,
                                bantam_error *error)
{
    (void)triage;
    (void)model_bytes;
    (void)size;
    return error_set(error, BANTAM_ERROR_MODEL, "no model kind is known yet");
}

bantam_triage_options bantam_triage_options_default(void)
{
    return (bantam_triage_options){
        .n_lines = 10, .max_findings = 3, .excerpt_lines = 12, .cause_threshold = -1};
}

static bool holds(const struct line *line, const char *word)
{
    return memmem(line->text, line->size, word, strlen(word)) != NULL;
}

static bantam_log_line show(struct arena *arena, const struct document *document, size_t at)
{
    const struct line *line = &document->lines[at];
    char *text = arena_copy(arena, line->text, line->size);
    for (size_t i = 0; text && i < line->size; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            text[i] = '?';
        }
    }
    return (bantam_log_line){.line = document->first_line_number + at,
                             .offset = line->offset,
                             .size = line->raw_size,
                             .score = 0.5,
                             .text = text ? text : ""};
}

bantam_status bantam_triage_run(bantam_diagnosis **out, const bantam_triage *triage,
                                const void *log, size_t size, const bantam_triage_options *options,
                                bantam_error *error)
{
    (void)triage;
    (void)options;
    *out = NULL;
    struct document document;
    bantam_status status = document_init(&document, log, size, error);
    if (status) {
        return status;
    }
    struct owned_diagnosis *owned = memory_allocate_array(1, sizeof *owned);
    if (!owned) {
        document_release(&document);
        return error_memory(error);
    }
    bantam_diagnosis *diagnosis = &owned->public;
    *diagnosis = (bantam_diagnosis){.status = BANTAM_NO_FAILURE_FOUND,
                                    .n_bytes = size,
                                    .n_lines = document.n_lines_total,
                                    .format = log_format_name(document.format)};
    for (size_t at = document.n_lines; at-- > 0;) {
        const struct line *line = &document.lines[at];
        if (holds(line, "error") || holds(line, "Error") || holds(line, "FAIL")) {
            bantam_log_line *shown = arena_allocate_array(&owned->arena, 1, sizeof *shown);
            bantam_finding *finding = arena_allocate_array(&owned->arena, 1, sizeof *finding);
            if (shown && finding) {
                *shown = show(&owned->arena, &document, at);
                *finding = (bantam_finding){.rank = 1,
                                            .score = 0.5,
                                            .first_line = shown->line,
                                            .last_line = shown->line,
                                            .anchor_line = shown->line,
                                            .cause = "unknown",
                                            .cause_probability = 0,
                                            .transient = "maybe",
                                            .excerpt = shown,
                                            .n_excerpt = 1};
                diagnosis->status = BANTAM_UNKNOWN;
                diagnosis->findings = finding;
                diagnosis->n_findings = 1;
                diagnosis->lines = shown;
                diagnosis->n_lines_listed = 1;
            }
            break;
        }
    }
    document_release(&document);
    *out = diagnosis;
    return BANTAM_OK;
}

void bantam_diagnosis_free(bantam_diagnosis **diagnosis)
{
    if (*diagnosis) {
        struct owned_diagnosis *owned = (struct owned_diagnosis *)*diagnosis;
        arena_release(&owned->arena);
        memory_free(owned);
        *diagnosis = NULL;
    }
}
