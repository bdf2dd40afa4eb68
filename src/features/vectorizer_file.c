// A vectorizer as tensors and a metadata string, and back. What comes in is hostile: every number is checked.
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"
#include "features/ngram_walk.h"
#include "features/vectorizer_parts.h"
#include "text/unicode.h"

#define METADATA_KEY "vectorizer"

static const char *const analyzer_names[] = {"word", "char", "char_wb"};
static const char *const accents_names[] = {"keep", "ascii", "unicode"};
static const char *const norm_names[] = {"none", "l1", "l2"};

// --- Writing

static json_t *limit_json(const struct document_limit *limit)
{
    return json_pack("{s:f, s:b}", "value", limit->value, "is_share", (int)limit->is_share);
}

static json_t *stop_words_json(const struct vectorizer_part_options *options)
{
    json_t *words = json_array();
    for (size_t i = 0; i < options->n_stop_words; i++) {
        if (json_array_append_new(words, json_string(options->stop_words[i]))) {
            json_decref(words);
            return NULL;
        }
    }
    return words;
}

static json_t *part_json(const struct vectorizer_part *part)
{
    const struct vectorizer_part_options *options = &part->options;
    const struct vocabulary *vocabulary = &part->vocabulary;
    return json_pack(
        "{s:s, s:[i,i], s:b, s:s, s:o, s:o, s:I, s:b, s:b, s:b, s:b, s:s, s:o, s:i, s:b, s:I, s:i}",
        "analyzer", analyzer_names[options->analyzer], "ngrams", (int)options->n_min,
        (int)options->n_max, "lowercase", (int)options->lowercase, "accents",
        accents_names[options->accents], "min_df", limit_json(&options->min_df), "max_df",
        limit_json(&options->max_df), "max_features", (json_int_t)options->max_features, "binary",
        (int)options->binary, "sublinear_tf", (int)options->sublinear_tf, "use_idf",
        (int)options->use_idf, "smooth_idf", (int)options->smooth_idf, "norm",
        norm_names[options->norm], "stop_words", stop_words_json(options), "hash_bits",
        (int)options->hash_bits, "alternate_sign", (int)options->alternate_sign, "features",
        (json_int_t)part->n_features, "dropped_hash_bits", (int)vocabulary->dropped_bits);
}

static const char *write_metadata(const struct vectorizer *vectorizer, struct arena *arena)
{
    json_t *parts = json_array();
    for (size_t i = 0; i < vectorizer->options.n_parts; i++) {
        if (json_array_append_new(parts, part_json(&vectorizer->parts[i]))) {
            json_decref(parts);
            return NULL;
        }
    }
    json_t *root = json_pack("{s:s, s:s, s:I, s:I, s:o}", "version", VECTORIZER_VERSION, "unicode",
                             UNICODE_VERSION, "documents", (json_int_t)vectorizer->n_documents,
                             "seed", (json_int_t)vectorizer->seed, "parts", parts);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    const char *copy = text ? arena_copy_string(arena, text) : NULL;
    json_free_t release;
    json_get_alloc_funcs(NULL, &release);
    release(text);
    return copy;
}

static bool add_tensor(struct vectorizer_file *file, size_t part, const char *name,
                       bantam_buffer *bytes)
{
    void *data = arena_allocate(&file->arena, bytes->size + 1);
    char *full = arena_format(&file->arena, "vectorizer.%zu.%s", part, name);
    bool written = data && full && !bytes->failed;
    if (written) {
        if (bytes->size) {
            memcpy(data, bytes->data, bytes->size);
        }
        file->tensors[file->n_tensors++] = (bantam_tensor){.name = full,
                                                           .dtype = BANTAM_U8,
                                                           .n_dimensions = 1,
                                                           .shape = {bytes->size},
                                                           .data = data,
                                                           .size = bytes->size};
    }
    bantam_buffer_release(bytes);
    return written;
}

static bool add_hashes(struct vectorizer_file *file, size_t part,
                       const struct vocabulary *vocabulary)
{
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, SIZE_MAX / 2);
    unsigned bits = 64 - vocabulary->dropped_bits;
    unsigned k = rice_parameter(ldexp(1, (int)bits) / (double)vocabulary->n);
    unsigned char parameter = (unsigned char)k;
    bantam_buffer_append(&bytes, &parameter, 1);
    struct bit_writer writer = {.out = &bytes};
    uint64_t before = 0;
    for (size_t i = 0; i < vocabulary->n; i++) {
        bit_writer_append_rice(&writer, vocabulary->entries[i].hash - before, k);
        before = vocabulary->entries[i].hash;
    }
    bit_writer_finish(&writer);
    return add_tensor(file, part, "hashes", &bytes);
}

static bool add_documents(struct vectorizer_file *file, size_t at,
                          const struct vectorizer_part *part)
{
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, SIZE_MAX / 2);
    for (size_t f = 0; f < part->n_features; f++) {
        bits_append_leb128(&bytes, part->options.hash_bits ? part->hashed_documents[f]
                                                           : part->vocabulary.entries[f].documents);
    }
    return add_tensor(file, at, "documents", &bytes);
}

static bool add_names(struct vectorizer_file *file, size_t part,
                      const struct vocabulary *vocabulary)
{
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, SIZE_MAX / 2);
    bantam_buffer_append(&bytes, vocabulary->names, vocabulary->names_size);
    return add_tensor(file, part, "names", &bytes);
}

bantam_status vectorizer_write(struct vectorizer_file *file, const struct vectorizer *vectorizer,
                               bantam_error *error)
{
    *file = (struct vectorizer_file){0};
    file->metadata = write_metadata(vectorizer, &file->arena);
    bool written = file->metadata;
    for (size_t i = 0; i < vectorizer->options.n_parts && written; i++) {
        const struct vectorizer_part *part = &vectorizer->parts[i];
        if (!part->options.hash_bits) {
            written = part->vocabulary.names ? add_names(file, i, &part->vocabulary)
                                             : add_hashes(file, i, &part->vocabulary);
        }
        if (part->options.use_idf && written) {
            written = add_documents(file, i, part);
        }
    }
    if (!written) {
        vectorizer_file_release(file);
        return error_memory(error);
    }
    return BANTAM_OK;
}

void vectorizer_file_release(struct vectorizer_file *file)
{
    arena_release(&file->arena);
    *file = (struct vectorizer_file){0};
}

// --- Reading

static bantam_status damaged(bantam_error *error, const char *what)
{
    return error_set(error, BANTAM_ERROR_MODEL,
                     "the model's vectorizer is damaged (%s); get the file again", what);
}

// Members of an object; each sets *valid to false where the member is not as it should be.
static bool read_flag(const json_t *object, const char *key, bool *valid)
{
    const json_t *member = json_object_get(object, key);
    *valid &= json_is_boolean(member);
    return json_is_true(member);
}

static uint64_t read_count(const json_t *object, const char *key, uint64_t most, bool *valid)
{
    const json_t *member = json_object_get(object, key);
    json_int_t value = json_integer_value(member);
    *valid &= json_is_integer(member) && value >= 0 && (uint64_t)value <= most;
    return (uint64_t)value;
}

static unsigned read_choice(const json_t *object, const char *key, const char *const *names,
                            unsigned n, bool *valid)
{
    const char *value = json_string_value(json_object_get(object, key));
    for (unsigned i = 0; i < n && value; i++) {
        if (strcmp(value, names[i]) == 0) {
            return i;
        }
    }
    *valid = false;
    return 0;
}

static struct document_limit read_limit(const json_t *object, const char *key, bool *valid)
{
    const json_t *member = json_object_get(object, key);
    const json_t *value = json_object_get(member, "value");
    *valid &= json_is_number(value);
    return (struct document_limit){json_number_value(value), read_flag(member, "is_share", valid)};
}

static void read_stop_words(struct vectorizer_part_options *options, const json_t *object,
                            struct arena *arena, bool *valid)
{
    const json_t *list = json_object_get(object, "stop_words");
    size_t n = json_array_size(list);
    *valid &= json_is_array(list);
    const char **words = arena_allocate_array(arena, n, sizeof *words);
    for (size_t i = 0; i < n && words; i++) {
        words[i] = json_string_value(json_array_get(list, i));
        *valid &= words[i] != NULL;
    }
    options->stop_words = words; // NULL: memory is out
    options->n_stop_words = n;
}

// Strings stay in the JSON.
static void read_part(struct vectorizer_part_options *options, const json_t *object,
                      struct arena *arena, bool *valid)
{
    const json_t *lengths = json_object_get(object, "ngrams");
    json_int_t n_min = json_integer_value(json_array_get(lengths, 0));
    json_int_t n_max = json_integer_value(json_array_get(lengths, 1));
    *valid &= n_min >= 1 && n_min <= n_max && n_max <= VECTORIZER_N_MAXIMUM;
    *options = (struct vectorizer_part_options){
        .analyzer = (enum analyzer)read_choice(object, "analyzer", analyzer_names, 3, valid),
        .n_min = *valid ? (unsigned)n_min : 1,
        .n_max = *valid ? (unsigned)n_max : 1,
        .lowercase = read_flag(object, "lowercase", valid),
        .accents = (enum accents)read_choice(object, "accents", accents_names, 3, valid),
        .min_df = read_limit(object, "min_df", valid),
        .max_df = read_limit(object, "max_df", valid),
        .max_features = read_count(object, "max_features", SIZE_MAX / 2, valid),
        .binary = read_flag(object, "binary", valid),
        .sublinear_tf = read_flag(object, "sublinear_tf", valid),
        .use_idf = read_flag(object, "use_idf", valid),
        .smooth_idf = read_flag(object, "smooth_idf", valid),
        .norm = (enum row_norm)read_choice(object, "norm", norm_names, 3, valid),
        .hash_bits = (unsigned)read_count(object, "hash_bits", VECTORIZER_HASH_BITS_MOST, valid),
        .alternate_sign = read_flag(object, "alternate_sign", valid),
    };
    read_stop_words(options, object, arena, valid);
}

static const bantam_tensor *bytes_of(const bantam_model *file, size_t part, const char *name)
{
    char full[64] = "vectorizer.0.";
    full[11] = (char)('0' + part);
    strcat(full, name);
    const bantam_tensor *tensor = bantam_model_tensor(file, full);
    return tensor && tensor->dtype == BANTAM_U8 && tensor->n_dimensions == 1 ? tensor : NULL;
}

static bantam_status read_documents(struct vectorizer_part *part, const bantam_tensor *tensor,
                                    bantam_error *error)
{
    if (!tensor || tensor->size < part->n_features) {
        return damaged(error, "documents");
    }
    if (part->options.hash_bits) {
        part->hashed_idf = memory_allocate_array(part->n_features, sizeof *part->hashed_idf);
        part->hashed_documents =
            memory_allocate_array(part->n_features, sizeof *part->hashed_documents);
        if (!part->hashed_idf || !part->hashed_documents) {
            return error_memory(error);
        }
    }
    const unsigned char *at = tensor->data, *end = at + tensor->size;
    for (size_t f = 0; f < part->n_features; f++) {
        uint64_t documents;
        if (!bits_read_leb128(&at, end, &documents) || documents > UINT32_MAX) {
            return damaged(error, "documents");
        }
        if (part->options.hash_bits) {
            part->hashed_documents[f] = (uint32_t)documents;
        } else {
            part->vocabulary.entries[f].documents = (uint32_t)documents;
        }
    }
    return at == end ? BANTAM_OK : damaged(error, "documents");
}

static bantam_status read_hashes(struct vocabulary *vocabulary, const bantam_tensor *tensor,
                                 bantam_error *error)
{
    const unsigned char *bytes = tensor->data;
    struct bit_reader reader = {.at = bytes + 1, .end = bytes + tensor->size};
    unsigned k = tensor->size ? bytes[0] : UINT8_MAX;
    uint64_t hash = 0, gap, most = UINT64_MAX >> vocabulary->dropped_bits;
    for (size_t i = 0; i < vocabulary->n; i++) {
        if (k > 32 || !bit_reader_rice(&reader, k, &gap) || gap > most - hash) {
            return damaged(error, "hashes");
        }
        hash += gap;
        vocabulary->entries[i].hash = hash;
    }
    return BANTAM_OK;
}

// The part's features, each of which takes two bits or more of the file, so that memory can't outgrow it.
static bantam_status read_vocabulary(struct vectorizer *vectorizer, size_t at, size_t n,
                                     unsigned dropped_bits, const bantam_model *file,
                                     bantam_error *error)
{
    struct vectorizer_part *part = &vectorizer->parts[at];
    const bantam_tensor *names = bytes_of(file, at, "names");
    const bantam_tensor *hashes = bytes_of(file, at, "hashes");
    const bantam_tensor *given = names ? names : hashes;
    if (!given || n == 0 || n > VECTORIZER_FEATURES_MAXIMUM || n > 4 * given->size ||
        (names && dropped_bits)) {
        return damaged(error, "names");
    }
    struct vocabulary *vocabulary = &part->vocabulary;
    bantam_status status = vocabulary_init(vocabulary, n, error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        vocabulary->entries[i].idf = 1;
    }
    vocabulary->seed = vectorizer->seed;
    vocabulary->dropped_bits = dropped_bits;
    status = names ? vocabulary_read_names(vocabulary, names->data, names->size,
                                           part->options.analyzer == ANALYZER_WORD
                                               ? ngram_words_name_hash
                                               : ngram_name_hash,
                                           error)
                   : read_hashes(vocabulary, hashes, error);
    bool collide = false;
    if (!status) {
        status = vocabulary_index(vocabulary, &collide, error);
    }
    return !status && collide ? damaged(error, "two n-grams are the same") : status;
}

static bantam_status read_parts(struct vectorizer *vectorizer, const json_t *parts,
                                const bantam_model *file, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; i < vectorizer->options.n_parts && !status; i++) {
        bool valid = true;
        const json_t *object = json_array_get(parts, i);
        size_t n = read_count(object, "features", VECTORIZER_FEATURES_MAXIMUM, &valid);
        unsigned dropped = (unsigned)read_count(object, "dropped_hash_bits", 63, &valid);
        if (!valid) {
            return damaged(error, "features");
        }
        if (!vectorizer->parts[i].options.hash_bits) {
            status = read_vocabulary(vectorizer, i, n, dropped, file, error);
        }
    }
    if (!status) {
        status = vectorizer_number_features(vectorizer, error);
    }
    for (size_t i = 0; i < vectorizer->options.n_parts && !status; i++) {
        if (vectorizer->parts[i].options.use_idf) {
            status = read_documents(&vectorizer->parts[i], bytes_of(file, i, "documents"), error);
        }
    }
    return status;
}

static bantam_status read_all(struct vectorizer **out, const json_t *root, const bantam_model *file,
                              struct arena *arena, bantam_error *error)
{
    const char *version = json_string_value(json_object_get(root, "version"));
    const char *unicode = json_string_value(json_object_get(root, "unicode"));
    if (!version || !unicode) {
        return damaged(error, "version");
    }
    if (strcmp(version, VECTORIZER_VERSION) != 0 || strcmp(unicode, UNICODE_VERSION) != 0) {
        return error_set(
            error, BANTAM_ERROR_VERSION,
            "the model was made for text features version %.20s with Unicode %.20s, this "
            "program has version " VECTORIZER_VERSION " with Unicode " UNICODE_VERSION
            "; train it again",
            version, unicode);
    }
    bool valid = true;
    uint64_t n_documents = read_count(root, "documents", INT64_MAX, &valid);
    uint64_t seed = read_count(root, "seed", INT64_MAX, &valid);
    const json_t *parts = json_object_get(root, "parts");
    struct vectorizer_options options = {.n_parts = json_array_size(parts)};
    valid &= options.n_parts >= 1 && options.n_parts <= VECTORIZER_PARTS;
    for (size_t i = 0; i < options.n_parts && valid; i++) {
        read_part(&options.parts[i], json_array_get(parts, i), arena, &valid);
        if (!options.parts[i].stop_words) {
            return error_memory(error);
        }
    }
    if (!valid || vectorizer_options_check(&options, NULL)) {
        return damaged(error, "options");
    }
    bantam_status status = vectorizer_new(out, &options, seed, error);
    if (!status) {
        (*out)->n_documents = n_documents;
        status = read_parts(*out, parts, file, error);
    }
    if (!status) {
        vectorizer_weigh(*out);
    }
    return status;
}

bantam_status vectorizer_load(struct vectorizer **out, const bantam_model *file,
                              bantam_error *error)
{
    *out = NULL;
    const char *metadata = bantam_model_metadata(file, METADATA_KEY);
    json_t *root = metadata ? json_loads(metadata, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!json_is_object(root)) {
        json_decref(root);
        return damaged(error, "no description");
    }
    struct arena arena = ARENA_EMPTY;
    bantam_status status = read_all(out, root, file, &arena, error);
    arena_release(&arena);
    json_decref(root);
    if (status) {
        vectorizer_free(out);
    }
    return status;
}
