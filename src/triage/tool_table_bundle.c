// The table of tools into a bundle and back: pointers become places in arrays, and again pointers. The examples stay behind: they were held
// against the signs when the table was built.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "triage/tool_table.h"

// A run of places in frozen.lists.
struct frozen_list {
    uint32_t first, count;
};

struct frozen_tool {
    uint32_t name, shown, kind; // texts' places
    struct frozen_list names, subjects;
    struct frozen_list causes; // in frozen.causes
    struct frozen_list signs;  // phrases of the set
};

struct frozen_cause {
    uint32_t name;
    float weight;
};

struct frozen_command {
    uint32_t text, n_words, tool;
};

static const char table_name[] = "tools";

// The arrays on their way into the bundle.
struct freezing {
    bantam_buffer *texts;
    struct frozen_tool *tools;
    struct frozen_cause *causes;
    struct frozen_command *commands;
    uint32_t *lists;
    size_t n_lists, n_causes;
};

static size_t count_listed(const struct tool_table *table, size_t *n_causes)
{
    size_t n = 0;
    *n_causes = 0;
    for (size_t i = 0; i < table->n_tools; i++) {
        const struct tool *tool = &table->tools[i];
        n += tool->n_names + tool->n_subjects;
        *n_causes += tool->n_causes;
    }
    return n;
}

static struct frozen_list freeze_list(struct freezing *freezing, const char **texts, size_t n)
{
    struct frozen_list list = {(uint32_t)freezing->n_lists, (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        freezing->lists[freezing->n_lists++] = bundle_add_text(freezing->texts, texts[i]);
    }
    return list;
}

static struct frozen_tool freeze_tool(struct freezing *freezing, const struct tool *tool)
{
    struct frozen_tool frozen = {.name = bundle_add_text(freezing->texts, tool->name),
                                 .shown = bundle_add_text(freezing->texts, tool->shown),
                                 .kind = (uint32_t)tool->kind,
                                 .names = freeze_list(freezing, tool->names, tool->n_names),
                                 .subjects =
                                     freeze_list(freezing, tool->subjects, tool->n_subjects),
                                 .causes = {(uint32_t)freezing->n_causes, (uint32_t)tool->n_causes},
                                 .signs = {tool->first_sign, tool->n_signs}};
    for (size_t i = 0; i < tool->n_causes; i++) {
        freezing->causes[freezing->n_causes++] = (struct frozen_cause){
            bundle_add_text(freezing->texts, tool->causes[i].cause), tool->causes[i].weight};
    }
    return frozen;
}

static bool freezing_init(struct freezing *freezing, const struct tool_table *table,
                          bantam_buffer *texts, struct arena *arena)
{
    size_t n_causes, n_lists = count_listed(table, &n_causes);
    *freezing = (struct freezing){
        .texts = texts,
        .tools = arena_allocate_array(arena, table->n_tools, sizeof(struct frozen_tool)),
        .causes = arena_allocate_array(arena, n_causes, sizeof(struct frozen_cause)),
        .commands = arena_allocate_array(arena, table->n_commands, sizeof(struct frozen_command)),
        .lists = arena_allocate_array(arena, n_lists, sizeof(uint32_t))};
    return freezing->tools && freezing->causes && freezing->commands && freezing->lists;
}

bool tool_table_freeze(const struct tool_table *table, struct bundle_writer *writer,
                       bantam_buffer *texts, struct arena *arena)
{
    struct freezing freezing;
    if (!freezing_init(&freezing, table, texts, arena)) {
        return false;
    }
    for (size_t i = 0; i < table->n_tools; i++) {
        freezing.tools[i] = freeze_tool(&freezing, &table->tools[i]);
    }
    for (size_t i = 0; i < table->n_commands; i++) {
        const struct tool_command *command = &table->commands[i];
        freezing.commands[i] = (struct frozen_command){bundle_add_text(texts, command->text),
                                                       command->n_words, command->tool};
    }
    bundle_add(writer, table_name, "tools", freezing.tools, table->n_tools, sizeof *freezing.tools);
    bundle_add(writer, table_name, "causes", freezing.causes, freezing.n_causes,
               sizeof *freezing.causes);
    bundle_add(writer, table_name, "commands", freezing.commands, table->n_commands,
               sizeof *freezing.commands);
    bundle_add(writer, table_name, "lists", freezing.lists, freezing.n_lists,
               sizeof *freezing.lists);
    bundle_add(writer, table_name, "texts", texts->data, texts->size, 1);
    phrase_set_freeze(table->signs, table_name, writer);
    return !texts->failed;
}

// A bundle's arrays on their way into a table.
struct thawing {
    const struct frozen_tool *tools;
    const struct frozen_cause *causes;
    const struct frozen_command *commands;
    const uint32_t *lists;
    const char *texts;
    size_t n_tools, n_causes, n_commands, n_lists, n_signs, texts_size;
    const char **listed;            // (n_lists) the texts of `lists`
    struct tool_cause *tool_causes; // (n_causes)
};

static bantam_status find_arrays(struct thawing *thawing, struct bundle *bundle,
                                 bantam_error *error)
{
    thawing->tools =
        bundle_array(bundle, table_name, "tools", sizeof *thawing->tools, &thawing->n_tools);
    thawing->causes =
        bundle_array(bundle, table_name, "causes", sizeof *thawing->causes, &thawing->n_causes);
    thawing->commands = bundle_array(bundle, table_name, "commands", sizeof *thawing->commands,
                                     &thawing->n_commands);
    thawing->lists =
        bundle_array(bundle, table_name, "lists", sizeof *thawing->lists, &thawing->n_lists);
    thawing->texts = bundle_array(bundle, table_name, "texts", 1, &thawing->texts_size);
    return bundle_check(bundle, error);
}

static const char *text_at(const struct thawing *thawing, uint32_t at)
{
    return bundle_text(thawing->texts, thawing->texts_size, at);
}

static bool is_within(struct frozen_list list, size_t n)
{
    return list.first <= n && list.count <= n - list.first;
}

static bool thaw_tool(struct tool *tool, const struct thawing *thawing,
                      const struct frozen_tool *frozen)
{
    if (!is_within(frozen->names, thawing->n_lists) ||
        !is_within(frozen->subjects, thawing->n_lists) ||
        !is_within(frozen->causes, thawing->n_causes) ||
        !is_within(frozen->signs, thawing->n_signs) || frozen->kind >= TOOL_KINDS) {
        return false;
    }
    *tool = (struct tool){.name = text_at(thawing, frozen->name),
                          .shown = text_at(thawing, frozen->shown),
                          .kind = (enum tool_kind)frozen->kind,
                          .names = thawing->listed + frozen->names.first,
                          .n_names = frozen->names.count,
                          .subjects = thawing->listed + frozen->subjects.first,
                          .n_subjects = frozen->subjects.count,
                          .causes = thawing->tool_causes + frozen->causes.first,
                          .n_causes = frozen->causes.count,
                          .first_sign = frozen->signs.first,
                          .n_signs = frozen->signs.count};
    for (uint32_t i = 0; i < frozen->names.count; i++) {
        if (!tool->names[i]) {
            return false;
        }
    }
    return tool->name && tool->shown;
}

static bool allocate(struct tool_table *table, struct thawing *thawing)
{
    struct arena *arena = &table->arena;
    table->tools = memory_allocate_array(thawing->n_tools, sizeof *table->tools);
    table->commands = memory_allocate_array(thawing->n_commands, sizeof *table->commands);
    table->tool_of_sign = memory_allocate_array(thawing->n_signs, sizeof *table->tool_of_sign);
    thawing->listed = arena_allocate_array(arena, thawing->n_lists, sizeof *thawing->listed);
    thawing->tool_causes =
        arena_allocate_array(arena, thawing->n_causes, sizeof *thawing->tool_causes);
    return table->tools && table->commands && table->tool_of_sign && thawing->listed &&
           thawing->tool_causes;
}

static bool fill(struct tool_table *table, const struct thawing *thawing)
{
    bool good = true;
    for (size_t i = 0; i < thawing->n_lists; i++) {
        thawing->listed[i] = text_at(thawing, thawing->lists[i]);
    }
    for (size_t i = 0; i < thawing->n_causes; i++) {
        thawing->tool_causes[i] = (struct tool_cause){text_at(thawing, thawing->causes[i].name),
                                                      thawing->causes[i].weight};
    }
    for (size_t i = 0; good && i < thawing->n_tools; i++) {
        const struct frozen_tool *frozen = &thawing->tools[i];
        good = thaw_tool(&table->tools[i], thawing, frozen);
        for (uint32_t sign = 0; good && sign < frozen->signs.count; sign++) {
            table->tool_of_sign[frozen->signs.first + sign] = (uint32_t)i;
        }
    }
    for (size_t i = 0; good && i < thawing->n_commands; i++) {
        const struct frozen_command *command = &thawing->commands[i];
        const char *text = text_at(thawing, command->text);
        table->commands[i] = (struct tool_command){text, command->n_words, command->tool};
        good = text && command->tool < thawing->n_tools;
    }
    return good;
}

bantam_status tool_table_thaw(struct tool_table *table, struct bundle *bundle, bantam_error *error)
{
    *table = (struct tool_table){0};
    struct thawing thawing;
    bantam_status status = find_arrays(&thawing, bundle, error);
    if (!status) {
        status = phrase_set_thaw(&table->signs, bundle, table_name, error);
        thawing.n_signs = status ? 0 : phrase_set_count(table->signs);
    }
    if (!status && !allocate(table, &thawing)) {
        status = error_memory(error);
    }
    if (!status && !fill(table, &thawing)) {
        status = error_set(error, BANTAM_ERROR_MODEL, "the compiled table of tools is damaged");
    }
    if (status) {
        tool_table_release(table);
        return status;
    }
    table->n_tools = thawing.n_tools;
    table->n_commands = thawing.n_commands;
    table->n_signs = thawing.n_signs;
    return BANTAM_OK;
}
