// Where a log comes from: looks for what CI systems print when they check out, in the beginning of the raw bytes.
//
// A table of phrases, each with what stands behind it; of those for one field the first in the table counts, so that the surest
// stand first. Time stamps are read from where logs begin.
#include "bantam/history.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

enum {
    BEGINNING = 1 << 18, // bytes that are looked at
    COMMIT_LEAST = 7,    // digits of a short commit
};

enum field {
    FIELD_REPOSITORY,
    FIELD_JOB,
    FIELD_COMMIT,
    FIELD_BRANCH,
    FIELDS,
};

// What stands behind a phrase.
enum form {
    FORM_COMMIT,       // digits, perhaps in quotes
    FORM_COMMIT_BELOW, // the same on the next line, behind a time stamp
    FORM_WORD,         // up to a blank, a bracket or a colon
    FORM_LINE,         // up to the end of the line
    FORM_LINK,         // the last two names of a link or path, without ".git"
    FORM_AFTER_AS,     // the word behind " as " on the same line, without "..."
    FORM_BRACKETS,     // the word within "(" on the same line, without its remote
};

static const struct phrase {
    const char *text;
    enum field field;
    enum form form;
} phrases[] = {
    {"Syncing repository: ", FIELD_REPOSITORY, FORM_WORD},
    {"Cloning repository ", FIELD_REPOSITORY, FORM_LINK},
    {" existing Git repository in /builds/", FIELD_REPOSITORY, FORM_LINK},
    {"empty Git repository in /builds/", FIELD_REPOSITORY, FORM_LINK},
    {"git clone --depth=", FIELD_REPOSITORY, FORM_LINK},
    {"Complete job name: ", FIELD_JOB, FORM_LINE},
    {"Checking out Revision ", FIELD_COMMIT, FORM_COMMIT},
    {"git checkout -qf ", FIELD_COMMIT, FORM_COMMIT},
    {"Checking out ", FIELD_COMMIT, FORM_COMMIT},
    {"log -1 --format=", FIELD_COMMIT, FORM_COMMIT_BELOW},
    {"git checkout -f ", FIELD_COMMIT, FORM_COMMIT},
    {"HEAD is now at ", FIELD_COMMIT, FORM_COMMIT},
    {"(ref is ", FIELD_BRANCH, FORM_WORD},
    {"git fetch origin +refs/", FIELD_BRANCH, FORM_WORD},
    {"checkout --progress --force -B ", FIELD_BRANCH, FORM_WORD},
    {"checkout --progress --force refs/remotes/origin/", FIELD_BRANCH, FORM_WORD},
    {"checkout --progress --force refs/remotes/", FIELD_BRANCH, FORM_WORD},
    {"git clone --depth=50 --branch=", FIELD_BRANCH, FORM_WORD},
    {"Checking out Revision ", FIELD_BRANCH, FORM_BRACKETS},
    {"Checking out ", FIELD_BRANCH, FORM_AFTER_AS},
};

struct piece {
    const char *text;
    size_t size;
};

static bool is_one_of(char byte, const char *bytes)
{
    return byte != '\0' && strchr(bytes, byte) != NULL;
}

static struct piece line_at(struct piece rest)
{
    const char *end = memchr(rest.text, '\n', rest.size);
    rest.size = end ? (size_t)(end - rest.text) : rest.size;
    while (rest.size > 0 && (unsigned char)rest.text[rest.size - 1] <= ' ') {
        rest.size--;
    }
    return rest;
}

static struct piece word_at(struct piece line)
{
    size_t size = 0;
    while (size < line.size && (unsigned char)line.text[size] > ' ' &&
           !is_one_of(line.text[size], "():;'\"[]{}<>")) {
        size++;
    }
    line.size = size;
    return line;
}

static struct piece commit_at(struct piece line)
{
    if (line.size > 0 && is_one_of(*line.text, "'\"")) {
        line.text++;
        line.size--;
    }
    struct piece word = word_at(line);
    bool digits = word.size >= COMMIT_LEAST && word.size <= 64;
    for (size_t i = 0; i < word.size; i++) {
        digits = digits && is_one_of(word.text[i], "0123456789abcdef");
    }
    word.size = digits ? word.size : 0;
    return word;
}

static struct piece next_line(struct piece rest)
{
    struct piece line = line_at(rest);
    const char *end = memchr(rest.text, '\n', rest.size);
    if (!end) {
        return (struct piece){rest.text, 0};
    }
    rest.size -= (size_t)(end + 1 - rest.text);
    rest.text = end + 1;
    line = line_at(rest);
    const char *blank = memchr(line.text, ' ', line.size);
    if (blank && line.size > 20 && line.text[10] == 'T') { // its time stamp
        line.size -= (size_t)(blank + 1 - line.text);
        line.text = blank + 1;
    }
    return line;
}

// The last two names of the last word that holds them: the owner and the repository.
static struct piece link_at(struct piece line)
{
    const char *end = line.text, *scheme = memmem(line.text, line.size, "://", 3);
    if (scheme) { // the word that the link is
        line.size -= (size_t)(scheme - line.text);
        line.text = scheme;
    }
    for (end = line.text; end < line.text + line.size && (unsigned char)*end > ' '; end++) {
    }
    static const char *const endings[] = {"/", ".git"};
    for (size_t pass = 0; pass < 4; pass++) {
        const char *ending = endings[pass % 2];
        size_t size = strlen(ending);
        if ((size_t)(end - line.text) > size && memcmp(end - size, ending, size) == 0) {
            end -= size;
        }
    }
    const char *from = end;
    for (int slashes = 0; from > line.text; from--) {
        slashes += from[-1] == '/';
        if (slashes == 2) {
            break;
        }
    }
    bool two = memchr(from, '/', (size_t)(end - from)) != NULL;
    return (struct piece){from, two ? (size_t)(end - from) : 0};
}

// What stands behind `mark` on the line.
static struct piece behind(struct piece line, const char *mark)
{
    size_t size = strlen(mark);
    const char *found = memmem(line.text, line.size, mark, size);
    if (!found) {
        return (struct piece){line.text, 0};
    }
    line.size -= (size_t)(found - line.text) + size;
    line.text = found + size;
    return line;
}

static struct piece without_remote(struct piece name)
{
    static const char *const remotes[] = {"refs/remotes/", "refs/", "origin/"};
    for (size_t i = 0; i < sizeof remotes / sizeof *remotes; i++) {
        size_t size = strlen(remotes[i]);
        if (name.size > size && memcmp(name.text, remotes[i], size) == 0) {
            name.text += size;
            name.size -= size;
        }
    }
    return name;
}

static struct piece read_form(enum form form, struct piece rest)
{
    struct piece line = line_at(rest), word;
    switch (form) {
    case FORM_COMMIT:
        return commit_at(line);
    case FORM_COMMIT_BELOW:
        return commit_at(next_line(rest));
    case FORM_WORD:
        return word_at(line);
    case FORM_LINE:
        return line;
    case FORM_LINK:
        return link_at(line);
    case FORM_BRACKETS:
        return without_remote(word_at(behind(line, "(")));
    case FORM_AFTER_AS:
        break;
    }
    word = word_at(behind(line, " as "));
    while (word.size > 0 && word.text[word.size - 1] == '.') {
        word.size--;
    }
    // "as detached HEAD": the reference stands behind.
    word.size = word.size == 8 && memcmp(word.text, "detached", 8) == 0 ? 0 : word.size;
    return word;
}

static bool is_name(struct piece piece, size_t capacity)
{
    for (size_t i = 0; i < piece.size; i++) {
        if ((unsigned char)piece.text[i] < ' ' || piece.text[i] == 0x7f || piece.text[i] == '@') {
            return false; // an escape code, or what stands before a host
        }
    }
    return piece.size > 0 && piece.size < capacity;
}

// Days since 1970 of a date of the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// The number of `n` digits at `text`, -1 where there are others.
static int64_t number_at(const char *text, int n)
{
    int64_t number = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        number = 10 * number + (text[i] - '0');
    }
    return number;
}

// "2026-11-26T22:49:13" at `text`, which has 19 bytes; 0 where it is none.
static int64_t stamp_at(const char *text)
{
    int64_t year = number_at(text, 4), month = number_at(text + 5, 2), day = number_at(text + 8, 2);
    int64_t hour = number_at(text + 11, 2), minute = number_at(text + 14, 2),
            second = number_at(text + 17, 2);
    bool marks = text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ') &&
                 text[13] == ':' && text[16] == ':';
    if (!marks || year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
        return 0;
    }
    return (((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

// A number of `digits` digits behind the mark, in units of `per_millisecond`, or seconds where that is 0.
static int64_t time_behind(struct piece log, const char *mark, int digits, int64_t per_millisecond)
{
    struct piece rest = behind(log, mark);
    int64_t number = rest.size > (size_t)digits ? number_at(rest.text, digits) : -1;
    if (number <= 0) {
        return 0;
    }
    return per_millisecond ? number / per_millisecond : number * 1000;
}

static int64_t find_time(struct piece log)
{
    enum {
        STAMP = 19,
        WITHIN = 8 // a byte order mark or an opening bracket may stand before it
    };
    for (size_t at = 0; at < WITHIN && at + STAMP < log.size; at++) {
        int64_t time = stamp_at(log.text + at);
        if (time) {
            return time;
        }
    }
    int64_t time = time_behind(log, "section_start:", 10, 0);
    return time ? time : time_behind(log, ":start=", 19, 1000000);
}

void bantam_origin_find(bantam_origin *origin, const void *log, size_t size)
{
    *origin = (bantam_origin){.time = 0};
    struct piece beginning = {log, size < BEGINNING ? size : BEGINNING};
    if (size == 0) {
        return;
    }
    struct {
        char *text;
        size_t capacity;
    } fields[FIELDS] = {
        [FIELD_REPOSITORY] = {origin->repository, sizeof origin->repository},
        [FIELD_JOB] = {origin->job, sizeof origin->job},
        [FIELD_COMMIT] = {origin->commit, sizeof origin->commit},
        [FIELD_BRANCH] = {origin->branch, sizeof origin->branch},
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        const struct phrase *phrase = &phrases[i];
        char *field = fields[phrase->field].text;
        struct piece rest = behind(beginning, phrase->text);
        if (*field || rest.size == 0) {
            continue;
        }
        struct piece found = read_form(phrase->form, rest);
        if (is_name(found, fields[phrase->field].capacity)) {
            memcpy(field, found.text, found.size);
            field[found.size] = '\0';
        }
    }
    origin->time = find_time(beginning);
}

void bantam_log_digest(char digits[33], const void *log, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(size ? log : "", size);
    snprintf(digits, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}
