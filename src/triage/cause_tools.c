// Names of causes become numbers; a cause that the table misspells is refused when the tables are read, not here.
#include "triage/cause_tools.h"

#include <string.h>

size_t cause_tools_from(struct cause_tool tools[CAUSE_TOOLS], const struct tool_ranking *ranking)
{
    size_t n = ranking->count < CAUSE_TOOLS ? ranking->count : CAUSE_TOOLS;
    for (size_t i = 0; i < n; i++) {
        const struct ranked_tool *item = &ranking->items[i];
        tools[i] = (struct cause_tool){.name = item->name,
                                       .kind = tool_kind_name(item->kind),
                                       .probability = item->probability};
        for (size_t k = 0; item->tool && k < item->tool->n_causes; k++) {
            const struct tool_cause *typical = &item->tool->causes[k];
            enum cause cause = cause_of_name(typical->cause, strlen(typical->cause));
            if (cause != CAUSE_UNKNOWN) {
                tools[i].typical[cause] += typical->weight;
            }
        }
    }
    return n;
}
