// A line tells of an end where it names what a platform runs and what became of it: "job" and "cancelled", "agent" and "lost".
#include "triage/cause_end.h"

#include <string.h>

#include "text/span.h"

enum {
    END_LINES = 24,  // last lines of a log that are read
    LINE_READ = 300, // bytes of a line that are read
};

// Without the ending "s".
static const char subjects[] = "runner agent node pod machine worker instance workflow execution "
                               "operation container vm channel executor";
static const char jobs[] = "job build pipeline step task";
// Beginnings.
static const char losses[] = "cancel evict preempt lost disconnect removed abort stop offline shut "
                             "deprovision unreachable";
static const char times[] = "timeout timed time minute hour";
static const char over[] = "exceed out limit longer timeout maximum";

// What stands between blanks, without marks at its edges.
static struct span next_word(struct span *rest)
{
    while (rest->size > 0 && !byte_is_letter(*rest->data)) {
        *rest = span_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && !byte_is_blank(rest->data[size])) {
        size++;
    }
    struct span word = span_of(rest->data, size);
    *rest = span_after(*rest, size);
    while (word.size > 1 && !byte_is_letter(word.data[word.size - 1])) {
        word.size--;
    }
    return word;
}

// Whether the word is one of the names or, where `begins` is set, begins with one.
static bool is_one_of(struct span word, const char *names, bool begins)
{
    while (*names) {
        size_t size = strcspn(names, " ");
        if (span_starts(word, span_of(names, size)) && (begins || word.size == size)) {
            return true;
        }
        names += size + (names[size] == ' ');
    }
    return false;
}

static enum cause end_of(struct span text)
{
    char lowered[LINE_READ];
    size_t size = text.size < LINE_READ ? text.size : LINE_READ;
    for (size_t i = 0; i < size; i++) {
        lowered[i] = byte_is_upper(text.data[i]) ? (char)(text.data[i] | 0x20) : text.data[i];
    }
    struct span rest = span_of(lowered, size);
    bool subject = false, job = false, loss = false, time = false, past = false;
    for (struct span word = next_word(&rest); word.size > 0; word = next_word(&rest)) {
        struct span one = word;
        one.size -= one.data[one.size - 1] == 's';
        bool stopped =
            job && !subject && span_starts(word, SPAN("stop")); // "Your build has been stopped."
        job = job || is_one_of(one, jobs, false);
        subject = subject || is_one_of(one, subjects, false);
        loss = loss || (is_one_of(word, losses, true) && !stopped);
        time = time || is_one_of(word, times, true);
        past = past || is_one_of(word, over, true);
    }
    bool failed = span_contains(span_of(lowered, size), SPAN("system failure"));
    if (job && time && past) {
        return CAUSE_TIMEOUT;
    }
    return (subject || job) && (loss || failed) ? CAUSE_RUNNER : CAUSE_UNKNOWN;
}

enum cause cause_end(const struct document *document, uint32_t *line)
{
    enum cause told = CAUSE_UNKNOWN;
    uint32_t seen = 0;
    for (uint32_t at = (uint32_t)document->n_lines; at-- > 0 && seen < END_LINES;) {
        const struct line *last = &document->lines[at];
        enum cause cause = last->size > 0 ? end_of(span_of(last->text, last->size)) : CAUSE_UNKNOWN;
        seen += last->size > 0;
        if (cause == CAUSE_TIMEOUT || (cause != CAUSE_UNKNOWN && told == CAUSE_UNKNOWN)) {
            told = cause;
            *line = at;
        }
        if (told == CAUSE_TIMEOUT) {
            break;
        }
    }
    return told;
}
