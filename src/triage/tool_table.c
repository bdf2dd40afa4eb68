// Reads the table from JSON and complains about a bad entry by its name.
#include "triage/tool_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json_scan.h"
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
    phrase_set_free(&table->signs);
    *table = (struct tool_table){0};
}

// One entry being read: its texts first, as they may stand in any order, and then what they mean.
struct entry {
    struct tool_table *table;
    const char *file;
    const char *name, *kind, *shown_as;
    struct list {
        const char **items;
        size_t count;
    } aliases, commands, signs, subjects, examples;
    struct tool_cause *causes;
    size_t n_causes;
    bantam_error *error;
};

enum {
    LIST_MAXIMUM = 200,
    LINE_SIGNS = 64, // of any tools, on one line
};

static bantam_status scan_fault(const struct json_scan *scan, const char *file, const char *name,
                                bantam_error *error)
{
    if (scan->out_of_memory) {
        return error_memory(error);
    }
    size_t line = json_scan_line(scan);
    return error_set_at(error, BANTAM_ERROR_INPUT, scan->at, line, "%s, line %zu: %s%s%s%s", file,
                        line, name ? "tool '" : "", name ? name : "", name ? "': " : "",
                        scan->problem ? scan->problem : "is no JSON");
}

static bool fits(struct json_scan *scan, size_t count)
{
    if (count == LIST_MAXIMUM) {
        scan->problem = "a list has more than 200 items";
    }
    return count < LIST_MAXIMUM;
}

static bool read_list(struct json_scan *scan, struct list *list)
{
    const char *items[LIST_MAXIMUM];
    size_t count = 0;
    bool first = true;
    if (!json_scan_expect(scan, '[')) {
        return false;
    }
    while (json_scan_next(scan, ']', &first) && fits(scan, count)) {
        items[count] = json_scan_string(scan);
        if (items[count] && !*items[count]) {
            scan->problem = "an empty text in a list";
        }
        count += items[count] != NULL;
    }
    list->items = arena_allocate_array(scan->arena, count + 1, sizeof *list->items);
    list->count = count;
    if (!list->items) {
        scan->out_of_memory = true;
        return false;
    }
    memcpy(list->items, items, count * sizeof *items);
    return !scan->problem;
}

static bool read_causes(struct json_scan *scan, struct entry *entry)
{
    struct tool_cause causes[LIST_MAXIMUM];
    size_t count = 0;
    bool first = true;
    double sum = 0;
    if (!json_scan_expect(scan, '{')) {
        return false;
    }
    while (json_scan_next(scan, '}', &first) && fits(scan, count)) {
        double weight = 0;
        causes[count].cause = json_scan_key(scan);
        if (!json_scan_number(scan, &weight) || !(weight > 0 && weight <= 100)) {
            scan->problem = "the weight of a cause is not above 0 and at most 100";
            return false;
        }
        causes[count++].weight = (float)weight;
        sum += weight;
    }
    entry->causes = arena_allocate_array(scan->arena, count + 1, sizeof *entry->causes);
    entry->n_causes = count;
    if (!entry->causes) {
        scan->out_of_memory = true;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        entry->causes[i] = (struct tool_cause){causes[i].cause, (float)(causes[i].weight / sum)};
    }
    return !scan->problem;
}

static bool read_member(struct json_scan *scan, struct entry *entry)
{
    const struct {
        const char *key;
        struct list *list;
    } lists[] = {
        {"aliases", &entry->aliases},   {"commands", &entry->commands}, {"signs", &entry->signs},
        {"subjects", &entry->subjects}, {"examples", &entry->examples},
    };
    const char *key = json_scan_key(scan);
    if (!key) {
        return false;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(key, lists[i].key) == 0) {
            return read_list(scan, lists[i].list);
        }
    }
    if (strcmp(key, "causes") == 0) {
        return read_causes(scan, entry);
    }
    const char **text = strcmp(key, "name") == 0       ? &entry->name
                        : strcmp(key, "kind") == 0     ? &entry->kind
                        : strcmp(key, "shown_as") == 0 ? &entry->shown_as
                                                       : NULL;
    if (!text) {
        return json_scan_skip(scan);
    }
    *text = json_scan_string(scan);
    return *text != NULL;
}

static bantam_status take_kind(const struct entry *entry, struct tool *tool)
{
    for (int i = 0; entry->kind && i < TOOL_SCRIPT; i++) {
        if (strcmp(entry->kind, kind_names[i]) == 0) {
            tool->kind = (enum tool_kind)i;
            return BANTAM_OK;
        }
    }
    return error_set(entry->error, BANTAM_ERROR_INPUT,
                     "%s: tool '%s': kind '%s' is none of those in docs/dev/add-a-tool.md",
                     entry->file, entry->name, entry->kind ? entry->kind : "");
}

static bantam_status take_signs(const struct entry *entry, struct tool *tool, uint32_t index)
{
    struct tool_table *table = entry->table;
    size_t n_signs = entry->signs.count;
    tool->first_sign = (uint32_t)table->n_signs;
    tool->n_signs = (uint32_t)n_signs;
    if (!reserve((void **)&table->tool_of_sign, &table->sign_capacity, table->n_signs + n_signs,
                 sizeof *table->tool_of_sign)) {
        return error_memory(entry->error);
    }
    for (size_t i = 0; i < n_signs; i++) {
        bantam_error why;
        const char *sign = entry->signs.items[i];
        bantam_status status = phrase_set_add(table->signs, sign, &why);
        if (status == BANTAM_ERROR_INPUT) {
            return error_set(entry->error, status, "%s: tool '%s': sign '%s' %s", entry->file,
                             entry->name, sign, why.message);
        }
        if (status) {
            return error_memory(entry->error);
        }
        table->tool_of_sign[table->n_signs++] = index;
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

static bantam_status take_commands(const struct entry *entry, uint32_t index)
{
    struct tool_table *table = entry->table;
    const struct list *commands = &entry->commands;
    if (!reserve((void **)&table->commands, &table->command_capacity,
                 table->n_commands + commands->count, sizeof *table->commands)) {
        return error_memory(entry->error);
    }
    for (size_t i = 0; i < commands->count; i++) {
        const char *text = commands->items[i];
        table->commands[table->n_commands++] =
            (struct tool_command){text, count_words(text), index};
    }
    return BANTAM_OK;
}

static bantam_status take_entry(struct entry *entry)
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
    uint32_t index = (uint32_t)table->n_tools++;
    struct tool *tool = &table->tools[index];
    *tool = (struct tool){.name = entry->name,
                          .shown = entry->shown_as ? entry->shown_as : entry->name,
                          .names = entry->aliases.items,
                          .n_names = entry->aliases.count,
                          .subjects = entry->subjects.items,
                          .n_subjects = entry->subjects.count,
                          .examples = entry->examples.items,
                          .n_examples = entry->examples.count,
                          .causes = entry->causes,
                          .n_causes = entry->n_causes};
    bantam_status status = take_kind(entry, tool);
    if (!status) {
        status = take_signs(entry, tool, index);
    }
    return status ? status : take_commands(entry, index);
}

static bantam_status read_tools(struct json_scan *scan, struct tool_table *table, const char *file,
                                bantam_error *error)
{
    bool first = true;
    bantam_status status = BANTAM_OK;
    if (!json_scan_expect(scan, '[')) {
        return scan_fault(scan, file, NULL, error);
    }
    while (!status && json_scan_next(scan, ']', &first)) {
        struct entry entry = {.table = table, .file = file, .error = error};
        bool first_member = true, good = json_scan_expect(scan, '{');
        while (good && json_scan_next(scan, '}', &first_member)) {
            good = read_member(scan, &entry);
        }
        status =
            scan->problem || !good ? scan_fault(scan, file, entry.name, error) : take_entry(&entry);
    }
    return !status && scan->problem ? scan_fault(scan, file, NULL, error) : status;
}

bantam_status tool_table_add(struct tool_table *table, const char *name, const char *json,
                             size_t size, bantam_error *error)
{
    struct json_scan scan = {.text = json, .size = size, .arena = &table->arena};
    bool first = true, found = false;
    bantam_status status = BANTAM_OK;
    (void)json_scan_expect(&scan, '{');
    while (!status && json_scan_next(&scan, '}', &first)) {
        const char *key = json_scan_key(&scan);
        if (key && strcmp(key, "tools") == 0) {
            found = true;
            status = read_tools(&scan, table, name, error);
        } else {
            (void)json_scan_skip(&scan);
        }
    }
    if (!status && (scan.problem || json_scan_peek(&scan))) {
        return scan_fault(&scan, name, NULL, error);
    }
    return status || found ? status
                           : error_set(error, BANTAM_ERROR_INPUT, "%s: has no list 'tools'", name);
}

static int compare_commands(const void *a, const void *b)
{
    const struct tool_command *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order ? order : (left->tool > right->tool) - (left->tool < right->tool);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bantam_status check_names(const struct tool_table *table, bantam_error *error)
{
    const char **names = memory_allocate_array(table->n_tools + 1, sizeof *names);
    if (!names) {
        return error_memory(error);
    }
    for (size_t i = 0; i < table->n_tools; i++) {
        names[i] = table->tools[i].name;
    }
    if (table->n_tools > 0) {
        qsort(names, table->n_tools, sizeof *names, compare_names);
    }
    bantam_status status = BANTAM_OK;
    for (size_t i = 1; i < table->n_tools && !status; i++) {
        if (strcmp(names[i - 1], names[i]) == 0) {
            status = error_set(error, BANTAM_ERROR_INPUT,
                               "two entries of the tool table have the name '%s'; make them one",
                               names[i]);
        }
    }
    memory_free(names);
    return status;
}

static bool has_sign(const struct tool_table *table, const struct tool *tool, const char *line)
{
    uint32_t signs[LINE_SIGNS];
    size_t n = phrase_set_match(table->signs, line, strlen(line), signs, LINE_SIGNS);
    for (size_t i = 0; i < n; i++) {
        if (&table->tools[table->tool_of_sign[signs[i]]] == tool) {
            return true;
        }
    }
    return false;
}

// Each example has one of its tool's signs.
static bantam_status check_examples(const struct tool_table *table, bantam_error *error)
{
    for (size_t i = 0; i < table->n_tools; i++) {
        const struct tool *tool = &table->tools[i];
        for (size_t k = 0; k < tool->n_examples; k++) {
            if (!has_sign(table, tool, tool->examples[k])) {
                return error_set(error, BANTAM_ERROR_INPUT,
                                 "tool '%s': no sign matches its example: %.200s", tool->name,
                                 tool->examples[k]);
            }
        }
    }
    return BANTAM_OK;
}

bantam_status tool_table_build(struct tool_table *table, bantam_error *error)
{
    bantam_status status = check_names(table, error);
    if (status) {
        return status;
    }
    if (table->n_commands > 0) {
        qsort(table->commands, table->n_commands, sizeof *table->commands, compare_commands);
    }
    status = phrase_set_build(table->signs, error);
    return status ? status : check_examples(table, error);
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
