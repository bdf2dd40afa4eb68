// Second part of the template (text.c): n-grams of the folded code points, their hashes, and the features that they are.

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
