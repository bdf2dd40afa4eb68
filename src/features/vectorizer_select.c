// A smaller vectorizer: only some features, and perhaps no names.
#include "features/vectorizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/ngram_walk.h"
#include "features/vectorizer_parts.h"

enum {
    SPARE_BITS = 14,     // of a kept hash, beyond what tells the features apart
    SEEDS_A_LENGTH = 32, // tries before hashes become a bit longer
    NAME_BYTES = 1 << 16,
};

// A feature on its way: its hash under a seed and where it was.
struct kept_feature {
    uint64_t hash;
    uint32_t feature; // of the old part
};

static int by_hash(const void *left, const void *right)
{
    const struct kept_feature *a = left, *b = right;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

bool vectorizer_has_names(const struct vectorizer *vectorizer)
{
    for (size_t i = 0; i < vectorizer->options.n_parts; i++) {
        if (!vectorizer->parts[i].options.hash_bits && vectorizer->parts[i].vocabulary.names) {
            return true;
        }
    }
    return false;
}

static size_t count_kept(const struct vectorizer_part *part, const bool *keep)
{
    size_t n = 0;
    for (size_t f = 0; f < part->n_features; f++) {
        n += keep[part->first_feature + f];
    }
    return n;
}

// Whole names of the kept features, in an arena, each with room for a hash to read beyond.
static struct ngram_name *kept_names(const struct vectorizer_part *part, const bool *keep, size_t n,
                                     struct arena *arena)
{
    struct ngram_name *names = arena_allocate_array(arena, n, sizeof *names);
    size_t to = 0;
    for (size_t f = 0; f < part->n_features && names; f++) {
        if (!keep[part->first_feature + f]) {
            continue;
        }
        size_t size = vocabulary_name(&part->vocabulary, f, NULL, 0);
        char *name = arena_allocate_array(arena, size + 8, 1);
        if (!name) {
            return NULL;
        }
        vocabulary_name(&part->vocabulary, f, name, size);
        names[to++] = (struct ngram_name){name, size};
    }
    return names;
}

static bantam_status copy_hashed(struct vectorizer_part *to, const struct vectorizer_part *from,
                                 bantam_error *error)
{
    if (!from->hashed_idf) {
        return BANTAM_OK;
    }
    to->hashed_idf = memory_allocate_array(from->n_features, sizeof *to->hashed_idf);
    to->hashed_documents = memory_allocate_array(from->n_features, sizeof *to->hashed_documents);
    if (!to->hashed_idf || !to->hashed_documents) {
        return error_memory(error);
    }
    memcpy(to->hashed_idf, from->hashed_idf, from->n_features * sizeof *to->hashed_idf);
    memcpy(to->hashed_documents, from->hashed_documents,
           from->n_features * sizeof *to->hashed_documents);
    return BANTAM_OK;
}

// Fills the new part's entries from `kept` (n), whose hashes lack their dropped bits.
static bantam_status take_kept(struct vectorizer_part *to, const struct vectorizer_part *from,
                               const struct kept_feature *kept, size_t n, unsigned dropped_bits,
                               uint64_t seed, bool *collide, bantam_error *error)
{
    vocabulary_release(&to->vocabulary);
    bantam_status status = vocabulary_init(&to->vocabulary, n, error);
    if (status) {
        return status;
    }
    to->vocabulary.seed = seed;
    to->vocabulary.dropped_bits = dropped_bits;
    for (size_t i = 0; i < n; i++) {
        to->vocabulary.entries[i] = from->vocabulary.entries[kept[i].feature];
        to->vocabulary.entries[i].hash = kept[i].hash;
    }
    return vocabulary_index(&to->vocabulary, collide, error);
}

struct selection {
    const struct vectorizer *from;
    const bool *keep;
    bool with_names;
    struct ngram_name *names[VECTORIZER_PARTS]; // of kept features, NULL where there are none
    size_t n[VECTORIZER_PARTS];
    struct arena arena;
};

static unsigned bits_for(size_t n)
{
    unsigned bits = 0;
    while ((size_t)1 << bits < n) {
        bits++;
    }
    return bits;
}

// One part under the seed of `to`; `longer` more bits than usual of each hash are kept.
static bantam_status select_part(struct vectorizer *to, const struct selection *selection,
                                 size_t part, unsigned longer, uint32_t *order, bool *collide,
                                 bantam_error *error)
{
    const struct vectorizer_part *from = &selection->from->parts[part];
    size_t n = selection->n[part];
    struct kept_feature *kept = memory_allocate_array(n, sizeof *kept);
    if (!kept) {
        return error_memory(error);
    }
    unsigned bits = bits_for(n) + SPARE_BITS + longer;
    unsigned dropped = selection->names[part] ? (selection->with_names ? 0
                                                 : bits < 64           ? 64 - bits
                                                                       : 0)
                                              : from->vocabulary.dropped_bits;
    size_t i = 0;
    for (size_t f = 0; f < from->n_features; f++) {
        if (!selection->keep[from->first_feature + f]) {
            continue;
        }
        uint64_t hash = from->vocabulary.entries[f].hash;
        if (selection->names[part]) {
            const struct ngram_name *name = &selection->names[part][i];
            hash = (from->options.analyzer == ANALYZER_WORD
                        ? ngram_words_name_hash
                        : ngram_name_hash)(name->bytes, name->size, to->seed) >>
                   dropped;
        }
        kept[i++] = (struct kept_feature){hash, (uint32_t)f};
    }
    if (!selection->with_names) {
        qsort(kept, n, sizeof *kept, by_hash);
    }
    bantam_status status =
        take_kept(&to->parts[part], from, kept, n, dropped, to->seed, collide, error);
    for (i = 0; i < n; i++) {
        order[i] = (uint32_t)from->first_feature + kept[i].feature;
    }
    memory_free(kept);
    if (!status && selection->with_names) {
        status = vocabulary_set_names(&to->parts[part].vocabulary, selection->names[part], error);
    }
    return status;
}

static bantam_status select_all(struct vectorizer *to, const struct selection *selection,
                                unsigned longer, uint32_t *order, bool *collide,
                                bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    const struct vectorizer *from = selection->from;
    size_t at = 0;
    *collide = false;
    for (size_t part = 0; part < from->options.n_parts && !status; part++) {
        if (from->parts[part].options.hash_bits) {
            status = copy_hashed(&to->parts[part], &from->parts[part], error);
            for (size_t f = 0; f < from->parts[part].n_features; f++) {
                order[at++] = (uint32_t)(from->parts[part].first_feature + f);
            }
            continue;
        }
        bool twice = false;
        status = select_part(to, selection, part, longer, order + at, &twice, error);
        *collide |= twice;
        at += selection->n[part];
    }
    return status;
}

static bantam_status prepare(struct selection *selection, bantam_error *error)
{
    const struct vectorizer *from = selection->from;
    for (size_t part = 0; part < from->options.n_parts; part++) {
        if (from->parts[part].options.hash_bits) {
            continue;
        }
        selection->n[part] = count_kept(&from->parts[part], selection->keep);
        if (selection->n[part] == 0) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "a part of the vectorizer would have no feature left; keep more");
        }
        if (!from->parts[part].vocabulary.names) {
            if (selection->with_names) {
                return error_set(error, BANTAM_ERROR_ARGUMENT,
                                 "the model's n-grams have no names any more");
            }
            continue;
        }
        selection->names[part] =
            kept_names(&from->parts[part], selection->keep, selection->n[part], &selection->arena);
        if (!selection->names[part]) {
            return error_memory(error);
        }
    }
    return BANTAM_OK;
}

bantam_status vectorizer_select(struct vectorizer **out, uint32_t *order,
                                const struct vectorizer *vectorizer, const bool *keep,
                                bool with_names, bantam_error *error)
{
    *out = NULL;
    struct selection selection = {.from = vectorizer, .keep = keep, .with_names = with_names};
    bantam_status status = prepare(&selection, error);
    bool named = vectorizer_has_names(vectorizer), collide = true;
    for (unsigned try = 0; collide && !status; try++) {
        vectorizer_free(out);
        // A vectorizer without names can't be hashed anew; one that keeps its names already has a good seed.
        uint64_t seed = vectorizer->seed + (named ? try : 0);
        status = vectorizer_new(out, &vectorizer->options, seed, error);
        if (!status) {
            status = select_all(*out, &selection, try / SEEDS_A_LENGTH, order, &collide, error);
        }
    }
    if (!status) {
        (*out)->n_documents = vectorizer->n_documents;
        status = vectorizer_number_features(*out, error);
    }
    arena_release(&selection.arena);
    if (status) {
        vectorizer_free(out);
    }
    return status;
}
