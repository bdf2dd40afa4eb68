// Phrases of the operating system, of resolvers and of libraries of TLS, and numbers that stand where a status of HTTP does.
#include "triage/cause_root.h"

#include <math.h>
#include <string.h>

#include "text/byte_pairs.h"
#include "text/word_list.h"

enum {
    LINE_READ = 1000,   // bytes of a line that are read
    WORDS_BEFORE = 3,   // a status stands at most so many words behind the word that announces it
    LINES_BEFORE = 12,  // lines before the anchor whose answers count,
    LINES_AFTER = 16,   // after it,
    LINES_IN_REPORT = 1 // and on both sides where it is a row: rows further off tell of other tests
};

static const float reach = 20; // lines over which closeness falls to 1/e

// In lower case, parted by '|'; the first cause whose phrase the line holds is told.
static const struct {
    enum cause cause;
    bool in_tests; // a test's report tells of it as well, and not because somebody expects it
    const char *phrases;
} answers[] = {
    {CAUSE_RATE_LIMIT, false,
     "too many requests|toomanyrequests|rate limit|ratelimit|pull limit|data quota|lfs budget"},
    {CAUSE_RESOURCE, true,
     "file size limit|no space left|enospc|cannot allocate memory|can't allocate memory|enomem|"
     "too many open files|emfile|eagain|outofmemory|out of memory|memoryerror|"
     "bad_alloc|start new thread|create thread|create native thread|"
     "memory exhausted|insufficient memory|disk quota|heap space|file too large|"
     "resource temporarily unavailable|error allocating|memory size of|"
     "out_of_memory"},
    {CAUSE_AUTH, false,
     "certificate verif|certificate problem|certificate_verify_failed|self-signed cert|"
     "self signed cert|certificate has expired|"
     "unknown authority|local issuer|unable to find valid certification path|pkix path|"
     "not match hostname|alternative certificate|unauthorized|forbidden|"
     "authentication failed|authentication required|bad credentials|"
     "invalid credentials|access denied|not authorized|permission denied|permission_denied|eacces|"
     "cannot verify|not trusted|not signed|badsig|bad signature|signatures were invalid|"
     "resource is denied|no basic auth|incorrect username|could not read username|"
     "protected branch|could not load credentials|unable to locate credentials|token has expired"},
    {CAUSE_CONTAINER, false,
     "lookup docker on|lookup docker:|http://docker:|tcp://docker:|docker.sock|docker daemon|"
     "valid docker environment"},
    {CAUSE_ARTIFACT, false, "eof in archive|end-of-central-directory|not in gzip format"},
    {CAUSE_NETWORK, false,
     "connection refused|econnrefused|connection reset|econnreset|no route to host|"
     "ehostunreach|network is unreachable|enetunreach|name resolution|getaddrinfo|"
     "name or service not known|enotfound|could not resolve host|eai_again|"
     "socket hang up|unknownhost|unknown host|no such host|remote end closed|"
     "connection closed|connection was closed|incompleteread|incomplete read|"
     "connection timed out|etimedout|connect timed out|read timed out|"
     "connecttimeout|readtimeout|bad gateway|service unavailable|"
     "gateway time|internal server error|temporary failure resolving|"
     "connection broken|connection aborted|transfer closed|unexpected eof|"
     "fatal alert|handshake fail|tlsv1 alert|empty reply|could not connect|"
     "couldn't connect|failed to connect|unable to connect|"
     "bytes received|operation timed out|request timed out|timeout at: http|"
     "recv failure|send failure|ssl read|ssl_read|connection was reset|forcibly closed|net::err_"},
    {CAUSE_DEPENDENCY, false,
     "hash sum mismatch|checksum mismatch|not match the hash|eintegrity|"
     "did not match|unexpected size|digest mismatch|integrity check"},
    {CAUSE_TIMEOUT, false, "alarm clock|sending signal term|sigalrm"},
    {CAUSE_DEPLOY, false, "address already in use|eaddrinuse"},
};

static const char ends_of_process[] =
    "exception: numerical|stack overflow|stack level too deep|maximum call stack|] aborted|"
    "segmentation fault|sigsegv|segfault|sigabrt|core dumped|sigbus|sigill|sigfpe|"
    "addresssanitizer|subprocess aborted|signal 11|signal 6|signal: 11|signal: 6|"
    "internal compiler error|bus error|illegal instruction|terminate called|(crashed)|"
    "floating-point exception|floating point exception|fatal signal|stack smashing";

// Of a place where things are published: what it has already, whatever the status that it answers with, and what else it does not take.
static const char repetitions[] = "already exist|previously published|has already been|overwrit";
static const char refusals[] = "not allowed";

// A shell tells so of a script that is not executable, which is no matter of rights.
static const char shells[] = ": line |/bin/sh: |bash: |env: ";
static const char refused_by_shell[] = "permission denied";

static const char limits_of_time[] =
    "timeout|timed out|time out|did not complete within|time limit";

// What was waited for in vain, then, is the test's: "Timed out retrying: expected …".
static const char expectations[] = "expected|assert";

// Of a status: what stands shortly before it, and the first word of what explains it.
static const char announcers[] =
    "http|status|code|error|server|answered|returned|response|respond|failed|statuscode";
static const char reasons[] =
    "unauthorized|forbidden|not|internal|bad|service|gateway|too|server|proxy|payment";

static bool parts(char byte)
{
    return !(byte_is_letter(byte) || byte_is_digit(byte));
}

static struct span next_word(struct span *rest)
{
    while (rest->size > 0 && parts(*rest->data)) {
        *rest = span_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && !parts(rest->data[size])) {
        size++;
    }
    struct span word = span_of(rest->data, size);
    *rest = span_after(*rest, size);
    return word;
}

// What a store of artifacts lacks, finds too large or fails at is the artifact's.
static enum cause of_status(struct span number, enum root_place place)
{
    bool stored = place == ROOT_OF_STORE;
    unsigned status = (unsigned)(number.data[0] - '0') * 100 +
                      (unsigned)(number.data[1] - '0') * 10 + (unsigned)(number.data[2] - '0');
    switch (status) {
    case 401:
    case 403:
    case 407:
        return CAUSE_AUTH;
    case 429:
        return CAUSE_RATE_LIMIT;
    case 404:
    case 410:
        return stored                        ? CAUSE_ARTIFACT
               : place == ROOT_OF_DEPLOYMENT ? CAUSE_DEPLOY
                                             : CAUSE_DEPENDENCY;
    case 413:
        return stored ? CAUSE_ARTIFACT : CAUSE_DEPLOY;
    case 409:
    case 422:
        return CAUSE_DEPLOY; // the server refuses what it is sent
    default:
        return status < 500 || status >= 530 ? CAUSE_UNKNOWN
               : stored                      ? CAUSE_ARTIFACT
                                             : CAUSE_NETWORK;
    }
}

// "HTTP error 503", "returned error: 401", "answered 500:", "403 Forbidden".
static enum cause status_of(struct span line, enum root_place place)
{
    int since = WORDS_BEFORE;
    for (struct span word = next_word(&line); word.size > 0; word = next_word(&line)) {
        if (word.size == 3 && span_digits(word) == 3) {
            struct span after = line, next = next_word(&after);
            enum cause cause = of_status(word, place);
            if (cause != CAUSE_UNKNOWN &&
                (since < WORDS_BEFORE || word_list_holds(reasons, '|', next))) {
                return cause;
            }
        }
        since = word_list_holds(announcers, '|', word) ? 0 : since + 1;
    }
    return CAUSE_UNKNOWN;
}

// A line in lower case, and which pairs of bytes stand side by side in it: they rule most phrases out.
struct lowered {
    char bytes[LINE_READ];
    size_t size;
    struct byte_pairs pairs;
};

static void lower(struct lowered *lowered, struct span line)
{
    lowered->size = span_lower(lowered->bytes, LINE_READ, line);
    memset(&lowered->pairs, 0, sizeof lowered->pairs);
    byte_pairs_add(&lowered->pairs, lowered->bytes, lowered->size);
}

static bool holds_one(const struct lowered *line, const char *phrases)
{
    struct span rest = span_of(phrases, strlen(phrases)), text = span_of(line->bytes, line->size);
    while (rest.size > 0) {
        struct span phrase = word_list_next(&rest, '|');
        if (byte_pairs_may_hold(&line->pairs, phrase.data, phrase.size) &&
            span_contains(text, phrase)) {
            return true;
        }
    }
    return false;
}

enum cause cause_root(struct span line, enum root_place place)
{
    struct lowered text;
    lower(&text, line);
    if (place == ROOT_OF_DEPLOYMENT && holds_one(&text, repetitions)) {
        return CAUSE_DEPLOY;
    }
    if (holds_one(&text, shells) && holds_one(&text, refused_by_shell)) {
        return CAUSE_UNKNOWN;
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        bool counts = place < ROOT_OF_TEST || (place == ROOT_OF_TEST && answers[i].in_tests);
        if (counts && holds_one(&text, answers[i].phrases)) {
            bool content = place == ROOT_OF_STORE && answers[i].cause == CAUSE_DEPENDENCY;
            return content ? CAUSE_ARTIFACT : answers[i].cause;
        }
    }
    if (holds_one(&text, ends_of_process)) {
        return CAUSE_CRASH;
    }
    if (place == ROOT_OF_TEST && holds_one(&text, limits_of_time) &&
        !holds_one(&text, expectations)) {
        return CAUSE_TIMEOUT;
    }
    enum cause cause =
        place < ROOT_OF_TEST ? status_of(span_of(text.bytes, text.size), place) : CAUSE_UNKNOWN;
    bool refused = place == ROOT_OF_DEPLOYMENT && cause == CAUSE_UNKNOWN;
    return refused && holds_one(&text, refusals) ? CAUSE_DEPLOY : cause;
}

void cause_roots_find(struct cause_roots *roots, const struct document *document, uint32_t anchor,
                      uint32_t report, enum root_place place)
{
    memset(roots, 0, sizeof *roots);
    uint32_t before = place < ROOT_OF_TEST ? LINES_BEFORE : LINES_IN_REPORT;
    uint32_t after = place < ROOT_OF_TEST ? LINES_AFTER : LINES_IN_REPORT;
    uint32_t from = anchor > before ? anchor - before : 0;
    if (place == ROOT_OF_TEST && report + 1 < from) {
        from = anchor - report > LINES_BEFORE ? anchor - LINES_BEFORE : report + 1;
    }
    for (uint32_t at = from; at <= anchor + after && at < document->n_lines; at++) {
        const struct line *line = &document->lines[at];
        if (line->flags & LINE_MARKER || line->section != document->lines[anchor].section) {
            continue;
        }
        enum cause cause = cause_root(line_span(line), place);
        float closeness = expf(-(float)(at > anchor ? at - anchor : anchor - at) / reach);
        if (cause != CAUSE_UNKNOWN && closeness > roots->closeness[cause]) {
            roots->closeness[cause] = closeness;
            roots->lines[cause] = at;
        }
    }
}
