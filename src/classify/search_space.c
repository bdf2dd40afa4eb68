// What is searched: kinds of features to begin with, and changes of one option around what was found.
#include "classify/search.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

// Kinds of features, the most promising first. Characters across words go last: they are many.
static const struct {
    const char *analyzer, *ngrams, *multi_class, *strength;
} KINDS[N_KINDS] = {
    {"word+char_wb", "1-2+2-5", "multinomial", "10"},
    {"word+char_wb", "1-2+2-5", "one-vs-rest", "10"},
    {"word+char_wb+char", "1-2+2-5+3-6", "multinomial", "10"},
    {"word+char", "1-3+2-5", "multinomial", "30"},
    {"word+char_wb+char", "1-2+2-5+3-6", "one-vs-rest", "10"},
    {"word+char_wb", "1-3+2-6", "multinomial", "10"},
    {"word", "1-2", "multinomial", "10"},
    {"char_wb", "1-5", "multinomial", "10"},
    {"char", "1-5", "multinomial", "10"},
    {"word+char", "1-2+4-8", "multinomial", "30"},
};

static const struct {
    const char *option;
    bool always; // told even where it is as usual
} NAMED[] = {
    {"analyzer", true},    {"ngrams", true},  {"sublinear-tf", false}, {"lowercase", false},
    {"idf", false},        {"min-df", false}, {"binary", false}, // up to here: of the features
    {"multi-class", true}, {"C", true},       {"balanced", false},
};

enum {
    N_FEATURES_NAMED = 7,
    IN_SEVERAL = 2, // min-df of n-grams that stand in more than one text
    MANY =
        1000, // rows, of which n-grams of a single one are left out at first: half of all, and time is scarce
    LONGEST = 8, // n-gram that is tried
    PARTS = 3,   // that the kinds have at most
};

// Changes of one option, in the order in which they are tried.
enum change {
    STRONGER, // C
    WEAKER,
    CAPITALS,
    FORM,
    RARE,
    IDF,
    BALANCE,
    SUBLINEAR,
    BINARY,
    SLIGHTLY_STRONGER,
    SLIGHTLY_WEAKER,
    LENGTHS, // from here on: of one part after the other
};

enum lengths_change {
    LONGEST_UP,
    LONGEST_DOWN,
    SHORTEST_DOWN,
    SHORTEST_UP,
    LEFT_OUT, // the part itself
    N_LENGTHS_CHANGES
};

static_assert(N_CHANGES == LENGTHS + PARTS * N_LENGTHS_CHANGES, "every change is tried");

static const double STRENGTH_MOST = 1000; // beyond, weights hang on where a learner stops

// Factors of the strength: a wide step, then a fine one.
static const double WIDE = 3, FINE = 1.7;

bantam_status search_kind_options(bantam_classifier_options *options, size_t kind,
                                  const bantam_classifier_options *training, size_t n_rows,
                                  bantam_error *error)
{
    const char *const settings[][2] = {
        {"analyzer", KINDS[kind].analyzer},
        {"ngrams", KINDS[kind].ngrams},
        {"sublinear-tf", "yes"},
        {"lowercase", "yes"},
        {"multi-class", KINDS[kind].multi_class},
        {"C", KINDS[kind].strength},
    };
    bantam_status status = BANTAM_OK;
    *options = *training;
    for (size_t i = 0; i < sizeof settings / sizeof *settings && !status; i++) {
        status = bantam_classifier_option_set(options, settings[i][0], settings[i][1], error);
    }
    for (size_t i = 0; i < options->n_parts; i++) {
        bantam_text_part *part = &options->parts[i];
        part->min_df = n_rows >= MANY && part->min_df == 1 ? IN_SEVERAL : part->min_df;
        part->stop_words &= part->analyzer == BANTAM_ANALYZER_WORD; // others have no words
    }
    return status;
}

static bool multiply_strength(bantam_classifier_options *options, double factor)
{
    char strength[32];
    snprintf(strength, sizeof strength, "%.2g", options->C * factor);
    return options->C * factor <= STRENGTH_MOST &&
           bantam_classifier_option_set(options, "C", strength, NULL) == BANTAM_OK;
}

static void change_part(bantam_text_part *part, enum change change)
{
    switch (change) {
    case CAPITALS:
        part->lowercase = !part->lowercase;
        break;
    case RARE:
        part->min_df = part->min_df == 1 ? IN_SEVERAL : 1;
        break;
    case IDF:
        part->idf = !part->idf;
        break;
    case SUBLINEAR:
        part->sublinear_tf = !part->sublinear_tf;
        break;
    default:
        part->binary = !part->binary;
        break;
    }
}

static bool change_lengths(bantam_classifier_options *options, size_t i, enum lengths_change change)
{
    bantam_text_part *part = &options->parts[i];
    if (i >= options->n_parts) {
        return false;
    }
    if (change == LEFT_OUT) {
        memmove(part, part + 1, (options->n_parts - i - 1) * sizeof *part);
        return --options->n_parts > 0;
    }
    part->n_max += (change == LONGEST_UP) - (change == LONGEST_DOWN);
    part->n_min += (change == SHORTEST_UP) - (change == SHORTEST_DOWN);
    return part->n_min >= 1 && part->n_min <= part->n_max && part->n_max <= LONGEST;
}

bool search_change(bantam_classifier_options *options, size_t change)
{
    bool softmax = options->multi_class == BANTAM_MULTINOMIAL;
    switch (change) {
    case STRONGER:
        return multiply_strength(options, WIDE);
    case WEAKER:
        return multiply_strength(options, 1 / WIDE);
    case SLIGHTLY_STRONGER:
        return multiply_strength(options, FINE);
    case SLIGHTLY_WEAKER:
        return multiply_strength(options, 1 / FINE);
    case FORM:
        options->multi_class = softmax ? BANTAM_ONE_VS_REST : BANTAM_MULTINOMIAL;
        return true;
    case BALANCE:
        options->balanced = !options->balanced;
        return true;
    default:
        break;
    }
    if (change >= LENGTHS) {
        return change_lengths(options, (change - LENGTHS) / N_LENGTHS_CHANGES,
                              (enum lengths_change)((change - LENGTHS) % N_LENGTHS_CHANGES));
    }
    for (size_t i = 0; i < options->n_parts; i++) {
        change_part(&options->parts[i], (enum change)change);
    }
    return true;
}

// One value where all parts have the same.
static void append_value(bantam_buffer *name, const bantam_classifier_options *options,
                         const char *option)
{
    bantam_classifier_options part = *options;
    size_t first = name->size, size = 0;
    bool same = true;
    part.n_parts = 1;
    for (size_t i = 0; i < options->n_parts; i++) {
        size_t from = name->size;
        part.parts[0] = options->parts[i];
        bantam_classifier_option_text(name, &part, option);
        size = i == 0 ? name->size - from : size;
        same = same && name->size - from == size &&
               memcmp(name->data + first, name->data + from, size) == 0;
    }
    name->size = first + size;
    if (!same) {
        name->size = first;
        bantam_classifier_option_text(name, options, option);
    }
}

static bool is_initial(const char *option, const char *value, size_t size)
{
    size_t n_options;
    const bantam_classifier_option *table = bantam_classifier_option_table(&n_options);
    for (size_t i = 0; i < n_options; i++) {
        if (strcmp(table[i].name, option) == 0) {
            return strlen(table[i].initial) == size && memcmp(table[i].initial, value, size) == 0;
        }
    }
    return false;
}

bantam_status trial_set_name(struct trial *trial, bantam_error *error)
{
    bantam_buffer name;
    bantam_buffer_init(&name, sizeof trial->shown.name - 1);
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED && !name.failed; i++) {
        trial->features_name = i == N_FEATURES_NAMED ? name.size : trial->features_name;
        size_t before = name.size;
        bantam_buffer_append_format(&name, "%s--%s ", before > 0 ? " " : "", NAMED[i].option);
        size_t value = name.size;
        append_value(&name, &trial->options, NAMED[i].option);
        if (!NAMED[i].always && !name.failed &&
            is_initial(NAMED[i].option, name.data + value, name.size - value)) {
            name.size = before;
        }
    }
    if (!name.failed) {
        memcpy(trial->shown.name, name.data, name.size);
        trial->shown.name[name.size] = '\0';
    }
    bool complete = !name.failed;
    bantam_buffer_release(&name);
    return complete ? BANTAM_OK : error_memory(error);
}
