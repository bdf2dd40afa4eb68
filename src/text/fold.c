// One pass over the raw bytes writes the folded ones and a bit for each: of a run or not. The edges come from the bits.
#include "text/fold.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/error.h"
#include "base/memory.h"
#include "text/unicode.h"

enum {
    BLOCK = 16,
    SLACK = UNICODE_UNACCENTED_MOST * UTF8_MOST * 2 + BLOCK, // what one step writes at most
    CAPITAL_I_DOT = 0x130,
    COMBINING_DOT = 0x307,
    CAPITAL_SIGMA = 0x3A3,
    SMALL_SIGMA = 0x3C3,
    FINAL_SIGMA = 0x3C2,
};

typedef unsigned char byte_lanes __attribute__((vector_size(BLOCK)));

struct folder {
    struct folded_text *folded;
    const struct folding *folding;
    const unsigned char *raw;
    size_t raw_size, at; // at: what was read so far
    size_t size;         // what was written so far
    bool with_origins;
};

// Bit i: the highest bit of byte i.
static inline unsigned high_bits(byte_lanes lanes)
{
#if defined(__SSE2__)
    return (unsigned)_mm_movemask_epi8((__m128i)lanes);
#else
    unsigned bits = 0;
    for (unsigned i = 0; i < BLOCK; i++) {
        bits |= (unsigned)(lanes[i] >> 7) << i;
    }
    return bits;
#endif
}

static inline byte_lanes between(byte_lanes lanes, unsigned char least, unsigned char most)
{
    return (byte_lanes)(lanes - least <= (unsigned char)(most - least));
}

// The frontier's word was begun by the call before; the one behind it begins here.
static inline void mark(struct folder *folder, unsigned bits, size_t n)
{
    uint64_t *word = folder->folded->inside + folder->size / 64;
    unsigned shift = folder->size % 64;
    word[0] |= (uint64_t)bits << shift;
    if (shift + n >= 64) {
        word[1] = shift ? (uint64_t)bits >> (64 - shift) : 0;
    }
}

static inline void write_origins(struct folder *folder, size_t n, size_t step)
{
    if (folder->with_origins) {
        for (size_t i = 0; i < n; i++) {
            folder->folded->origins[folder->size + i] = (uint32_t)(folder->at + i * step);
        }
    }
}

// Folds the ASCII bytes at the start of a block of which n are real, and returns how many those are.
static inline size_t fold_block(struct folder *folder, byte_lanes lanes, size_t n)
{
    unsigned damage = high_bits(lanes) | 1U << n;
    n = (size_t)__builtin_ctz(damage);
    byte_lanes capital = between(lanes, 'A', 'Z');
    byte_lanes run, written = lanes;
    if (folder->folding->runs == RUNS_OF_WORD) {
        run = capital | between(lanes, 'a', 'z') | between(lanes, '0', '9') |
              (byte_lanes)(lanes == '_');
    } else {
        byte_lanes blank =
            (byte_lanes)(lanes == ' ') | between(lanes, '\t', '\r') | between(lanes, 0x1C, 0x1F);
        run = ~blank;
        if (folder->folding->runs == RUNS_OF_VISIBLE) {
            written = (written & run) | (blank & ' ');
        }
    }
    if (folder->folding->lowercase) {
        written |= capital & 0x20;
    }
    memcpy(folder->folded->bytes + folder->size, &written, BLOCK);
    mark(folder, high_bits(run) & ((1U << n) - 1), n);
    write_origins(folder, n, 1);
    folder->at += n;
    folder->size += n;
    return n;
}

static void emit(struct folder *folder, uint32_t point)
{
    unsigned is = unicode_properties(point);
    bool run = folder->folding->runs == RUNS_OF_WORD ? (is & UNICODE_WORD) : !(is & UNICODE_SPACE);
    if (!run && folder->folding->runs == RUNS_OF_VISIBLE) {
        point = ' ';
    }
    size_t n = utf8_encode(point, folder->folded->bytes + folder->size);
    mark(folder, run ? (1U << n) - 1 : 0, n);
    write_origins(folder, n, 0);
    folder->size += n;
}

static void emit_unaccented(struct folder *folder, uint32_t point)
{
    if (folder->folding->accents == ACCENTS_KEEP) {
        emit(folder, point);
        return;
    }
    uint32_t points[UNICODE_UNACCENTED_MOST];
    size_t n = unicode_unaccent(point, points);
    for (size_t i = 0; i < n; i++) {
        if (folder->folding->accents == ACCENTS_UNICODE || points[i] < 0x80) {
            emit(folder, points[i]);
        }
    }
}

// The code point that ends at `end`; damage where none does.
static uint32_t point_before(const unsigned char *raw, size_t end, size_t *size)
{
    for (*size = 1; *size < UTF8_MOST && *size < end && (raw[end - *size] & 0xC0) == 0x80;
         ++*size) {
    }
    size_t read;
    uint32_t point = unicode_decode(raw + end - *size, raw + end, &read);
    return read == *size ? point : UNICODE_DAMAGED;
}

// Whether the first code point on that side of [at, at + size) that says anything of case has one.
static bool cased_before(const struct folder *folder, size_t at)
{
    while (at > 0) {
        size_t size;
        unsigned is = unicode_properties(point_before(folder->raw, at, &size));
        if (!(is & UNICODE_CASE_IGNORABLE)) {
            return is & UNICODE_CASED;
        }
        at -= size;
    }
    return false;
}

static bool cased_behind(const struct folder *folder, size_t at)
{
    while (at < folder->raw_size) {
        size_t size;
        unsigned is = unicode_properties(
            unicode_decode(folder->raw + at, folder->raw + folder->raw_size, &size));
        if (!(is & UNICODE_CASE_IGNORABLE)) {
            return is & UNICODE_CASED;
        }
        at += size;
    }
    return false;
}

// Beyond ASCII: one code point, with what Python's str.lower() does by place.
static void fold_point(struct folder *folder)
{
    size_t size;
    uint32_t point =
        unicode_decode(folder->raw + folder->at, folder->raw + folder->raw_size, &size);
    if (folder->folding->lowercase && (unicode_properties(point) & UNICODE_LOWERS)) {
        if (point == CAPITAL_I_DOT) {
            emit_unaccented(folder, 'i');
            point = COMBINING_DOT;
        } else if (point == CAPITAL_SIGMA) {
            bool is_final =
                cased_before(folder, folder->at) && !cased_behind(folder, folder->at + size);
            point = is_final ? FINAL_SIGMA : SMALL_SIGMA;
        } else {
            point = unicode_lower(point);
        }
    }
    emit_unaccented(folder, point);
    folder->at += size;
}

// The code point of two or three bytes at `at`, of which `left` are there, and its size; 0 where there is none, or one that asks for a
// closer look.
static inline size_t plain_point(const unsigned char *at, size_t left, uint32_t *point)
{
    if (left >= 2 && at[0] >= 0xC2 && at[0] < 0xE0 && (at[1] & 0xC0) == 0x80) {
        *point = (at[0] & 0x1FU) << 6 | (at[1] & 0x3FU);
        return 2;
    }
    if (left >= 3 && at[0] > 0xE0 && at[0] < 0xF0 && at[0] != 0xED && (at[1] & 0xC0) == 0x80 &&
        (at[2] & 0xC0) == 0x80) {
        *point = (at[0] & 0xFU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
        return 3;
    }
    return 0;
}

// Copies code points beyond ASCII that stay as they are, which most do.
static void copy_points(struct folder *folder)
{
    bool words = folder->folding->runs == RUNS_OF_WORD;
    unsigned changes = folder->folding->lowercase ? UNICODE_LOWERS : 0;
    if (folder->folding->runs == RUNS_OF_VISIBLE) {
        changes |= UNICODE_SPACE;
    }
    while (folder->folding->accents == ACCENTS_KEEP && folder->at < folder->raw_size) {
        const unsigned char *at = folder->raw + folder->at;
        uint32_t point;
        size_t n = plain_point(at, folder->raw_size - folder->at, &point);
        unsigned is = n ? unicode_properties(point) : 0;
        if (n == 0 || (is & changes)) {
            return;
        }
        char *to = folder->folded->bytes + folder->size;
        memcpy(to, at, 2);
        to[2] = (char)(n == 3 ? at[2] : 0); // one byte too many at most
        bool run = words ? (is & UNICODE_WORD) : !(is & UNICODE_SPACE);
        mark(folder, run ? (1U << n) - 1 : 0, n);
        write_origins(folder, n, 0);
        folder->at += n;
        folder->size += n;
    }
}

static bool reserve(struct folder *folder)
{
    struct folded_text *folded = folder->folded;
    size_t wanted = folder->size + (folder->raw_size - folder->at) + SLACK;
    if (wanted <= folded->capacity &&
        (!folder->with_origins || folded->origins_capacity >= folded->capacity)) {
        return true;
    }
    size_t capacity = wanted <= folded->capacity ? folded->capacity : wanted + wanted / 2;
    char *bytes = memory_resize_array(folded->bytes, capacity + FOLD_PADDING, 1);
    if (!bytes) {
        return false;
    }
    folded->bytes = bytes;
    uint64_t *inside =
        memory_resize_array(folded->inside, capacity / 64 + 2, sizeof *folded->inside);
    if (!inside) {
        return false;
    }
    folded->inside = inside;
    if (folder->with_origins) {
        uint32_t *origins =
            memory_resize_array(folded->origins, capacity + 2, sizeof *folded->origins);
        if (!origins) {
            return false;
        }
        folded->origins = origins;
        folded->origins_capacity = capacity;
    }
    folded->capacity = capacity;
    return true;
}

static bool fold_all(struct folder *folder)
{
    while (folder->at < folder->raw_size) {
        if (!reserve(folder)) {
            return false;
        }
        while (folder->at + BLOCK <= folder->raw_size) {
            byte_lanes lanes;
            memcpy(&lanes, folder->raw + folder->at, BLOCK);
            if (fold_block(folder, lanes, BLOCK) < BLOCK) {
                break;
            }
        }
        size_t left = folder->raw_size - folder->at;
        if (left && left < BLOCK) {
            byte_lanes lanes = {0};
            memcpy(&lanes, folder->raw + folder->at, left);
            fold_block(folder, lanes, left);
        }
        while (folder->at < folder->raw_size && folder->raw[folder->at] >= 0x80) {
            copy_points(folder);
            if (folder->at < folder->raw_size && folder->raw[folder->at] >= 0x80) {
                if (!reserve(folder)) {
                    return false;
                }
                fold_point(folder);
            }
        }
    }
    return true;
}

// Blanks are the bytes that are not inside; a run of two or more code points becomes ' '.
static void collapse_blanks(struct folder *folder)
{
    struct folded_text *folded = folder->folded;
    size_t to = 0, from = 0;
    while (from < folder->size) {
        size_t end = from, points = 0;
        while (end < folder->size && !(folded->inside[end / 64] >> end % 64 & 1)) {
            points += ((unsigned char)folded->bytes[end] & 0xC0) != 0x80;
            end++;
        }
        if (points >= 2) {
            folded->bytes[to] = ' ';
            if (folder->with_origins) {
                folded->origins[to] = folded->origins[from];
            }
            to++;
            from = end;
            continue;
        }
        for (end = end > from ? end : from + 1; from < end; from++, to++) {
            folded->bytes[to] = folded->bytes[from];
            if (folder->with_origins) {
                folded->origins[to] = folded->origins[from];
            }
        }
    }
    folder->size = to;
}

static bool find_edges(struct folded_text *folded)
{
    size_t wanted = folded->size + 2;
    if (wanted > folded->edges_capacity) {
        size_t capacity = wanted + wanted / 2;
        uint32_t *edges = memory_resize_array(folded->edges, capacity, sizeof *edges);
        if (!edges) {
            return false;
        }
        folded->edges = edges;
        folded->edges_capacity = capacity;
    }
    uint64_t before = 0; // whether the last byte of the word before was inside
    uint32_t *edge = folded->edges;
    for (size_t word = 0; word * 64 < folded->size; word++) {
        uint64_t bits = folded->inside[word];
        uint64_t changes = bits ^ (bits << 1 | before);
        for (; changes; changes &= changes - 1) {
            *edge++ = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(changes));
        }
        before = bits >> 63;
    }
    if ((edge - folded->edges) % 2) {
        *edge++ = (uint32_t)folded->size;
    }
    folded->n_edges = (size_t)(edge - folded->edges);
    return true;
}

bantam_status fold_text(struct folded_text *folded, const struct folding *folding, const char *raw,
                        size_t size, bool with_origins, bantam_error *error)
{
    struct folder folder = {folded, folding, (const unsigned char *)raw, size, 0, 0, with_origins};
    folded->size = folded->n_edges = 0;
    if (!reserve(&folder)) {
        return error_memory(error);
    }
    folded->inside[0] = 0;
    if (folding->runs == RUNS_OF_VISIBLE) {
        emit(&folder, ' ');
    }
    if (!fold_all(&folder)) {
        return error_memory(error);
    }
    if (folding->runs == RUNS_NONE) {
        collapse_blanks(&folder);
    }
    folded->size = folder.size;
    if (with_origins) {
        folded->origins[folder.size] = folded->origins[folder.size + 1] = (uint32_t)size;
    }
    memset(folded->bytes + folder.size, 0, FOLD_PADDING);
    folded->bytes[folder.size] = ' ';
    if (folding->runs != RUNS_NONE && !find_edges(folded)) {
        return error_memory(error);
    }
    return BANTAM_OK;
}

void folded_text_release(struct folded_text *folded)
{
    memory_free(folded->bytes);
    memory_free(folded->inside);
    memory_free(folded->edges);
    memory_free(folded->origins);
    *folded = (struct folded_text){0};
}
