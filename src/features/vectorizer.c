// Options, a vectorizer's life, and its rows of any texts.
#include "features/vectorizer.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/logarithm.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "features/ngram_reader.h"
#include "features/vectorizer_rows.h"

enum {
    STOP_WORDS_MAXIMUM = 1 << 20,
    CHUNK_TEXTS_LEAST = 64,
    CHUNKS_MOST = 256,
};

struct vectorizer_part_options vectorizer_part_options_default(void)
{
    return (struct vectorizer_part_options){
        .analyzer = ANALYZER_WORD,
        .n_min = 1,
        .n_max = 1,
        .lowercase = true,
        .min_df = {1, false},
        .max_df = {1, true},
        .use_idf = true,
        .smooth_idf = true,
        .norm = NORM_L2,
    };
}

struct vectorizer_options vectorizer_options_default(void)
{
    return (struct vectorizer_options){.n_parts = 1, .parts = {vectorizer_part_options_default()}};
}

static bool is_limit(const struct document_limit *limit)
{
    return isfinite(limit->value) && limit->value >= 0 && (!limit->is_share || limit->value <= 1);
}

static bantam_status check_part(const struct vectorizer_part_options *part, bantam_error *error)
{
    if (part->n_min < 1 || part->n_min > part->n_max || part->n_max > VECTORIZER_N_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "n-grams of %u to %u: give lengths from 1 to %d, the smaller one first",
                         part->n_min, part->n_max, VECTORIZER_N_MAXIMUM);
    }
    if (!is_limit(&part->min_df) || !is_limit(&part->max_df)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "min_df and max_df are numbers of texts, or shares from 0 to 1");
    }
    if (part->hash_bits && (part->hash_bits < VECTORIZER_HASH_BITS_LEAST ||
                            part->hash_bits > VECTORIZER_HASH_BITS_MOST)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "%u hash bits: give %d to %d, or 0 for a vocabulary", part->hash_bits,
                         VECTORIZER_HASH_BITS_LEAST, VECTORIZER_HASH_BITS_MOST);
    }
    if (part->alternate_sign && part->sublinear_tf) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "sublinear_tf takes the logarithm of counts, which alternate_sign makes "
                         "negative; choose one of the two");
    }
    if (part->analyzer > ANALYZER_CHAR_WB || part->accents > ACCENTS_UNICODE ||
        part->norm > NORM_L2 || part->n_stop_words > STOP_WORDS_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "an option of the vectorizer is out of its range");
    }
    return BANTAM_OK;
}

bantam_status vectorizer_options_check(const struct vectorizer_options *options,
                                       bantam_error *error)
{
    if (options->n_parts < 1 || options->n_parts > VECTORIZER_PARTS) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "a vectorizer has 1 to %d parts, not %zu",
                         VECTORIZER_PARTS, options->n_parts);
    }
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; i < options->n_parts && !status; i++) {
        status = check_part(&options->parts[i], error);
    }
    return status;
}

// Hashes of the stop words, each once: stop words are looked for, never named.
static bantam_status index_stop_words(struct vectorizer_part *part, uint64_t seed,
                                      struct arena *arena, bantam_error *error)
{
    const struct vectorizer_part_options *options = &part->options;
    if (options->n_stop_words == 0) {
        return BANTAM_OK;
    }
    bantam_status status = vocabulary_init(&part->stop_words, options->n_stop_words, error);
    const char **copies = arena_allocate_array(arena, options->n_stop_words, sizeof *copies);
    if (status || !copies) {
        return error_memory(error);
    }
    for (size_t i = 0; i < options->n_stop_words; i++) {
        size_t size = strlen(options->stop_words[i]);
        char *copy = arena_allocate_array(arena, size + 8, 1); // hash_bytes may read beyond
        if (!copy) {
            return error_memory(error);
        }
        memcpy(copy, options->stop_words[i], size);
        copies[i] = copy;
        part->stop_words.entries[i].hash = hash_bytes(copy, size, seed);
    }
    part->options.stop_words = copies;
    bool twice; // the same word listed again does no harm
    return vocabulary_index(&part->stop_words, &twice, error);
}

bantam_status vectorizer_new(struct vectorizer **out, const struct vectorizer_options *options,
                             uint64_t seed, bantam_error *error)
{
    struct vectorizer *vectorizer = memory_allocate_array(1, sizeof *vectorizer);
    *out = vectorizer;
    if (!vectorizer) {
        return error_memory(error);
    }
    vectorizer->options = *options;
    vectorizer->seed = seed;
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; i < options->n_parts && !status; i++) {
        vectorizer->parts[i].options = options->parts[i];
        status = index_stop_words(&vectorizer->parts[i], seed, &vectorizer->arena, error);
        vectorizer->options.parts[i] = vectorizer->parts[i].options;
    }
    if (status) {
        vectorizer_free(out);
    }
    return status;
}

void vectorizer_free(struct vectorizer **vectorizer)
{
    if (!*vectorizer) {
        return;
    }
    for (size_t i = 0; i < VECTORIZER_PARTS; i++) {
        struct vectorizer_part *part = &(*vectorizer)->parts[i];
        vocabulary_release(&part->vocabulary);
        vocabulary_release(&part->stop_words);
        memory_free(part->hashed_idf);
        memory_free(part->hashed_documents);
    }
    arena_release(&(*vectorizer)->arena);
    memory_free(*vectorizer);
    *vectorizer = NULL;
}

bantam_status vectorizer_number_features(struct vectorizer *vectorizer, bantam_error *error)
{
    vectorizer->n_features = 0;
    for (size_t i = 0; i < vectorizer->options.n_parts; i++) {
        struct vectorizer_part *part = &vectorizer->parts[i];
        part->first_feature = vectorizer->n_features;
        part->n_features =
            part->options.hash_bits ? (size_t)1 << part->options.hash_bits : part->vocabulary.n;
        vectorizer->n_features += part->n_features;
    }
    if (vectorizer->n_features > VECTORIZER_FEATURES_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "%zu features are more than the %d that a model can have; raise min_df or "
                         "set max_features",
                         vectorizer->n_features, VECTORIZER_FEATURES_MAXIMUM);
    }
    return BANTAM_OK;
}

// A feature that no document has (of a hashed part, without smoothing) weighs as one that a single document has.
static float idf_of(const struct vectorizer_part_options *options, uint64_t n_documents,
                    uint32_t documents)
{
    double smooth = options->smooth_idf ? 1 : 0;
    double df = (double)documents + smooth;
    return (float)(logarithm(((double)n_documents + smooth) / (df > 0 ? df : 1)) + 1);
}

void vectorizer_weigh(struct vectorizer *vectorizer)
{
    for (size_t i = 0; i < vectorizer->options.n_parts; i++) {
        struct vectorizer_part *part = &vectorizer->parts[i];
        for (size_t f = 0; f < part->n_features && part->options.use_idf; f++) {
            if (part->options.hash_bits) {
                part->hashed_idf[f] =
                    idf_of(&part->options, vectorizer->n_documents, part->hashed_documents[f]);
            } else {
                struct vocabulary_entry *entry = &part->vocabulary.entries[f];
                entry->idf = idf_of(&part->options, vectorizer->n_documents, entry->documents);
            }
        }
    }
}

size_t vectorizer_n_features(const struct vectorizer *vectorizer)
{
    return vectorizer->n_features;
}

const struct vectorizer_options *vectorizer_fitted_options(const struct vectorizer *vectorizer)
{
    return &vectorizer->options;
}

size_t vectorizer_part_of(const struct vectorizer *vectorizer, size_t feature)
{
    size_t part = 0;
    while (part + 1 < vectorizer->options.n_parts &&
           feature >= vectorizer->parts[part + 1].first_feature) {
        part++;
    }
    return part;
}

float vectorizer_idf(const struct vectorizer *vectorizer, size_t feature)
{
    const struct vectorizer_part *part =
        &vectorizer->parts[vectorizer_part_of(vectorizer, feature)];
    return part_idf(part, feature - part->first_feature);
}

size_t vectorizer_feature_name(const struct vectorizer *vectorizer, size_t feature, char *name,
                               size_t capacity)
{
    const struct vectorizer_part *part =
        &vectorizer->parts[vectorizer_part_of(vectorizer, feature)];
    return part->options.hash_bits
               ? 0
               : vocabulary_name(&part->vocabulary, feature - part->first_feature, name, capacity);
}

struct vectorizer_workspace {
    struct ngram_reader reader;
    uint32_t *scratch;
    size_t scratch_capacity;
    uint32_t *columns;
    float *values;
    size_t row_capacity;
};

bantam_status vectorizer_workspace_new(struct vectorizer_workspace **out,
                                       const struct vectorizer *vectorizer, bantam_error *error)
{
    *out = memory_allocate_array(1, sizeof **out);
    if (!*out) {
        return error_memory(error);
    }
    ngram_reader_init(&(*out)->reader, vectorizer);
    return BANTAM_OK;
}

void vectorizer_workspace_free(struct vectorizer_workspace **workspace)
{
    if (*workspace) {
        ngram_reader_release(&(*workspace)->reader);
        memory_free((*workspace)->scratch);
        memory_free((*workspace)->columns);
        memory_free((*workspace)->values);
        memory_free(*workspace);
        *workspace = NULL;
    }
}

// Reads a text for a part and sorts its features.
static bantam_status sorted_features(struct vectorizer_workspace *workspace, size_t part,
                                     const char *text, size_t size, bantam_error *error)
{
    struct ngram_reader *reader = &workspace->reader;
    bantam_status status = ngram_reader_features(reader, part, text, size, error);
    if (!status && reader->n_features > workspace->scratch_capacity) {
        size_t capacity = reader->n_features + reader->n_features / 2;
        uint32_t *scratch = memory_resize_array(workspace->scratch, capacity, sizeof *scratch);
        if (!scratch) {
            return error_memory(error);
        }
        workspace->scratch = scratch;
        workspace->scratch_capacity = capacity;
    }
    if (!status) {
        sort_numbers(reader->features, workspace->scratch, reader->n_features);
    }
    return status;
}

static bool reserve_row(struct vectorizer_workspace *workspace, size_t n)
{
    if (n <= workspace->row_capacity) {
        return true;
    }
    size_t capacity = n + n / 2;
    uint32_t *columns = memory_resize_array(workspace->columns, capacity, sizeof *columns);
    workspace->columns = columns ? columns : workspace->columns;
    float *values = memory_resize_array(workspace->values, capacity, sizeof *values);
    workspace->values = values ? values : workspace->values;
    if (columns && values) {
        workspace->row_capacity = capacity;
    }
    return columns && values;
}

bantam_status vectorizer_row(struct sparse_row *row, struct vectorizer_workspace *workspace,
                             const char *text, size_t size, bantam_error *error)
{
    const struct vectorizer *vectorizer = workspace->reader.vectorizer;
    *row = (struct sparse_row){0};
    size_t n = 0;
    for (size_t part = 0; part < vectorizer->options.n_parts; part++) {
        bantam_status status = sorted_features(workspace, part, text, size, error);
        if (status) {
            return status;
        }
        if (!reserve_row(workspace, n + workspace->reader.n_features + 1)) { // never NULL
            return error_memory(error);
        }
        n += part_row(&vectorizer->parts[part], workspace->reader.features,
                      workspace->reader.n_features, workspace->columns + n, workspace->values + n);
    }
    *row = (struct sparse_row){n, workspace->columns, workspace->values};
    return BANTAM_OK;
}

bantam_status vectorizer_places(struct ngram_places *places, struct vectorizer_workspace *workspace,
                                const char *text, size_t size, bantam_error *error)
{
    *places = (struct ngram_places){0};
    for (size_t part = 0; part < workspace->reader.vectorizer->options.n_parts; part++) {
        bantam_status status =
            ngram_reader_places(&workspace->reader, part, text, size, places, error);
        if (status) {
            ngram_places_release(places);
            return status;
        }
    }
    return BANTAM_OK;
}

void ngram_places_release(struct ngram_places *places)
{
    memory_free(places->places);
    *places = (struct ngram_places){0};
}

struct transform_chunk {
    size_t first;
    struct row_chunk rows;
    bantam_status status;
    bantam_error error;
};

struct transforming {
    const struct vectorizer *vectorizer;
    const struct text_piece *texts;
    struct transform_chunk *chunks;
};

static void transform_chunk(void *context, size_t at)
{
    const struct transforming *transforming = context;
    struct transform_chunk *chunk = &transforming->chunks[at];
    struct vectorizer_workspace *workspace;
    chunk->status = vectorizer_workspace_new(&workspace, transforming->vectorizer, &chunk->error);
    for (size_t i = 0; i < chunk->rows.n_rows && !chunk->status; i++) {
        const struct text_piece *text = &transforming->texts[chunk->first + i];
        for (size_t part = 0; part < transforming->vectorizer->options.n_parts; part++) {
            chunk->status = sorted_features(workspace, part, text->text, text->size, &chunk->error);
            if (!chunk->status) {
                chunk->status =
                    part_rows_append(&chunk->rows.parts[part], workspace->reader.features,
                                     workspace->reader.n_features, &chunk->error);
            }
            if (chunk->status) {
                break;
            }
        }
    }
    vectorizer_workspace_free(&workspace);
}

static bantam_status assemble_chunks(struct sparse_matrix *matrix,
                                     const struct transforming *transforming, size_t n_chunks,
                                     int n_threads, bantam_error *error)
{
    struct row_chunk rows[CHUNKS_MOST];
    for (size_t i = 0; i < n_chunks; i++) {
        if (transforming->chunks[i].status) {
            if (error) {
                *error = transforming->chunks[i].error;
            }
            return transforming->chunks[i].status;
        }
        rows[i] = transforming->chunks[i].rows;
    }
    return rows_assemble(matrix, transforming->vectorizer, rows, n_chunks, n_threads, error);
}

bantam_status vectorizer_transform(struct sparse_matrix *matrix,
                                   const struct vectorizer *vectorizer,
                                   const struct text_piece *texts, size_t n_texts, int n_threads,
                                   bantam_error *error)
{
    *matrix = (struct sparse_matrix){0};
    size_t n_chunks = n_threads < 1 ? 1 : (size_t)n_threads;
    n_chunks = n_chunks > CHUNKS_MOST ? CHUNKS_MOST : n_chunks;
    size_t worthwhile = n_texts / CHUNK_TEXTS_LEAST + 1;
    n_chunks = n_chunks > worthwhile ? worthwhile : n_chunks;
    struct transforming transforming = {
        vectorizer, texts, memory_allocate_array(n_chunks, sizeof(struct transform_chunk))};
    if (!transforming.chunks) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n_chunks; i++) {
        struct transform_chunk *chunk = &transforming.chunks[i];
        chunk->first = n_texts * i / n_chunks;
        chunk->rows.n_rows = n_texts * (i + 1) / n_chunks - chunk->first;
    }
    parallel_for(n_chunks, n_threads, transform_chunk, &transforming);
    bantam_status status = assemble_chunks(matrix, &transforming, n_chunks, n_threads, error);
    for (size_t i = 0; i < n_chunks; i++) {
        for (size_t part = 0; part < VECTORIZER_PARTS; part++) {
            part_rows_release(&transforming.chunks[i].rows.parts[part]);
        }
    }
    memory_free(transforming.chunks);
    return status;
}
