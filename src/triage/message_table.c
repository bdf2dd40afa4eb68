// The table of messages: read with every entry checked.
//
// A phrase in the file is written as people read it. Before it enters the phrase set it is folded to lower case, the
// named placeholders become {name}, and a letter or digit at either edge gets a border, so that "rate limit" does not
// match in "generate limit".
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json_scan.h"
#include "triage/messages.h"

enum {
    EXIT_CODES_MAXIMUM = 64,
};

static const char *const slot_names[MESSAGE_SLOTS] = {"package", "command", "limit", "file"};

static bool placeholder(const char *at, size_t *size, const char **name, size_t *name_size)
{
    const char *end = *at == '{' ? strchr(at, '}') : NULL;
    if (!end) {
        return false;
    }
    *name = at + 1;
    *name_size = (size_t)(end - at) - 1;
    *size = (size_t)(end - at) + 1;
    return true;
}

static int slot_of_name(const char *name, size_t size)
{
    for (int i = 0; i < MESSAGE_SLOTS; i++) {
        if (strlen(slot_names[i]) == size && memcmp(slot_names[i], name, size) == 0) {
            return i;
        }
    }
    return -1;
}

// Whether the phrase set counts it as a placeholder that takes something.
static bool takes(const char *name, size_t size)
{
    return !(size == 1 && (*name == 's' || *name == 'q' || *name == 'b'));
}

static bool needs_border(const char *edge)
{
    return isalnum((unsigned char)*edge);
}

// The phrase as the phrase set gets it; notes which placeholders fill slots.
static bantam_status fold(struct message *message, const char *says, char out[PHRASE_MAXIMUM + 64],
                          bantam_error *error)
{
    const char *at = says;
    size_t n = 0, size, name_size;
    uint32_t n_placeholders = 0;
    const char *name;
    bool anchored = *at == '^';
    if (anchored) {
        out[n++] = *at++;
    } else if (needs_border(at)) {
        memcpy(out, "{b}", 3);
        n = 3;
    }
    while (*at) {
        if (n + 40 > PHRASE_MAXIMUM) {
            return error_set(error, BANTAM_ERROR_INPUT, "is longer than %d bytes",
                             PHRASE_MAXIMUM - 40);
        }
        if (*at == '\\' && at[1]) {
            out[n++] = *at++;
            out[n++] = (char)tolower((unsigned char)*at++);
        } else if (placeholder(at, &size, &name, &name_size)) {
            int slot = slot_of_name(name, name_size);
            if (slot >= 0 && n_placeholders < 15) {
                message->placeholders =
                    (message->placeholders | (n_placeholders + 1) << (4 * slot)) & 0xFFFF;
            }
            bool known = slot < 0 || slot == SLOT_FILE;
            const char *copy = known ? at : "{name}";
            size_t copy_size = known ? size : 6;
            if (copy_size > 8) {
                return error_set(error, BANTAM_ERROR_INPUT, "has an unknown placeholder '%.*s'",
                                 (int)(size > 40 ? 40 : size), at);
            }
            memcpy(out + n, copy, copy_size);
            n += copy_size;
            n_placeholders += takes(name, name_size);
            at += size;
        } else {
            out[n++] = (char)tolower((unsigned char)*at++);
        }
    }
    if (needs_border(at - 1) && !(at - says > 1 && at[-2] == '\\')) {
        memcpy(out + n, "{b}", 3);
        n += 3;
    }
    out[n] = '\0';
    return BANTAM_OK;
}

struct table_reader {
    struct json_scan json;
    struct messages *messages; // its arrays are put there at the end
    struct message *entries;   // (n_messages)
    const char **examples;     // (n_messages) a line that the message must match, or NULL
    size_t capacity;
    struct message exits[EXIT_CODES_MAXIMUM]; // (n_exits)
    int32_t exit_codes[EXIT_CODES_MAXIMUM];
    const char *says, *example; // of the entry at hand
    bantam_error own;           // the reason for the entry at hand
};

// Records a fault of the content; the first one stays.
static bool fail(struct table_reader *reader, const char *problem)
{
    if (!reader->json.problem) {
        reader->json.problem = problem;
    }
    return false;
}

static bool fail_memory(struct table_reader *reader)
{
    reader->json.out_of_memory = true;
    return fail(reader, "memory is out");
}

static bool refuse(struct table_reader *reader, const char *format, ...) BANTAM_PRINTF(2, 3);

// Records why the entry at hand is refused.
static bool refuse(struct table_reader *reader, const char *format, ...)
{
    char reason[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    if (!reader->own.code) {
        (void)error_set(&reader->own, BANTAM_ERROR_INPUT, "%s", reason);
    }
    return fail(reader, "");
}

static bool read_means(struct table_reader *reader, struct message *message)
{
    struct json_scan *json = &reader->json;
    bool first = true;
    if (!json_scan_expect(json, '{')) {
        return false;
    }
    while (json_scan_next(json, '}', &first)) {
        const char *name = json_scan_key(json);
        double weight;
        if (!name || !json_scan_number(json, &weight)) {
            return false;
        }
        enum cause cause = cause_of_name(name, strlen(name));
        if (cause == CAUSE_UNKNOWN) {
            return refuse(reader, "names an unknown cause \"%.40s\"", name);
        }
        if (!(weight > 0 && weight <= (double)MESSAGE_WEIGHT)) {
            return refuse(reader, "gives \"%s\" a weight that is not above 0 and at most %d", name,
                          MESSAGE_WEIGHT);
        }
        if (message->n_means == MESSAGE_CAUSES) {
            return refuse(reader, "speaks for more than %d causes", MESSAGE_CAUSES);
        }
        message->means[message->n_means].cause = (uint8_t)cause;
        message->means[message->n_means].tenths = (uint8_t)fmax(1, round(weight * 10));
        message->n_means++;
    }
    return !json->problem;
}

static bool read_transient(struct table_reader *reader, struct message *message)
{
    const char *text = json_scan_string(&reader->json);
    for (int i = TRANSIENT_NO; text && i <= TRANSIENT_YES; i++) {
        if (strcmp(text, transient_name((enum transient)i)) == 0) {
            message->transient = (uint32_t)i & 7;
            return true;
        }
    }
    return text && refuse(reader, "has a \"transient\" other than yes, no, maybe");
}

static bool read_one(struct table_reader *reader, const char *key)
{
    double one;
    return json_scan_number(&reader->json, &one) &&
           (one == 1 || refuse(reader, "has a \"%s\" other than 1", key));
}

static bool read_member(struct table_reader *reader, struct message *message, const char *key)
{
    if (strcmp(key, "says") == 0) {
        reader->says = json_scan_string(&reader->json);
        return reader->says != NULL;
    }
    if (strcmp(key, "example") == 0) {
        reader->example = json_scan_string(&reader->json);
        return reader->example != NULL;
    }
    if (strcmp(key, "means") == 0) {
        return read_means(reader, message);
    }
    if (strcmp(key, "transient") == 0) {
        return read_transient(reader, message);
    }
    if (strcmp(key, "broad") == 0) {
        message->broad = 1;
        return read_one(reader, key);
    }
    if (strcmp(key, "follows") == 0) {
        message->follows = 1;
        return read_one(reader, key);
    }
    return refuse(reader, "has an unknown key \"%.40s\"", key);
}

static bool grow(struct table_reader *reader)
{
    size_t n = reader->messages->n_messages;
    if (n < reader->capacity) {
        return true;
    }
    if (n >= MESSAGES_MAXIMUM) {
        return fail(reader, "too many messages");
    }
    size_t larger = reader->capacity ? reader->capacity * 2 : 1024;
    struct arena *arena = &reader->messages->arena;
    struct message *entries = arena_allocate_array(arena, larger, sizeof *entries);
    const char **examples = arena_allocate_array(arena, larger, sizeof *examples);
    if (!entries || !examples) {
        return fail_memory(reader);
    }
    if (n > 0) {
        memcpy(entries, reader->entries, n * sizeof *entries);
        memcpy(examples, reader->examples, n * sizeof *examples);
    }
    reader->entries = entries;
    reader->examples = examples;
    reader->capacity = larger;
    return true;
}

static bool take_phrase(struct table_reader *reader, struct message *message)
{
    char folded[PHRASE_MAXIMUM + 64];
    bantam_status status = fold(message, reader->says, folded, &reader->own);
    status = status ? status : phrase_set_add(reader->messages->phrases, folded, &reader->own);
    if (status == BANTAM_ERROR_MEMORY) {
        return fail_memory(reader);
    }
    return !status || fail(reader, "");
}

static bool read_message(struct table_reader *reader)
{
    bool first = true;
    reader->says = reader->example = NULL;
    if (!grow(reader) || !json_scan_expect(&reader->json, '{')) {
        return false;
    }
    struct message *message = &reader->entries[reader->messages->n_messages];
    message->transient = TRANSIENT_UNSAID;
    while (json_scan_next(&reader->json, '}', &first)) {
        const char *key = json_scan_key(&reader->json);
        if (!key || !read_member(reader, message, key)) {
            return false;
        }
    }
    if (reader->json.problem) {
        return false;
    }
    if (!reader->says || !*reader->says || (message->n_means == 0 && !message->follows)) {
        return refuse(reader, "needs \"says\", a phrase, and \"means\", causes with weights");
    }
    if (!take_phrase(reader, message)) {
        return false;
    }
    reader->examples[reader->messages->n_messages++] = reader->example;
    return true;
}

static bool read_exits(struct table_reader *reader)
{
    struct messages *messages = reader->messages;
    bool first = true;
    if (!json_scan_expect(&reader->json, '{')) {
        return false;
    }
    while (json_scan_next(&reader->json, '}', &first)) {
        const char *code = json_scan_key(&reader->json);
        int value = 0;
        for (const char *at = code; at && *at && value < 1000; at++) {
            value = isdigit((unsigned char)*at) ? value * 10 + (*at - '0') : 1000;
        }
        if (!code || !*code || value > 255 || messages->n_exits == EXIT_CODES_MAXIMUM) {
            return refuse(reader, "exit code \"%.20s\" is no number of 0 to 255, or one too many",
                          code ? code : "");
        }
        struct message *message = &reader->exits[messages->n_exits];
        message->transient = TRANSIENT_UNSAID;
        if (!read_means(reader, message)) {
            return false;
        }
        reader->exit_codes[messages->n_exits++] = value;
    }
    return !reader->json.problem;
}

static bool read_list(struct table_reader *reader)
{
    bool first = true;
    if (!json_scan_expect(&reader->json, '[')) {
        return false;
    }
    while (json_scan_next(&reader->json, ']', &first) && read_message(reader)) {
    }
    return !reader->json.problem;
}

static bool read_root(struct table_reader *reader)
{
    struct json_scan *json = &reader->json;
    bool known_format = false, first = true;
    if (!json_scan_expect(json, '{')) {
        return false;
    }
    while (json_scan_next(json, '}', &first)) {
        const char *key = json_scan_key(json);
        if (key && strcmp(key, "format") == 0) {
            const char *format = json_scan_string(json);
            known_format = format && strcmp(format, "bantam-messages/1") == 0;
        } else if (key && strcmp(key, "exit_codes") == 0) {
            read_exits(reader);
        } else if (key && strcmp(key, "messages") == 0) {
            read_list(reader);
        } else {
            fail(reader, "an unknown key");
        }
    }
    if (json_scan_peek(json)) {
        fail(reader, "something follows the end");
    }
    return !json->problem &&
           (known_format || fail(reader, "\"format\": \"bantam-messages/1\" is missing"));
}

// The reader's fault as an error that names line and entry.
static bantam_status tell_fault(const struct table_reader *reader, bantam_error *error)
{
    if (reader->json.out_of_memory) {
        return error_memory(error);
    }
    size_t line = json_scan_line(&reader->json);
    const char *reason = reader->own.code ? reader->own.message : reader->json.problem;
    return error_set_at(
        error, BANTAM_ERROR_INPUT, 0, line, "messages: line %zu, entry %zu (%.60s): %.250s", line,
        reader->messages->n_messages + 1, reader->says ? reader->says : "?", reason);
}

// Holds each message against the line that stands beside it: a phrase that was mistyped is found when the table is read.
static bantam_status check_examples(const struct table_reader *reader, bantam_error *error)
{
    const struct messages *messages = reader->messages;
    for (size_t i = 0; i < messages->n_messages; i++) {
        const char *example = reader->examples[i], *taken;
        size_t taken_size;
        if (example &&
            !messages_words(messages, i, example, strlen(example), &taken, &taken_size)) {
            return error_set(error, BANTAM_ERROR_INPUT,
                             "messages: entry %zu does not match its own example: %.200s", i + 1,
                             example);
        }
    }
    return BANTAM_OK;
}

// Which of the kinds the message is of, a new one where none is the same.
static uint16_t kind_of(struct message *kinds, size_t *n_kinds, const struct message *message)
{
    size_t at = 0;
    while (at < *n_kinds && memcmp(&kinds[at], message, sizeof *message) != 0) {
        at++;
    }
    if (at == *n_kinds) {
        kinds[(*n_kinds)++] = *message;
    }
    return (uint16_t)at;
}

// Gives what was read to the messages, whose arena holds it from then on.
static bool hand_over(struct table_reader *reader)
{
    struct messages *messages = reader->messages;
    struct arena *arena = &messages->arena;
    struct message *exits = arena_allocate_array(arena, messages->n_exits, sizeof *exits);
    int32_t *codes = arena_allocate_array(arena, messages->n_exits, sizeof *codes);
    struct message *kinds = arena_allocate_array(arena, messages->n_messages, sizeof *kinds);
    uint16_t *kinds_of = arena_allocate_array(arena, messages->n_messages, sizeof *kinds_of);
    if (!exits || !codes || !kinds || !kinds_of) {
        return false;
    }
    for (size_t i = 0; i < messages->n_messages; i++) {
        kinds_of[i] = kind_of(kinds, &messages->n_kinds, &reader->entries[i]);
    }
    memcpy(exits, reader->exits, messages->n_exits * sizeof *exits);
    memcpy(codes, reader->exit_codes, messages->n_exits * sizeof *codes);
    messages->kind_of = kinds_of;
    messages->kinds = kinds;
    messages->exits = exits;
    messages->exit_codes = codes;
    return true;
}

bantam_status messages_load(struct messages *messages, const char *json, size_t size,
                            bantam_error *error)
{
    *messages = (struct messages){.phrases = phrase_set_new()};
    struct table_reader reader = {.json = {.text = json, .size = size, .arena = &messages->arena},
                                  .messages = messages};
    bantam_status status = messages->phrases ? BANTAM_OK : error_memory(error);
    if (!status && !read_root(&reader)) {
        status = tell_fault(&reader, error);
    }
    if (!status && !hand_over(&reader)) {
        status = error_memory(error);
    }
    if (!status) {
        status = phrase_set_build(messages->phrases, error);
    }
    if (!status) {
        status = check_examples(&reader, error);
    }
    if (status) {
        messages_release(messages);
    }
    return status;
}
