// A piece has the first finding's cause, or none that is clear, and, where both are known, its tool and its subject, and stands close
// to it. The list of what a linter or a scanner found is one failure, whatever its rows are about; and what one tool was refused, the one
// that had called it tells in its own words.
#include "triage/pieces.h"

#include <string.h>

#include "triage/causes.h"

static bool may_be_equal(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

enum {
    LIST_LINES = 40, // between the rows of one list that are told of
};

static bool is_one_of(const bantam_finding *finding, const enum cause *causes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(finding->cause, cause_name(causes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_listed(const bantam_finding *first, const bantam_finding *other)
{
    static const enum cause lists[] = {CAUSE_LINT, CAUSE_SECURITY};
    return is_one_of(first, lists, sizeof lists / sizeof *lists) && first->tool && other->tool &&
           strcmp(first->tool, other->tool) == 0 && strcmp(first->cause, other->cause) == 0;
}

// "Permission denied (publickey)" of ssh below git's "Could not read from remote repository", gem's failure below Bundler's.
static bool is_passed_on(const bantam_finding *first, const bantam_finding *other)
{
    static const enum cause passed[] = {CAUSE_AUTH,       CAUSE_NETWORK, CAUSE_RATE_LIMIT,
                                        CAUSE_DEPENDENCY, CAUSE_GIT,     CAUSE_CONTAINER};
    return is_one_of(first, passed, sizeof passed / sizeof *passed) &&
           strcmp(first->cause, other->cause) == 0 && !may_be_equal(first->tool, other->tool);
}

// Of what has no cause that is clear, the tool alone tells: "FAIL example.org/shop" below a failed test of Go's.
static bool same_failure(const bantam_finding *first, const bantam_finding *other)
{
    bool unclear = strcmp(other->cause, cause_name(CAUSE_UNKNOWN)) == 0;
    return is_passed_on(first, other) || is_listed(first, other) ||
           (may_be_equal(first->tool, other->tool) &&
            (unclear || (strcmp(first->cause, other->cause) == 0 &&
                         may_be_equal(first->subject, other->subject))));
}

// Takes the lines of the finding into *shown where they are close and there is room, which a further row of a list can do without.
static bool takes_in(struct found *shown, const bantam_finding *finding, uint64_t first_line_number,
                     size_t most, bool listed)
{
    uint32_t reach = 1U + (listed ? (uint32_t)LIST_LINES : (uint32_t)CLOSE_LINES);
    uint32_t first = (uint32_t)(finding->first_line - first_line_number);
    uint32_t last = (uint32_t)(finding->last_line - first_line_number);
    struct found wider = *shown;
    wider.first = first < wider.first ? first : wider.first;
    wider.last = last > wider.last ? last : wider.last;
    bool close = first <= shown->last + reach && shown->first <= last + reach;
    bool fits = wider.last - wider.first < most;
    if (close && fits) {
        *shown = wider;
    }
    return close && (fits || listed);
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
            takes_in(shown, &findings[i], first_line_number, most,
                     is_listed(&findings[0], &findings[i]))) {
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
