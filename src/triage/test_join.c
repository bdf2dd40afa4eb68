// Names and messages become runs of words, which are looked for in all lines at once: what stands between words differs from runner to
// runner ("TestCart::test_discount", "TestCart.test_discount", "TestCart › test_discount"), the words do not.
#include "triage/test_join.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/span.h"
#include "triage/test_report.h"

enum {
    WORDS_MOST = 24,                    // of a run; what follows is not compared
    LINE_WORDS = LINE_TEXT_MAXIMUM / 2, // of a line
    PATTERNS = 3,                       // a test has at most
    FILTER_BITS = 16,
    NAME_LEAST =
        8, // bytes of a name that stands for itself; a shorter one must stand with its class
    MESSAGE_LEAST = 12,
    REACH = 3, // lines above a finding that may name its test
    OTHERS_HELD = 100,
};

// How a finding tells of a test.
enum hit {
    HIT_CLASS = 1,   // its name behind its class
    HIT_NAME = 2,    // its name
    HIT_MESSAGE = 4, // what its report says
    HIT_SUBJECT = 8, // the finding's subject has its name
    HIT_PLACE = 16,  // the same file and line
};

struct pattern {
    uint64_t key; // of its first two words, or its only one
    uint64_t words[WORDS_MOST];
    uint16_t n_words;
    uint16_t test;
    uint8_t hit;
};

struct join {
    struct diagnosis *diagnosis;
    bantam_finding *findings;
    size_t n_findings;
    const bantam_test_reports *reports;
    bantam_redaction redaction;
    struct pattern *patterns; // (n_patterns) by key
    size_t n_patterns;
    uint8_t filter[1 << (FILTER_BITS - 3)]; // which keys there are
    uint8_t *hits;                          // (n_findings, n_tests) enum hit
    bool names_one[100];                    // (n_findings) it names a test
    uint64_t *log_lines;                    // (n_tests) the first line that names it, or 0
};

// ---- words --------------------------------------------------------------------------------------

static bool is_word_byte(unsigned char byte)
{
    return byte_is_digit((char)byte) || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '_' || byte >= 0x80;
}

// The hashes of the words of `text` in words (most); *n_bytes is what they have together. Punctuation of U+2000 to U+2FFF, arrows and
// bullets among it, stands between words.
static size_t read_words(uint64_t *words, size_t most, struct span text, size_t *n_bytes)
{
    size_t n = 0, at = 0;
    *n_bytes = 0;
    while (at < text.size && n < most) {
        uint64_t hash = 0xcbf29ce484222325U; // FNV-1a
        size_t from = at;
        while (at < text.size) {
            unsigned char byte = (unsigned char)text.data[at];
            if (byte == 0xE2 || !is_word_byte(byte)) {
                break;
            }
            hash = (hash ^ byte) * 0x100000001b3U;
            at++;
        }
        if (at > from) {
            words[n++] = hash ^ hash >> 31;
            *n_bytes += at - from;
        } else {
            at += (unsigned char)text.data[at] == 0xE2 ? 3 : 1;
        }
    }
    return n;
}

static uint64_t key_of(const uint64_t *words, size_t n_words)
{
    return n_words > 1 ? words[0] * 31 + words[1] : words[0];
}

static void add_pattern(struct join *join, size_t test, enum hit hit, const uint64_t *words,
                        size_t n_words)
{
    struct pattern *pattern = &join->patterns[join->n_patterns++];
    *pattern = (struct pattern){.key = key_of(words, n_words),
                                .n_words = (uint16_t)n_words,
                                .test = (uint16_t)test,
                                .hit = (uint8_t)hit};
    memcpy(pattern->words, words, n_words * sizeof *words);
    size_t bit = pattern->key & ((1U << FILTER_BITS) - 1);
    join->filter[bit / 8] = (uint8_t)(join->filter[bit / 8] | 1U << bit % 8);
}

// "shop.tests.CartTest" → "CartTest"; what stands behind the last dot, slash or colon.
static struct span last_part(const char *class_name)
{
    const char *from = class_name;
    for (const char *at = class_name; *at; at++) {
        from = strchr(".:/\\$", *at) && at[1] ? at + 1 : from;
    }
    return span_of(from, strlen(from));
}

static void add_patterns(struct join *join, size_t at)
{
    const bantam_failed_test *test = &join->reports->tests[at];
    uint64_t words[2 * WORDS_MOST];
    size_t n_bytes, n_class = 0;
    if (test->class_name && strncmp(test->name, test->class_name, strlen(test->class_name)) != 0) {
        n_class = read_words(words, WORDS_MOST, last_part(test->class_name), &n_bytes);
    }
    struct span name = span_of(test->name, strlen(test->name));
    size_t n = read_words(words + n_class, WORDS_MOST - n_class, name, &n_bytes);
    if (n > 0 && n_class > 0) {
        add_pattern(join, at, HIT_CLASS, words, n_class + n);
    }
    if (n > 0 && n_bytes >= NAME_LEAST) {
        add_pattern(join, at, HIT_NAME, words + n_class, n);
    }
    if (test->message) {
        n = read_words(words, WORDS_MOST, span_of(test->message, strlen(test->message)), &n_bytes);
        if (n > 1 && n_bytes >= MESSAGE_LEAST) {
            add_pattern(join, at, HIT_MESSAGE, words, n);
        }
    }
}

static int by_key(const void *a, const void *b)
{
    const struct pattern *left = a, *right = b;
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    return (left->test > right->test) - (left->test < right->test);
}

// ---- what names what ----------------------------------------------------------------------------

// Where the text that is looked at stands.
struct place {
    uint64_t line;  // of the log, 0: it is a finding's subject
    size_t finding; // of that subject
};

static void note(struct join *join, const struct pattern *pattern, const struct place *place)
{
    size_t test = pattern->test, n_tests = join->reports->n_kept;
    bool named = pattern->hit != HIT_MESSAGE;
    if (place->line == 0) {
        join->hits[place->finding * n_tests + test] |= named ? HIT_SUBJECT : 0;
        return;
    }
    if (named && join->log_lines[test] == 0) {
        join->log_lines[test] = place->line;
    }
    for (size_t i = 0; i < join->n_findings; i++) {
        const bantam_finding *finding = &join->findings[i];
        if (place->line + REACH >= finding->first_line && place->line <= finding->last_line) {
            join->hits[i * n_tests + test] |= pattern->hit;
        }
    }
}

static void look_up(struct join *join, uint64_t key, const uint64_t *words, size_t n_words,
                    const struct place *place)
{
    size_t bit = key & ((1U << FILTER_BITS) - 1), low = 0, high = join->n_patterns;
    if (!(join->filter[bit / 8] >> bit % 8 & 1)) {
        return;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (join->patterns[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < join->n_patterns && join->patterns[low].key == key; low++) {
        const struct pattern *pattern = &join->patterns[low];
        if (pattern->n_words <= n_words &&
            memcmp(pattern->words, words, pattern->n_words * sizeof *words) == 0) {
            note(join, pattern, place);
        }
    }
}

static void look_at(struct join *join, struct span text, uint64_t *words, const struct place *place)
{
    size_t n_bytes, n = read_words(words, LINE_WORDS, text, &n_bytes);
    for (size_t i = 0; i < n; i++) {
        look_up(join, key_of(words + i, 1), words + i, n - i, place);
        if (i + 1 < n) {
            look_up(join, key_of(words + i, 2), words + i, n - i, place);
        }
    }
}

static const char *base_name(const char *path)
{
    const char *name = path;
    for (const char *at = path; *at; at++) {
        name = (*at == '/' || *at == '\\') && at[1] ? at + 1 : name;
    }
    return name;
}

static void note_places(struct join *join)
{
    size_t n_tests = join->reports->n_kept;
    for (size_t i = 0; i < join->n_findings; i++) {
        for (size_t k = 0; k < join->findings[i].n_locations; k++) {
            const bantam_location *place = &join->findings[i].locations[k];
            for (size_t at = 0; place->line > 0 && at < n_tests; at++) {
                const bantam_failed_test *test = &join->reports->tests[at];
                if (test->line == place->line && test->file &&
                    strcmp(base_name(test->file), base_name(place->file)) == 0) {
                    join->hits[i * n_tests + at] |= HIT_PLACE;
                }
            }
        }
    }
}

static bool find_hits(struct join *join, const struct document *document)
{
    size_t n_tests = join->reports->n_kept;
    uint64_t *words = memory_allocate_array(LINE_WORDS, sizeof *words);
    join->patterns = memory_allocate_array(PATTERNS * n_tests, sizeof *join->patterns);
    join->hits = memory_allocate_array((join->n_findings + 1) * n_tests, sizeof *join->hits);
    join->log_lines = memory_allocate_array(n_tests, sizeof *join->log_lines);
    bool allocated = words && join->patterns && join->hits && join->log_lines;
    if (allocated) {
        for (size_t i = 0; i < n_tests; i++) {
            add_patterns(join, i);
        }
        qsort(join->patterns, join->n_patterns, sizeof *join->patterns, by_key);
        for (size_t i = 0; i < document->n_lines; i++) {
            const struct place place = {.line = document->first_line_number + i};
            look_at(join, line_span(&document->lines[i]), words, &place);
        }
        for (size_t i = 0; i < join->n_findings; i++) {
            const char *subject = join->findings[i].subject;
            const struct place place = {.finding = i};
            look_at(join, span_of(subject, subject ? strlen(subject) : 0), words, &place);
        }
        note_places(join);
    }
    memory_free(words);
    return allocated;
}

// ---- what is told -------------------------------------------------------------------------------

enum {
    POINTS_MOST = 11,
    NAMED = 3 // points from which a finding is about a test; below, it only may be
};

static int points(uint8_t hits)
{
    return (hits & HIT_CLASS  ? 4
            : hits & HIT_NAME ? 3
                              : 0) +
           (hits & HIT_SUBJECT ? 3 : 0) + (hits & HIT_MESSAGE ? 2 : 0) + (hits & HIT_PLACE ? 2 : 0);
}

static bool names_a_test(const struct join *join, size_t finding)
{
    size_t n_tests = join->reports->n_kept;
    for (size_t at = 0; at < n_tests; at++) {
        if (points(join->hits[finding * n_tests + at]) >= NAMED) {
            return true;
        }
    }
    return false;
}

// Leaves of what was seen what is told: a test belongs to each finding that names it; one that none names to the finding that tells
// most of it, unless that names others.
static void settle(struct join *join)
{
    size_t n_tests = join->reports->n_kept;
    for (size_t i = 0; i < join->n_findings; i++) {
        join->names_one[i] = names_a_test(join, i);
    }
    for (size_t at = 0; at < n_tests; at++) {
        int most = 0;
        size_t best = 0;
        for (size_t i = 0; i < join->n_findings; i++) {
            int own = points(join->hits[i * n_tests + at]);
            own = own < NAMED && join->names_one[i] ? 0 : own;
            best = own > most ? i : best;
            most = own > most ? own : most;
        }
        for (size_t i = 0; i < join->n_findings; i++) {
            uint8_t *hits = &join->hits[i * n_tests + at];
            *hits = points(*hits) >= NAMED || (most > 0 && most < NAMED && i == best) ? *hits : 0;
        }
    }
}

static bool is_joined(const struct join *join, size_t at)
{
    for (size_t i = 0; i < join->n_findings; i++) {
        if (join->hits[i * join->reports->n_kept + at]) {
            return true;
        }
    }
    return false;
}

// `text` in the diagnosis' arena, its secrets hidden; NULL stays NULL. *failed where memory is out.
static const char *shown(struct join *join, const char *text, bool *failed)
{
    if (!text) {
        return NULL;
    }
    bantam_buffer hidden;
    bantam_buffer_init(&hidden, (size_t)1 << 16);
    join->diagnosis->public.n_hidden +=
        bantam_text_redact(&hidden, text, strlen(text), join->redaction);
    const char *copy = hidden.failed ? NULL
                                     : arena_copy(&join->diagnosis->arena,
                                                  hidden.data ? hidden.data : "", hidden.size);
    *failed |= !copy;
    bantam_buffer_release(&hidden);
    return copy;
}

static bool give(struct join *join, bantam_failed_test *out, size_t at)
{
    const bantam_failed_test *test = &join->reports->tests[at];
    bool failed = false;
    *out = *test;
    out->log_line = join->log_lines[at];
    out->name = shown(join, test->name, &failed);
    out->class_name = shown(join, test->class_name, &failed);
    out->file = shown(join, test->file, &failed);
    out->message = shown(join, test->message, &failed);
    out->report = shown(join, test->report, &failed);
    return !failed;
}

// Those that are told most clearly first.
static bool give_to_finding(struct join *join, size_t finding)
{
    size_t n_tests = join->reports->n_kept, n = 0, n_given = 0;
    const uint8_t *hits = &join->hits[finding * n_tests];
    for (size_t at = 0; at < n_tests; at++) {
        n += hits[at] != 0;
    }
    bantam_failed_test *tests = arena_allocate_array(&join->diagnosis->arena, n + 1, sizeof *tests);
    bool given = tests != NULL;
    for (int most = POINTS_MOST; given && most > 0; most--) {
        for (size_t at = 0; given && at < n_tests; at++) {
            if (points(hits[at]) == most) {
                given = give(join, &tests[n_given++], at);
            }
        }
    }
    join->findings[finding].tests = tests;
    join->findings[finding].n_tests = given ? n_given : 0;
    return given;
}

static bool give_others(struct join *join, bantam_test_summary *summary)
{
    bantam_failed_test *others =
        arena_allocate_array(&join->diagnosis->arena, OTHERS_HELD, sizeof *others);
    bool given = others != NULL;
    for (int named = 0; named < 2; named++) {
        for (size_t at = 0; given && at < join->reports->n_kept; at++) {
            if (is_joined(join, at) || (join->log_lines[at] > 0) != (named == 1)) {
                continue;
            }
            if (summary->n_others < OTHERS_HELD) {
                given = give(join, &others[summary->n_others++], at);
            }
            summary->n_not_joined++;
        }
    }
    summary->others = others;
    if (join->reports->n_kept == TESTS_KEPT) { // those beyond have no names that could be joined
        summary->n_not_joined += join->reports->n_failed - TESTS_KEPT;
    }
    return given;
}

static bool give_all(struct join *join, bantam_test_summary *summary)
{
    bool given = true;
    settle(join);
    for (size_t i = 0; given && i < join->n_findings; i++) {
        given = give_to_finding(join, i);
    }
    return given && give_others(join, summary);
}

bantam_status tests_join(struct diagnosis *diagnosis, bantam_finding *findings,
                         const struct document *document, const bantam_test_reports *reports,
                         bantam_redaction redaction, bantam_error *error)
{
    struct join *join = memory_allocate_array(1, sizeof *join);
    bantam_test_summary *summary = arena_allocate_array(&diagnosis->arena, 1, sizeof *summary);
    if (!join || !summary) {
        memory_free(join);
        return error_memory(error);
    }
    join->diagnosis = diagnosis;
    join->findings = findings;
    join->n_findings = diagnosis->public.n_findings;
    join->reports = reports;
    join->redaction = redaction;
    const bantam_finding *first = join->n_findings > 0 ? findings : NULL;
    *summary = (bantam_test_summary){.n_reports = reports->n_reports,
                                     .n_tests = reports->n_tests,
                                     .n_failed = reports->n_failed,
                                     .n_skipped = reports->n_skipped};
    summary->contradicts = first && strcmp(first->cause, "test") == 0 && reports->n_failed == 0 &&
                           !reports->damaged && reports->n_tests > reports->n_skipped;
    bool failed = false;
    const char *report = reports->first_failed_report;
    summary->report = shown(join, report ? report : reports->first_report, &failed);
    bool joined =
        !failed && (reports->n_kept == 0 || (find_hits(join, document) && give_all(join, summary)));
    diagnosis->public.tests = summary;
    memory_free(join->patterns);
    memory_free(join->hits);
    memory_free(join->log_lines);
    memory_free(join);
    return joined ? BANTAM_OK : error_memory(error);
}
