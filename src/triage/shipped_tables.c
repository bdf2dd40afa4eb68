// One bundle among the embedded files holds all three tables.
#include "triage/shipped_tables.h"

#include "base/error.h"
#include "model/embedded.h"

static bantam_status open_shipped(struct bundle *bundle, bantam_error *error)
{
    const struct embedded_file *file = embedded_find(SHIPPED_TABLES_NAME);
    return file ? bundle_open(bundle, file->bytes, file->size, error)
                : error_set(error, BANTAM_ERROR_MODEL,
                            "the library was built without \"" SHIPPED_TABLES_NAME "\"");
}

bantam_status shipped_messages(struct messages *messages, bantam_error *error)
{
    struct bundle bundle;
    *messages = (struct messages){0};
    bantam_status status = open_shipped(&bundle, error);
    return status ? status : messages_thaw(messages, &bundle, error);
}

bantam_status shipped_tools(struct tool_table *table, bantam_error *error)
{
    struct bundle bundle;
    *table = (struct tool_table){0};
    bantam_status status = open_shipped(&bundle, error);
    return status ? status : tool_table_thaw(table, &bundle, error);
}

bantam_status shipped_fixes(struct fixes *fixes, bantam_error *error)
{
    struct bundle bundle;
    *fixes = (struct fixes){0};
    bantam_status status = open_shipped(&bundle, error);
    return status ? status : fixes_thaw(fixes, &bundle, error);
}
