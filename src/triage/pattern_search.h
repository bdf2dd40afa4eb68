// Looks for what a pattern names in the lines of a finding, closest to the line to read first.
//
// In: PCRE2 patterns with a group `subject`, and lines, both of unknown origin; a pattern with \n spans a line and the one below. Out: a short text. Matching has limits, so that no
// line and no pattern can take long; a pattern that does not compile is passed over (tests catch those shipped).
#ifndef BANTAM_TRIAGE_PATTERN_SEARCH_H
#define BANTAM_TRIAGE_PATTERN_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "text/span.h"
#include "triage/tools.h"

// How far beyond the finding.
enum pattern_reach {
    REACH_FINDING,
    REACH_CLOSE,   // some lines before and behind it
    REACH_SECTION, // more lines before it, within the section of the anchor
    PATTERN_REACHES,
};

struct byte_pairs;

struct pattern_search {
    const struct document *document;
    struct finding_lines lines;
    struct arena *arena;
    struct pcre2_real_match_context_8 *limits;
    bool (*accepts)(const char *text, size_t size); // NULL: anything
    bool (*avoids)(const char *line, size_t size);  // lines that are passed over; NULL: none
    // (PATTERN_REACHES) what the lines within each reach hold, from the arena when it is first needed; for searches of the same lines
    // to share. NULL: each line is asked by itself.
    struct byte_pairs **pairs;
    const char *found; // valid UTF-8 from the arena; NULL: nothing so far, and the search goes on
    bool out_of_memory;
};

// Errors: BANTAM_ERROR_MEMORY; there is then nothing to release.
BANTAM_MUST_CHECK bantam_status pattern_search_init(struct pattern_search *search,
                                                    struct arena *arena,
                                                    const struct document *document,
                                                    struct finding_lines lines,
                                                    bantam_error *error);
void pattern_search_release(struct pattern_search *search);

// Both do nothing once something was found. `needs`: packed, of the pattern (pattern_needs.h); NULL: they are read from it.
void pattern_search_lines(struct pattern_search *search, const char *pattern, const char *needs,
                          enum pattern_reach reach);
void pattern_search_text(struct pattern_search *search, const char *pattern, const char *needs,
                         struct span in);

#endif
