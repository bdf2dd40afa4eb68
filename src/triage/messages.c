// Messages in lines, matched in lower case; and their arrays from a bundle.
#include "triage/messages.h"

#include <string.h>

#include "base/error.h"
#include "text/span.h"

void messages_freeze(const struct messages *messages, struct bundle_writer *writer)
{
    static const char table[] = "messages";
    bundle_add(writer, table, "kind_of", messages->kind_of, messages->n_messages,
               sizeof *messages->kind_of);
    bundle_add(writer, table, "kinds", messages->kinds, messages->n_kinds, sizeof *messages->kinds);
    bundle_add(writer, table, "exits", messages->exits, messages->n_exits, sizeof *messages->exits);
    bundle_add(writer, table, "exit_codes", messages->exit_codes, messages->n_exits,
               sizeof *messages->exit_codes);
    phrase_set_freeze(messages->phrases, table, writer);
}

bantam_status messages_thaw(struct messages *messages, struct bundle *bundle, bantam_error *error)
{
    static const char table[] = "messages";
    *messages = (struct messages){0};
    size_t n_codes;
    messages->kind_of =
        bundle_array(bundle, table, "kind_of", sizeof *messages->kind_of, &messages->n_messages);
    messages->kinds =
        bundle_array(bundle, table, "kinds", sizeof *messages->kinds, &messages->n_kinds);
    messages->exits =
        bundle_array(bundle, table, "exits", sizeof *messages->exits, &messages->n_exits);
    messages->exit_codes =
        bundle_array(bundle, table, "exit_codes", sizeof *messages->exit_codes, &n_codes);
    bantam_status status = phrase_set_thaw(&messages->phrases, bundle, table, error);
    if (!status && n_codes != messages->n_exits) {
        status = error_set(error, BANTAM_ERROR_MODEL, "the compiled exit codes do not fit");
    }
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

static bool is_relative_path(struct span name)
{
    return span_starts(name, SPAN("./")) || span_starts(name, SPAN("../"));
}

// "HttpError: Not Found" has the form of a shell's "eslint: not found", and names no program; nor does "./build.sh: not found": that is
// a file of the project.
static bool names_no_program(const struct messages *messages, uint32_t number, const char *lowered,
                             size_t size)
{
    int at = message_placeholder(messages_get(messages, number), SLOT_COMMAND);
    const char *name = NULL;
    size_t n = 0;
    return at >= 0 &&
           phrase_set_capture(messages->phrases, number, (size_t)at, lowered, size, &name, &n) &&
           (span_ends(span_of(name, n), SPAN("error")) || is_relative_path(span_of(name, n)));
}

size_t messages_match(const struct messages *messages, const char *text, size_t size,
                      uint32_t *numbers, size_t capacity)
{
    char lowered[PHRASE_LINE_MAXIMUM];
    size = span_lower(lowered, PHRASE_LINE_MAXIMUM, span_of(text, size));
    size_t n = phrase_set_match(messages->phrases, lowered, size, numbers, capacity), kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!names_no_program(messages, numbers[i], lowered, size)) {
            numbers[kept++] = numbers[i];
        }
    }
    return kept;
}

bool messages_words(const struct messages *messages, size_t number, const char *text, size_t size,
                    const char **taken, size_t *taken_size)
{
    char lowered[PHRASE_LINE_MAXIMUM];
    const char *found;
    if (!phrase_set_span(messages->phrases, number, lowered,
                         span_lower(lowered, PHRASE_LINE_MAXIMUM, span_of(text, size)), &found,
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
    int placeholder_at = message_placeholder(messages_get(messages, number), (int)slot);
    char lowered[PHRASE_LINE_MAXIMUM];
    const char *found = NULL;
    size_t n = 0;
    if (placeholder_at < 0 ||
        !phrase_set_capture(messages->phrases, number, (size_t)placeholder_at, lowered,
                            span_lower(lowered, PHRASE_LINE_MAXIMUM, span_of(text, size)), &found,
                            &n)) {
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
