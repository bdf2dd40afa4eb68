// The table of messages: read with every entry checked, matched in lower case.
//
// A phrase in the file is written as people read it. Before it enters the phrase set it is folded to lower case, the
// named placeholders become {name}, and a letter or digit at either edge gets a border, so that "rate limit" does not
// match in "generate limit".
#include "triage/messages.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/json_reader.h"
#include "base/memory.h"
#include "model/embedded.h"

static const char *const slot_names[MESSAGE_SLOTS] = {"package", "host", "command", "limit",
                                                      "file"};

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
static bantam_status fold(struct message *message, char out[PHRASE_MAXIMUM + 64],
                          bantam_error *error)
{
    const char *at = message->says;
    size_t n = 0, size, name_size;
    int8_t n_placeholders = 0;
    const char *name;
    bool anchored = *at == '^';
    if (anchored) {
        out[n++] = *at++;
    } else if (needs_border(at)) {
        memcpy(out, "{b}", 3);
        n = 3;
    }
    memset(message->slot_placeholders, -1, sizeof message->slot_placeholders);
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
            if (slot >= 0) {
                message->slot_placeholders[slot] = n_placeholders;
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
            n_placeholders = (int8_t)(n_placeholders + takes(name, name_size));
            at += size;
        } else {
            out[n++] = (char)tolower((unsigned char)*at++);
        }
    }
    if (needs_border(at - 1) && !(at - message->says > 1 && at[-2] == '\\')) {
        memcpy(out + n, "{b}", 3);
        n += 3;
    }
    out[n] = '\0';
    return BANTAM_OK;
}

struct table_reader {
    struct json_reader json;
    struct messages *messages;
    size_t capacity;
    bantam_error own; // the reason for the entry at hand
};

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
    json_reader_fail(&reader->json, "");
    return false;
}

static bool read_means(struct table_reader *reader, struct message *message)
{
    struct json_reader *json = &reader->json;
    struct arena *arena = &reader->messages->arena;
    if (!json_reader_enter(json, '{')) {
        return false;
    }
    while (json_reader_next(json, '}')) {
        const char *name = json_reader_key(json, arena);
        double weight;
        if (!name || !json_reader_number(json, &weight)) {
            return false;
        }
        enum cause cause = cause_of_name(name, strlen(name));
        if (cause == CAUSE_UNKNOWN) {
            return refuse(reader, "names an unknown cause \"%.40s\"", name);
        }
        if (!(weight > 0 && weight <= MESSAGE_WEIGHT)) {
            return refuse(reader, "gives \"%s\" a weight that is not above 0 and at most %d", name,
                          MESSAGE_WEIGHT);
        }
        if (message->n_means == MESSAGE_CAUSES) {
            return refuse(reader, "speaks for more than %d causes", MESSAGE_CAUSES);
        }
        message->means[message->n_means].cause = (uint8_t)cause;
        message->means[message->n_means++].weight = (float)weight;
    }
    return !json->fault;
}

static bool read_transient(struct table_reader *reader, struct message *message)
{
    const char *text = json_reader_string(&reader->json, &reader->messages->arena);
    for (int i = TRANSIENT_NO; text && i <= TRANSIENT_YES; i++) {
        if (strcmp(text, transient_name((enum transient)i)) == 0) {
            message->transient = (uint8_t)i;
            return true;
        }
    }
    return text && refuse(reader, "has a \"transient\" other than yes, no, maybe");
}

static bool read_member(struct table_reader *reader, struct message *message, const char *key)
{
    struct arena *arena = &reader->messages->arena;
    if (strcmp(key, "says") == 0) {
        message->says = json_reader_string(&reader->json, arena);
        return message->says != NULL;
    }
    if (strcmp(key, "example") == 0) {
        message->example = json_reader_string(&reader->json, arena);
        return message->example != NULL;
    }
    if (strcmp(key, "means") == 0) {
        return read_means(reader, message);
    }
    if (strcmp(key, "transient") == 0) {
        return read_transient(reader, message);
    }
    return refuse(reader, "has an unknown key \"%.40s\"", key);
}

static bool grow(struct table_reader *reader)
{
    struct messages *messages = reader->messages;
    if (messages->n_messages < reader->capacity) {
        return true;
    }
    size_t larger = reader->capacity ? reader->capacity * 2 : 1024;
    struct message *copy = arena_allocate_array(&messages->arena, larger, sizeof *copy);
    if (!copy || larger > 2 * MESSAGES_MAXIMUM) {
        json_reader_fail(&reader->json, copy ? "too many messages" : "out of memory");
        return false;
    }
    if (messages->n_messages) {
        memcpy(copy, messages->messages, messages->n_messages * sizeof *copy);
    }
    messages->messages = copy;
    reader->capacity = larger;
    return true;
}

static bool read_message(struct table_reader *reader)
{
    struct messages *messages = reader->messages;
    if (!grow(reader) || !json_reader_enter(&reader->json, '{')) {
        return false;
    }
    struct message *message = &messages->messages[messages->n_messages];
    *message = (struct message){.transient = TRANSIENT_UNSAID};
    while (json_reader_next(&reader->json, '}')) {
        const char *key = json_reader_key(&reader->json, &messages->arena);
        if (!key || !read_member(reader, message, key)) {
            return false;
        }
    }
    if (reader->json.fault) {
        return false;
    }
    if (!message->says || !*message->says || message->n_means == 0) {
        return refuse(reader, "needs \"says\", a phrase, and \"means\", causes with weights");
    }
    char folded[PHRASE_MAXIMUM + 64];
    bantam_status status = fold(message, folded, &reader->own);
    status = status ? status : phrase_set_add(messages->phrases, folded, &reader->own);
    if (status) {
        json_reader_fail(&reader->json, status == BANTAM_ERROR_MEMORY ? "out of memory" : "");
        return false;
    }
    messages->n_messages++;
    return true;
}

static bool read_exits(struct table_reader *reader)
{
    struct messages *messages = reader->messages;
    if (!json_reader_enter(&reader->json, '{')) {
        return false;
    }
    while (json_reader_next(&reader->json, '}')) {
        const char *code = json_reader_key(&reader->json, &messages->arena);
        int value = 0;
        for (const char *at = code; at && *at && value < 1000; at++) {
            value = isdigit((unsigned char)*at) ? value * 10 + (*at - '0') : 1000;
        }
        if (!code || !*code || value > 255 || messages->n_exits == EXIT_CODES_MAXIMUM) {
            return refuse(reader, "exit code \"%.20s\" is no number of 0 to 255, or one too many",
                          code ? code : "");
        }
        struct message *message = &messages->exits[messages->n_exits];
        *message = (struct message){.says = "", .transient = TRANSIENT_UNSAID};
        if (!read_means(reader, message)) {
            return false;
        }
        messages->exit_codes[messages->n_exits++] = value;
    }
    return !reader->json.fault;
}

static bool read_root(struct table_reader *reader)
{
    struct json_reader *json = &reader->json;
    bool known_format = false;
    if (!json_reader_enter(json, '{')) {
        return false;
    }
    while (json_reader_next(json, '}')) {
        const char *key = json_reader_key(json, &reader->messages->arena);
        if (key && strcmp(key, "format") == 0) {
            const char *format = json_reader_string(json, &reader->messages->arena);
            known_format = format && strcmp(format, "bantam-messages/1") == 0;
        } else if (key && strcmp(key, "exit_codes") == 0) {
            read_exits(reader);
        } else if (key && strcmp(key, "messages") == 0 && json_reader_enter(json, '[')) {
            while (json_reader_next(json, ']') && read_message(reader)) {
            }
        } else {
            json_reader_fail(json, "an unknown key");
        }
    }
    if (!json->fault && !known_format) {
        json_reader_fail(json, "\"format\": \"bantam-messages/1\" is missing");
    }
    return json_reader_end(json);
}

// The reader's fault as an error that names line and entry.
static bantam_status tell_fault(const struct table_reader *reader, bantam_error *error)
{
    const struct messages *messages = reader->messages;
    if (strcmp(reader->json.fault, "out of memory") == 0) {
        return error_memory(error);
    }
    const char *says = messages->n_messages < reader->capacity
                           ? messages->messages[messages->n_messages].says
                           : NULL;
    const char *reason = reader->own.code ? reader->own.message : reader->json.fault;
    return error_set_at(error, BANTAM_ERROR_INPUT, 0, reader->json.line,
                        "messages: line %llu, entry %zu (%.60s): %.250s",
                        (unsigned long long)reader->json.line, messages->n_messages + 1,
                        says ? says : "?", reason);
}

bantam_status messages_load(struct messages *messages, const char *json, size_t size,
                            bantam_error *error)
{
    *messages = (struct messages){.phrases = phrase_set_new()};
    struct table_reader reader = {.json = json_reader_start(json, size), .messages = messages};
    bantam_status status = messages->phrases ? BANTAM_OK : error_memory(error);
    if (!status && !read_root(&reader)) {
        status = tell_fault(&reader, error);
    }
    if (!status) {
        status = phrase_set_build(messages->phrases, error);
    }
    if (status) {
        messages_release(messages);
    }
    return status;
}

bantam_status messages_load_embedded(struct messages *messages, bantam_error *error)
{
    const struct embedded_file *file = embedded_find("ci-cause/messages.json");
    *messages = (struct messages){0};
    return file ? messages_load(messages, file->bytes, file->size, error)
                : error_set(error, BANTAM_ERROR_INPUT, "the library carries no table of messages");
}

void messages_release(struct messages *messages)
{
    phrase_set_free(&messages->phrases);
    arena_release(&messages->arena);
    *messages = (struct messages){0};
}

static size_t lower(char out[PHRASE_LINE_MAXIMUM], const char *text, size_t size)
{
    size_t n = size < PHRASE_LINE_MAXIMUM ? size : PHRASE_LINE_MAXIMUM;
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)text[i];
        out[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    }
    return n;
}

size_t messages_match(const struct messages *messages, const char *text, size_t size,
                      uint32_t *numbers, size_t capacity)
{
    char lowered[PHRASE_LINE_MAXIMUM];
    return phrase_set_match(messages->phrases, lowered, lower(lowered, text, size), numbers,
                            capacity);
}

bool messages_words(const struct messages *messages, size_t number, const char *text, size_t size,
                    const char **taken, size_t *taken_size)
{
    char lowered[PHRASE_LINE_MAXIMUM];
    const char *found;
    if (!phrase_set_span(messages->phrases, number, lowered, lower(lowered, text, size), &found,
                         taken_size)) {
        return false;
    }
    *taken = text + (found - lowered);
    return true;
}

const struct message *messages_of_exit(const struct messages *messages, int32_t exit_code)
{
    for (size_t i = 0; i < messages->n_exits; i++) {
        if (messages->exit_codes[i] == exit_code) {
            return &messages->exits[i];
        }
    }
    return NULL;
}

static bool is_end_mark(char byte)
{
    return byte != '\0' && strchr("'\"`,;:.()[]<>!", byte) != NULL;
}

bool messages_slot(const struct messages *messages, size_t number, enum message_slot slot,
                   const char *text, size_t size, const char **taken, size_t *taken_size)
{
    int placeholder_at = messages->messages[number].slot_placeholders[slot];
    char lowered[PHRASE_LINE_MAXIMUM];
    const char *found = NULL;
    size_t n = 0;
    if (placeholder_at < 0 ||
        !phrase_set_capture(messages->phrases, number, (size_t)placeholder_at, lowered,
                            lower(lowered, text, size), &found, &n)) {
        return false;
    }
    found = text + (found - lowered);
    while (n > 0 && is_end_mark(found[n - 1])) {
        n--;
    }
    while (n > 0 && strchr("'\"`([<", *found)) {
        found++;
        n--;
    }
    *taken = found;
    *taken_size = n;
    return n > 0;
}
