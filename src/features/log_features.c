// Builds the tables of a log: distinct masked lines, running counts, exits. One pass over the lines.
#include "features/log_features.h"

#include <string.h>

#include "base/error.h"
#include "base/index_table.h"
#include "base/memory.h"
#include "text/mask_key.h"

// The index of `hash`; a new one gets `next` and sets *is_new. UINT32_MAX when memory is out.
static uint32_t table_index(struct index_table *table, uint64_t hash, uint32_t next, bool *is_new)
{
    uint32_t *index = index_table_entry(table, hash, is_new);
    if (!index) {
        return UINT32_MAX;
    }
    *index = *is_new ? next : *index;
    return *index;
}

enum edge_class {
    EDGE_NONE,
    EDGE_LOWER,
    EDGE_UPPER,
    EDGE_DIGIT,
    EDGE_BLANK,
    EDGE_HIGH
};

// Letters, digits and the commonest marks each have a class of their own.
static uint8_t edge_class(uint8_t byte)
{
    static const char marks[] = ".:,)]>-*#";
    if (byte >= 'a' && byte <= 'z') {
        return EDGE_LOWER;
    }
    if (byte >= 'A' && byte <= 'Z') {
        return EDGE_UPPER;
    }
    if (byte >= '0' && byte <= '9') {
        return EDGE_DIGIT;
    }
    if (byte >= 0x80) {
        return EDGE_HIGH;
    }
    const char *mark = byte ? strchr(marks, byte) : NULL;
    return mark ? (uint8_t)(EDGE_HIGH + 1 + (mark - marks)) : EDGE_BLANK;
}

enum {
    ERROR_KEYWORDS = 1U << KEYWORD_ERROR | 1U << KEYWORD_FAIL | 1U << KEYWORD_EXCEPTION |
                     1U << KEYWORD_FATAL | 1U << KEYWORD_CANNOT | 1U << KEYWORD_DENIED |
                     1U << KEYWORD_TIMEOUT,
    WRAPPER_FLAGS = LINE_MARKER | LINE_EXIT | LINE_EXIT_FAILED | LINE_JOB_END,
    AHEAD = 16, // lines whose place in the table of texts is asked for together
    TEXTS_LEAST = 512,
    TEXTS_MANY = 1 << 18,
    DISTINCT_FIRST =
        2048, // room for so many at first, which most logs don't exceed, then for all lines
};

static bool says_error(struct line_kind kind)
{
    return (kind.keywords & ERROR_KEYWORDS) &&
           ((kind.shape & (SHAPE_ZERO_COUNT | SHAPE_COUNT)) != SHAPE_ZERO_COUNT);
}

// Everything that is needed while the tables grow.
struct build {
    struct log_features *features;
    const struct keyword_table *keywords;
    const struct line_annotator *annotator;
    line_words_sink sink;
    void *context;
    struct index_table distinct, prefixes;
    size_t capacity; // of features->distinct
    struct index_table texts,
        keys; // of lines by text_key and by mask_key to what they are as distinct lines
};

// The index of the first two tokens; UINT32_MAX when memory is out.
static uint32_t prefix_index(struct build *build, const struct masked_line *masked)
{
    uint64_t hash = 1;
    for (size_t i = 0; i < masked->n_tokens && i < 2; i++) {
        hash = (hash ^ masked->tokens[i].hash) * 0x9E3779B97F4A7C15U;
    }
    bool is_new;
    uint32_t index =
        table_index(&build->prefixes, hash, (uint32_t)build->features->n_prefixes, &is_new);
    if (index == UINT32_MAX || !is_new) {
        return index;
    }
    build->features->prefix_counts[build->features->n_prefixes++] = 0;
    return index;
}

// A wrapper's own line speaks through its flags, not through the words of one CI system.
static void mask_wrapper(struct masked_line *masked, unsigned flags)
{
    uint32_t hash = (flags & WRAPPER_FLAGS) * 0x9E3779B1U;
    masked->tokens[0] = (struct token){.hash = hash, .lowered_hash = hash, .kind = TOKEN_MARKER};
    masked->n_tokens = 1;
    masked->indent = 0;
    masked->hash = hash;
}

// Makes room for one more distinct line; false when memory is out.
static bool make_room(struct build *build)
{
    struct log_features *features = build->features;
    if (features->n_distinct < build->capacity) {
        return true;
    }
    size_t capacity = build->capacity > 0 ? features->document->n_lines : DISTINCT_FIRST;
    struct distinct_line *grown =
        memory_resize_array(features->distinct, capacity, sizeof *features->distinct);
    if (grown) {
        memory_use_large_pages(grown, capacity * sizeof *grown);
        features->distinct = grown;
        build->capacity = capacity;
    }
    return grown != NULL;
}

static bool add_distinct(struct build *build, const struct masked_line *masked,
                         const struct line *line, size_t at)
{
    struct log_features *features = build->features;
    uint32_t prefix = prefix_index(build, masked);
    if (prefix == UINT32_MAX || !make_room(build)) {
        return false;
    }
    size_t blanks = 0;
    while (blanks < line->size && (line->text[blanks] == ' ' || line->text[blanks] == '\t')) {
        blanks++;
    }
    bool wrapper = (line->flags & WRAPPER_FLAGS) != 0;
    bool empty = wrapper || blanks == line->size;
    features->distinct[features->n_distinct] = (struct distinct_line){
        .hash = masked->hash,
        .first_line = (uint32_t)at,
        .prefix = prefix,
        .kind = wrapper ? (struct line_kind){0} : line_kind(build->keywords, masked, line->text),
        .n_tokens = (uint8_t)masked->n_tokens,
        .indent = (uint8_t)(masked->indent < 255 ? masked->indent : 255),
        .size = log2_bucket(line->size),
        .first = empty ? EDGE_NONE : edge_class((uint8_t)line->text[blanks]),
        .last = empty ? EDGE_NONE : edge_class((uint8_t)line->text[line->size - 1]),
    };
    log_features_kind(&features->distinct[features->n_distinct]);
    uint32_t hashes[LINE_WORDS_MAXIMUM + ANNOTATIONS_MAXIMUM];
    size_t n_hashes = line_words(hashes, masked, line->text);
    if (build->annotator->annotate && !wrapper) {
        uint8_t *known = &features->distinct[features->n_distinct].known;
        n_hashes += build->annotator->annotate(build->annotator->context, line->text, line->size,
                                               hashes + n_hashes, known);
    }
    return build->sink(build->context, (uint32_t)features->n_distinct++, hashes, n_hashes);
}

// What a line's text does not say of how it is masked; wrappers' lines are told apart by what they are.
static uint64_t salt_of(const struct line *line)
{
    return line->flags & WRAPPER_FLAGS;
}

// Masks a line whose key is new and finds or adds what it is as a distinct line.
static bool find_masked(struct build *build, const struct line *line, size_t at, uint32_t *index,
                        bool *is_new)
{
    struct masked_line masked;
    mask_line(&masked, line->text, line->size);
    if (line->flags & WRAPPER_FLAGS) {
        mask_wrapper(&masked, line->flags);
    }
    *index =
        table_index(&build->distinct, masked.hash, (uint32_t)build->features->n_distinct, is_new);
    return *index != UINT32_MAX && (!*is_new || add_distinct(build, &masked, line, at));
}

// What a line whose text is new is as a distinct line.
static bool find_distinct(struct build *build, const struct line *line, size_t at, uint32_t *index,
                          bool *is_new)
{
    if (!mask_key_tells(line->text, line->size)) {
        return find_masked(build, line, at, index, is_new);
    }
    bool is_new_key;
    uint64_t key = mask_key(line->text, line->size, salt_of(line));
    uint32_t *known = index_table_entry(&build->keys, key, &is_new_key);
    if (!known || (is_new_key && !find_masked(build, line, at, known, is_new))) {
        return false;
    }
    *index = *known;
    return true;
}

static bool add_line(struct build *build, size_t at, uint64_t text)
{
    struct log_features *features = build->features;
    const struct line *line = &features->document->lines[at];
    bool is_new = false, is_new_text;
    uint32_t *known = index_table_entry(&build->texts, text, &is_new_text);
    if (!known || (is_new_text && !find_distinct(build, line, at, known, &is_new))) {
        return false;
    }
    uint32_t index = *known;
    struct distinct_line *distinct = &features->distinct[index];
    features->distinct_of_line[at] = index;
    distinct->count++;
    distinct->last_line = (uint32_t)at;
    features->prefix_counts[distinct->prefix]++;

    struct line_counts counts = features->counts[at];
    bool error = says_error(distinct->kind);
    counts.errors += error;
    counts.red += (line->flags & (LINE_RED | LINE_ERROR)) != 0;
    counts.passes += !error && (distinct->kind.keywords & 1U << KEYWORD_PASS);
    counts.progress += !error && (distinct->kind.keywords & 1U << KEYWORD_PROGRESS);
    counts.novel += is_new;
    counts.frames += (distinct->kind.shape & SHAPE_FRAME) != 0;
    counts.exits += (line->flags & LINE_EXIT) != 0;
    counts.failed_exits += (line->flags & LINE_EXIT_FAILED) != 0;
    features->counts[at + 1] = counts;
    return true;
}

static bool list_lines(struct log_features *features)
{
    size_t n_lines = features->document->n_lines;
    struct arena *arena = &features->arena;
    features->n_exits = features->counts[n_lines].exits;
    features->n_failed_exits = features->counts[n_lines].failed_exits;
    features->error_lines =
        arena_allocate_array(arena, features->counts[n_lines].errors, sizeof(uint32_t));
    features->exits = arena_allocate_array(arena, features->n_exits, sizeof(uint32_t));
    features->failed_exits =
        arena_allocate_array(arena, features->n_failed_exits, sizeof(uint32_t));
    features->sections =
        arena_allocate_array(arena, features->document->n_sections, sizeof *features->sections);
    if (!features->error_lines || !features->exits || !features->failed_exits ||
        !features->sections) {
        return false;
    }
    size_t n_errors = 0, n_exits = 0, n_failed = 0;
    for (size_t at = 0; at < n_lines; at++) {
        unsigned flags = features->document->lines[at].flags;
        if (features->counts[at + 1].errors != features->counts[at].errors) {
            features->error_lines[n_errors++] = (uint32_t)at;
        }
        if (flags & LINE_EXIT) {
            features->exits[n_exits++] = (uint32_t)at;
        }
        if (flags & LINE_EXIT_FAILED) {
            features->failed_exits[n_failed++] = (uint32_t)at;
        }
    }
    return true;
}

static bool build_lines(struct build *build)
{
    struct log_features *features = build->features;
    size_t n_lines = features->document->n_lines;
    features->distinct_of_line =
        arena_allocate_uncleared(&features->arena, n_lines, sizeof *features->distinct_of_line);
    features->counts =
        arena_allocate_uncleared(&features->arena, n_lines + 1, sizeof *features->counts);
    features->prefix_counts =
        arena_allocate_uncleared(&features->arena, n_lines, sizeof *features->prefix_counts);
    if (!features->distinct_of_line || !features->counts || !features->prefix_counts) {
        return false;
    }
    features->counts[0] = (struct line_counts){0};
    for (size_t from = 0; from < n_lines; from += AHEAD) {
        uint64_t texts[AHEAD];
        size_t n = n_lines - from < AHEAD ? n_lines - from : AHEAD;
        for (size_t i = 0; i < n; i++) {
            const struct line *line = &features->document->lines[from + i];
            texts[i] = text_key(line->text, line->size, salt_of(line));
            index_table_prefetch(&build->texts, texts[i]);
        }
        for (size_t i = 0; i < n; i++) {
            if (!add_line(build, from + i, texts[i])) {
                return false;
            }
        }
    }
    if (!list_lines(features)) {
        return false;
    }
    log_features_sections(features);
    return true;
}

bantam_status log_features_init(struct log_features *features, const struct document *document,
                                const struct keyword_table *keywords,
                                const struct line_annotator *annotator, line_words_sink sink,
                                void *context, bantam_error *error)
{
    *features = (struct log_features){.document = document};
    struct build build = {.features = features,
                          .keywords = keywords,
                          .annotator = annotator,
                          .sink = sink,
                          .context = context};
    size_t n_texts = TEXTS_LEAST;
    while (n_texts < document->n_lines) {
        n_texts *= 2; // room for all of them to be different, nearly: growing costs more
    }
    if (n_texts >= TEXTS_MANY && n_texts / 4 * 3 < document->n_lines) {
        n_texts *= 2; // … and of a large log leaves a hole
    }
    bool built = index_table_init(&build.distinct, 1024) &&
                 index_table_init(&build.prefixes, 1024) && index_table_init(&build.keys, 1024) &&
                 index_table_init(&build.texts, n_texts) && build_lines(&build);
    index_table_release(&build.distinct);
    index_table_release(&build.prefixes);
    index_table_release(&build.keys);
    index_table_release(&build.texts);
    if (!built) {
        log_features_release(features);
        return error_memory(error);
    }
    return BANTAM_OK;
}

void log_features_release(struct log_features *features)
{
    memory_free(features->distinct);
    arena_release(&features->arena);
    *features = (struct log_features){0};
}
