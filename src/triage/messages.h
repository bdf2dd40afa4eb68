// What real tools print and which causes it speaks for: knowledge from outside the training logs, as features.
//
// Input: models/ci-cause/messages.json, which a person can extend (docs/dev/add-a-message.md). A message never decides
// alone: the classifier weighs its evidence with the line's place, the tool and the other words.
#ifndef BANTAM_TRIAGE_MESSAGES_H
#define BANTAM_TRIAGE_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "features/phrases.h"
#include "triage/causes.h"

enum {
    MESSAGE_CAUSES = 4,      // most causes that one message speaks for
    MESSAGES_MAXIMUM = 8000, // of a file
    MESSAGE_WEIGHT = 3,      // the highest weight: "as good as certain"
};

// What the placeholders of a message are called where they fill the slots of a fix.
enum message_slot {
    SLOT_PACKAGE,
    SLOT_COMMAND,
    SLOT_LIMIT,
    SLOT_FILE,
    MESSAGE_SLOTS,
};

struct message {
    struct {
        uint8_t cause;  // enum cause
        uint8_t tenths; // the weight times ten: thousands of messages are part of the program
    } means[MESSAGE_CAUSES];
    // The rest is packed for the same reason.
    uint32_t n_means : 3;
    uint32_t
        broad : 1; // words of any program: they tell the cause of a failure, but not that a line tells one
    uint32_t
        follows : 1; // the line tells only that something before it failed: "recipe for target 'x' failed"
    uint32_t transient : 3; // enum transient
    uint32_t placeholders : 4 *
        MESSAGE_SLOTS; // 4 bits a slot: which placeholder fills it, + 1; 0: none
};

// The weight with which a message speaks for its k-th cause, in (0, MESSAGE_WEIGHT].
static inline float message_weight(const struct message *message, size_t k)
{
    return (float)message->means[k].tenths / 10.0F;
}

// Which placeholder of its phrase fills the slot, from 0; −1: none.
static inline int message_placeholder(const struct message *message, int slot)
{
    return (int)(message->placeholders >> (4 * slot) & 15) - 1;
}

struct messages {
    struct arena arena;         // holds the arrays, unless they lie in a bundle
    struct phrase_set *phrases; // in lower case, numbered like the messages
    const uint16_t *kind_of;    // (n_messages) the index of what the message says of its line
    const struct message
        *kinds; // (n_kinds) each once: of thousands of messages most say what another says
    size_t n_messages, n_kinds;
    const struct message *exits; // (n_exits) what an exit code speaks for, without texts
    const int32_t *exit_codes;   // (n_exits)
    size_t n_exits;
};

// What message `number` says of a line that holds it.
static inline const struct message *messages_get(const struct messages *messages, size_t number)
{
    return &messages->kinds[messages->kind_of[number]];
}

// Reads the table. Errors: BANTAM_ERROR_INPUT naming the entry at fault, BANTAM_ERROR_MEMORY; *messages is then empty.
BANTAM_MUST_CHECK bantam_status messages_load(struct messages *messages, const char *json,
                                              size_t size, bantam_error *error);

void messages_release(struct messages *messages);

// Adds the table's arrays to the bundle; the messages must stay until that is written.
void messages_freeze(const struct messages *messages, struct bundle_writer *writer);

// The messages of a bundle, used where they lie; its bytes must outlive them. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY;
// *messages is then empty.
BANTAM_MUST_CHECK bantam_status messages_thaw(struct messages *messages, struct bundle *bundle,
                                              bantam_error *error);

// Writes the numbers of the messages that the line holds, without regard to case, and returns how many.
size_t messages_match(const struct messages *messages, const char *text, size_t size,
                      uint32_t *numbers, size_t capacity);

// The words of the line that the message stands for, a piece of `text`; false where it is not in the line.
bool messages_words(const struct messages *messages, size_t number, const char *text, size_t size,
                    const char **taken, size_t *taken_size);

// What the message says of an exit code, NULL for nothing.
const struct message *messages_of_exit(const struct messages *messages, int32_t exit_code);

// What fills the slot in a line that the message matches: a piece of `text` without quotes and end marks; false for nothing.
bool messages_slot(const struct messages *messages, size_t number, enum message_slot slot,
                   const char *text, size_t size, const char **taken, size_t *taken_size);

#endif
