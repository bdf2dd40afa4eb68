// One table holds every option with its name, notation, default and range; reading, writing and checking walk it.
#include "classify/options.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum option_type {
    TYPE_CHOICE, // int-sized enum; the value's notation lists the choices
    TYPE_FLAG,   // bool
    TYPE_WHOLE,  // int
    TYPE_SIZE,   // size_t
    TYPE_SEED,   // uint64_t
    TYPE_NUMBER, // double
    TYPE_RANGE,  // two ints, "1-2" or "2"
};

struct option {
    enum option_type type;
    bool of_part;       // the offset is one in bantam_text_part
    size_t offset;      // of the field; TYPE_RANGE: of the first of two
    double least, most; // of numbers, inclusive
};

enum {
    NGRAM_MAXIMUM = 16,
    VALUE_MAXIMUM = 256 // bytes of an option's text
};

#define PART(field) true, offsetof(bantam_text_part, field)
#define WHOLE(field) false, offsetof(bantam_classifier_options, field)

// name, notation, default, help, type, field, least, most
#define OPTIONS(OPTION)                                                                            \
    OPTION("analyzer", "word|char|char_wb", "word", "what n-grams are made of", TYPE_CHOICE,       \
           PART(analyzer), 0, 2)                                                                   \
    OPTION("ngrams", "MIN-MAX", "1-1", "lengths of n-grams, 1 to 16", TYPE_RANGE, PART(n_min), 1,  \
           NGRAM_MAXIMUM)                                                                          \
    OPTION("lowercase", "yes|no", "yes", "capitals count as small letters", TYPE_FLAG,             \
           PART(lowercase), 0, 1)                                                                  \
    OPTION("strip-accents", "none|ascii|unicode", "none", "take accents off letters", TYPE_CHOICE, \
           PART(strip_accents), 0, 2)                                                              \
    OPTION("min-df", "N", "1", "least texts with an n-gram; below 1 a share", TYPE_NUMBER,         \
           PART(min_df), 0, 4294967295.0)                                                          \
    OPTION("max-df", "N", "1", "most texts with an n-gram; up to 1 a share", TYPE_NUMBER,          \
           PART(max_df), 0, 4294967295.0)                                                          \
    OPTION("max-features", "N", "0", "keep the most frequent n-grams; 0 all", TYPE_SIZE,           \
           PART(max_features), 0, 4294967295.0)                                                    \
    OPTION("binary", "yes|no", "no", "an n-gram counts once a text", TYPE_FLAG, PART(binary), 0,   \
           1)                                                                                      \
    OPTION("sublinear-tf", "yes|no", "no", "1 + ln(count) instead of the count", TYPE_FLAG,        \
           PART(sublinear_tf), 0, 1)                                                               \
    OPTION("idf", "yes|no", "yes", "rare n-grams weigh more", TYPE_FLAG, PART(idf), 0, 1)          \
    OPTION("smooth-idf", "yes|no", "yes", "as if one more text held every n-gram", TYPE_FLAG,      \
           PART(smooth_idf), 0, 1)                                                                 \
    OPTION("norm", "none|l1|l2", "l2", "of a text's values", TYPE_CHOICE, PART(norm), 0, 2)        \
    OPTION("stop-words", "yes|no", "no", "leave out English function words", TYPE_FLAG,            \
           PART(stop_words), 0, 1)                                                                 \
    OPTION("hash-bits", "N", "0", "2^N buckets instead of a vocabulary, 8 to 24", TYPE_WHOLE,      \
           PART(hash_bits), 0, 24)                                                                 \
    OPTION("C", "X", "1", "inverse strength of the penalty", TYPE_NUMBER, WHOLE(C), 1e-9, 1e9)     \
    OPTION("penalty", "l2|l1|elastic-net", "l2", "on the weights", TYPE_CHOICE, WHOLE(penalty), 0, \
           2)                                                                                      \
    OPTION("l1-ratio", "X", "0.5", "elastic-net: the share of l1", TYPE_NUMBER, WHOLE(l1_ratio),   \
           0, 1)                                                                                   \
    OPTION("multi-class", "multinomial|one-vs-rest", "multinomial", "how classes compete",         \
           TYPE_CHOICE, WHOLE(multi_class), 0, 1)                                                  \
    OPTION("balanced", "yes|no", "no", "rare classes weigh as much as frequent ones", TYPE_FLAG,   \
           WHOLE(balanced), 0, 1)                                                                  \
    OPTION("tolerance", "X", "1e-08", "end this close to the optimum, as a share of it",           \
           TYPE_NUMBER, WHOLE(tolerance), 1e-12, 1)                                                \
    OPTION("max-iterations", "N", "200", "of the learner", TYPE_SIZE, WHOLE(max_iterations), 1,    \
           1e6)                                                                                    \
    OPTION("calibrate", "none|temperature|sigmoid|isotonic|adaptive|auto", "auto",                 \
           "how scores become probabilities", TYPE_CHOICE, WHOLE(calibration), 0, 5)               \
    OPTION("folds", "N", "5", "held-out parts to calibrate and measure on, 2 to 20", TYPE_WHOLE,   \
           WHOLE(folds), 2, 20)                                                                    \
    OPTION("keep-texts", "yes|no", "no", "keep the texts, to show the nearest ones", TYPE_FLAG,    \
           WHOLE(keep_texts), 0, 1)                                                                \
    OPTION("seed", "N", "1", "of the folds", TYPE_SEED, WHOLE(seed), 0, 9007199254740992.0)

#define SHOWN(name, notation, initial, help, type, field, ...) {name, notation, initial, help},
#define HIDDEN(name, notation, initial, help, ...) {__VA_ARGS__},

static const bantam_classifier_option shown[] = {OPTIONS(SHOWN)};
static const struct option hidden[] = {OPTIONS(HIDDEN)};

enum {
    N_OPTIONS = sizeof shown / sizeof *shown
};

const bantam_classifier_option *bantam_classifier_option_table(size_t *n_options)
{
    *n_options = N_OPTIONS;
    return shown;
}

// The index of an option; N_OPTIONS where there is none of that name.
static size_t find_option(const char *name)
{
    size_t i = 0;
    while (i < N_OPTIONS && strcmp(shown[i].name, name) != 0) {
        i++;
    }
    return i;
}

static const char *const yes_or_no = "yes|no";

// The place of `word` (size bytes) in "a|b|c", or -1.
static int choice_find(const char *choices, const char *word, size_t size)
{
    for (int i = 0;; i++) {
        size_t length = strcspn(choices, "|");
        if (length == size && memcmp(choices, word, size) == 0) {
            return i;
        }
        if (choices[length] == '\0') {
            return -1;
        }
        choices += length + 1;
    }
}

static void choice_write(bantam_buffer *out, const char *choices, int index)
{
    for (int i = 0; i < index; i++) {
        choices += strcspn(choices, "|") + 1;
    }
    bantam_buffer_append(out, choices, strcspn(choices, "|"));
}

static bool number_read(double *number, const char *text)
{
    char *end = NULL;
    errno = 0;
    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number) && !strpbrk(text, " xX");
}

static bool in_range(const struct option *option, double number)
{
    return number >= option->least && number <= option->most;
}

// "2" or "1-2".
static bool range_read(int *range, const struct option *option, char *text)
{
    char *dash = strchr(text, '-');
    double least = 0, most = 0;
    if (dash) {
        *dash = '\0';
    }
    if (!number_read(&least, text) || !number_read(&most, dash ? dash + 1 : text) ||
        !in_range(option, least) || !in_range(option, most) || least > most ||
        least != floor(least) || most != floor(most)) {
        return false;
    }
    range[0] = (int)least;
    range[1] = (int)most;
    return true;
}

// Reads one value into the field; false where it is none that the option takes.
static bool value_read(void *field, size_t i, char *text)
{
    const struct option *option = &hidden[i];
    if (option->type == TYPE_RANGE) {
        return range_read(field, option, text);
    }
    if (option->type == TYPE_CHOICE || option->type == TYPE_FLAG) {
        int choice = choice_find(shown[i].value, text, strlen(text));
        if (choice < 0) {
            return false;
        }
        if (option->type == TYPE_FLAG) {
            *(bool *)field = choice == 0;
        } else {
            memcpy(field, &choice, sizeof choice);
        }
        return true;
    }
    double number = 0;
    if (!number_read(&number, text) || !in_range(option, number) ||
        (option->type != TYPE_NUMBER && number != floor(number))) {
        return false;
    }
    if (option->type == TYPE_NUMBER) {
        *(double *)field = number;
    } else if (option->type == TYPE_WHOLE) {
        *(int *)field = (int)number;
    } else if (option->type == TYPE_SIZE) {
        *(size_t *)field = (size_t)number;
    } else {
        *(uint64_t *)field = (uint64_t)number;
    }
    return true;
}

static void value_write(bantam_buffer *out, const void *field, size_t i)
{
    const int *whole = field;
    switch (hidden[i].type) {
    case TYPE_CHOICE:
        choice_write(out, shown[i].value, *whole);
        break;
    case TYPE_FLAG:
        choice_write(out, yes_or_no, *(const bool *)field ? 0 : 1);
        break;
    case TYPE_WHOLE:
        bantam_buffer_append_format(out, "%d", *whole);
        break;
    case TYPE_RANGE:
        bantam_buffer_append_format(out, "%d-%d", whole[0], whole[1]);
        break;
    case TYPE_SIZE:
        bantam_buffer_append_format(out, "%zu", *(const size_t *)field);
        break;
    case TYPE_SEED:
        bantam_buffer_append_format(out, "%llu", (unsigned long long)*(const uint64_t *)field);
        break;
    case TYPE_NUMBER:
        bantam_buffer_append_format(out, "%.12g", *(const double *)field);
        break;
    }
}

static const void *part_field(const bantam_classifier_options *options, size_t part, size_t i)
{
    return (const char *)&options->parts[part] + hidden[i].offset;
}

// Makes room for `n` parts; new ones are as the last that is there, but for what is set next.
static void parts_grow(bantam_classifier_options *options, size_t n)
{
    for (size_t i = options->n_parts; i < n; i++) {
        options->parts[i] = options->parts[i - 1];
    }
    options->n_parts = n > options->n_parts ? n : options->n_parts;
}

static size_t count_parts(const char *value)
{
    size_t n = 1;
    for (const char *at = value; (at = strchr(at, '+')); at++) {
        n++;
    }
    return n;
}

static bool part_values_read(bantam_classifier_options *options, size_t i, char *value, size_t n)
{
    for (size_t part = 0; part < options->n_parts; part++) {
        char *plus = n > 1 ? strchr(value, '+') : NULL;
        if (plus) {
            *plus = '\0';
        }
        char one[VALUE_MAXIMUM];
        memcpy(one, value, strlen(value) + 1);
        if (!value_read((char *)&options->parts[part] + hidden[i].offset, i, one)) {
            return false;
        }
        value = plus ? plus + 1 : value;
    }
    return true;
}

static bantam_status refuse(size_t i, const char *value, bantam_error *error)
{
    const struct option *option = &hidden[i];
    if (option->type == TYPE_CHOICE || option->type == TYPE_FLAG) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "%s: takes %s, not \"%.60s\"", shown[i].name,
                         shown[i].value, value);
    }
    return error_set(error, BANTAM_ERROR_ARGUMENT, "%s: takes %s from %g to %g, not \"%.60s\"",
                     shown[i].name,
                     option->type == TYPE_RANGE    ? "one or two whole numbers (1-2)"
                     : option->type == TYPE_NUMBER ? "a number"
                                                   : "a whole number",
                     option->least, option->most, value);
}

bantam_status bantam_classifier_option_set(bantam_classifier_options *options, const char *name,
                                           const char *value, bantam_error *error)
{
    size_t i = find_option(name);
    if (i == N_OPTIONS) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "%s: there is no such option", name);
    }
    char text[VALUE_MAXIMUM];
    size_t size = strlen(value);
    if (size >= sizeof text) {
        return refuse(i, value, error);
    }
    memcpy(text, value, size + 1);
    bantam_classifier_options changed = *options;
    bool read;
    if (hidden[i].of_part) {
        size_t n = count_parts(value);
        if (n > BANTAM_TEXT_PARTS_MAXIMUM || (n > 1 && n < options->n_parts)) {
            return error_set(
                error, BANTAM_ERROR_ARGUMENT,
                "%s: takes one value, or one for each part of the features (at most %d), "
                "joined by '+'",
                name, BANTAM_TEXT_PARTS_MAXIMUM);
        }
        parts_grow(&changed, n);
        read = part_values_read(&changed, i, text, n);
    } else {
        read = value_read((char *)&changed + hidden[i].offset, i, text);
    }
    if (!read) {
        return refuse(i, value, error);
    }
    *options = changed;
    return BANTAM_OK;
}

void bantam_classifier_option_text(bantam_buffer *out, const bantam_classifier_options *options,
                                   const char *name)
{
    size_t i = find_option(name);
    if (i == N_OPTIONS) {
        return;
    }
    if (!hidden[i].of_part) {
        value_write(out, (const char *)options + hidden[i].offset, i);
        return;
    }
    for (size_t part = 0; part < options->n_parts; part++) {
        if (part) {
            bantam_buffer_append_string(out, "+");
        }
        value_write(out, part_field(options, part, i), i);
    }
}

bantam_classifier_options bantam_classifier_options_default(void)
{
    bantam_classifier_options options = {.n_parts = 1, .n_threads = 1};
    for (size_t i = 0; i < N_OPTIONS; i++) {
        char text[VALUE_MAXIMUM];
        memcpy(text, shown[i].initial, strlen(shown[i].initial) + 1);
        void *base = hidden[i].of_part ? (void *)&options.parts[0] : (void *)&options;
        (void)value_read((char *)base + hidden[i].offset, i, text); // the table's own text
    }
    return options;
}

static bool field_in_range(const void *field, const struct option *option)
{
    const int *whole = field;
    switch (option->type) {
    case TYPE_FLAG:
    case TYPE_SEED:
        return true;
    case TYPE_RANGE:
        return in_range(option, whole[0]) && in_range(option, whole[1]) && whole[0] <= whole[1];
    case TYPE_SIZE:
        return in_range(option, (double)*(const size_t *)field);
    case TYPE_NUMBER:
        return in_range(option, *(const double *)field);
    default:
        return in_range(option, *whole);
    }
}

static bantam_status check_part(const bantam_text_part *part, bantam_error *error)
{
    if (part->hash_bits != 0 && part->hash_bits < 8) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "hash-bits: takes 0 or 8 to 24");
    }
    if (part->hash_bits != 0 &&
        (part->min_df != 1 || part->max_df != 1 || part->max_features != 0)) {
        return error_set(
            error, BANTAM_ERROR_ARGUMENT,
            "hash-bits: buckets have no vocabulary that min-df, max-df or max-features "
            "could cut");
    }
    if (part->hash_bits != 0 && part->sublinear_tf) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "sublinear-tf: buckets have counts below 0, which have no logarithm; "
                         "leave it or hash-bits out");
    }
    if (part->stop_words && part->analyzer != BANTAM_ANALYZER_WORD) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "stop-words: goes with the analyzer word only");
    }
    return BANTAM_OK;
}

bantam_status bantam_classifier_options_check(const bantam_classifier_options *options,
                                              bantam_error *error)
{
    if (options->n_parts < 1 || options->n_parts > BANTAM_TEXT_PARTS_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the features have 1 to %d parts",
                         BANTAM_TEXT_PARTS_MAXIMUM);
    }
    for (size_t i = 0; i < N_OPTIONS; i++) {
        size_t n = hidden[i].of_part ? options->n_parts : 1;
        for (size_t part = 0; part < n; part++) {
            const void *field = hidden[i].of_part ? part_field(options, part, i)
                                                  : (const char *)options + hidden[i].offset;
            if (!field_in_range(field, &hidden[i])) {
                return error_set(error, BANTAM_ERROR_ARGUMENT, "%s: takes %s; it is out of range",
                                 shown[i].name, shown[i].value);
            }
        }
    }
    bantam_status status = BANTAM_OK;
    for (size_t part = 0; !status && part < options->n_parts; part++) {
        status = check_part(&options->parts[part], error);
    }
    return status;
}

void classifier_options_write(bantam_buffer *out, const bantam_classifier_options *options)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        bantam_buffer_append_format(out, "%s\"%s\":\"", i ? "," : "{", shown[i].name);
        bantam_classifier_option_text(out, options, shown[i].name);
        bantam_buffer_append_string(out, "\"");
    }
    bantam_buffer_append_string(out, "}");
}

bantam_status classifier_options_read(bantam_classifier_options *options, const char *json,
                                      bantam_error *error)
{
    *options = bantam_classifier_options_default();
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    bantam_status status = BANTAM_OK;
    if (!json_is_object(root)) {
        status = BANTAM_ERROR_MODEL;
    }
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        if (!status &&
            (!json_is_string(value) ||
             bantam_classifier_option_set(options, name, json_string_value(value), NULL))) {
            status = BANTAM_ERROR_MODEL;
        }
    }
    json_decref(root);
    if (status || bantam_classifier_options_check(options, NULL)) {
        return error_set(
            error, BANTAM_ERROR_MODEL,
            "the model's record of its options is damaged, or comes from a later version");
    }
    return BANTAM_OK;
}
