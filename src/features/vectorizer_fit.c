// Learning: counts in chunks of texts, one a thread; then one vocabulary, in the order of names; then the rows.
//
// What comes out is independent of the chunks: sums of whole numbers, an order by name.
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "features/ngram_counter.h"
#include "features/ngram_reader.h"

enum {
    SEEDS = 16, // tries before two n-grams of every one have the same hash
    CHUNK_TEXTS_LEAST = 64,
    CHUNKS_MOST = 256,
};

struct fit_chunk {
    size_t first, n;                                 // texts
    struct ngram_counter counters[VECTORIZER_PARTS]; // of parts with a vocabulary
    struct ngram_reader reader;                      // of the others
    struct row_chunk rows;
    bantam_status status;
    bantam_error error;
};

struct fitting {
    struct vectorizer *vectorizer;
    const struct text_piece *texts;
    size_t n_texts;
    struct fit_chunk *chunks;
    size_t n_chunks;
    uint32_t *finals
        [VECTORIZER_PARTS]; // (n_ngrams of the first chunk's counter) feature, or NGRAM_UNKNOWN
    bool collided;
    int n_threads;
};

// An n-gram on its way to a feature, sorted by name.
struct candidate {
    uint64_t prefix; // first eight bytes of the name, the first one highest
    const char *name;
    uint32_t size, index;
    uint64_t total;
};

static uint64_t prefix_of(const char *name, size_t size)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < 8; i++) {
        prefix = prefix << 8 | (i < size ? (unsigned char)name[i] : 0);
    }
    return prefix;
}

static int by_name(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->prefix != b->prefix) {
        return a->prefix < b->prefix ? -1 : 1;
    }
    int order = memcmp(a->name, b->name, a->size < b->size ? a->size : b->size);
    return order ? order : a->size < b->size ? -1 : a->size > b->size;
}

static int by_total(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    return a->total != b->total ? (a->total > b->total ? -1 : 1) : by_name(left, right);
}

static bantam_status count_hashed(struct fit_chunk *chunk, size_t part,
                                  const struct text_piece *text)
{
    struct ngram_reader *reader = &chunk->reader;
    bantam_status status =
        ngram_reader_features(reader, part, text->text, text->size, &chunk->error);
    if (status) {
        return status;
    }
    uint32_t *scratch = memory_allocate_array(reader->n_features, sizeof *scratch);
    if (!scratch) {
        return error_memory(&chunk->error);
    }
    sort_numbers(reader->features, scratch, reader->n_features);
    memory_free(scratch);
    return part_rows_append(&chunk->rows.parts[part], reader->features, reader->n_features,
                            &chunk->error);
}

static void count_chunk(void *context, size_t at)
{
    const struct fitting *fitting = context;
    struct fit_chunk *chunk = &fitting->chunks[at];
    const struct vectorizer *vectorizer = fitting->vectorizer;
    for (size_t i = 0; i < chunk->n && !chunk->status; i++) {
        const struct text_piece *text = &fitting->texts[chunk->first + i];
        for (size_t part = 0; part < vectorizer->options.n_parts && !chunk->status; part++) {
            chunk->status =
                vectorizer->parts[part].options.hash_bits
                    ? count_hashed(chunk, part, text)
                    : ngram_counter_add(&chunk->counters[part], &vectorizer->parts[part],
                                        vectorizer->seed, text->text, text->size, &chunk->error);
        }
    }
    for (size_t part = 0; part < VECTORIZER_PARTS; part++) {
        ngram_counter_finish(&chunk->counters[part]);
    }
    ngram_reader_release(&chunk->reader);
}

// As CountVectorizer: a share of the documents need not be whole.
static double limit_documents(const struct document_limit *limit, size_t n_texts)
{
    return limit->is_share ? limit->value * (double)n_texts : limit->value;
}

static bantam_status no_ngram_left(const struct ngram_counter *counter, bantam_error *error)
{
    if (counter->n_ngrams == 0) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "the texts have no n-gram: they are empty, or have only stop words or "
                         "single characters; try another analyzer");
    }
    return error_set(error, BANTAM_ERROR_INPUT,
                     "none of %zu n-grams is in as many texts as min_df and max_df ask for; lower "
                     "min_df or raise max_df",
                     counter->n_ngrams);
}

// The n-grams that the limits leave, in the order of names; *n may be 0.
static struct candidate *choose(const struct ngram_counter *counter,
                                const struct vectorizer_part_options *options, size_t n_texts,
                                size_t *n)
{
    struct candidate *candidates = memory_allocate_array(counter->n_ngrams, sizeof *candidates);
    if (!candidates) {
        return NULL;
    }
    double least = limit_documents(&options->min_df, n_texts);
    double most = limit_documents(&options->max_df, n_texts);
    *n = 0;
    for (size_t i = 0; i < counter->n_ngrams; i++) {
        const struct counted_ngram *ngram = &counter->ngrams[i];
        if (ngram->documents >= least && ngram->documents <= most) {
            const char *name = counter->names + ngram->name;
            candidates[(*n)++] = (struct candidate){
                .prefix = prefix_of(name, ngram->name_size),
                .name = name,
                .size = ngram->name_size,
                .index = (uint32_t)i,
                .total = options->binary ? ngram->documents : ngram->total,
            };
        }
    }
    if (options->max_features && options->max_features < *n) {
        qsort(candidates, *n, sizeof *candidates, by_total);
        *n = options->max_features;
    }
    qsort(candidates, *n, sizeof *candidates, by_name);
    return candidates;
}

static bantam_status take_candidates(struct vocabulary *vocabulary,
                                     const struct ngram_counter *counter,
                                     const struct candidate *candidates, size_t n, uint32_t *finals,
                                     bantam_error *error)
{
    bantam_status status = vocabulary_init(vocabulary, n, error);
    struct ngram_name *names = memory_allocate_array(n, sizeof *names);
    if (status || !names) {
        memory_free(names);
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        const struct counted_ngram *ngram = &counter->ngrams[candidates[i].index];
        names[i] = (struct ngram_name){candidates[i].name, candidates[i].size};
        vocabulary->entries[i] = (struct vocabulary_entry){ngram->hash, 1, ngram->documents};
        finals[candidates[i].index] = (uint32_t)i;
    }
    status = vocabulary_set_names(vocabulary, names, error);
    memory_free(names);
    return status;
}

// One vocabulary from all chunks' counters.
static bantam_status learn_vocabulary(struct fitting *fitting, size_t part, bantam_error *error)
{
    struct ngram_counter *counter = &fitting->chunks[0].counters[part];
    for (size_t i = 1; i < fitting->n_chunks; i++) {
        bantam_status status =
            ngram_counter_merge(counter, &fitting->chunks[i].counters[part], error);
        if (status) {
            return status;
        }
    }
    fitting->collided |= counter->collided;
    struct vectorizer_part *learned = &fitting->vectorizer->parts[part];
    size_t n = 0;
    struct candidate *candidates = choose(counter, &learned->options, fitting->n_texts, &n);
    uint32_t *finals = memory_allocate(counter->n_ngrams * sizeof *finals);
    fitting->finals[part] = finals;
    bantam_status status = BANTAM_OK;
    if (!candidates || !finals) {
        status = error_memory(error);
    } else if (n == 0) {
        status = no_ngram_left(counter, error);
    } else {
        memset(finals, 0xFF, counter->n_ngrams * sizeof *finals);
        struct vocabulary *vocabulary = &learned->vocabulary;
        status = take_candidates(vocabulary, counter, candidates, n, finals, error);
        bool collide = false;
        if (!status) {
            vocabulary->seed = fitting->vectorizer->seed;
            status = vocabulary_index(vocabulary, &collide, error);
        }
        fitting->collided |= collide;
    }
    memory_free(candidates);
    return status;
}

static bantam_status learn_hashed(struct fitting *fitting, size_t part, bantam_error *error)
{
    struct vectorizer_part *learned = &fitting->vectorizer->parts[part];
    if (!learned->options.use_idf) {
        return BANTAM_OK;
    }
    size_t n_columns = (size_t)1 << learned->options.hash_bits;
    learned->hashed_documents = memory_allocate_array(n_columns, sizeof *learned->hashed_documents);
    learned->hashed_idf = memory_allocate_array(n_columns, sizeof *learned->hashed_idf);
    if (!learned->hashed_documents || !learned->hashed_idf) {
        return error_memory(error);
    }
    for (size_t at = 0; at < fitting->n_chunks; at++) {
        const struct part_rows *rows = &fitting->chunks[at].rows.parts[part];
        for (size_t row = 0; row < rows->n_rows; row++) {
            for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++) {
                bool first =
                    i == rows->starts[row] || rows->numbers[i] >> 1 != rows->numbers[i - 1] >> 1;
                learned->hashed_documents[rows->numbers[i] >> 1] += first;
            }
        }
    }
    return BANTAM_OK;
}

// In place: a chunk's own n-grams become the vocabulary's features, sorted, and those left out go.
static void number_part(const struct fitting *fitting, size_t at, size_t part, uint32_t *scratch)
{
    struct ngram_counter *counter = &fitting->chunks[at].counters[part];
    struct part_rows *rows = &counter->rows;
    const uint32_t *finals = fitting->finals[part];
    size_t to = 0, from = 0;
    for (size_t row = 0; row < rows->n_rows; row++) {
        size_t start = to;
        for (; from < rows->starts[row + 1]; from++) {
            uint32_t number = rows->numbers[from];
            uint32_t feature = finals[at ? counter->ngrams[number].merged : number];
            if (feature != NGRAM_UNKNOWN) {
                rows->numbers[to++] = signed_feature(feature, false);
            }
        }
        sort_numbers(rows->numbers + start, scratch, to - start);
        rows->starts[row + 1] = to;
    }
    fitting->chunks[at].rows.parts[part] = *rows;
    *rows = (struct part_rows){0};
}

static size_t longest_row(const struct part_rows *rows)
{
    size_t longest = 0;
    for (size_t row = 0; row < rows->n_rows; row++) {
        size_t size = rows->starts[row + 1] - rows->starts[row];
        longest = size > longest ? size : longest;
    }
    return longest;
}

static void number_chunk(void *context, size_t at)
{
    const struct fitting *fitting = context;
    struct fit_chunk *chunk = &fitting->chunks[at];
    for (size_t part = 0; part < fitting->vectorizer->options.n_parts; part++) {
        if (fitting->vectorizer->parts[part].options.hash_bits) {
            continue;
        }
        size_t longest = longest_row(&chunk->counters[part].rows);
        uint32_t *scratch = memory_allocate(longest * sizeof *scratch);
        if (!scratch) {
            chunk->status = error_memory(&chunk->error);
            return;
        }
        number_part(fitting, at, part, scratch);
        memory_free(scratch);
    }
    chunk->rows.n_rows = chunk->n;
}

// Whether all chunks went well; hands on the first one's error.
static bantam_status chunks_status(const struct fitting *fitting, bantam_error *error)
{
    for (size_t i = 0; i < fitting->n_chunks; i++) {
        if (fitting->chunks[i].status) {
            if (error) {
                *error = fitting->chunks[i].error;
            }
            return fitting->chunks[i].status;
        }
    }
    return BANTAM_OK;
}

static bantam_status fit_rows(struct fitting *fitting, struct sparse_matrix *matrix,
                              bantam_error *error)
{
    parallel_for(fitting->n_chunks, fitting->n_threads, number_chunk, fitting);
    bantam_status status = chunks_status(fitting, error);
    struct row_chunk *rows = memory_allocate_array(fitting->n_chunks, sizeof *rows);
    if (status || !rows) {
        memory_free(rows);
        return status ? status : error_memory(error);
    }
    for (size_t i = 0; i < fitting->n_chunks; i++) {
        rows[i] = fitting->chunks[i].rows;
    }
    status = rows_assemble(matrix, fitting->vectorizer, rows, fitting->n_chunks, fitting->n_threads,
                           error);
    memory_free(rows);
    return status;
}

static bantam_status fit_all(struct fitting *fitting, struct sparse_matrix *matrix,
                             bantam_error *error)
{
    parallel_for(fitting->n_chunks, fitting->n_threads, count_chunk, fitting);
    bantam_status status = chunks_status(fitting, error);
    struct vectorizer *vectorizer = fitting->vectorizer;
    vectorizer->n_documents = fitting->n_texts;
    for (size_t part = 0; part < vectorizer->options.n_parts && !status; part++) {
        status = vectorizer->parts[part].options.hash_bits ? learn_hashed(fitting, part, error)
                                                           : learn_vocabulary(fitting, part, error);
    }
    if (!status) {
        status = vectorizer_number_features(vectorizer, error);
    }
    if (status || fitting->collided) {
        return status;
    }
    vectorizer_weigh(vectorizer);
    return matrix ? fit_rows(fitting, matrix, error) : BANTAM_OK;
}

static void release_fitting(struct fitting *fitting)
{
    for (size_t i = 0; i < fitting->n_chunks && fitting->chunks; i++) {
        for (size_t part = 0; part < VECTORIZER_PARTS; part++) {
            ngram_counter_release(&fitting->chunks[i].counters[part]);
            part_rows_release(&fitting->chunks[i].rows.parts[part]);
        }
        ngram_reader_release(&fitting->chunks[i].reader);
    }
    memory_free(fitting->chunks);
    for (size_t part = 0; part < VECTORIZER_PARTS; part++) {
        memory_free(fitting->finals[part]);
    }
}

static bantam_status split(struct fitting *fitting, bantam_error *error)
{
    size_t n = fitting->n_threads < 1 ? 1 : (size_t)fitting->n_threads;
    n = n > CHUNKS_MOST ? CHUNKS_MOST : n;
    size_t worthwhile = fitting->n_texts / CHUNK_TEXTS_LEAST + 1;
    fitting->n_chunks = n < worthwhile ? n : worthwhile;
    fitting->chunks = memory_allocate_array(fitting->n_chunks, sizeof *fitting->chunks);
    if (!fitting->chunks) {
        return error_memory(error);
    }
    for (size_t i = 0; i < fitting->n_chunks; i++) {
        struct fit_chunk *chunk = &fitting->chunks[i];
        chunk->first = fitting->n_texts * i / fitting->n_chunks;
        chunk->n = fitting->n_texts * (i + 1) / fitting->n_chunks - chunk->first;
        chunk->rows.n_rows = chunk->n;
        ngram_reader_init(&chunk->reader, fitting->vectorizer);
        for (size_t part = 0; part < VECTORIZER_PARTS; part++) {
            ngram_counter_init(&chunk->counters[part]);
        }
    }
    return BANTAM_OK;
}

bantam_status vectorizer_fit(struct vectorizer **out, struct sparse_matrix *matrix,
                             const struct text_piece *texts, size_t n_texts,
                             const struct vectorizer_options *options, int n_threads,
                             bantam_error *error)
{
    *out = NULL;
    if (matrix) {
        *matrix = (struct sparse_matrix){0};
    }
    bantam_status status = vectorizer_options_check(options, error);
    bool collided = true;
    for (uint64_t seed = 0; seed < SEEDS && collided && !status; seed++) {
        vectorizer_free(out);
        status = vectorizer_new(out, options, seed, error);
        if (status) {
            break;
        }
        struct fitting fitting = {
            .vectorizer = *out, .texts = texts, .n_texts = n_texts, .n_threads = n_threads};
        status = split(&fitting, error);
        if (!status) {
            status = fit_all(&fitting, matrix, error);
        }
        collided = fitting.collided;
        release_fitting(&fitting);
    }
    if (!status && collided) {
        status = error_set(error, BANTAM_ERROR_INPUT,
                           "the texts were made so that their n-grams can't be told apart");
    }
    if (status) {
        vectorizer_free(out);
    }
    return status;
}
