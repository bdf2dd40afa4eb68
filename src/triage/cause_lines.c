// Lines are visited from the anchor outwards, so that a message counts where it stands closest.
#include "triage/cause_extraction.h"

#include <math.h>

#include "base/hash.h"
#include "triage/cause_configured.h"
#include "triage/cause_missing.h"

enum {
    REACH_BEFORE = 40, // lines of a long finding that are looked at before its anchor
    REACH_AFTER = 40,  // and after it
    HEAD_LINES = 6,    // and at its start
    NEAR_BEFORE =
        12, // lines before the anchor that are near, where the finding does not begin earlier
    NEAR_AFTER = 8,     // lines after the finding that are near
    OTHER_LINES = 8,    // next best lines
    TAIL_LINES = 40,    // last lines of the log
    LINE_HITS = 32,     // messages on one line
    LINE_CONCEPTS = 14, // concepts of one line
    CLOSE_REACH =
        2, // lines from the anchor that may tell what is missing, or point into a configuration file
    PAIR_REACH = 8, // lines from the anchor whose concepts are paired
};

// Measured on folds.
static const float form_scale = 2, anchor_form_scale = 3; // of the forms of reports

static bool is_word(const struct token *token)
{
    return token->kind != TOKEN_PUNCTUATION;
}

void extraction_add_words(struct cause_features *features, const struct masked_line *masked,
                          const char *text, float value, bool command, uint32_t line)
{
    uint32_t word_salt = command ? SALT_COMMAND_WORD : SALT_WORD;
    uint32_t pair_salt = command ? SALT_COMMAND_PAIR : SALT_PAIR;
    const struct token *before = NULL;
    for (size_t i = 0; i < masked->n_tokens; i++) {
        const struct token *token = &masked->tokens[i];
        if (!is_word(token)) {
            continue;
        }
        struct cause_feature source = {line, token->offset, token->size,
                                       command ? FAMILY_COMMAND : FAMILY_WORD, 0};
        extraction_add(features, hash_salted(token->lowered_hash, word_salt), value, source);
        if (token->shape & TOKEN_COMPOUND) {
            uint32_t pieces[4];
            size_t n = mask_word_pieces(pieces, 4, text + token->offset, token->size);
            for (size_t k = 0; k < n; k++) {
                extraction_add(
                    features, hash_salted(pieces[k], command ? SALT_COMMAND_WORD : SALT_WORD_PIECE),
                    value, source);
            }
        }
        if (before) {
            source.offset = before->offset;
            source.size = (uint16_t)(token->offset + token->size - before->offset);
            source.family = command ? FAMILY_COMMAND : FAMILY_PAIR;
            uint32_t joined =
                before->lowered_hash * 0x2C1B3C6DU ^ (token->lowered_hash + 0x297A2D39U);
            extraction_add(features, hash_salted(joined, pair_salt), value, source);
        }
        before = token;
    }
}

static void add_forms(struct extraction *extraction, uint32_t forms, uint32_t at, bool anchor)
{
    for (uint8_t i = 0; i < REPORT_FORMS; i++) {
        if (forms >> i & 1) {
            struct cause_feature source = {at, 0, 0, FAMILY_FORM, i};
            extraction_add(extraction->features, hash_salted(i, SALT_FORM_ANY), form_scale, source);
            if (anchor) {
                extraction_add(extraction->features, hash_salted(i, SALT_FORM_ANCHOR),
                               anchor_form_scale, source);
            }
        }
    }
}

static void add_kind(struct extraction *extraction, const struct masked_line *masked,
                     const struct line *line, uint32_t at, bool anchor)
{
    struct line_kind kind = line_kind(extraction->extractor->keywords, masked, line->text);
    for (uint8_t i = 0; i < KEYWORD_CLASSES; i++) {
        if (kind.keywords >> i & 1) {
            struct cause_feature source = {at, 0, 0, FAMILY_KEYWORD, i};
            extraction_add(extraction->features, hash_salted(i, SALT_KEYWORD_ANY), 0.5F, source);
            if (anchor) {
                extraction_add(extraction->features, hash_salted(i, SALT_KEYWORD_ANCHOR), 0.5F,
                               source);
            }
        }
    }
    for (uint8_t i = 0; i < 16; i++) {
        if (kind.shape >> i & 1) {
            struct cause_feature source = {at, 0, 0, FAMILY_SHAPE, i};
            extraction_add(extraction->features, hash_salted(i, SALT_SHAPE_ANY), 0.5F, source);
            if (anchor) {
                extraction_add(extraction->features, hash_salted(i, SALT_SHAPE_ANCHOR), 0.5F,
                               source);
            }
        }
    }
    add_forms(extraction, report_forms(line_span(line), kind), at, anchor);
}

// The concepts of a line and, close to the anchor, each two of them: "certificate" and "not trusted", whatever the words.
// A complaint that points into a configuration file is of the configuration.
static void add_configured(struct extraction *extraction, const struct line *line,
                           const struct concept_hit *hits, size_t n_hits, uint32_t at,
                           uint32_t distance)
{
    float *known = &extraction->features->tied[TIED_CONFIGURED][CAUSE_BUILD_CONFIG];
    float value = 1 / (1 + 0.5F * (float)distance);
    if (distance <= CLOSE_REACH && value > *known &&
        cause_points_into_configuration(line_span(line), hits, n_hits)) {
        *known = value;
        extraction->features->configured_line = at;
    }
}

static void add_concepts(struct extraction *extraction, const struct masked_line *masked,
                         const struct line *line, uint32_t at, uint32_t distance, float closeness)
{
    struct concept_hit hits[LINE_CONCEPTS];
    size_t n =
        concepts_find(hits, LINE_CONCEPTS, extraction->extractor->concepts, masked, line->text);
    add_configured(extraction, line, hits, n, at, distance);
    for (size_t i = 0; i < n; i++) {
        struct cause_feature source = {at, hits[i].offset, hits[i].size, FAMILY_CONCEPT, 0};
        uint32_t concept = hits[i].concept;
        extraction_add(extraction->features, hash_salted(concept, SALT_CONCEPT_ANY), closeness,
                       source);
        if (distance == 0) {
            source.detail = 1;
            extraction_add(extraction->features, hash_salted(concept, SALT_CONCEPT_ANCHOR), 1,
                           source);
        }
        for (size_t k = 0; k < i && distance <= PAIR_REACH; k++) {
            uint32_t least = hits[k].concept < concept ? hits[k].concept : concept;
            uint32_t pair = least * CONCEPTS + (hits[k].concept + concept - least);
            source = (struct cause_feature){at, hits[k].offset, 0, FAMILY_CONCEPT_PAIR, 0};
            source.size = (uint16_t)(hits[i].offset + hits[i].size - hits[k].offset);
            extraction_add(extraction->features, hash_salted(pair, SALT_CONCEPT_PAIR), closeness,
                           source);
        }
    }
}

static void add_hits(struct extraction *extraction, uint32_t at, enum cause_tied zone,
                     float closeness)
{
    struct cause_features *features = extraction->features;
    const struct line *line = &extraction->input->document->lines[at];
    uint32_t numbers[LINE_HITS];
    size_t n =
        messages_match(extraction->extractor->messages, line->text, line->size, numbers, LINE_HITS);
    for (size_t i = 0; i < n; i++) {
        bool known = extraction->ignored && extraction->ignored[numbers[i]];
        for (size_t k = 0; k < features->n_hits && !known; k++) {
            known = features->hits[k].message == numbers[i];
        }
        if (!known && features->n_hits < CAUSE_HITS_MAXIMUM) {
            features->hits[features->n_hits++] =
                (struct message_hit){at, numbers[i], (uint8_t)zone, closeness};
        }
    }
}

// The line closest to the anchor that says what is missing.
static void add_missing(struct extraction *extraction, const struct line *line, uint32_t at,
                        uint32_t distance)
{
    enum cause cause = distance <= CLOSE_REACH ? cause_missing(line_span(line)) : CAUSE_UNKNOWN;
    if (cause < CAUSES && !extraction->missing) {
        extraction->missing = true;
        extraction->missing_line = at;
        extraction->features->tied[TIED_MISSING][cause] = 1 / (1 + (float)distance);
    }
}

static bool is_text(const struct cause_input *input, uint32_t at)
{
    const struct line *line = &input->document->lines[at];
    return line->size > 0 && !(line->flags & LINE_MARKER);
}

// "Timeout: 0": it speaks of what did not happen.
static bool counts_nothing(const struct masked_line *masked, const char *text)
{
    size_t n = masked->n_tokens;
    return n > 2 && n < 8 && text[masked->tokens[n - 2].offset] == ':' &&
           masked->tokens[n - 1].size == 1 && text[masked->tokens[n - 1].offset] == '0';
}

static void visit_finding_line(struct extraction *extraction, uint32_t at)
{
    const struct cause_input *input = extraction->input;
    const struct line *line = &input->document->lines[at];
    uint32_t distance = at > input->anchor ? at - input->anchor : input->anchor - at;
    float closeness = fmaxf(0.2F, expf(-(float)distance / 12));
    if (!is_text(input, at)) {
        return;
    }
    struct masked_line masked;
    mask_line(&masked, line->text, line->size);
    if (counts_nothing(&masked, line->text)) {
        return;
    }
    extraction_add_words(extraction->features, &masked, line->text, closeness, false, at);
    add_kind(extraction, &masked, line, at, distance == 0);
    add_concepts(extraction, &masked, line, at, distance, closeness);
    add_missing(extraction, line, at, distance);
    add_hits(extraction, at, distance == 0 ? TIED_ANCHOR : TIED_FINDING, closeness);
}

// The finding's lines: from the anchor outwards, and its head.
static void visit_finding(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    uint32_t from =
        input->anchor - input->first > REACH_BEFORE ? input->anchor - REACH_BEFORE : input->first;
    uint32_t to =
        input->last - input->anchor > REACH_AFTER ? input->anchor + REACH_AFTER : input->last;
    visit_finding_line(extraction, input->anchor);
    for (uint32_t distance = 1; distance <= REACH_BEFORE || distance <= REACH_AFTER; distance++) {
        if (input->anchor - from >= distance) {
            visit_finding_line(extraction, input->anchor - distance);
        }
        if (to - input->anchor >= distance) {
            visit_finding_line(extraction, input->anchor + distance);
        }
    }
    for (uint32_t at = input->first; at < from && at < input->first + HEAD_LINES; at++) {
        visit_finding_line(extraction, at);
    }
}

// The next best lines.
static void visit_list(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    uint32_t seen = 0;
    for (size_t i = 0; i < input->n_list && seen < OTHER_LINES; i++) {
        const struct listed_line *listed = &input->list[i];
        if (listed->line != input->anchor) {
            if (listed->line < input->document->n_lines && is_text(input, listed->line)) {
                add_hits(extraction, listed->line, TIED_OTHER, 1 / (1 + (float)seen / 4));
            }
            seen++;
        }
    }
}

static void visit_surroundings(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    uint32_t n_lines = (uint32_t)input->document->n_lines;
    for (uint32_t distance = 1; distance <= NEAR_BEFORE; distance++) {
        if (input->anchor >= distance && input->anchor - distance < input->first &&
            is_text(input, input->anchor - distance)) {
            add_hits(extraction, input->anchor - distance, TIED_NEAR, expf(-(float)distance / 8));
        }
    }
    for (uint32_t distance = 1; distance <= NEAR_AFTER && input->last + distance < n_lines;
         distance++) {
        if (is_text(input, input->last + distance)) {
            add_hits(extraction, input->last + distance, TIED_NEAR, expf(-(float)distance / 8));
        }
    }
    visit_list(extraction);
    uint32_t seen = 0;
    for (uint32_t at = n_lines; at-- > 0 && seen < TAIL_LINES;) {
        if (is_text(input, at)) {
            seen++;
            add_hits(extraction, at, TIED_TAIL, 1);
        }
    }
}

// Words, concepts, those of the anchor and pairs of them are groups of their own; others have none.
static int group_of(const struct cause_feature *source)
{
    switch (source->family) {
    case FAMILY_WORD:
    case FAMILY_PAIR:
        return 0;
    case FAMILY_CONCEPT:
        return 1 + source->detail;
    case FAMILY_CONCEPT_PAIR:
        return 3;
    default:
        return -1;
    }
}

// Brings the words and concepts of findings of any length to the same size.
static void scale_words(struct cause_features *features)
{
    static const float sizes[] = {3, 2, 2, 3}; // measured on folds
    float squares[4] = {0};
    for (size_t i = 0; i < features->n_words; i++) {
        int group = group_of(&features->sources[i]);
        if (group >= 0) {
            squares[group] += features->words[i].value * features->words[i].value;
        }
    }
    for (size_t i = 0; i < features->n_words; i++) {
        int group = group_of(&features->sources[i]);
        if (group >= 0) {
            features->words[i].value *= sizes[group] / fmaxf(1, sqrtf(squares[group]));
        }
    }
}

void cause_lines_visit(struct extraction *extraction)
{
    visit_finding(extraction);
    visit_surroundings(extraction);
    scale_words(extraction->features);
}
