// What stands behind the tables of an exported classifier (export_c.c): from bytes to probabilities without a buffer.
//
// This is a template: "exported" becomes the classifier's name, and the tables and EXPORTED_... constants come before it. C99, no
// allocation, no globals but constants. A text is never copied: code points are folded one by one where they are read, and read
// again where an n-gram is hashed. Counts stand in the caller's workspace, which is zero between texts.

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

/* --- Hashes */

/* The upper and the lower half of a 128-bit product, folded. */
static uint64_t exported_multiply(uint64_t a, uint64_t b)
{
    uint64_t a_low = a & 0xFFFFFFFFu, a_high = a >> 32, b_low = b & 0xFFFFFFFFu, b_high = b >> 32;
    uint64_t low = a_low * b_low, middle = a_high * b_low + (low >> 32);
    uint64_t other = a_low * b_high + (middle & 0xFFFFFFFFu);
    return (other << 32 | (low & 0xFFFFFFFFu)) ^ (a_high * b_high + (middle >> 32) + (other >> 32));
}

/* Both hashes at once: the 64-bit one of vocabularies, of known size, and MurmurHash3 of hashed n-grams. */
typedef struct {
    uint64_t hash, word;
    unsigned n_word;
    size_t left;
    uint32_t murmur, murmur_word;
    uint32_t n_bytes;
} exported_hasher;

static exported_hasher exported_hash_start(size_t size)
{
    exported_hasher hasher = {0, 0, 0, 0, 0, 0, 0};
    hasher.hash = EXPORTED_SEED + (uint64_t)size * UINT64_C(0x9E3779B97F4A7C15);
    hasher.left = size;
    return hasher;
}

static uint32_t exported_murmur_mix(uint32_t word)
{
    word *= 0xCC9E2D51u;
    return (word << 15 | word >> 17) * 0x1B873593u;
}

static void exported_hash_byte(exported_hasher *hasher, unsigned char byte)
{
    hasher->word |= (uint64_t)byte << (8 * hasher->n_word++);
    hasher->left--;
    if (hasher->n_word == 8 && hasher->left > 0) {
        hasher->hash = exported_multiply(hasher->hash ^ hasher->word, UINT64_C(0xD6E8FEB86659FD93));
        hasher->word = 0;
        hasher->n_word = 0;
    }
    hasher->murmur_word |= (uint32_t)byte << (8 * (hasher->n_bytes % 4));
    if (++hasher->n_bytes % 4 == 0) {
        hasher->murmur ^= exported_murmur_mix(hasher->murmur_word);
        hasher->murmur = (hasher->murmur << 13 | hasher->murmur >> 19) * 5 + 0xE6546B64u;
        hasher->murmur_word = 0;
    }
}

static uint64_t exported_hash_end(const exported_hasher *hasher)
{
    return exported_multiply(hasher->hash ^ hasher->word, UINT64_C(0xA0761D6478BD642F));
}

static uint32_t exported_murmur_end(const exported_hasher *hasher)
{
    uint32_t hash = hasher->murmur ^ exported_murmur_mix(hasher->murmur_word) ^ hasher->n_bytes;
    hash = (hash ^ hash >> 16) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35u;
    return hash ^ hash >> 16;
}

static void exported_hash_piece(const exported_reading *reading, exported_hasher *hasher,
                                const exported_piece *piece)
{
    exported_cursor cursor = piece->start;
    size_t i;
    if (piece->blank_before) {
        exported_hash_byte(hasher, ' ');
    }
    for (i = 0; i < piece->n_points; i++) {
        unsigned char bytes[4];
        unsigned n = exported_encode(exported_next(reading, &cursor), bytes), j;
        for (j = 0; j < n; j++) {
            exported_hash_byte(hasher, bytes[j]);
        }
    }
    if (piece->blank_behind) {
        exported_hash_byte(hasher, ' ');
    }
}

/* --- Features */

/* Whether a feature's key is less than (-1), the same as (0) or greater than (1) a hash's. */
static int exported_compare(size_t feature, uint64_t hash)
{
    uint64_t key = exported_keys_high[feature];
#if EXPORTED_LOW_BITS
    key = key << EXPORTED_LOW_BITS | exported_keys_low[feature];
#endif
    return key < hash ? -1 : key > hash;
}

static uint32_t exported_find(const struct exported_part *part, uint64_t hash)
{
    size_t low = part->first_key, high = part->first_key + part->n_features;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = exported_compare(middle, hash >> part->dropped_bits);
        if (order == 0) {
            return (uint32_t)(middle - part->first_key + part->first_feature);
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return EXPORTED_UNKNOWN;
}

static int exported_is_stop_word(const struct exported_part *part, uint64_t hash)
{
    size_t i;
    for (i = 0; i < part->n_stop_words; i++) {
        if (exported_stop_words[part->first_stop_word + i] == hash) {
            return 1;
        }
    }
    return 0;
}

static void exported_add_weights(float *sums, uint32_t feature, float value)
{
    uint32_t i;
#if EXPORTED_SPARSE
    for (i = exported_starts[feature]; i < exported_starts[feature + 1]; i++) {
        sums[exported_outputs[i]] += value * EXPORTED_WEIGHT(i);
    }
#else
    for (i = 0; i < EXPORTED_OUTPUTS; i++) {
        sums[i] += value * EXPORTED_WEIGHT((size_t)feature * EXPORTED_OUTPUTS + i);
    }
#endif
}

static float exported_idf(const struct exported_part *part, uint32_t feature)
{
#if EXPORTED_IDF
    return part->use_idf ? exported_idf_values[exported_idf_places[feature]] : 1;
#else
    (void)part;
    (void)feature;
    return 1;
#endif
}

static void exported_take(exported_reading *reading, uint32_t feature)
{
    const struct exported_part *part = reading->part;
    int count = reading->workspace->counts[feature];
    float value = (float)count;
    if (count == 0) {
        return;
    }
    reading->workspace->counts[feature] = 0;
    if (part->binary) {
        value = 1;
    } else if (part->sublinear_tf) {
        value = 1 + (float)log((double)count);
    }
    value *= exported_idf(part, feature);
    reading->length += part->norm == 2 ? value * value : value < 0 ? -value : value;
    exported_add_weights(reading->workspace->sums, feature, value);
}

static void exported_see(exported_reading *reading, uint32_t feature, int sign)
{
    int16_t *count = &reading->workspace->counts[feature];
    if (reading->taking) {
        exported_take(reading, feature);
    } else if (*count<EXPORTED_COUNT_MOST && * count> - EXPORTED_COUNT_MOST) {
        *count = (int16_t)(*count + (reading->part->binary ? 1 : sign));
    }
}

/* |h| mod 2^bits and the sign of h, as scikit-learn's FeatureHasher. */
static void exported_see_murmur(exported_reading *reading, uint32_t murmur)
{
    const struct exported_part *part = reading->part;
    int negative = murmur >> 31 != 0;
    uint32_t column = (negative ? 0u - murmur : murmur) & ((UINT32_C(1) << part->hash_bits) - 1);
    exported_see(reading, (uint32_t)part->first_feature + column,
                 negative && part->alternate_sign ? -1 : 1);
}

static void exported_see_hash(exported_reading *reading, uint64_t hash)
{
    uint32_t feature = exported_find(reading->part, hash);
    if (feature != EXPORTED_UNKNOWN) {
        exported_see(reading, feature, 1);
    }
}

/* --- N-grams */

static void exported_see_piece(exported_reading *reading, const exported_piece *piece)
{
    exported_hasher hasher = exported_hash_start(piece->n_bytes);
    exported_hash_piece(reading, &hasher, piece);
    if (reading->part->hash_bits) {
        exported_see_murmur(reading, exported_murmur_end(&hasher));
    } else {
        exported_see_hash(reading, exported_hash_end(&hasher));
    }
}

/* The n-grams that end in the newest of n words. */
static void exported_see_words(exported_reading *reading, const exported_piece *words,
                               unsigned n_words)
{
    const struct exported_part *part = reading->part;
    unsigned n, i;
    for (n = part->n_min; n <= part->n_max && n <= n_words; n++) {
        const exported_piece *first = words + n_words - n;
        if (part->hash_bits) {
            exported_hasher hasher = exported_hash_start(0);
            for (i = 0; i < n; i++) {
                if (i) {
                    exported_hash_byte(&hasher, ' ');
                }
                exported_hash_piece(reading, &hasher, first + i);
            }
            exported_see_murmur(reading, exported_murmur_end(&hasher));
        } else {
            uint64_t hash = first->hash;
            for (i = 1; i < n; i++) {
                hash = exported_multiply(hash ^ UINT64_C(0x8EBC6AF09C88C6E3),
                                         first[i].hash ^ UINT64_C(0x589965CC75374CC3));
            }
            exported_see_hash(reading, hash);
        }
    }
}

/* The next run of code points of a word, or of all that are no blanks; 0 where there is none. */
static int exported_next_run(const exported_reading *reading, exported_cursor *cursor,
                             exported_piece *run)
{
    int words = reading->part->analyzer == exported_word, inside = 0;
    exported_piece found = {{0, 0}, 0, 0, 0, 0, 0};
    for (;;) {
        exported_cursor before = *cursor;
        uint32_t point = exported_next(reading, cursor);
        int belongs =
            point != EXPORTED_END && (words ? exported_is_word(point) : !exported_is_space(point));
        if (belongs && !inside) {
            found.start = before;
            inside = 1;
        }
        if (!belongs && (inside || point == EXPORTED_END)) {
            *run = found;
            return inside;
        }
        if (belongs) {
            found.n_points++;
            found.n_bytes += exported_encoded_size(point);
        }
    }
}

static void exported_walk_words(exported_reading *reading)
{
    exported_piece words[EXPORTED_N_MAX], word;
    unsigned n_words = 0, i;
    exported_cursor cursor = {0, 0};
    while (exported_next_run(reading, &cursor, &word)) {
        exported_hasher hasher = exported_hash_start(word.n_bytes);
        if (word.n_points < 2) {
            continue;
        }
        exported_hash_piece(reading, &hasher, &word);
        word.hash = exported_hash_end(&hasher);
        if (exported_is_stop_word(reading->part, word.hash)) {
            continue;
        }
        if (n_words == EXPORTED_N_MAX) {
            for (i = 1; i < n_words; i++) {
                words[i - 1] = words[i];
            }
            n_words--;
        }
        words[n_words++] = word;
        exported_see_words(reading, words, n_words);
    }
}

static void exported_walk_chars(exported_reading *reading)
{
    exported_cursor start = {0, 0};
    for (;;) {
        exported_piece piece = {{0, 0}, 0, 0, 0, 0, 0};
        exported_cursor end = start;
        piece.start = start;
        while (piece.n_points < reading->part->n_max) {
            uint32_t point = exported_next(reading, &end);
            if (point == EXPORTED_END) {
                break;
            }
            piece.n_points++;
            piece.n_bytes += exported_encoded_size(point);
            if (piece.n_points >= reading->part->n_min) {
                exported_see_piece(reading, &piece);
            }
        }
        if (exported_next(reading, &start) == EXPORTED_END) {
            return;
        }
    }
}

/* The n-grams of n out of a word with a blank on either side. */
static void exported_see_word_chars(exported_reading *reading, const exported_piece *word, size_t n)
{
    size_t n_padded = word->n_points + 2, first;
    exported_cursor start = word->start;
    for (first = 0; first + n <= n_padded; first++) {
        exported_piece piece = {{0, 0}, 0, 0, 0, 0, 0};
        exported_cursor end = start;
        size_t i;
        piece.start = start;
        piece.blank_before = first == 0;
        piece.blank_behind = first + n == n_padded;
        piece.n_points = n - (size_t)piece.blank_before - (size_t)piece.blank_behind;
        piece.n_bytes = (size_t)piece.blank_before + (size_t)piece.blank_behind;
        for (i = 0; i < piece.n_points; i++) {
            piece.n_bytes += exported_encoded_size(exported_next(reading, &end));
        }
        exported_see_piece(reading, &piece);
        if (first > 0) {
            exported_next(reading, &start);
        }
    }
}

static void exported_walk_word_chars(exported_reading *reading)
{
    exported_piece word;
    exported_cursor cursor = {0, 0};
    while (exported_next_run(reading, &cursor, &word)) {
        size_t n;
        for (n = reading->part->n_min; n <= reading->part->n_max; n++) {
            if (word.n_points + 2 <= n) { /* a word that short is one n-gram */
                exported_see_word_chars(reading, &word, word.n_points + 2);
                break;
            }
            exported_see_word_chars(reading, &word, n);
        }
    }
}

static void exported_walk(exported_reading *reading)
{
    switch (reading->part->analyzer) {
    case exported_word:
        exported_walk_words(reading);
        break;
    case exported_char:
        exported_walk_chars(reading);
        break;
    default:
        exported_walk_word_chars(reading);
    }
}

/* --- Probabilities */

static void exported_score(exported_workspace *workspace, const char *text, size_t size)
{
    size_t part, o;
    for (o = 0; o < EXPORTED_OUTPUTS; o++) {
        workspace->scores[o] = exported_intercepts[o];
    }
    for (part = 0; part < EXPORTED_PARTS; part++) {
        exported_reading reading;
        float factor = 1;
        reading.part = &exported_parts[part];
        reading.bytes = (const unsigned char *)text;
        reading.size = size;
        reading.workspace = workspace;
        reading.length = 0;
        for (o = 0; o < EXPORTED_OUTPUTS; o++) {
            workspace->sums[o] = 0;
        }
        for (reading.taking = 0; reading.taking < 2; reading.taking++) {
            exported_walk(&reading);
        }
        if (reading.part->norm && reading.length > 0) {
            factor = 1 / (reading.part->norm == 2 ? (float)sqrt((double)reading.length)
                                                  : reading.length);
        }
        for (o = 0; o < EXPORTED_OUTPUTS; o++) {
            workspace->scores[o] += factor * EXPORTED_SCALE(o) * workspace->sums[o];
        }
    }
}

#if EXPORTED_CALIBRATION == 3
/* A straight line between knots, level beyond them. */
static float exported_curve(size_t output, float score)
{
    const exported_knot *knots = exported_knots + exported_knot_starts[output];
    size_t n = exported_knot_starts[output + 1] - exported_knot_starts[output], i;
    if (n == 0) {
        return 0.5f;
    }
    if (score <= knots[0].score) {
        return knots[0].value;
    }
    for (i = 1; i < n; i++) {
        if (score < knots[i].score) {
            float share = (score - knots[i - 1].score) / (knots[i].score - knots[i - 1].score);
            return knots[i - 1].value + share * (knots[i].value - knots[i - 1].value);
        }
    }
    return knots[n - 1].value;
}
#endif

/* One output's probability on its own. */
static float exported_alone(size_t output, float score)
{
#if EXPORTED_CALIBRATION == 3
    return exported_curve(output, score);
#elif EXPORTED_CALIBRATION == 2
    return (float)(1 /
                   (1 + exp((double)(exported_slopes[output] * score + exported_offsets[output]))));
#else
    (void)output;
    return (float)(1 / (1 + exp(-(double)(score / EXPORTED_TEMPERATURE))));
#endif
}

static void exported_decide(const float *scores, float *probabilities)
{
    size_t o, n = EXPORTED_OUTPUTS;
    float sum = 0, most = scores[0];
    if (n == 1 && EXPORTED_LABELS == 2) {
        probabilities[1] = exported_alone(0, scores[0]);
        probabilities[0] = 1 - probabilities[1];
        return;
    }
    for (o = 1; o < n; o++) {
        most = scores[o] > most ? scores[o] : most;
    }
    for (o = 0; o < n; o++) {
        if (EXPORTED_LINK == 0 && EXPORTED_CALIBRATION < 2) {
            probabilities[o] = (float)exp((double)((scores[o] - most) / EXPORTED_TEMPERATURE));
        } else {
            probabilities[o] = exported_alone(o, scores[o]);
        }
        sum += probabilities[o];
    }
    for (o = 0; o < n && EXPORTED_LINK != 2; o++) {
        probabilities[o] = sum > 0 ? probabilities[o] / sum : 1 / (float)n;
    }
}

int exported_predict(exported_workspace *workspace, const char *text, size_t size,
                     float probabilities[EXPORTED_LABELS])
{
    int best = 0, label;
    exported_score(workspace, text, size);
    exported_decide(workspace->scores, probabilities);
    for (label = 1; label < EXPORTED_LABELS; label++) {
        best = probabilities[label] > probabilities[best] ? label : best;
    }
    return best;
}

const char *exported_label(int label)
{
    return exported_labels[label];
}
