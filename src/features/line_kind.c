// The vocabulary below is in lower case; tokens are compared by their hash in lower case, and so are the pieces of
// compound words ("NullPointerException" says "exception").
#include "features/line_kind.h"

#include <stdbool.h>
#include <string.h>

static const char *const keyword_words[KEYWORD_CLASSES] = {
    [KEYWORD_ERROR] = "error errors err erred errored errno erroneous problem problems",
    [KEYWORD_FAIL] = "fail fails failed failing failure failures broken unsuccessful nok ko "
                     "unsuccessfully",
    [KEYWORD_EXCEPTION] = "exception exceptions traceback throwable caused raised raise throws "
                          "thrown uncaught unhandled backtrace stacktrace stack",
    [KEYWORD_WARNING] = "warning warnings warn deprecated deprecation",
    [KEYWORD_ASSERT] = "assert asserts assertion assertions should must mismatch mismatched "
                       "differ differs different unequal",
    [KEYWORD_EXPECTED] = "expected expecting expects expect actual actually got received wanted "
                         "want found diff saw",
    [KEYWORD_CANNOT] = "cannot unable couldn could can impossible",
    [KEYWORD_MISSING] = "missing undefined unresolved unknown invalid illegal unexpected no not "
                        "nonexistent undeclared unsupported unrecognized none without conflict "
                        "conflicts ambiguous incompatible unmet malformed bad wrong",
    [KEYWORD_FATAL] = "fatal panic panicked abort aborted aborting killed segmentation segfault "
                      "crash crashed core dumped sanitizer addresssanitizer terminated terminating "
                      "signal sigsegv sigabrt sigkill corrupt corrupted overflow leak leaked",
    [KEYWORD_TIMEOUT] = "timeout timeouts timed stalled exceeded hang hung deadline slow",
    [KEYWORD_DENIED] = "denied refused forbidden unauthorized permission permissions rejected "
                       "disallowed unauthenticated credentials expired",
    [KEYWORD_EXIT] = "exit exited exits returned returns status code exitcode return",
    [KEYWORD_PASS] = "pass passed passes passing ok success successful successfully succeeded "
                     "done ready up",
    [KEYWORD_SKIP] = "skip skipped skipping pending ignored ignoring todo disabled",
    [KEYWORD_TEST] = "test tests testing spec specs suite suites example examples scenario "
                     "scenarios testcase case cases",
    [KEYWORD_SUMMARY] = "total summary ran finished results result completed executed seconds "
                        "elapsed time",
    [KEYWORD_PROGRESS] = "download downloading downloaded fetching fetched installing installed "
                         "compiling compiled building built get unpacking copying setting "
                         "preparing selecting cloning receiving resolving collecting requirement "
                         "using generating creating created processing reading writing running "
                         "checking loading linking extracting updating",
    [KEYWORD_STACK] = "at from",
    [KEYWORD_RETRY] = "retry retrying retries attempt attempts again retried",
    [KEYWORD_LINE] = "line column col position lines",
    [KEYWORD_HELP] = "help note hint see try please usage run rerun consider suggestion did",
    [KEYWORD_VIOLATION] = "violation violations offense offenses rule rules style lint linter "
                          "trailing whitespace indentation newline semicolon spacing unused "
                          "formatting reformat formatted dead duplicate duplicated",
};

enum {
    TABLE_BITS = 10,
    TABLE_SIZE = 1 << TABLE_BITS
}; // well above the number of words

struct keyword_table {
    uint32_t hash[TABLE_SIZE];
    uint32_t classes[TABLE_SIZE]; // bits; 0: the slot is free
};

static size_t table_slot(uint32_t hash)
{
    return hash * 0x9E3779B1U >> (32 - TABLE_BITS);
}

static void table_add(struct keyword_table *table, uint32_t hash, uint32_t class)
{
    size_t slot = table_slot(hash);
    while (table->classes[slot] && table->hash[slot] != hash) {
        slot = (slot + 1) % TABLE_SIZE;
    }
    table->hash[slot] = hash;
    table->classes[slot] |= 1U << class;
}

static uint32_t table_find(const struct keyword_table *table, uint32_t hash)
{
    for (size_t slot = table_slot(hash); table->classes[slot]; slot = (slot + 1) % TABLE_SIZE) {
        if (table->hash[slot] == hash) {
            return table->classes[slot];
        }
    }
    return 0;
}

const struct keyword_table *keyword_table_new(struct arena *arena)
{
    struct keyword_table *table = arena_allocate_array(arena, 1, sizeof *table);
    for (uint32_t class = 0; table && class < KEYWORD_CLASSES; class ++) {
        const char *word = keyword_words[class];
        while (*word) {
            size_t size = strcspn(word, " ");
            char terminated[32] = {0};
            memcpy(terminated, word, size < sizeof terminated ? size : sizeof terminated - 1);
            table_add(table, mask_word_hash(terminated), class);
            word += size + (word[size] == ' ');
        }
    }
    return table;
}

enum {
    COUNTED_KEYWORDS = 1U << KEYWORD_ERROR | 1U << KEYWORD_FAIL | 1U << KEYWORD_VIOLATION |
                       1U << KEYWORD_EXCEPTION,
};

static bool is_zero(const struct token *token, const char *text)
{
    return token->kind == TOKEN_NUMBER && token->size == 1 && text[token->offset] == '0';
}

static bool is_mark(const struct token *token, const char *text, char mark)
{
    return token->kind == TOKEN_PUNCTUATION && text[token->offset] == mark;
}

// "3 errors", "failures: 2", "Errors = 0": a number beside the counted word at `at`.
static unsigned count_shape(const struct masked_line *masked, const char *text, size_t at)
{
    const struct token *tokens = masked->tokens;
    size_t n_tokens = masked->n_tokens, number = n_tokens;
    if (at > 0 && tokens[at - 1].kind == TOKEN_NUMBER) {
        number = at - 1;
    } else if (at + 1 < n_tokens && tokens[at + 1].kind == TOKEN_NUMBER) {
        number = at + 1;
    } else if (at + 2 < n_tokens && tokens[at + 2].kind == TOKEN_NUMBER &&
               (is_mark(&tokens[at + 1], text, ':') || is_mark(&tokens[at + 1], text, '='))) {
        number = at + 2;
    }
    if (number == n_tokens) {
        return 0;
    }
    return is_zero(&tokens[number], text) ? SHAPE_ZERO_COUNT : SHAPE_COUNT;
}

// A number within three tokens after the path or file at `at`, with only words and marks between.
static unsigned place_shape(const struct masked_line *masked, size_t at)
{
    const struct token *tokens = masked->tokens;
    for (size_t to = at + 1; to < masked->n_tokens && to <= at + 3; to++) {
        if (tokens[to].kind == TOKEN_NUMBER) {
            return SHAPE_PLACE;
        }
        if (tokens[to].kind != TOKEN_PUNCTUATION && tokens[to].kind != TOKEN_WORD) {
            return 0;
        }
    }
    return 0;
}

static unsigned mark_shapes(const struct masked_line *masked, const char *text)
{
    size_t n_marks = 0, n_carets = 0;
    for (size_t at = 0; at < masked->n_tokens; at++) {
        char mark = text[masked->tokens[at].offset];
        if (masked->tokens[at].kind == TOKEN_PUNCTUATION) {
            n_marks++;
            n_carets += mark == '^' || mark == '~' || mark == '|';
        }
    }
    return (n_marks == masked->n_tokens ? SHAPE_RULE : 0U) |
           (n_carets == masked->n_tokens ? SHAPE_CARET : 0U);
}

static unsigned edge_shapes(const struct masked_line *masked, const char *text)
{
    const struct token *tokens = masked->tokens;
    size_t n_tokens = masked->n_tokens;
    const struct token *last = &tokens[n_tokens - 1];
    unsigned shape = mark_shapes(masked, text);
    shape |= is_mark(last, text, ':') ? SHAPE_COLON_END : 0U;
    shape |= text[last->offset + last->size - 1] == '.' ? SHAPE_DOT_END : 0U;
    shape |= is_mark(&tokens[0], text, '[') ? SHAPE_BRACKET_START : 0U;
    shape |= is_mark(&tokens[0], text, '+') ? SHAPE_DIFF_PLUS : 0U;
    shape |= is_mark(&tokens[0], text, '-') ? SHAPE_DIFF_MINUS : 0U;
    shape |= tokens[0].shape & TOKEN_CAPITALS ? SHAPE_CAPITALS_START : 0U;
    bool numbered =
        n_tokens > 2 && tokens[0].kind == TOKEN_NUMBER && is_mark(&tokens[1], text, ')');
    bool bullet = is_mark(&tokens[0], text, '*') || (uint8_t)text[tokens[0].offset] >= 0x80;
    shape |= numbered || (bullet && n_tokens > 1) ? SHAPE_BULLET : 0U;
    for (size_t at = 1; at < n_tokens && at < 3; at++) {
        shape |= is_mark(&tokens[at], text, ':') ? SHAPE_LABEL : 0U;
    }
    return shape;
}

static uint32_t token_keywords(const struct keyword_table *table, const struct token *token,
                               const char *text)
{
    uint32_t keywords = table_find(table, token->lowered_hash);
    if (token->shape & TOKEN_COMPOUND) {
        uint32_t pieces[6];
        size_t n_pieces = mask_word_pieces(pieces, 6, text + token->offset, token->size);
        for (size_t i = 0; i < n_pieces; i++) {
            keywords |= table_find(table, pieces[i]);
        }
    }
    return keywords;
}

struct line_kind line_kind(const struct keyword_table *table, const struct masked_line *masked,
                           const char *text)
{
    uint32_t keywords = 0;
    unsigned shape = 0;
    bool frame = masked->n_tokens > 3 && is_mark(&masked->tokens[0], text, '#') &&
                 masked->tokens[1].kind == TOKEN_NUMBER;
    for (size_t at = 0; at < masked->n_tokens; at++) {
        const struct token *token = &masked->tokens[at];
        if (token->kind == TOKEN_WORD) {
            uint32_t of_token = token_keywords(table, token, text);
            shape |= of_token & COUNTED_KEYWORDS ? count_shape(masked, text, at) : 0;
            frame |= at == 0 && (of_token & 1U << KEYWORD_STACK);
            keywords |= of_token & ~(1U << KEYWORD_STACK);
        } else if (token->kind == TOKEN_PATH || token->kind == TOKEN_FILE) {
            shape |= place_shape(masked, at);
        } else if (token->kind == TOKEN_QUOTED) {
            shape |= SHAPE_QUOTED;
        } else if (token->kind == TOKEN_URL) {
            shape |= SHAPE_URL;
        }
    }
    shape |= masked->n_tokens ? edge_shapes(masked, text) : 0;
    if (frame) {
        keywords |= 1U << KEYWORD_STACK;
        shape |= SHAPE_FRAME;
    }
    return (struct line_kind){.keywords = keywords, .shape = (uint16_t)shape};
}
