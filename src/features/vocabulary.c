// Names, front-coded (Witten, Moffat, Bell: Managing Gigabytes, 4.1), and the table of hashes.
//
// A name is: one byte, the number of bytes shared with the name before (lower half) and of those of its own (upper half), where
// 15 means that a LEB128 number to be added follows, the shared one first; then its own bytes. Every sixteenth shares nothing.
#include "features/vocabulary.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"

enum {
    RESTART = 16,
    HALF_FULL = 15, // of a byte: more follows
    NAME_SLACK = 8, // bytes that a hash may read beyond
    NAME_MAXIMUM = 1 << 28,
    LOOK_AHEAD = 32, // hashes whose slots are on their way from memory
};

struct name_cursor {
    const unsigned char *at, *end;
    size_t shared, own; // of the name at hand; its own bytes begin at `at`
};

bantam_status vocabulary_init(struct vocabulary *vocabulary, size_t n, bantam_error *error)
{
    *vocabulary = (struct vocabulary){.n = n};
    vocabulary->entries = memory_allocate_array(n, sizeof *vocabulary->entries);
    return vocabulary->entries ? BANTAM_OK : error_memory(error);
}

void vocabulary_release(struct vocabulary *vocabulary)
{
    memory_free(vocabulary->entries);
    memory_free(vocabulary->slots);
    memory_free(vocabulary->names);
    memory_free(vocabulary->restarts);
    *vocabulary = (struct vocabulary){0};
}

// Goes to the next name; false where what is there is none.
static bool next_name(struct name_cursor *cursor)
{
    if (cursor->at >= cursor->end) {
        return false;
    }
    size_t shared = *cursor->at & 0xF, own = *cursor->at >> 4;
    uint64_t more;
    cursor->at++;
    if (shared == HALF_FULL) {
        if (!bits_read_leb128(&cursor->at, cursor->end, &more) || more > NAME_MAXIMUM) {
            return false;
        }
        shared += more;
    }
    if (own == HALF_FULL) {
        if (!bits_read_leb128(&cursor->at, cursor->end, &more) || more > NAME_MAXIMUM) {
            return false;
        }
        own += more;
    }
    cursor->shared = shared;
    cursor->own = own;
    return own <= (size_t)(cursor->end - cursor->at);
}

static size_t shared_bytes(const struct ngram_name *left, const struct ngram_name *right)
{
    size_t n = left->size < right->size ? left->size : right->size, i = 0;
    while (i < n && left->bytes[i] == right->bytes[i]) {
        i++;
    }
    return i;
}

bantam_status vocabulary_set_names(struct vocabulary *vocabulary, const struct ngram_name *names,
                                   bantam_error *error)
{
    bantam_buffer out;
    bantam_buffer_init(&out, UINT32_MAX);
    vocabulary->restarts =
        memory_allocate_array(vocabulary->n / RESTART + 1, sizeof *vocabulary->restarts);
    if (!vocabulary->restarts) {
        return error_memory(error);
    }
    for (size_t i = 0; i < vocabulary->n; i++) {
        if (i % RESTART == 0) {
            vocabulary->restarts[i / RESTART] = (uint32_t)out.size;
        }
        size_t shared = i % RESTART ? shared_bytes(&names[i - 1], &names[i]) : 0;
        size_t own = names[i].size - shared;
        unsigned char head = (unsigned char)((shared < HALF_FULL ? shared : HALF_FULL) |
                                             (own < HALF_FULL ? own : HALF_FULL) << 4);
        bantam_buffer_append(&out, &head, 1);
        if (shared >= HALF_FULL) {
            bits_append_leb128(&out, shared - HALF_FULL);
        }
        if (own >= HALF_FULL) {
            bits_append_leb128(&out, own - HALF_FULL);
        }
        bantam_buffer_append(&out, names[i].bytes + shared, own);
    }
    vocabulary->names = memory_allocate(out.size);
    if (out.failed || !vocabulary->names) {
        bantam_buffer_release(&out);
        return error_memory(error);
    }
    memcpy(vocabulary->names, out.data, out.size);
    vocabulary->names_size = out.size;
    bantam_buffer_release(&out);
    return BANTAM_OK;
}

// The bytes of the longest name; SIZE_MAX where the names are damaged. Fills the restarts.
static size_t measure_names(struct vocabulary *vocabulary)
{
    struct name_cursor cursor = {vocabulary->names, vocabulary->names + vocabulary->names_size, 0,
                                 0};
    size_t size = 0, longest = 0;
    for (size_t i = 0; i < vocabulary->n; i++) {
        if (i % RESTART == 0) {
            vocabulary->restarts[i / RESTART] = (uint32_t)(cursor.at - vocabulary->names);
        }
        if (!next_name(&cursor) || cursor.shared > size || (i % RESTART == 0 && cursor.shared) ||
            cursor.own == 0 || cursor.shared + cursor.own > NAME_MAXIMUM) {
            return SIZE_MAX;
        }
        size = cursor.shared + cursor.own;
        longest = size > longest ? size : longest;
        cursor.at += cursor.own;
    }
    return cursor.at == cursor.end ? longest : SIZE_MAX;
}

bantam_status vocabulary_read_names(struct vocabulary *vocabulary, const unsigned char *names,
                                    size_t size,
                                    uint64_t (*hash)(const char *name, size_t size, uint64_t seed),
                                    bantam_error *error)
{
    vocabulary->names = memory_allocate(size);
    vocabulary->restarts =
        memory_allocate_array(vocabulary->n / RESTART + 1, sizeof *vocabulary->restarts);
    if (!vocabulary->names || !vocabulary->restarts) {
        return error_memory(error);
    }
    memcpy(vocabulary->names, names, size);
    vocabulary->names_size = size;
    size_t longest = size <= UINT32_MAX ? measure_names(vocabulary) : SIZE_MAX;
    if (longest == SIZE_MAX) {
        return error_set(error, BANTAM_ERROR_MODEL, "the model's n-grams are damaged");
    }
    char *name = memory_allocate_array(longest + NAME_SLACK, 1);
    if (!name) {
        return error_memory(error);
    }
    struct name_cursor cursor = {vocabulary->names, vocabulary->names + size, 0, 0};
    for (size_t i = 0; i < vocabulary->n && next_name(&cursor); i++) {
        memcpy(name + cursor.shared, cursor.at, cursor.own);
        cursor.at += cursor.own;
        vocabulary->entries[i].hash = hash(name, cursor.shared + cursor.own, vocabulary->seed);
    }
    memory_free(name);
    return BANTAM_OK;
}

// Room for n entries, none in it yet; false when memory is out.
static bool empty_slots(struct vocabulary *vocabulary)
{
    unsigned bits = 4;
    for (; (size_t)1 << bits < 2 * vocabulary->n; bits++) {
    }
    size_t n_slots = (size_t)1 << bits;
    memory_free(vocabulary->slots);
    vocabulary->slots = memory_allocate_array(n_slots, sizeof *vocabulary->slots);
    if (vocabulary->slots) {
        memory_use_large_pages(vocabulary->slots, n_slots * sizeof *vocabulary->slots);
        memset(vocabulary->slots, 0xFF, n_slots * sizeof *vocabulary->slots);
    }
    vocabulary->mask = n_slots - 1;
    vocabulary->feature_bits = bits;
    vocabulary->lost_bits = bits > vocabulary->dropped_bits ? bits - vocabulary->dropped_bits : 0;
    return vocabulary->slots;
}

// Whoever looks for an entry passes those that took the places from its home on, and only those that came before it: it is enough
// to compare it with them.
bantam_status vocabulary_index(struct vocabulary *vocabulary, bool *collide, bantam_error *error)
{
    *collide = false;
    if (!empty_slots(vocabulary)) {
        return error_memory(error);
    }
    uint64_t mask = vocabulary->mask;
    for (size_t i = 0; i < vocabulary->n; i++) {
        uint64_t hash = vocabulary->entries[i].hash, key = vocabulary_key(vocabulary, hash);
        size_t at = hash & mask;
        for (; (vocabulary->slots[at] & mask) != mask; at = (at + 1) & mask) {
            *collide |= (vocabulary->slots[at] ^ key) < mask;
        }
        vocabulary->slots[at] = key | i;
    }
    return BANTAM_OK;
}

size_t vocabulary_find_all(const struct vocabulary *vocabulary, const uint64_t *hashes, size_t n,
                           uint32_t *features)
{
    size_t n_found = 0, ahead = 0;
    for (size_t i = 0; i < n; i++) {
        for (; ahead < n && ahead < i + LOOK_AHEAD; ahead++) {
            vocabulary_prefetch(vocabulary, hashes[ahead]);
        }
        features[n_found] = vocabulary_find(vocabulary, hashes[i]);
        n_found += features[n_found] != NGRAM_UNKNOWN;
    }
    return n_found;
}

size_t vocabulary_name(const struct vocabulary *vocabulary, size_t feature, char *name,
                       size_t capacity)
{
    if (!vocabulary->names) {
        return 0;
    }
    struct name_cursor cursor = {vocabulary->names + vocabulary->restarts[feature / RESTART],
                                 vocabulary->names + vocabulary->names_size, 0, 0};
    for (size_t i = feature / RESTART * RESTART; i <= feature && next_name(&cursor); i++) {
        if (cursor.shared < capacity) {
            size_t room = capacity - cursor.shared;
            memcpy(name + cursor.shared, cursor.at, cursor.own < room ? cursor.own : room);
        }
        cursor.at += cursor.own;
    }
    return cursor.shared + cursor.own;
}
