// A head, a list of entries, and the arrays, each at a multiple of 16.
#include "base/bundle.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

struct head {
    char magic[16];
    uint32_t byte_order; // tells a machine with another one
    uint32_t n_entries;
    uint64_t size; // of all
};

static const char magic[16] = "bantam-bundle/1";

enum {
    BYTE_ORDER_MARK = 0x01020304,
};

void bundle_add(struct bundle_writer *writer, const char *table, const char *name,
                const void *items, size_t count, size_t item_size)
{
    assert(writer->n_arrays < BUNDLE_ARRAYS_MAXIMUM);
    assert(strlen(table) + 1 + strlen(name) <= BUNDLE_NAME_MAXIMUM);
    struct bundle_entry *entry = &writer->entries[writer->n_arrays];
    *entry = (struct bundle_entry){.count = count, .item_size = item_size};
    snprintf(entry->name, sizeof entry->name, "%s.%s", table, name);
    writer->arrays[writer->n_arrays++] = items;
}

static uint64_t aligned(uint64_t size)
{
    return (size + BUNDLE_ALIGNMENT - 1) / BUNDLE_ALIGNMENT * BUNDLE_ALIGNMENT;
}

static void pad(bantam_buffer *out)
{
    static const char zeros[BUNDLE_ALIGNMENT];
    bantam_buffer_append(out, zeros, (size_t)(aligned(out->size) - out->size));
}

void bundle_write(const struct bundle_writer *writer, bantam_buffer *out)
{
    struct head head = {.byte_order = BYTE_ORDER_MARK, .n_entries = (uint32_t)writer->n_arrays};
    memcpy(head.magic, magic, sizeof magic);
    struct bundle_entry entries[BUNDLE_ARRAYS_MAXIMUM];
    head.size = aligned(sizeof head + writer->n_arrays * sizeof *entries);
    for (size_t i = 0; i < writer->n_arrays; i++) {
        entries[i] = writer->entries[i];
        entries[i].offset = head.size;
        head.size = aligned(head.size + entries[i].count * entries[i].item_size);
    }
    bantam_buffer_append(out, &head, sizeof head);
    bantam_buffer_append(out, entries, writer->n_arrays * sizeof *entries);
    pad(out);
    for (size_t i = 0; i < writer->n_arrays; i++) {
        bantam_buffer_append(out, writer->arrays[i],
                             (size_t)(entries[i].count * entries[i].item_size));
        pad(out);
    }
}

static bool lies_within(const struct bundle_entry *entry, size_t size)
{
    uint64_t bytes;
    return memchr(entry->name, '\0', sizeof entry->name) != NULL && entry->item_size > 0 &&
           !__builtin_mul_overflow(entry->count, entry->item_size, &bytes) &&
           entry->offset % BUNDLE_ALIGNMENT == 0 && entry->offset <= size &&
           bytes <= size - entry->offset;
}

bantam_status bundle_open(struct bundle *bundle, const void *bytes, size_t size,
                          bantam_error *error)
{
    *bundle = (struct bundle){.bytes = bytes};
    const struct head *head = bytes;
    if (size < sizeof *head || (uintptr_t)bytes % BUNDLE_ALIGNMENT != 0 ||
        memcmp(head->magic, magic, sizeof magic) != 0 || head->byte_order != BYTE_ORDER_MARK ||
        head->size != size || head->n_entries > BUNDLE_ARRAYS_MAXIMUM ||
        head->n_entries * sizeof *bundle->entries > size - sizeof *head) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the compiled tables are damaged or made for another machine");
    }
    bundle->entries = (const struct bundle_entry *)(bundle->bytes + sizeof *head);
    bundle->n_entries = head->n_entries;
    for (size_t i = 0; i < bundle->n_entries; i++) {
        if (!lies_within(&bundle->entries[i], size)) {
            return error_set(error, BANTAM_ERROR_MODEL,
                             "array %zu of the compiled tables is damaged", i);
        }
    }
    return BANTAM_OK;
}

static bool is_named(const struct bundle_entry *entry, const char *table, const char *name)
{
    size_t size = strlen(table);
    return strncmp(entry->name, table, size) == 0 && entry->name[size] == '.' &&
           strcmp(entry->name + size + 1, name) == 0;
}

const void *bundle_array(struct bundle *bundle, const char *table, const char *name,
                         size_t item_size, size_t *count)
{
    for (size_t i = 0; i < bundle->n_entries; i++) {
        const struct bundle_entry *entry = &bundle->entries[i];
        if (entry->item_size == item_size && is_named(entry, table, name)) {
            *count = (size_t)entry->count;
            return bundle->bytes + entry->offset;
        }
    }
    if (!bundle->missing_name) {
        bundle->missing_table = table;
        bundle->missing_name = name;
    }
    *count = 0;
    return NULL;
}

bantam_status bundle_check(const struct bundle *bundle, bantam_error *error)
{
    return bundle->missing_name
               ? error_set(error, BANTAM_ERROR_MODEL,
                           "the compiled tables lack the array %s.%s as it is read here; build "
                           "them again",
                           bundle->missing_table, bundle->missing_name)
               : BANTAM_OK;
}

uint32_t bundle_add_text(bantam_buffer *texts, const char *text)
{
    if (texts->size == 0) {
        bantam_buffer_append(texts, "", 1); // nothing begins at 0
    }
    if (!text || texts->failed) {
        return 0;
    }
    size_t at = texts->size, size = strlen(text) + 1;
    const char *again = size > 1 ? memmem(texts->data, texts->size, text, size) : NULL;
    if (again) {
        return (uint32_t)(again - (const char *)texts->data);
    }
    bantam_buffer_append(texts, text, size);
    return (uint32_t)at;
}
