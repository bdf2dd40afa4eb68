// What each occurrence of an n-gram brings to the scores. Not in a hurry: rows are made and looked into.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/vectorizer_rows.h"
#include "model/text_scorer.h"

// What a text's row has of one part, to be looked up by feature.
struct part_values {
    uint32_t *features; // (n_features) signed, sorted
    uint32_t *columns;  // (n) of the row
    float *values;      // (n)
    size_t n_features, n;
};

static void release_values(struct part_values *values)
{
    memory_free(values->features);
    memory_free(values->columns);
    memory_free(values->values);
}

// From signed features (n) in any order; false when memory is out.
static bool find_values(struct part_values *values, const struct vectorizer_part *part,
                        const uint32_t *features, size_t n)
{
    *values = (struct part_values){.n_features = n};
    values->features = memory_allocate_array(n, sizeof *values->features);
    values->columns = memory_allocate_array(n, sizeof *values->columns);
    values->values = memory_allocate_array(n, sizeof *values->values);
    if (!values->features || !values->columns || !values->values) {
        return false;
    }
    memcpy(values->features, features, n * sizeof *features);
    sort_numbers(values->features, values->columns, n); // columns serve as scratch
    values->n = part_row(part, values->features, n, values->columns, values->values);
    return true;
}

static size_t first_at_least(const uint32_t *numbers, size_t n, uint32_t least)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (numbers[middle] < least) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// The row's value of a place's feature, shared by its occurrences: evenly, but for signs that count.
static float share_of(const struct part_values *values, const struct vectorizer_part *part,
                      uint32_t signed_feature_of_place, float factor)
{
    uint32_t feature = signed_feature_of_place >> 1;
    if (counts_signs(part)) {
        return (signed_feature_of_place & 1 ? -factor : factor) * part_idf(part, feature);
    }
    size_t at = first_at_least(values->columns, values->n, (uint32_t)part->first_feature + feature);
    size_t count = first_at_least(values->features, values->n_features, 2 * (feature + 1)) -
                   first_at_least(values->features, values->n_features, 2 * feature);
    return values->values[at] / (float)count;
}

// What the row's norm makes of 1.
static float factor_of(const struct part_values *values, const struct vectorizer_part *part)
{
    for (size_t i = 0; i < values->n; i++) {
        size_t feature = values->columns[i] - part->first_feature;
        int32_t count = 0;
        size_t from = first_at_least(values->features, values->n_features, 2 * (uint32_t)feature);
        for (; from < values->n_features && values->features[from] >> 1 == feature; from++) {
            count += values->features[from] & 1 ? -1 : 1;
        }
        if (count != 0) {
            return values->values[i] /
                   (term_weight(&part->options, count) * part_idf(part, feature));
        }
    }
    return 1;
}

// Sets the values of the part's places; false when memory is out.
static bool value_places(struct text_scorer *scorer, const struct vectorizer_part *part,
                         const struct ngram_place *places, struct text_contribution *entries,
                         size_t n)
{
    const uint32_t *features = scorer->reader.features; // signed, of the same places
    struct part_values values;
    bool found = find_values(&values, part, features, n);
    float factor = found && counts_signs(part) ? factor_of(&values, part) : 1;
    for (size_t i = 0; i < n && found; i++) {
        entries[i] = (struct text_contribution){places[i].feature, places[i].start, places[i].end,
                                                share_of(&values, part, features[i], factor)};
    }
    release_values(&values);
    return found;
}

bantam_status text_scorer_explain(struct text_contributions *contributions,
                                  struct text_scorer *scorer, const char *text, size_t size,
                                  bantam_error *error)
{
    *contributions = (struct text_contributions){0};
    const struct vectorizer *vectorizer = scorer->model->vectorizer;
    struct ngram_places places = {0};
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; at < vectorizer->options.n_parts && !status; at++) {
        size_t before = places.n;
        status = ngram_reader_places(&scorer->reader, at, text, size, &places, error);
        struct text_contribution *entries =
            status ? NULL
                   : memory_resize_array(contributions->entries, places.n + 1, sizeof *entries);
        if (!status && !entries) {
            status = error_memory(error);
        }
        if (!status) {
            contributions->entries = entries;
            contributions->n = places.n;
            if (places.n > before &&
                !value_places(scorer, &vectorizer->parts[at], places.places + before,
                              entries + before, places.n - before)) {
                status = error_memory(error);
            }
        }
    }
    ngram_places_release(&places);
    if (status) {
        text_contributions_release(contributions);
    }
    return status;
}

void text_contributions_release(struct text_contributions *contributions)
{
    memory_free(contributions->entries);
    *contributions = (struct text_contributions){0};
}
