// Reads the table from JSON and complains about a bad entry by its name.
#include "triage/tool_table.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static const char *const kind_names[TOOL_KINDS] = {
    "test_runner",  "linter",    "formatter",         "type_checker",
    "compiler",     "linker",    "builder",           "package_manager",
    "link_checker", "runtime",   "interpreter_shell", "doc_builder",
    "ci_system",    "vcs",       "container",         "deployer",
    "downloader",   "sanitizer", "scanner",           "service",
    "system",       "script",
};

const char *tool_kind_name(enum tool_kind kind)
{
    return kind_names[kind];
}

static bool reserve(void **array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t larger = needed * 2 + 64;
    void *grown = memory_resize_array(*array, larger, size);
    if (!grown) {
        return false;
    }
    *array = grown;
    *capacity = larger;
    return true;
}

bantam_status tool_table_init(struct tool_table *table, bantam_error *error)
{
    *table = (struct tool_table){.signs = phrase_set_new()};
    return table->signs ? BANTAM_OK : error_memory(error);
}

void tool_table_release(struct tool_table *table)
{
    arena_release(&table->arena);
    memory_free(table->tools);
    memory_free(table->commands);
    memory_free(table->tool_of_sign);
    memory_free(table->sign_texts);
    phrase_set_free(&table->signs);
    *table = (struct tool_table){0};
}

// One entry being read.
struct entry {
    struct tool_table *table;
    const char *file, *name;
    json_t *object;
    bantam_error *error;
};

// Copies a list of strings behind `first` (NULL: none). A missing list is an empty one.
static bantam_status read_strings(const struct entry *entry, const char *key, const char *first,
                                  const char ***out, size_t *n_out)
{
    json_t *list = json_object_get(entry->object, key);
    if (list && !json_is_array(list)) {
        return error_set(entry->error, BANTAM_ERROR_INPUT, "%s: tool '%s': '%s' is not a list",
                         entry->file, entry->name, key);
    }
    size_t n = json_array_size(list), at = 0;
    *out = arena_allocate_array(&entry->table->arena, n + 1, sizeof **out);
    if (!*out) {
        return error_memory(entry->error);
    }
    if (first) {
        (*out)[at++] = first;
    }
    for (size_t i = 0; i < n; i++) {
        const char *string = json_string_value(json_array_get(list, i));
        if (!string || !*string) {
            return error_set(entry->error, BANTAM_ERROR_INPUT,
                             "%s: tool '%s': item %zu of '%s' is not a text", entry->file,
                             entry->name, i + 1, key);
        }
        (*out)[at] = arena_copy_string(&entry->table->arena, string);
        if (!(*out)[at++]) {
            return error_memory(entry->error);
        }
    }
    *n_out = at;
    return BANTAM_OK;
}

static bantam_status read_kind(const struct entry *entry, struct tool *tool)
{
    const char *kind = json_string_value(json_object_get(entry->object, "kind"));
    for (int i = 0; kind && i < TOOL_SCRIPT; i++) {
        if (strcmp(kind, kind_names[i]) == 0) {
            tool->kind = (enum tool_kind)i;
            return BANTAM_OK;
        }
    }
    return error_set(entry->error, BANTAM_ERROR_INPUT,
                     "%s: tool '%s': kind '%s' is none of those in docs/dev/add-a-tool.md",
                     entry->file, entry->name, kind ? kind : "");
}

static bantam_status read_causes(const struct entry *entry, struct tool *tool)
{
    json_t *causes = json_object_get(entry->object, "causes"), *value;
    size_t n = json_object_size(causes), at = 0;
    struct tool_cause *out = arena_allocate_array(&entry->table->arena, n + 1, sizeof *out);
    if (!out) {
        return error_memory(entry->error);
    }
    const char *key;
    double sum = 0;
    json_object_foreach(causes, key, value)
    {
        double weight = json_number_value(value);
        if (!(weight > 0 && weight <= 100)) {
            return error_set(
                entry->error, BANTAM_ERROR_INPUT,
                "%s: tool '%s': the weight of cause '%s' is not above 0 and at most 100",
                entry->file, entry->name, key);
        }
        out[at] = (struct tool_cause){arena_copy_string(&entry->table->arena, key), (float)weight};
        sum += weight;
        if (!out[at++].cause) {
            return error_memory(entry->error);
        }
    }
    for (size_t i = 0; i < at; i++) {
        out[i].weight = (float)(out[i].weight / sum);
    }
    tool->causes = out;
    tool->n_causes = at;
    return BANTAM_OK;
}

static bantam_status read_signs(const struct entry *entry, struct tool *tool, uint32_t index)
{
    struct tool_table *table = entry->table;
    const char **signs;
    size_t n_signs, capacity = table->sign_capacity;
    bantam_status status = read_strings(entry, "signs", NULL, &signs, &n_signs);
    if (status) {
        return status;
    }
    tool->first_sign = (uint32_t)table->n_signs;
    tool->n_signs = (uint32_t)n_signs;
    if (!reserve((void **)&table->tool_of_sign, &capacity, table->n_signs + n_signs,
                 sizeof *table->tool_of_sign) ||
        !reserve((void **)&table->sign_texts, &table->sign_capacity, table->n_signs + n_signs,
                 sizeof *table->sign_texts)) {
        return error_memory(entry->error);
    }
    for (size_t i = 0; i < n_signs; i++) {
        bantam_error why;
        status = phrase_set_add(table->signs, signs[i], &why);
        if (status == BANTAM_ERROR_INPUT) {
            return error_set(entry->error, status, "%s: tool '%s': sign '%s' %s", entry->file,
                             entry->name, signs[i], why.message);
        }
        if (status) {
            return error_memory(entry->error);
        }
        table->tool_of_sign[table->n_signs] = index;
        table->sign_texts[table->n_signs++] = signs[i];
    }
    return BANTAM_OK;
}

static uint32_t count_words(const char *text)
{
    uint32_t n = *text != '\0';
    for (; *text; text++) {
        n += *text == ' ';
    }
    return n;
}

static bantam_status read_commands(const struct entry *entry, uint32_t index)
{
    struct tool_table *table = entry->table;
    const char **commands;
    size_t n;
    bantam_status status = read_strings(entry, "commands", NULL, &commands, &n);
    if (status) {
        return status;
    }
    if (!reserve((void **)&table->commands, &table->command_capacity, table->n_commands + n,
                 sizeof *table->commands)) {
        return error_memory(entry->error);
    }
    for (size_t i = 0; i < n; i++) {
        table->commands[table->n_commands++] =
            (struct tool_command){commands[i], count_words(commands[i]), index};
    }
    return BANTAM_OK;
}

static bantam_status read_entry(struct entry *entry)
{
    struct tool_table *table = entry->table;
    if (!entry->name || !*entry->name) {
        return error_set(entry->error, BANTAM_ERROR_INPUT, "%s: tool %zu of the table has no name",
                         entry->file, table->n_tools + 1);
    }
    if (!reserve((void **)&table->tools, &table->tool_capacity, table->n_tools + 1,
                 sizeof *table->tools)) {
        return error_memory(entry->error);
    }
    uint32_t index = (uint32_t)table->n_tools;
    struct tool *tool = &table->tools[index];
    *tool = (struct tool){.name = arena_copy_string(&table->arena, entry->name)};
    if (!tool->name) {
        return error_memory(entry->error);
    }
    table->n_tools++;
    bantam_status status = read_kind(entry, tool);
    if (!status) {
        status = read_strings(entry, "aliases", tool->name, &tool->names, &tool->n_names);
    }
    if (!status) {
        status = read_strings(entry, "subjects", NULL, &tool->subjects, &tool->n_subjects);
    }
    if (!status) {
        status = read_strings(entry, "examples", NULL, &tool->examples, &tool->n_examples);
    }
    if (!status) {
        status = read_causes(entry, tool);
    }
    if (!status) {
        status = read_signs(entry, tool, index);
    }
    return status ? status : read_commands(entry, index);
}

bantam_status tool_table_add(struct tool_table *table, const char *name, const char *json,
                             size_t size, bantam_error *error)
{
    json_error_t fault;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        return error_set_at(error, BANTAM_ERROR_INPUT, (uint64_t)fault.position,
                            (uint64_t)fault.line, "%s, line %d: %s", name, fault.line, fault.text);
    }
    json_t *tools = json_object_get(root, "tools");
    bantam_status status = json_is_array(tools) ? BANTAM_OK
                                                : error_set(error, BANTAM_ERROR_INPUT,
                                                            "%s: has no list 'tools'", name);
    for (size_t i = 0; !status && i < json_array_size(tools); i++) {
        json_t *object = json_array_get(tools, i);
        struct entry entry = {.table = table,
                              .file = name,
                              .name = json_string_value(json_object_get(object, "name")),
                              .object = object,
                              .error = error};
        status = read_entry(&entry);
    }
    json_decref(root);
    return status;
}

static int compare_commands(const void *a, const void *b)
{
    const struct tool_command *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order ? order : (left->tool > right->tool) - (left->tool < right->tool);
}

bantam_status tool_table_build(struct tool_table *table, bantam_error *error)
{
    for (size_t i = 0; i < table->n_tools; i++) {
        if (tool_table_find(table, table->tools[i].name) != &table->tools[i]) {
            return error_set(error, BANTAM_ERROR_INPUT,
                             "two entries of the tool table have the name '%s'; make them one",
                             table->tools[i].name);
        }
    }
    if (table->n_commands > 0) {
        qsort(table->commands, table->n_commands, sizeof *table->commands, compare_commands);
    }
    return phrase_set_build(table->signs, error);
}

const struct tool *tool_table_find(const struct tool_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_tools; i++) {
        if (strcmp(table->tools[i].name, name) == 0) {
            return &table->tools[i];
        }
    }
    return NULL;
}
