// Elements one after the other; a run is taken as long as it goes and then given back byte by byte.
#include "features/phrase_backtrack.h"

#include <ctype.h>
#include <string.h>

#include "text/span.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static size_t quote_size(const char *text, size_t left)
{
    if (*text == '\'' || *text == '"' || *text == '`') {
        return 1;
    }
    bool curly = left >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && (unsigned char)text[2] >= 0x98 &&
                 (unsigned char)text[2] <= 0x9F;
    return curly ? 3 : 0;
}

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80 || strchr("_-.$/\\", byte);
}

static bool is_file_byte(char byte)
{
    return !is_blank(byte) && !strchr(":()\"',<>|[]", byte);
}

// The longest run that the element can take here; 0: none.
static size_t run_length(enum element_kind kind, const char *text, size_t left)
{
    size_t at = 0;
    switch (kind) {
    case NUMBER:
        while (at < left && (isdigit((unsigned char)text[at]) ||
                             (at > 0 && at + 1 < left && (text[at] == '.' || text[at] == ',') &&
                              isdigit((unsigned char)text[at + 1])))) {
            at++;
        }
        return at;
    case WORD:
        while (at < left && text[at] && is_word_byte(text[at])) {
            at++;
        }
        return at;
    case NAME:
        while (at < left && !is_blank(text[at])) {
            at++;
        }
        return at;
    case FILE_NAME:
        if (left > 2 && isalpha((unsigned char)text[0]) && text[1] == ':' &&
            (text[2] == '\\' || text[2] == '/')) {
            at = 2;
        }
        while (at < left && text[at] && is_file_byte(text[at])) {
            at++;
        }
        return at;
    case CODE:
        while (at < left && isupper((unsigned char)text[at])) {
            at++;
        }
        size_t letters = at;
        while (at < left && isdigit((unsigned char)text[at])) {
            at++;
        }
        return letters > 0 && at > letters ? at : 0;
    case BLANKS:
        while (at < left && is_blank(text[at])) {
            at++;
        }
        return at;
    default:
        return left ? quote_size(text, left) : 0;
    }
}

static bool is_file_mark(char byte)
{
    return byte == '.' || byte == '/' || byte == '\\';
}

// The fewest bytes of the run that look like what the element takes: a file has a mark of one.
static size_t least_taken(enum element_kind kind, const char *text, size_t run)
{
    size_t at = 0;
    while (kind == FILE_NAME && at < run && !is_file_mark(text[at])) {
        at++;
    }
    return at + 1;
}

static bool match_gap(struct phrase_matcher *matcher, const struct phrase_element *next,
                      size_t n_next, size_t at)
{
    matcher->ended = at;
    if (n_next == 0) {
        return true;
    }
    while (at <= matcher->size && matcher->steps > 0) {
        if (next->kind == LITERAL) {
            size_t gap = span_find(span_of(matcher->text + at, matcher->size - at),
                                   span_of(matcher->set->text + next->bytes, next->size));
            if (gap == SIZE_MAX) {
                return false;
            }
            at += gap;
        } else if (next->kind == END) {
            matcher->ended = matcher->size;
            return true;
        }
        if (phrase_try_here(matcher, next, n_next, at)) {
            return true;
        }
        at++;
    }
    return false;
}

static void record(struct phrase_matcher *matcher, const struct phrase_element *element, size_t at,
                   size_t size)
{
    if (element == matcher->wanted) {
        matcher->taken_at = at;
        matcher->taken = size;
    }
}

// The longest piece of the run at `at` behind which the rest matches.
static bool match_run(struct phrase_matcher *matcher, const struct phrase_element *element,
                      size_t n_elements, size_t at, size_t run)
{
    const char *text = matcher->text + at;
    bool literal = n_elements > 1 && element[1].kind == LITERAL;
    char first = literal ? matcher->set->text[element[1].bytes] : '\0';
    size_t left = matcher->size - at, least = least_taken(element->kind, text, run);
    for (size_t take = run; take >= least && matcher->steps > 0; take--) {
        if (literal && (take == left || text[take] != first)) {
            matcher->steps--; // as if it had been tried
        } else if (phrase_try_here(matcher, element + 1, n_elements - 1, at + take)) {
            record(matcher, element, at, take);
            return true;
        }
    }
    return false;
}

bool phrase_try_here(struct phrase_matcher *matcher, const struct phrase_element *element,
                     size_t n_elements, size_t at)
{
    for (; n_elements > 0; element++, n_elements--) {
        if (matcher->steps == 0) {
            return false;
        }
        matcher->steps--;
        size_t left = matcher->size - at;
        if (element->kind == LITERAL) {
            if (left < element->size ||
                memcmp(matcher->text + at, matcher->set->text + element->bytes, element->size) !=
                    0) {
                return false;
            }
            at += element->size;
            continue;
        }
        if (element->kind == GAP) {
            return match_gap(matcher, element + 1, n_elements - 1, at);
        }
        if (element->kind == END) {
            matcher->ended = at;
            return left == 0;
        }
        if (element->kind == BORDER) {
            if (at > 0 && left > 0 && isalnum((unsigned char)matcher->text[at - 1]) &&
                isalnum((unsigned char)matcher->text[at])) {
                return false;
            }
            continue;
        }
        size_t run = run_length(element->kind, matcher->text + at, left);
        if (element->kind != CODE && element->kind != QUOTE && element->kind != BLANKS) {
            return match_run(matcher, element, n_elements, at, run);
        }
        if (run == 0) {
            return false;
        }
        record(matcher, element, at, run);
        at += run;
    }
    matcher->ended = at;
    return true;
}

size_t phrase_line_starts(size_t starts[2], const char *text, size_t size)
{
    static const char *const levels[] = {"[error]", "[info]",    "[warn]",  "[ERROR]", "[INFO]",
                                         "[WARN]",  "[WARNING]", "[debug]", "[DEBUG]", "##[error]"};
    size_t at = 0;
    while (at < size && is_blank(text[at])) {
        at++;
    }
    starts[0] = at;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        size_t length = strlen(levels[i]);
        if (size - at > length && memcmp(text + at, levels[i], length) == 0) {
            at += length;
            while (at < size && is_blank(text[at])) {
                at++;
            }
            starts[1] = at;
            return 2;
        }
    }
    return 1;
}

// Whether the literals stand in the line one after the other, without which no phrase matches.
static bool has_literals(const struct phrase_matcher *matcher, const struct phrase *phrase)
{
    const struct phrase_element *element = &matcher->set->elements[phrase->first];
    struct span rest = span_of(matcher->text, matcher->size);
    for (size_t i = 0; i < phrase->n_elements; i++, element++) {
        if (element->kind == LITERAL) {
            struct span literal = span_of(matcher->set->text + element->bytes, element->size);
            size_t at = span_find(rest, literal);
            if (at == SIZE_MAX) {
                return false;
            }
            rest = span_after(rest, at + literal.size);
        }
    }
    return true;
}

// Whether some piece of text that ends at `end` (not 0) is what the element takes.
static bool can_end(enum element_kind kind, const char *text, size_t end)
{
    switch (kind) {
    case NUMBER:
        return isdigit((unsigned char)text[end - 1]);
    case WORD:
        return text[end - 1] && is_word_byte(text[end - 1]);
    case NAME:
        return !is_blank(text[end - 1]);
    default:
        while (end > 0 && text[end - 1] && is_file_byte(text[end - 1])) {
            if (is_file_mark(text[--end])) {
                return true;
            }
        }
        return false;
    }
}

// A phrase that may begin anywhere with a placeholder, and then a literal: goes from literal to literal and looks back,
// as each start would walk the same run again.
static bool match_back(struct phrase_matcher *matcher, const struct phrase_element *element,
                       size_t n_elements)
{
    const struct phrase_element *literal = element + 1;
    struct span wanted = span_of(matcher->set->text + literal->bytes, literal->size);
    for (size_t at = 1; at < matcher->size && matcher->steps > 0; at++) {
        size_t gap = span_find(span_of(matcher->text + at, matcher->size - at), wanted);
        if (gap == SIZE_MAX) {
            return false;
        }
        at += gap;
        if (can_end(element->kind, matcher->text, at) &&
            phrase_try_here(matcher, literal, n_elements - 1, at)) {
            return true;
        }
    }
    return false;
}

static bool can_match_back(const struct phrase_matcher *matcher, const struct phrase *phrase)
{
    const struct phrase_element *elements = &matcher->set->elements[phrase->first];
    return !matcher->wanted && phrase->n_elements > 1 && elements[1].kind == LITERAL &&
           elements[0].kind >= NUMBER && elements[0].kind <= FILE_NAME &&
           !(elements[0].kind == NUMBER &&
             isdigit((unsigned char)matcher->set->text[elements[1].bytes]));
}

// Whether the element can stand where the line begins: most phrases end here, without a search for their literals.
static bool can_start(struct phrase_matcher *matcher, const struct phrase_element *element)
{
    if (matcher->n_starts == 0) {
        matcher->n_starts = phrase_line_starts(matcher->starts, matcher->text, matcher->size);
    }
    bool found = element->kind != LITERAL;
    for (size_t i = 0; i < matcher->n_starts && !found; i++) {
        size_t at = matcher->starts[i];
        found = matcher->size - at >= element->size &&
                memcmp(matcher->text + at, matcher->set->text + element->bytes, element->size) == 0;
    }
    return found;
}

static bool match_at_start(struct phrase_matcher *matcher, const struct phrase *phrase)
{
    const struct phrase_element *elements = &matcher->set->elements[phrase->first];
    for (size_t i = 0; i < matcher->n_starts; i++) {
        if (phrase_try_here(matcher, elements, phrase->n_elements, matcher->starts[i])) {
            return true;
        }
    }
    return false;
}

bool phrase_try(struct phrase_matcher *matcher, const struct phrase *phrase)
{
    const struct phrase_element *elements = &matcher->set->elements[phrase->first];
    matcher->steps = PHRASE_STEPS_MAXIMUM;
    if ((phrase->anchored && !can_start(matcher, &elements[0])) || !has_literals(matcher, phrase)) {
        return false;
    }
    if (phrase->anchored) {
        return match_at_start(matcher, phrase);
    }
    return can_match_back(matcher, phrase) ? match_back(matcher, elements, phrase->n_elements)
                                           : match_gap(matcher, elements, phrase->n_elements, 0);
}
