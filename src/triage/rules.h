// A person's own rules: a line that matches a pattern tells the cause, or is no reason at all.
//
// In: TOML, a [[rule]] each: pattern (PCRE2), and cause (with fix, transient, name) or ignore = true. Out: which lines of a log match
// which rule. Matching has limits, so that no pattern takes long.
#ifndef BANTAM_TRIAGE_RULES_H
#define BANTAM_TRIAGE_RULES_H

#include <stdbool.h>

#include "bantam/status.h"
#include "text/document.h"

struct own_rule {
    const char *name;                    // as it is told: the name given, else the pattern
    const char *cause, *fix, *transient; // NULL: not given
    bool ignore;
};

struct own_rules;

// A line and the first rule that it matches.
struct rule_hit {
    uint32_t line; // 0-based
    uint32_t rule; // for own_rules_at
};

struct rule_hits {
    struct rule_hit *hits; // (n_hits) in the order of the lines
    size_t n_hits;
};

enum {
    RULE_HITS_MAXIMUM = 1 << 16, // lines of one log; those behind are not looked at
};

// NULL when memory is out.
struct own_rules *own_rules_new(void);
void own_rules_free(struct own_rules **rules);

// Adds the rules of a file, behind those that are there. Errors: BANTAM_ERROR_INPUT with the line, BANTAM_ERROR_MEMORY; the rules
// before the fault may stay.
BANTAM_MUST_CHECK bantam_status own_rules_add(struct own_rules *rules, const char *toml,
                                              size_t size, bantam_error *error);

const struct own_rule *own_rules_at(const struct own_rules *rules, size_t rule);

// Whether a cause may have such a name: small letters, digits, '_' and '-', a letter first, at most 40.
bool own_cause_name(const char *name);

// Looks for the rules in every line of the document; the hits live in the arena. Errors: BANTAM_ERROR_MEMORY. Thread-safe.
BANTAM_MUST_CHECK bantam_status own_rules_match(struct rule_hits *hits,
                                                const struct own_rules *rules,
                                                const struct document *document,
                                                struct arena *arena, bantam_error *error);

#endif
