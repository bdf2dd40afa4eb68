// A piece has the first finding's cause, or none that is clear, and, where both are known, its tool and its subject, and stands close
// to it.
#include "triage/pieces.h"

#include <string.h>

#include "triage/causes.h"

static bool may_be_equal(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

// Of what has no cause that is clear, the tool alone tells: "FAIL example.org/shop" below a failed test of Go's.
static bool same_failure(const bantam_finding *first, const bantam_finding *other)
{
    bool unclear = strcmp(other->cause, cause_name(CAUSE_UNKNOWN)) == 0;
    return may_be_equal(first->tool, other->tool) &&
           (unclear || (strcmp(first->cause, other->cause) == 0 &&
                        may_be_equal(first->subject, other->subject)));
}

// Takes the lines of the finding into *shown where they are close and there is room.
static bool takes_in(struct found *shown, const bantam_finding *finding, uint64_t first_line_number,
                     size_t most)
{
    uint32_t first = (uint32_t)(finding->first_line - first_line_number);
    uint32_t last = (uint32_t)(finding->last_line - first_line_number);
    struct found wider = *shown;
    wider.first = first < wider.first ? first : wider.first;
    wider.last = last > wider.last ? last : wider.last;
    bool close = first <= shown->last + 1 + CLOSE_LINES && shown->first <= last + 1 + CLOSE_LINES;
    bool fits = wider.last - wider.first < most;
    if (close && fits) {
        *shown = wider;
    }
    return close && fits;
}

static void move_to(bantam_finding *findings, size_t from, size_t to)
{
    bantam_finding moved = findings[from];
    memmove(findings + from, findings + from + 1, (to - from) * sizeof *findings);
    findings[to] = moved;
}

size_t pieces_part(bantam_finding *findings, size_t n, struct found *shown,
                   uint64_t first_line_number, size_t most)
{
    size_t n_failures = n;
    for (size_t i = 1; i < n_failures;) {
        if (same_failure(&findings[0], &findings[i]) &&
            takes_in(shown, &findings[i], first_line_number, most)) {
            move_to(findings, i, n - 1);
            n_failures--;
            i = 1; // one that was too far away may be close now
        } else {
            i++;
        }
    }
    for (size_t i = 0; i < n; i++) {
        findings[i].rank = i + 1;
    }
    return n_failures;
}
