// A logistic model of a few named features, for logs whose exit status nothing tells.
#include "triage/gate.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "text/reader.h"
#include "text/span.h"

enum {
    BEST_LINES = 5, // of distinct kinds
    END_LINES = 40, // lines of text that are the log's end
};

static const struct distinct_line *distinct_at(const struct log_features *features, size_t at)
{
    return &features->distinct[features->distinct_of_line[at]];
}

static bool has_text(const struct log_features *features, size_t at)
{
    return distinct_at(features, at)->n_tokens > 0 &&
           !(features->document->lines[at].flags & LINE_OF_WRAPPER);
}

static float says(const struct distinct_line *distinct)
{
    uint8_t values[OWN_FEATURES];
    log_features_own(distinct, values);
    return values[OWN_STRENGTH];
}

static float knows(const struct distinct_line *distinct)
{
    return (float)distinct->known / 6;
}

static const char *const good_phrases[] = {
    "BUILD SUCCESS",        "Build succeeded",       "Build successful",
    "Finished: SUCCESS",    "Job succeeded",         "test result: ok",
    "tests passed",         "All checks passed",     "no offenses",
    "Status: OK",           "Result: PASS",          "no issues found",
    "All tests successful", "ompleted successfully", "ompiled successfully",
    "tests succeeded",
};
static const char *const bad_phrases[] = {
    "BUILD FAIL",
    "Build FAILED",
    "Finished: FAILURE",
    "Job failed",
    "FAILED (",
    "test result: FAIL",
    "make: ***",
    "npm ERR!",
    "npm error",
    "ommand failed",
    "exited with",
    "exit code",
    "exit status",
    "aborted!",
    "failure status",
    "returned a non-",
    "Errors were encountered",
    "evaluation failed",
    "FAIL code ",
    "finished with problems",
    "was cancel",
};

enum verdict {
    VERDICT_COUNT_GOOD = 1 << 0, // "0 failed", "12 passed", "Failures: 0"
    VERDICT_COUNT_BAD = 1 << 1,  // "3 failed", "Errors: 1"
    VERDICT_PHRASE_GOOD = 1 << 2,
    VERDICT_PHRASE_BAD = 1 << 3,
    VERDICTS_GOOD = VERDICT_COUNT_GOOD | VERDICT_PHRASE_GOOD,
    VERDICTS_BAD = VERDICT_COUNT_BAD | VERDICT_PHRASE_BAD,
};

static bool begins(const char *text, const char *end, const char *word)
{
    size_t size = strlen(word);
    return (size_t)(end - text) >= size && strncasecmp(text, word, size) == 0;
}

static bool begins_one_of(const char *text, const char *end, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (begins(text, end, words[i])) {
            return true;
        }
    }
    return false;
}

// What is counted before or after a number.
static unsigned counted(const char *word, const char *end, bool zero)
{
    static const char *const bad[] = {"fail", "error", "broken", "timeout", "crash"};
    // Found or not, these fail a job by its settings alone: "3 vulnerabilities" ends an installation that went well.
    static const char *const findings[] = {"vulnerab", "problem", "issue", "offense", "violation"};
    if (begins_one_of(word, end, bad, sizeof bad / sizeof *bad)) {
        return zero ? VERDICT_COUNT_GOOD : VERDICT_COUNT_BAD;
    }
    bool good = zero ? begins_one_of(word, end, findings, sizeof findings / sizeof *findings)
                     : begins(word, end, "pass");
    return good ? VERDICT_COUNT_GOOD : 0;
}

// Whether the word before the number is its label: "Errors:    0", "Fail 0".
static bool is_labelled(const char *word, const char *number)
{
    const char *at = number;
    while (word && at > word && byte_is_blank(at[-1])) {
        at--;
    }
    bool fails = word && begins(word, at, "fail") && byte_is_letter(at[-1]);
    return word && at < number && (at[-1] == ':' || fails);
}

static bool is_point(const char *at, const char *end)
{
    return *at == '.' && at + 1 < end && byte_is_digit(at[1]);
}

// Counts as summaries give them: "3 failed", "Failures: 0", "tests failed: 2".
static unsigned count_verdicts(const char *text, size_t size)
{
    const char *end = text + size, *word = NULL; // the last word before the number
    unsigned found = 0;
    for (const char *at = text; at < end;) {
        if (byte_is_letter(*at)) {
            word = at;
            while (at < end && byte_is_letter(*at)) {
                at++;
            }
        } else if (*at >= '0' && *at <= '9') {
            const char *number = at;
            bool zero = true;
            for (; at < end && (byte_is_digit(*at) || is_point(at, end)); at++) {
                zero = zero && (*at == '0' || *at == '.');
            }
            bool label = is_labelled(word, number);
            bool whole = number == text || number[-1] == ' ' || number[-1] == '(';
            if (label) {
                found |= counted(word, end, zero);
            }
            if (whole && at + 1 < end && *at == ' ') {
                found |= counted(at + 1, end, zero);
            }
        } else {
            at++;
        }
    }
    return found & VERDICT_COUNT_BAD ? VERDICT_COUNT_BAD : found;
}

static bool holds_any(const struct line *line, const char *const *phrases, size_t n_phrases)
{
    for (size_t i = 0; i < n_phrases; i++) {
        if (span_contains(line_span(line), span_of(phrases[i], strlen(phrases[i])))) {
            return true;
        }
    }
    return false;
}

// The verdicts that the line gives, as bits.
static unsigned verdicts(const struct line *line)
{
    unsigned found = count_verdicts(line->text, line->size);
    // "OK (12 tests)", but "200 OK (3 ms)" is what a server answered.
    bool ok = span_starts(span_trim(line_span(line)), SPAN("OK ("));
    if (ok || holds_any(line, good_phrases, sizeof good_phrases / sizeof *good_phrases)) {
        found |= VERDICT_PHRASE_GOOD;
    }
    if (holds_any(line, bad_phrases, sizeof bad_phrases / sizeof *bad_phrases)) {
        found |= VERDICT_PHRASE_BAD;
    }
    return found;
}

struct best {
    size_t lines[BEST_LINES];
    size_t n;
};

// The best lines, no two of which mask alike, none of which tells that nothing failed or is of a test that passed.
static void add_best(struct best *best, const struct log_features *features, const float *linear,
                     size_t at)
{
    if (best->n == BEST_LINES && linear[at] <= linear[best->lines[BEST_LINES - 1]]) {
        return;
    }
    if (verdicts(&features->document->lines[at]) == VERDICT_COUNT_GOOD) {
        return;
    }
    size_t slot = best->n;
    for (size_t i = 0; i < best->n; i++) {
        if (features->distinct_of_line[best->lines[i]] == features->distinct_of_line[at]) {
            if (linear[at] <= linear[best->lines[i]]) {
                return;
            }
            slot = i;
            break;
        }
    }
    if (slot == BEST_LINES) {
        slot--;
    } else if (slot == best->n) {
        best->n++;
    }
    for (; slot > 0 && linear[at] > linear[best->lines[slot - 1]]; slot--) {
        best->lines[slot] = best->lines[slot - 1];
    }
    best->lines[slot] = at;
}

static float log2_count(size_t count)
{
    return log2f((float)count + 1);
}

// Whether a line places a remark that fails no build: "a.c:3:1: warning: x".
static bool only_warns(const struct line *line)
{
    struct span text = line_span(line);
    return span_contains(text, SPAN(": warning: ")) || span_contains(text, SPAN(": note: "));
}

// From here on the table knows that a line tells a failure.
static const float last_word_known = 0.5F;

struct log_end {
    size_t n_lines, n_says, n_passes, n_places;
    unsigned verdicts; // enum verdict
    int last;          // 1: the last verdict is good, −1: bad
    float known;
};

// Whether the line is of a test, or of a command, that is known to have passed: of GitHub's steps silence alone would tell it.
static bool is_of_passed(const struct document *document, size_t at)
{
    return (document->lines[at].flags & LINE_PASSED) ||
           (document->format != LOG_GITHUB && document_status(document, at) == 0);
}

static void add_to_end(struct log_end *end, const struct log_features *features, size_t at)
{
    const struct line *line = &features->document->lines[at];
    const struct distinct_line *distinct = distinct_at(features, at);
    if (is_of_passed(features->document, at)) {
        end->n_lines++;
        end->n_passes += (line->flags & LINE_PASSED) != 0;
        return;
    }
    unsigned found = verdicts(line);
    bool none = found == VERDICT_COUNT_GOOD; // "Errors: 0"
    bool error = says(distinct) > 0 && !none;
    end->n_lines++;
    end->n_says += error;
    end->n_places +=
        (distinct->kind.shape & (SHAPE_PLACE | SHAPE_FRAME)) == SHAPE_PLACE && !only_warns(line);
    end->n_passes += !error && (distinct->kind.keywords & 1U << KEYWORD_PASS);
    float known = none ? 0 : knows(distinct);
    if (end->last == 0 && found) {
        end->last = found & VERDICTS_BAD ? -1 : 1;
    } else if (end->n_lines == 1 && known >= last_word_known) {
        end->last = -1; // a failure's message is the last word
    }
    end->verdicts |= found;
    end->known = fmaxf(end->known, known);
}

static void end_features(float values[GATE_FEATURES], const struct log_features *features)
{
    struct log_end end = {0};
    for (size_t at = features->document->n_lines; at-- > 0 && end.n_lines < END_LINES;) {
        if (has_text(features, at)) {
            add_to_end(&end, features, at);
        }
    }
    values[GATE_END_SAYS] = log2_count(end.n_says);
    values[GATE_END_KNOWN] = end.known;
    values[GATE_END_PLACES] = end.n_lines ? (float)end.n_places / (float)end.n_lines : 0;
    values[GATE_END_PASSES] = log2_count(end.n_passes);
    values[GATE_ENDS_GOOD] = (float)__builtin_popcount(end.verdicts & VERDICTS_GOOD);
    values[GATE_ENDS_BAD] = (float)__builtin_popcount(end.verdicts & VERDICTS_BAD);
    values[GATE_LAST_GOOD] = end.last > 0;
    values[GATE_LAST_BAD] = end.last < 0;
}

// Whether the runner wrote the line, with its time at the start or in a column: what a script or a page has of its words lacks it.
static bool is_stamped(const struct document *document, const struct line *line)
{
    struct span rest = span_of(document->raw + line->offset, line->raw_size);
    const char *tab = rest.data;
    while (tab && timestamp_length(rest) == 0) {
        tab = memchr(rest.data, '\t', rest.size);
        rest = span_after(rest, tab ? (size_t)(tab - rest.data) + 1 : rest.size);
    }
    return tab != NULL;
}

static bool is_quiet(const struct document *document)
{
    size_t last = document->n_lines;
    while (last > 1 && document->lines[last - 1].raw_size == 0) {
        last--;
    }
    bool stamped = document->format == LOG_GITHUB && last > 0 &&
                   is_stamped(document, &document->lines[last - 1]);
    if (!stamped && document->format != LOG_AZURE && document->format != LOG_BUILDKITE) {
        return false;
    }
    for (size_t at = 0; at < document->n_lines; at++) {
        if (document->lines[at].flags & LINE_ERROR) {
            return false;
        }
    }
    return true;
}

// A command was started behind the line. Only echoes that a failure would have ended count: those of a shell that traces a script, which
// mostly stops at its first error (set -ex), and those of Buildkite.
static bool goes_on(const struct document *document, size_t from)
{
    for (size_t at = from + 1; at < document->n_lines; at++) {
        const struct line *line = &document->lines[at];
        if ((line->flags & LINE_COMMAND) && line->size > 0 &&
            (line->text[0] == '+' || document->format == LOG_BUILDKITE)) {
            return true;
        }
    }
    return false;
}

static void best_features(float values[GATE_FEATURES], const struct log_features *features,
                          const float *linear)
{
    struct best best = {.n = 0};
    for (size_t at = 0; at < features->document->n_lines; at++) {
        if (has_text(features, at) && !is_of_passed(features->document, at)) {
            add_best(&best, features, linear, at);
        }
    }
    for (size_t i = 0; i < best.n; i++) {
        const struct distinct_line *distinct = distinct_at(features, best.lines[i]);
        values[GATE_BEST_SAYS] += says(distinct) / BEST_LINES;
        values[GATE_BEST_KNOWN] = fmaxf(values[GATE_BEST_KNOWN], knows(distinct));
    }
    values[GATE_BEST] = best.n > 0 ? linear[best.lines[0]] : 0;
    values[GATE_WENT_ON] = best.n > 0 && goes_on(features->document, best.lines[0]);
}

void gate_features(float values[GATE_FEATURES], const struct log_features *features,
                   const float *linear)
{
    memset(values, 0, GATE_FEATURES * sizeof *values);
    values[GATE_ONE] = 1;
    values[GATE_QUIET] = is_quiet(features->document);
    best_features(values, features, linear);
    end_features(values, features);
    values[GATE_ERROR_LINES] = log2_count(features->counts[features->document->n_lines].errors);
}

// The constant leans towards "failed": who asks has mostly seen a job fail. GATE_QUIET and GATE_WENT_ON are set by hand: such a
// CI system names the error when it fails a job, and such a script ends with it.
void gate_prior(float weights[GATE_FEATURES])
{
    static const float prior[GATE_FEATURES] = {
        [GATE_ONE] = -5.2F,        [GATE_QUIET] = -4.00F,      [GATE_BEST] = 0.49F,
        [GATE_BEST_SAYS] = 1.71F,  [GATE_BEST_KNOWN] = 0.46F,  [GATE_END_SAYS] = 0.33F,
        [GATE_END_KNOWN] = 1.14F,  [GATE_END_PASSES] = -0.21F, [GATE_ENDS_GOOD] = -2.43F,
        [GATE_ENDS_BAD] = 1.73F,   [GATE_LAST_GOOD] = 1.43F,   [GATE_LAST_BAD] = 2.67F,
        [GATE_END_PLACES] = 2.83F, [GATE_ERROR_LINES] = 0.04F, [GATE_WENT_ON] = -3.00F,
    };
    memcpy(weights, prior, sizeof prior);
}

bantam_status gate_load(float weights[GATE_FEATURES], const bantam_model *file, bantam_error *error)
{
    const bantam_tensor *tensor = bantam_model_tensor(file, "gate");
    gate_prior(weights);
    if (!tensor) {
        return BANTAM_OK;
    }
    if (tensor->dtype != BANTAM_F32 || tensor->n_dimensions != 1 ||
        tensor->shape[0] != GATE_FEATURES) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the tensor gate of the ci-lines model is not F32 (%d)", GATE_FEATURES);
    }
    memcpy(weights, tensor->data, GATE_FEATURES * sizeof *weights);
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        if (!isfinite(weights[i])) {
            return error_set(error, BANTAM_ERROR_MODEL,
                             "weight %zu of the gate in the ci-lines model is no number", i);
        }
    }
    return BANTAM_OK;
}

// Nothing in the whole log says that anything went wrong.
static bool says_nothing(const float values[GATE_FEATURES], const struct log_features *features)
{
    struct line_counts counts = features->counts[features->document->n_lines];
    static const enum gate_feature telling[] = {GATE_BEST_SAYS, GATE_BEST_KNOWN, GATE_END_SAYS,
                                                GATE_END_KNOWN, GATE_ENDS_BAD,   GATE_END_PLACES};
    float sum = 0;
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        sum += values[telling[i]];
    }
    return counts.errors == 0 && counts.red == 0 && sum == 0;
}

bool gate_failed(const struct log_features *features, const float *linear,
                 const float weights[GATE_FEATURES])
{
    int32_t exit_code = features->document->job_exit_code;
    if (exit_code != EXIT_UNKNOWN) {
        return exit_code != 0;
    }
    if (features->n_failed_exits > 0) {
        return true;
    }
    float values[GATE_FEATURES], log_odds = 0;
    gate_features(values, features, linear);
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        log_odds += weights[i] * values[i];
    }
    return !says_nothing(values, features) && log_odds > 0;
}
