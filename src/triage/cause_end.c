// A line tells of an end where it names what a platform runs and what became of it: "job" and "cancelled", "agent" and "lost".
#include "triage/cause_end.h"

#include "text/word_list.h"

#include <string.h>

#include "text/span.h"

enum {
    END_LINES = 24,  // last lines of a log that are read
    LINE_READ = 300, // bytes of a line that are read
};

// Without the ending "s".
static const char subjects[] = "runner agent slave node pod machine worker instance workflow "
                               "execution operation container vm channel executor";
static const char jobs[] = "job build pipeline step task";
// Beginnings.
static const char losses[] = "cancel evict preempt lost disconnect removed abort stop offline shut "
                             "deprovision unreachable";
static const char times[] = "timeout timed time second minute hour";
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

static enum cause end_of(struct span text)
{
    char lowered[LINE_READ];
    size_t size = span_lower(lowered, LINE_READ, text);
    struct span rest = span_of(lowered, size);
    bool subject = false, job = false, loss = false, time = false, past = false;
    for (struct span word = next_word(&rest); word.size > 0; word = next_word(&rest)) {
        struct span one = word;
        one.size -= one.data[one.size - 1] == 's';
        bool stopped =
            job && !subject && span_starts(word, SPAN("stop")); // "Your build has been stopped."
        job = job || word_list_holds(jobs, ' ', one);
        subject = subject || word_list_holds(subjects, ' ', one);
        loss = loss || (word_list_begins(losses, ' ', word) && !stopped);
        time = time || word_list_begins(times, ' ', word);
        past = past || word_list_begins(over, ' ', word);
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
        enum cause cause = last->size > 0 ? end_of(line_span(last)) : CAUSE_UNKNOWN;
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

bool ends_in_time_limit(const struct document *document, uint32_t *line)
{
    if (cause_end(document, line) != CAUSE_TIMEOUT) {
        return false;
    }
    // Jenkins goes on with what is to run after any build.
    bool decides = span_contains(line_span(&document->lines[*line]), SPAN("Marking the build as "));
    if (!decides && document_went_on(document, *line)) {
        return false;
    }
    // How a command ended is told with its words: 'The command "timeout 5m make build" exited with 124.'
    return !line_tells_exit(&document->lines[*line]);
}
