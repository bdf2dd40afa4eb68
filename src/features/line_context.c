// The dense features of a line: those of the masked line itself and those of its place in the log.
//
// Counts are log2 buckets: 0, 1, 2–3, 4–7, …
#include "features/log_features.h"

#include <string.h>

static uint8_t cap(uint64_t value, uint64_t most)
{
    return (uint8_t)(value < most ? value : most);
}

static uint8_t strength(const struct line_kind *kind)
{
    static const uint32_t strong =
        1U << KEYWORD_ERROR | 1U << KEYWORD_FAIL | 1U << KEYWORD_EXCEPTION | 1U << KEYWORD_FATAL |
        1U << KEYWORD_CANNOT | 1U << KEYWORD_DENIED | 1U << KEYWORD_TIMEOUT | 1U << KEYWORD_ASSERT |
        1U << KEYWORD_VIOLATION;
    if ((kind->shape & (SHAPE_ZERO_COUNT | SHAPE_COUNT)) == SHAPE_ZERO_COUNT) {
        return 0;
    }
    return cap((unsigned)__builtin_popcount(kind->keywords & strong), 3);
}

enum {
    BESIDE_KEYWORDS = 15, // in distinct_line.beside
    BESIDE_SHAPES = 4,    // from this bit on
};

void log_features_kind(struct distinct_line *distinct)
{
    uint32_t keywords = distinct->kind.keywords;
    unsigned shape = distinct->kind.shape;
    unsigned said = (keywords & (1U << KEYWORD_ERROR | 1U << KEYWORD_FATAL) ? 1U : 0U) +
                    (keywords & 1U << KEYWORD_FAIL ? 2U : 0U) +
                    (keywords & (1U << KEYWORD_EXCEPTION | 1U << KEYWORD_STACK) ? 4U : 0U) +
                    (keywords & (1U << KEYWORD_PASS | 1U << KEYWORD_PROGRESS) ? 8U : 0U);
    unsigned shapes = (shape & SHAPE_RULE ? 1U : 0U) + (shape & SHAPE_BULLET ? 2U : 0U) +
                      (shape & SHAPE_PLACE ? 4U : 0U) + (shape & SHAPE_COLON_END ? 8U : 0U);
    distinct->strength = strength(&distinct->kind);
    distinct->beside = (uint8_t)(said | shapes << BESIDE_SHAPES);
}

void log_features_own(const struct distinct_line *distinct, uint8_t values[OWN_FEATURES])
{
    memset(values, 0, OWN_FEATURES);
    values[OWN_TOKENS] =
        cap(distinct->n_tokens < 10 ? distinct->n_tokens : 10U + (distinct->n_tokens - 10U) / 8,
            LINE_VALUES - 1);
    values[OWN_SIZE] = distinct->size;
    values[OWN_INDENT] =
        cap(distinct->indent < 9 ? distinct->indent : 9U + distinct->indent / 16U, LINE_VALUES - 1);
    values[OWN_FIRST] = distinct->first;
    values[OWN_LAST] = distinct->last;
    values[OWN_KNOWN] = cap(distinct->known, LINE_VALUES - 1);
    values[OWN_STRENGTH] = distinct->strength;
    for (unsigned class = 0; class < KEYWORD_CLASSES; class ++) {
        values[OWN_KEYWORD + class] = distinct->kind.keywords >> class & 1;
    }
    for (unsigned shape = 0; shape < 16; shape++) {
        values[OWN_SHAPE + shape] = (uint8_t)(distinct->kind.shape >> shape & 1);
    }
}

// Lines to the next of an ascending list, of whose members `before` come before `line`.
static uint8_t distance_to_next(const uint32_t *list, size_t n, size_t before, size_t line)
{
    return before < n ? cap(log2_bucket(list[before] - line), LINE_VALUES - 2) : LINE_VALUES - 1;
}

static uint8_t distance_from_previous(const uint32_t *list, size_t before, size_t line)
{
    return before > 0 ? cap(log2_bucket(line - list[before - 1]), LINE_VALUES - 2)
                      : LINE_VALUES - 1;
}

enum {
    NAME_NONE,
    NAME_INSTALL,
    NAME_TEST,
    NAME_AFTER,
    NAME_SETUP,
    NAME_BUILD,
    NAME_OTHER
};

static bool name_holds(const struct section *section, const char *word)
{
    return memmem(section->name, section->name_size, word, strlen(word)) != NULL;
}

// Of the section, or of the one that a section without a name stands in: a command of a stage is the stage's.
static uint8_t section_name_class(const struct log_features *features, size_t at)
{
    static const struct {
        const char *word;
        uint8_t class;
    } words[] = {
        {"after", NAME_AFTER},       {"Post ", NAME_AFTER},      {"restore", NAME_SETUP},
        {"Restor", NAME_SETUP},      {"cache", NAME_AFTER},      {"Complete", NAME_AFTER},
        {"upload", NAME_AFTER},      {"Upload", NAME_AFTER},     {"leanup", NAME_AFTER},
        {"Clean up", NAME_AFTER},    {"Tear", NAME_AFTER},       {"Finaliz", NAME_AFTER},
        {"install", NAME_INSTALL},   {"Install", NAME_INSTALL},  {"git", NAME_SETUP},
        {"heckout", NAME_SETUP},     {"Set up", NAME_SETUP},     {"worker", NAME_SETUP},
        {"system", NAME_SETUP},      {"prepare", NAME_SETUP},    {"Prepar", NAME_SETUP},
        {"get_sources", NAME_SETUP}, {"Initialize", NAME_SETUP}, {"test", NAME_TEST},
        {"Test", NAME_TEST},         {"lint", NAME_TEST},        {"script", NAME_TEST},
        {"build", NAME_BUILD},       {"Build", NAME_BUILD},      {"compile", NAME_BUILD},
    };
    const struct section *section = &features->document->sections[at];
    if (section->name_size == 0) {
        return section->parent >= 0 ? features->sections[section->parent].name : NAME_NONE;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (name_holds(section, words[i].word)) {
            return words[i].class;
        }
    }
    return NAME_OTHER;
}

static uint8_t section_exit_class(const struct document *document, int32_t at)
{
    bool failed_above = false;
    int32_t own = document->sections[at].exit_code;
    for (int32_t up = document->sections[at].parent; up >= 0; up = document->sections[up].parent) {
        int32_t exit_code = document->sections[up].exit_code;
        failed_above |= exit_code != EXIT_UNKNOWN && exit_code != 0;
    }
    if (own == EXIT_UNKNOWN) {
        return failed_above ? 5 : 1;
    }
    return own == 0 ? 2 : failed_above ? 4 : 3;
}

static uint8_t section_order_class(const struct log_features *features, int32_t at)
{
    if (features->last_failed_section < 0) {
        return 0;
    }
    for (int32_t up = at; up >= 0; up = features->document->sections[up].parent) {
        if (up == features->last_failed_section) {
            return up == features->first_failed_section ? 1 : 2;
        }
        if (up == features->first_failed_section) {
            return 3;
        }
    }
    return at < features->first_failed_section ? 4 : at < features->last_failed_section ? 5 : 6;
}

void log_features_sections(struct log_features *features)
{
    const struct document *document = features->document;
    features->first_failed_section = features->last_failed_section = -1;
    for (size_t i = 0; i < document->n_sections; i++) {
        int32_t exit_code = document->sections[i].exit_code;
        if (exit_code != EXIT_UNKNOWN && exit_code != 0) {
            features->last_failed_section = (int32_t)i;
            if (features->first_failed_section < 0) {
                features->first_failed_section = (int32_t)i;
            }
        }
    }
    for (size_t i = 0; i < document->n_sections; i++) {
        unsigned depth = 0;
        for (int32_t up = (int32_t)i; up >= 0; up = document->sections[up].parent) {
            depth++;
        }
        features->sections[i] = (struct section_features){
            .exit = section_exit_class(document, (int32_t)i),
            .order = section_order_class(features, (int32_t)i),
            .name = section_name_class(features, i),
            .depth = cap(depth, LINE_VALUES - 1),
        };
    }
}

static void section_context(const struct log_features *features, size_t at, uint8_t *values)
{
    const struct document *document = features->document;
    int32_t index = document->lines[at].section;
    size_t first = 0, last = document->n_lines - 1;
    if (index >= 0) {
        first = document->sections[index].first_line;
        last = document->sections[index].last_line;
        values[CONTEXT_SECTION_EXIT] = features->sections[index].exit;
        values[CONTEXT_SECTION_ORDER] = features->sections[index].order;
        values[CONTEXT_SECTION_NAME] = features->sections[index].name;
        values[CONTEXT_SECTION_DEPTH] = features->sections[index].depth;
    } else if (features->last_failed_section >= 0) {
        values[CONTEXT_SECTION_ORDER] = 7;
    }
    values[CONTEXT_SECTION_FROM_START] = log2_bucket(at - first);
    values[CONTEXT_SECTION_FROM_END] = log2_bucket(last > at ? last - at : 0);
    values[CONTEXT_SECTION_SIZE] = log2_bucket(last - first + 1);
    const struct line_counts *counts = features->counts;
    values[CONTEXT_ERRORS_BEFORE_IN_SECTION] =
        log2_bucket(counts[at].errors - counts[first].errors);
    size_t after = last > at ? last + 1 : at + 1;
    values[CONTEXT_ERRORS_AFTER_IN_SECTION] =
        log2_bucket(counts[after].errors - counts[at + 1].errors);
}

static void flag_context(unsigned flags, uint8_t *values)
{
    values[CONTEXT_COLOR] = (uint8_t)((flags & LINE_RED ? 1 : 0) + (flags & LINE_YELLOW ? 2 : 0) +
                                      (flags & LINE_GREEN ? 4 : 0) + (flags & LINE_BOLD ? 8 : 0));
    values[CONTEXT_MARK] =
        (uint8_t)((flags & LINE_COMMAND ? 1 : 0) + (flags & LINE_MARKER ? 2 : 0) +
                  (flags & LINE_ERROR ? 4 : 0) + (flags & LINE_WARNING ? 8 : 0));
    values[CONTEXT_EXIT] =
        (uint8_t)((flags & LINE_EXIT ? 1 : 0) + (flags & LINE_EXIT_FAILED ? 2 : 0) +
                  (flags & LINE_REWOUND ? 4 : 0) + (flags & LINE_JOB_END ? 8 : 0));
}

static const struct distinct_line *distinct_at(const struct log_features *features, size_t at)
{
    return &features->distinct[features->distinct_of_line[at]];
}

// 0: no such line; 1 to 5: indented far less, less, as much, more, far more than `than`.
static uint8_t indent_change(const struct distinct_line *line, const struct distinct_line *than)
{
    int change = (int)line->indent - (int)than->indent;
    return (uint8_t)(change < -4 ? 1 : change < 0 ? 2 : change == 0 ? 3 : change <= 4 ? 4 : 5);
}

static void neighbour_context(const struct log_features *features, size_t at, uint8_t *values)
{
    size_t n_lines = features->document->n_lines;
    const struct distinct_line *line = distinct_at(features, at);
    size_t blanks_before = 0, blanks_after = 0;
    while (blanks_before < 3 && at > blanks_before &&
           distinct_at(features, at - blanks_before - 1)->n_tokens == 0) {
        blanks_before++;
    }
    while (blanks_after < 3 && at + blanks_after + 1 < n_lines &&
           distinct_at(features, at + blanks_after + 1)->n_tokens == 0) {
        blanks_after++;
    }
    values[CONTEXT_BLANKS_BEFORE] = cap(blanks_before, 3);
    values[CONTEXT_BLANKS_AFTER] = cap(blanks_after, 3);
    const struct distinct_line *before = NULL, *after = NULL;
    if (at > blanks_before) {
        before = distinct_at(features, at - blanks_before - 1);
        values[CONTEXT_INDENT_BEFORE] = indent_change(line, before);
        values[CONTEXT_KEYWORDS_BEFORE] = before->beside & BESIDE_KEYWORDS;
        values[CONTEXT_SHAPE_BEFORE] = before->beside >> BESIDE_SHAPES;
    }
    if (at + blanks_after + 1 < n_lines) {
        after = distinct_at(features, at + blanks_after + 1);
        values[CONTEXT_INDENT_AFTER] = indent_change(line, after);
        values[CONTEXT_KEYWORDS_AFTER] = after->beside & BESIDE_KEYWORDS;
        values[CONTEXT_SHAPE_AFTER] = after->beside >> BESIDE_SHAPES;
    }
    values[CONTEXT_PREFIX_NEIGHBOURS] =
        (uint8_t)((before && before->prefix == line->prefix ? 1 : 0) +
                  (after && after->prefix == line->prefix ? 2 : 0));
}

static void window_context(const struct log_features *features, size_t at, uint8_t *values)
{
    const struct line_counts *counts = features->counts;
    size_t n_lines = features->document->n_lines;
    size_t near_from = at > 3 ? at - 3 : 0, near_to = at + 4 < n_lines ? at + 4 : n_lines;
    size_t from = at > 12 ? at - 12 : 0, to = at + 13 < n_lines ? at + 13 : n_lines;
    values[CONTEXT_RED_NEAR] = cap(counts[near_to].red - counts[near_from].red, 7);
    values[CONTEXT_RED_AROUND] = log2_bucket(counts[to].red - counts[from].red);
    values[CONTEXT_ERRORS_NEAR] = cap(counts[near_to].errors - counts[near_from].errors, 7);
    values[CONTEXT_ERRORS_AROUND] = log2_bucket(counts[to].errors - counts[from].errors);
    values[CONTEXT_PASSES_AROUND] = log2_bucket(counts[to].passes - counts[from].passes);
    values[CONTEXT_PROGRESS_AROUND] = log2_bucket(counts[to].progress - counts[from].progress);
    values[CONTEXT_NOVEL_NEAR] = cap(counts[near_to].novel - counts[near_from].novel, 7);
    values[CONTEXT_NOVEL_AROUND] = cap((counts[to].novel - counts[from].novel) / 2, 13);
    values[CONTEXT_FRAMES_AFTER] = log2_bucket(counts[to].frames - counts[at + 1].frames);
    values[CONTEXT_FRAMES_BEFORE] = log2_bucket(counts[at].frames - counts[from].frames);
    values[CONTEXT_RED_NEIGHBOURS] =
        (uint8_t)((at > 0 && counts[at].red != counts[at - 1].red ? 1 : 0) +
                  (at + 1 < n_lines && counts[at + 2].red != counts[at + 1].red ? 2 : 0));
    size_t n_errors = counts[n_lines].errors, next = counts[at + 1].errors;
    values[CONTEXT_NEXT_ERROR] =
        next < n_errors ? cap(log2_bucket(features->error_lines[next] - at), LINE_VALUES - 2)
                        : LINE_VALUES - 1;
    values[CONTEXT_PREVIOUS_ERROR] =
        counts[at].errors
            ? cap(log2_bucket(at - features->error_lines[counts[at].errors - 1]), LINE_VALUES - 2)
            : LINE_VALUES - 1;
}

void log_features_context(const struct log_features *features, size_t at,
                          uint8_t values[CONTEXT_FEATURES])
{
    memset(values, 0, CONTEXT_FEATURES);
    const struct distinct_line *line = distinct_at(features, at);
    size_t n_lines = features->document->n_lines;
    values[CONTEXT_FROM_END] = log2_bucket(n_lines - 1 - at);
    values[CONTEXT_POSITION] = (uint8_t)(at * LINE_VALUES / n_lines);
    section_context(features, at, values);
    flag_context(features->document->lines[at].flags, values);
    const struct line_counts *counts = &features->counts[at];
    values[CONTEXT_NEXT_FAILED_EXIT] = distance_to_next(
        features->failed_exits, features->n_failed_exits, counts->failed_exits, at);
    values[CONTEXT_NEXT_EXIT] =
        distance_to_next(features->exits, features->n_exits, counts->exits, at);
    values[CONTEXT_PREVIOUS_FAILED_EXIT] =
        distance_from_previous(features->failed_exits, counts->failed_exits, at);
    neighbour_context(features, at, values);
    window_context(features, at, values);
    values[CONTEXT_COUNT] = log2_bucket(line->count);
    values[CONTEXT_OCCURRENCE] =
        (uint8_t)((line->first_line == at ? 1 : 0) + (line->last_line == at ? 2 : 0));
    values[CONTEXT_PREFIX_COUNT] = log2_bucket(features->prefix_counts[line->prefix]);

    uint8_t strong = line->strength < 2 ? line->strength : 2;
    values[CONTEXT_STRONG_NEXT_FAILED_EXIT] =
        (uint8_t)(strong * 5 + cap(values[CONTEXT_NEXT_FAILED_EXIT] / 3, 4) +
                  (values[CONTEXT_NEXT_FAILED_EXIT] == LINE_VALUES - 1 && strong == 2));
    values[CONTEXT_STRONG_COLOR] = (uint8_t)(strong * 4 + (values[CONTEXT_COLOR] & 3));
    values[CONTEXT_STRONG_FROM_END] = (uint8_t)(strong * 5 + cap(values[CONTEXT_FROM_END] / 3, 4));
    values[CONTEXT_STRONG_COUNT] = (uint8_t)(strong * 5 + cap(values[CONTEXT_COUNT], 4));
}
