#include "triage/tools.h"

#include "base/error.h"

bantam_status subject_find(const char **subject, struct arena *arena, const struct tool *tool,
                           const struct document *document, struct finding_lines lines,
                           bantam_error *error)
{
    (void)arena, (void)tool, (void)document, (void)lines, (void)error;
    *subject = NULL;
    return BANTAM_OK;
}
size_t locations_find(bantam_location locations[LOCATIONS_MAXIMUM], struct arena *arena,
                      const struct document *document, struct finding_lines lines)
{
    (void)arena, (void)document, (void)lines, (void)locations;
    return 0;
}
