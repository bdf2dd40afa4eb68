// What stands behind the tables of an exported classifier (../export_c.c): from bytes to probabilities without a buffer. First part: a
// text's code points, folded.
//
// The files of this folder are one template, in the order text, ngrams, scores: "exported" becomes the classifier's name, and the
// tables and EXPORTED_... constants come before it. C99, no allocation, no globals but constants. A text is never copied: code
// points are folded one by one where they are read, and read again where an n-gram is hashed. Counts stand in the caller's
// workspace, which is zero between texts.

#define EXPORTED_END 0xFFFFFFFFu     /* no code point: the text is over */
#define EXPORTED_UNKNOWN 0xFFFFFFFFu /* no feature */
#define EXPORTED_COUNT_MOST 32767

enum {
    exported_word,
    exported_char,
    exported_char_wb
}; /* analyzers */

typedef struct {
    const struct exported_part *part;
    const unsigned char *bytes;
    size_t size;
    exported_workspace *workspace;
    int taking; /* 0: features are counted, 1: counts are taken and emptied */
    float length;
} exported_reading;

/* Where a folded code point comes from: a raw offset, and which of the code points that the raw one becomes. */
typedef struct {
    size_t at;
    unsigned index;
} exported_cursor;

/* A piece of folded text: code points from a cursor on, perhaps with a blank before and behind. */
typedef struct {
    exported_cursor start;
    size_t n_points, n_bytes;
    int blank_before, blank_behind;
    uint64_t hash;
} exported_piece;

/* --- Code points */

static int exported_in_ranges(const exported_range *ranges, size_t n, uint32_t point)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point < ranges[middle].first) {
            high = middle;
        } else if (point - ranges[middle].first > ranges[middle].more) {
            low = middle + 1;
        } else {
            return 1;
        }
    }
    return 0;
}

static int exported_is_word(uint32_t point)
{
    if (point < 0x80) {
        return (point | 0x20) - 'a' < 26 || point - '0' < 10 || point == '_';
    }
    return exported_in_ranges(exported_word_ranges,
                              sizeof exported_word_ranges / sizeof *exported_word_ranges, point);
}

static int exported_is_space(uint32_t point)
{
    if (point < 0x80) {
        return point == ' ' || point - '\t' < 5 || point - 0x1C < 4;
    }
    return exported_in_ranges(exported_space_ranges,
                              sizeof exported_space_ranges / sizeof *exported_space_ranges, point);
}

static uint32_t exported_lower(uint32_t point)
{
    size_t low = 0, high = sizeof exported_lower_runs / sizeof *exported_lower_runs;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const exported_lower_run *run = &exported_lower_runs[middle];
        if (point < run->first) {
            high = middle;
        } else if (point > run->last) {
            low = middle + 1;
        } else {
            return (point - run->first) % run->step ? point
                                                    : (uint32_t)((int32_t)point + run->distance);
        }
    }
    return point;
}

/* Damage is U+FFFD, one for each longest piece that begins a code point. */
static uint32_t exported_decode(const unsigned char *bytes, size_t n_bytes, size_t *size)
{
    unsigned char lead = bytes[0];
    unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    size_t n = lead < 0x80   ? 1
               : lead < 0xC2 ? 0
               : lead < 0xE0 ? 2
               : lead < 0xF0 ? 3
               : lead < 0xF5 ? 4
                             : 0;
    uint32_t point;
    *size = 1;
    if (n < 2) {
        return n ? lead : 0xFFFD;
    }
    point = lead & (0xFFu >> (n + 1));
    for (; *size < n; ++*size) {
        if (*size >= n_bytes || bytes[*size] < low || bytes[*size] > high) {
            return 0xFFFD;
        }
        point = point << 6 | (bytes[*size] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return point;
}

static int exported_is_cased(uint32_t point)
{
    return exported_in_ranges(exported_cased_ranges,
                              sizeof exported_cased_ranges / sizeof *exported_cased_ranges, point);
}

static int exported_is_ignorable(uint32_t point)
{
    return exported_in_ranges(exported_ignorable_ranges,
                              sizeof exported_ignorable_ranges / sizeof *exported_ignorable_ranges,
                              point);
}

/* A capital sigma becomes the final one behind a letter with case and before none, as in Python's str.lower(). */
static int exported_sigma_is_final(const exported_reading *reading, size_t at, size_t size)
{
    size_t behind = at + size;
    int cased = 0;
    while (at > 0) {
        size_t n = 1, read;
        uint32_t point;
        while (n < 4 && n < at && (reading->bytes[at - n] & 0xC0) == 0x80) {
            n++;
        }
        point = exported_decode(reading->bytes + at - n, n, &read);
        point = read == n ? point : 0xFFFD;
        if (!exported_is_ignorable(point)) {
            cased = exported_is_cased(point);
            break;
        }
        at -= n;
    }
    while (cased && behind < reading->size) {
        size_t n;
        uint32_t point = exported_decode(reading->bytes + behind, reading->size - behind, &n);
        if (!exported_is_ignorable(point)) {
            return !exported_is_cased(point);
        }
        behind += n;
    }
    return cased;
}

/* Writes what a code point becomes without accents, and returns how many code points that is. */
static unsigned exported_unaccent(int accents, uint32_t point, uint32_t *points)
{
    unsigned n = 1, kept = 0, i;
    points[0] = point;
    if (accents == 0) {
        return 1;
    }
#if EXPORTED_ACCENTS
    if (point >= 0xAC00 && point <= 0xD7A3) {
        uint32_t syllable = point - 0xAC00, tail = syllable % 28;
        points[0] = 0x1100 + syllable / 588;
        points[1] = 0x1161 + syllable % 588 / 28;
        points[2] = 0x11A7 + tail;
        n = tail ? 3 : 2;
    } else {
        size_t low = 0, high = sizeof exported_unaccented / sizeof *exported_unaccented;
        while (low + 1 < high) {
            size_t middle = (low + high) / 2;
            if (exported_unaccented[middle].point <= point) {
                low = middle;
            } else {
                high = middle;
            }
        }
        if (exported_unaccented[low].point == point) {
            n = exported_unaccented[low].n;
            for (i = 0; i < n; i++) {
                points[i] = exported_unaccented_pool[exported_unaccented[low].at + i];
            }
        }
    }
#endif
    for (i = 0; i < n; i++) {
        if (accents == 2 || points[i] < 0x80) {
            points[kept++] = points[i];
        }
    }
    return kept;
}

/* What the raw code point at an offset becomes; *size is its own size. At most 20 code points. */
static unsigned exported_fold(const exported_reading *reading, size_t at, uint32_t *points,
                              size_t *size)
{
    const struct exported_part *part = reading->part;
    uint32_t point = exported_decode(reading->bytes + at, reading->size - at, size);
    unsigned n = 0;
    if (part->lowercase && point == 0x130) {
        points[n++] = 'i';
        point = 0x307;
    } else if (part->lowercase && point == 0x3A3) {
        point = exported_sigma_is_final(reading, at, *size) ? 0x3C2 : 0x3C3;
    } else if (part->lowercase) {
        point = exported_lower(point);
    }
    return n + exported_unaccent(part->accents, point, points + n);
}

/* The folded code point at the cursor, which moves behind it; EXPORTED_END behind the last. */
static uint32_t exported_next_folded(const exported_reading *reading, exported_cursor *cursor)
{
    while (cursor->at < reading->size) {
        uint32_t points[20];
        size_t size;
        unsigned n;
        unsigned char byte = reading->bytes[cursor->at];
        if (byte < 0x80) {
            cursor->at++;
            return reading->part->lowercase && (unsigned)(byte - 'A') < 26u ? byte | 0x20u : byte;
        }
        n = exported_fold(reading, cursor->at, points, &size);
        if (cursor->index < n) {
            uint32_t point = points[cursor->index++];
            if (cursor->index == n) {
                cursor->at += size;
                cursor->index = 0;
            }
            return point;
        }
        cursor->at += size;
        cursor->index = 0;
    }
    return EXPORTED_END;
}

/* The same; of characters, two or more blanks in a row are one ' '. */
static uint32_t exported_next(const exported_reading *reading, exported_cursor *cursor)
{
    uint32_t point = exported_next_folded(reading, cursor);
    if (reading->part->analyzer == exported_char && point != EXPORTED_END &&
        exported_is_space(point)) {
        exported_cursor ahead = *cursor;
        uint32_t next = exported_next_folded(reading, &ahead);
        while (next != EXPORTED_END && exported_is_space(next)) {
            point = ' ';
            *cursor = ahead;
            next = exported_next_folded(reading, &ahead);
        }
    }
    return point;
}

static unsigned exported_encode(uint32_t point, unsigned char bytes[4])
{
    unsigned n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4, i;
    if (n == 1) {
        bytes[0] = (unsigned char)point;
        return 1;
    }
    for (i = n - 1; i > 0; i--) {
        bytes[i] = (unsigned char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = (unsigned char)((0xF00u >> n & 0xF0) | point);
    return n;
}

static size_t exported_encoded_size(uint32_t point)
{
    unsigned char bytes[4];
    return exported_encode(point, bytes);
}
