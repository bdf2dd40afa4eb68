// The table of messages: read with every entry checked, matched in lower case.
//
// A phrase in the file is written as people read it. Before it enters the phrase set it is folded to lower case, the
// named placeholders become {name}, and a letter or digit at either edge gets a border, so that "rate limit" does not
// match in "generate limit".
#include "triage/messages.h"

#include <ctype.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "base/memory.h"

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

static bantam_status read_means(struct message *message, const json_t *means, bantam_error *error)
{
    const char *name;
    json_t *weight;
    if (!json_is_object(means) || json_object_size(means) == 0 ||
        json_object_size(means) > MESSAGE_CAUSES) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "needs \"means\": an object of one to %d causes with their weights",
                         MESSAGE_CAUSES);
    }
    json_object_foreach((json_t *)means, name, weight)
    {
        enum cause cause = cause_of_name(name, strlen(name));
        double value = json_number_value(weight);
        if (cause == CAUSE_UNKNOWN) {
            return error_set(error, BANTAM_ERROR_INPUT, "names an unknown cause \"%.40s\"", name);
        }
        if (!(value > 0 && value <= MESSAGE_WEIGHT)) {
            return error_set(error, BANTAM_ERROR_INPUT,
                             "gives \"%s\" a weight that is not above 0 and at most %d", name,
                             MESSAGE_WEIGHT);
        }
        message->means[message->n_means].cause = (uint8_t)cause;
        message->means[message->n_means++].weight = (float)value;
    }
    return BANTAM_OK;
}

static bantam_status read_transient(struct message *message, const json_t *value,
                                    bantam_error *error)
{
    message->transient = TRANSIENT_UNSAID;
    if (!value) {
        return BANTAM_OK;
    }
    for (int i = TRANSIENT_NO; i <= TRANSIENT_YES; i++) {
        if (json_is_string(value) &&
            strcmp(json_string_value(value), transient_name((enum transient)i)) == 0) {
            message->transient = (uint8_t)i;
            return BANTAM_OK;
        }
    }
    return error_set(error, BANTAM_ERROR_INPUT, "has a \"transient\" other than yes, no, maybe");
}

static bantam_status check_keys(const json_t *entry, bantam_error *error)
{
    static const char *const known[] = {"says", "means", "example", "transient"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)entry, key, value)
    {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            found |= strcmp(key, known[i]) == 0;
        }
        if (!found) {
            return error_set(error, BANTAM_ERROR_INPUT, "has an unknown key \"%.40s\"", key);
        }
    }
    return BANTAM_OK;
}

static bantam_status read_message(struct messages *messages, const json_t *entry,
                                  bantam_error *error)
{
    struct message *message = &messages->messages[messages->n_messages];
    const char *says = json_string_value(json_object_get(entry, "says"));
    const char *example = json_string_value(json_object_get(entry, "example"));
    if (!says || !*says) {
        return error_set(error, BANTAM_ERROR_INPUT, "needs \"says\": a phrase");
    }
    message->says = arena_copy_string(&messages->arena, says);
    message->example = example ? arena_copy_string(&messages->arena, example) : NULL;
    if (!message->says || (example && !message->example)) {
        return error_memory(error);
    }
    char folded[PHRASE_MAXIMUM + 64];
    bantam_status status = check_keys(entry, error);
    status = status ? status : read_means(message, json_object_get(entry, "means"), error);
    status = status ? status : read_transient(message, json_object_get(entry, "transient"), error);
    status = status ? status : fold(message, folded, error);
    status = status ? status : phrase_set_add(messages->phrases, folded, error);
    messages->n_messages += !status;
    return status;
}

static bantam_status name_entry(bantam_error *error, const char *list, size_t at, const char *says)
{
    if (!error || error->code != BANTAM_ERROR_INPUT) {
        return error ? error->code : BANTAM_ERROR_INPUT;
    }
    char reason[sizeof error->message];
    memcpy(reason, error->message, sizeof reason);
    return error_set(error, BANTAM_ERROR_INPUT, "messages: entry %zu of \"%s\" (%.60s) %.250s",
                     at + 1, list, says ? says : "?", reason);
}

static bantam_status read_exits(struct messages *messages, const json_t *exits, bantam_error *error)
{
    const char *code;
    json_t *means;
    if (exits && !json_is_object(exits)) {
        return error_set(error, BANTAM_ERROR_INPUT, "messages: \"exit_codes\" is not an object");
    }
    json_object_foreach((json_t *)exits, code, means)
    {
        int value = 0;
        for (const char *at = code; *at && value < 1000; at++) {
            value = isdigit((unsigned char)*at) ? value * 10 + (*at - '0') : 1000;
        }
        if (!*code || value > 255 || messages->n_exits == EXIT_CODES_MAXIMUM) {
            return error_set(
                error, BANTAM_ERROR_INPUT,
                "messages: exit code \"%.20s\" is no number of 0 to 255, or one too many", code);
        }
        struct message *message = &messages->exits[messages->n_exits];
        *message = (struct message){.says = "", .transient = TRANSIENT_UNSAID};
        bantam_status status = read_means(message, means, error);
        if (status) {
            return name_entry(error, "exit_codes", messages->n_exits, code);
        }
        messages->exit_codes[messages->n_exits++] = value;
    }
    return BANTAM_OK;
}

static bantam_status read_root(struct messages *messages, const json_t *root, bantam_error *error)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *list = json_object_get(root, "messages");
    if (!format || strcmp(format, "bantam-messages/1") != 0 || !json_is_array(list) ||
        json_array_size(list) > MESSAGES_MAXIMUM) {
        return error_set(
            error, BANTAM_ERROR_INPUT,
            "messages: needs \"format\": \"bantam-messages/1\" and \"messages\", a list of "
            "at most %d entries",
            MESSAGES_MAXIMUM);
    }
    size_t n = json_array_size(list);
    messages->messages = arena_allocate_array(&messages->arena, n + 1, sizeof *messages->messages);
    messages->phrases = phrase_set_new();
    if (!messages->messages || !messages->phrases) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *entry = json_array_get(list, i);
        bantam_status status = read_message(messages, entry, error);
        if (status) {
            name_entry(error, "messages", i, json_string_value(json_object_get(entry, "says")));
            return status;
        }
    }
    bantam_status status = read_exits(messages, json_object_get(root, "exit_codes"), error);
    return status ? status : phrase_set_build(messages->phrases, error);
}

bantam_status messages_load(struct messages *messages, const char *json, size_t size,
                            bantam_error *error)
{
    *messages = (struct messages){0};
    json_error_t fault;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        return error_set_at(error, BANTAM_ERROR_INPUT, (uint64_t)fault.position,
                            (uint64_t)fault.line, "messages: line %d: %.200s", fault.line,
                            fault.text);
    }
    bantam_status status = read_root(messages, root, error);
    json_decref(root);
    if (status) {
        messages_release(messages);
    }
    return status;
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
