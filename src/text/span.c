// Looking for bytes in bytes: the one question to a span that takes more than a line.
//
// For texts as short as a log's lines: memmem first sets a table up for the needle, which takes longer than to look through a line.
#include "text/span.h"

enum {
    LANES = 16,
};
typedef uint8_t byte_lanes __attribute__((vector_size(LANES)));

static byte_lanes load_lanes(const char *bytes)
{
    byte_lanes lanes;
    memcpy(&lanes, bytes, sizeof lanes);
    return lanes;
}

// The first of `n` places from `at` on where the needle stands, SIZE_MAX where there is none. Its last byte is told by its place.
static size_t find_within(const char *text, size_t at, size_t n, struct span needle)
{
    for (size_t end = at + n; at < end; at++) {
        if (text[at] == needle.data[0] && memcmp(text + at, needle.data, needle.size) == 0) {
            return at;
        }
    }
    return SIZE_MAX;
}

size_t span_find(struct span text, struct span needle)
{
    if (needle.size == 0 || text.size < needle.size) {
        return needle.size == 0 ? 0 : SIZE_MAX;
    }
    size_t n_places = text.size - needle.size + 1, behind = needle.size - 1;
    if (n_places < LANES) {
        return find_within(text.data, 0, n_places, needle);
    }
    byte_lanes first = (byte_lanes){0} + (uint8_t)needle.data[0];
    byte_lanes last = (byte_lanes){0} + (uint8_t)needle.data[behind];
    for (size_t at = 0;; at += LANES) {
        at = at + LANES < n_places ? at : n_places - LANES; // the last ones, some of them again
        byte_lanes both = (byte_lanes)((load_lanes(text.data + at) == first) &
                                       (load_lanes(text.data + at + behind) == last));
        uint64_t halves[2];
        memcpy(halves, &both, sizeof halves);
        size_t found = halves[0] | halves[1] ? find_within(text.data, at, LANES, needle) : SIZE_MAX;
        if (found != SIZE_MAX || at + LANES == n_places) {
            return found;
        }
    }
}
