// The list and the stack of sections; see section.h.
#include "text/section.h"

#include "base/memory.h"
#include "text/word_list.h"

enum {
    SECTION_LOOK_BACK = 4096
};

struct span section_name(const struct section *section)
{
    return span_of(section->name, section->name_size);
}

struct span section_command(const struct section *section)
{
    return span_of(section->command, section->command_size);
}

void section_list_release(struct section_list *list)
{
    memory_free(list->items);
    *list = (struct section_list){0};
}

int32_t section_innermost(const struct section_list *list)
{
    return list->depth > 0 ? list->open[list->depth - 1] : -1;
}

int32_t section_innermost_of(const struct section_list *list, enum section_kind kind)
{
    for (size_t at = list->depth; at-- > 0;) {
        if (list->kinds[at] == kind) {
            return list->open[at];
        }
    }
    return -1;
}

static struct span shortened(struct span text)
{
    text = span_trim(text);
    return span_of(text.data, text.size < SECTION_NAME_MAXIMUM ? text.size : SECTION_NAME_MAXIMUM);
}

int32_t section_add(struct section_list *list, struct span name, struct span command, uint32_t line)
{
    if (list->count >= SECTIONS_MAXIMUM || list->out_of_memory) {
        return -1;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        struct section *grown = memory_resize_array(list->items, capacity, sizeof *grown);
        if (!grown) {
            list->out_of_memory = true;
            return -1;
        }
        list->items = grown;
        list->capacity = capacity;
    }
    name = shortened(name);
    command = shortened(command);
    list->items[list->count] = (struct section){
        .first_line = line,
        .last_line = line,
        .parent = section_innermost(list),
        .exit_code = EXIT_UNKNOWN,
        .name = name.data,
        .command = command.data,
        .name_size = (uint32_t)name.size,
        .command_size = (uint32_t)command.size,
    };
    list->border = true;
    return (int32_t)list->count++;
}

// Closes the innermost section. One that opened on this very line and has no word of its own is forgotten: no line is
// in it yet.
static void pop(struct section_list *list, uint32_t last)
{
    int32_t index = list->open[--list->depth];
    struct section *section = &list->items[index];
    if (last > section->last_line) {
        section->last_line = last;
    }
    list->border = true;
    list->closed = index;
    bool empty =
        section->first_line == list->line && section->command_size == 0 && section->name_size == 0;
    if (empty && (size_t)index + 1 == list->count) {
        list->count--;
        list->closed = -1;
    }
}

void section_close_weak(struct section_list *list, uint32_t last)
{
    while (list->depth > 0 && list->kinds[list->depth - 1] == SECTION_WEAK) {
        pop(list, last);
    }
}

void section_close_all(struct section_list *list, uint32_t last)
{
    while (list->depth > 0) {
        pop(list, last);
    }
}

int32_t section_open(struct section_list *list, enum section_kind kind, struct span name,
                     struct span command, uint32_t line)
{
    uint32_t before = line > 0 ? line - 1 : 0;
    section_close_weak(list, before);
    if (list->depth == SECTION_DEPTH_MAXIMUM) {
        pop(list, before);
    }
    int32_t index = section_add(list, name, command, line);
    if (index >= 0) {
        list->open[list->depth] = index;
        list->kinds[list->depth++] = kind;
        list->closed = -1;
    }
    return index;
}

int32_t section_close(struct section_list *list, enum section_kind kind, const struct span *name,
                      uint32_t last)
{
    size_t at = list->depth;
    while (at > 0) {
        const struct section *section = &list->items[list->open[at - 1]];
        if (list->kinds[at - 1] == kind && (!name || span_equal(section_name(section), *name))) {
            break;
        }
        at--;
    }
    if (at == 0) {
        return -1;
    }
    while (list->depth >= at) {
        pop(list, last);
    }
    return list->closed;
}

static bool same_command(struct span a, struct span b)
{
    return a.size > 0 && b.size > 0 && (span_starts(a, b) || span_starts(b, a)) &&
           (a.size == b.size || (a.size >= 16 && b.size >= 16));
}

int32_t section_of_command(const struct section_list *list, struct span command)
{
    command = shortened(command);
    size_t stop = list->count > SECTION_LOOK_BACK ? list->count - SECTION_LOOK_BACK : 0;
    int32_t similar = -1;
    for (size_t at = list->count; at-- > stop;) {
        struct span other = section_command(&list->items[at]);
        if (span_equal(other, command) && command.size > 0) {
            return (int32_t)at;
        }
        if (similar < 0 && same_command(other, command)) {
            similar = (int32_t)at;
        }
    }
    return similar;
}

int32_t section_last_command(const struct section_list *list)
{
    size_t stop = list->count > SECTION_LOOK_BACK ? list->count - SECTION_LOOK_BACK : 0;
    for (size_t at = list->count; at-- > stop;) {
        if (list->items[at].command_size > 0) {
            return (int32_t)at;
        }
    }
    return -1;
}

void section_exit(struct section_list *list, int32_t index, int32_t code, uint32_t line)
{
    if (index < 0 || (size_t)index >= list->count) {
        return;
    }
    struct section *section = &list->items[index];
    section->exit_code = code;
    // Further off other sections may stand between; a blank line or two may be '\r's that became '\n's.
    if (line > section->last_line && line - section->last_line <= 2) {
        section->last_line = line;
    }
}

void section_replace_command(struct section_list *list, int32_t index, struct span command)
{
    if (index >= 0 && (size_t)index < list->count) {
        command = shortened(command);
        list->items[index].command = command.data;
        list->items[index].command_size = (uint32_t)command.size;
    }
}

void section_set_command(struct section_list *list, int32_t index, struct span command)
{
    if (index >= 0 && (size_t)index < list->count && list->items[index].command_size == 0) {
        section_replace_command(list, index, command);
    }
}

bool command_sets_up_shell(struct span command)
{
    static const char words[] = ". source cd pushd export set mkdir";
    return word_list_holds(words, ' ', word_list_next(&command, ' '));
}
