// A message's placeholder is closer to the fault than the subject, the subject closer than nothing.
#include "triage/fix_slots.h"

#include <string.h>

#include "base/error.h"

enum {
    COMMAND_MAXIMUM = 160
};

// The command of the innermost section that tells one; "" for none.
static const struct section *section_with_command(const struct document *document, uint32_t anchor)
{
    int32_t at = anchor < document->n_lines ? document->lines[anchor].section : -1;
    while (at >= 0 && document->sections[at].command_size == 0) {
        at = document->sections[at].parent;
    }
    return at >= 0 ? &document->sections[at] : NULL;
}

bantam_status fix_slots_fill(struct fix_input *input, const struct cause_answer *cause,
                             const struct fix_finding *finding, struct arena *arena,
                             bantam_error *error)
{
    *input = (struct fix_input){.cause = cause->cause,
                                .tool = finding->tool,
                                .kind = finding->kind,
                                .lines = finding->document->lines + finding->lines.first,
                                .n_lines = finding->lines.last - finding->lines.first + 1};
    const char **slots = input->slots;
    const char *const *told = cause->slots;
    slots[FIX_SUBJECT] = finding->subject;
    slots[FIX_TOOL] = finding->tool;
    slots[FIX_LIMIT] = told[SLOT_LIMIT];
    slots[FIX_HOST] = told[SLOT_HOST];
    slots[FIX_PACKAGE] = told[SLOT_PACKAGE];
    if (!slots[FIX_PACKAGE] && cause->cause == CAUSE_DEPENDENCY) {
        slots[FIX_PACKAGE] = finding->subject;
    }
    if (!slots[FIX_HOST] && cause->cause == CAUSE_NETWORK && finding->subject &&
        strchr(finding->subject, '.') && !strpbrk(finding->subject, " /")) {
        slots[FIX_HOST] = finding->subject;
    }
    if (cause->cause == CAUSE_ENVIRONMENT && told[SLOT_COMMAND]) {
        slots[FIX_PACKAGE] = told[SLOT_COMMAND]; // the program that is not there
    }
    slots[FIX_FILE] = told[SLOT_FILE];
    if (finding->n_locations > 0) {
        const bantam_location *first = &finding->locations[0];
        slots[FIX_FILE] = first->file;
        if (first->line > 0 &&
            !(slots[FIX_LINE] = arena_format(arena, "%lld", (long long)first->line))) {
            return error_memory(error);
        }
    }
    const struct section *section = section_with_command(finding->document, finding->lines.anchor);
    if (section && section->command_size <= COMMAND_MAXIMUM) {
        slots[FIX_COMMAND] = arena_copy(arena, section->command, section->command_size);
        if (!slots[FIX_COMMAND]) {
            return error_memory(error);
        }
    }
    return BANTAM_OK;
}
