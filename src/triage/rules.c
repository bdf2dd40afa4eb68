// Rules of a TOML file, compiled once, and matched line by line.
#include "triage/rules.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/toml.h"
#include "triage/pattern_needs.h"
#include "triage/pattern_options.h"

enum {
    RULES_MAXIMUM = 1000,
    CAUSE_MAXIMUM = 40, // bytes of a name
    FIX_MAXIMUM = 1000,
    LINE_LIMIT = 4096, // bytes of a line that are looked at
    MATCH_LIMIT = 20000,
    DEPTH_LIMIT = 200,
};

struct compiled_rule {
    struct own_rule rule;
    uint64_t line; // of the file, where it begins
    const char *pattern;
    struct pattern_needs needs;
    pcre2_code *code;
};

struct own_rules {
    struct arena arena;
    struct compiled_rule rules[RULES_MAXIMUM];
    size_t n_rules;
    bool in_rule; // what is being read is one
};

struct own_rules *own_rules_new(void)
{
    return memory_allocate_array(1, sizeof(struct own_rules));
}

void own_rules_free(struct own_rules **rules)
{
    if (*rules) {
        for (size_t i = 0; i < (*rules)->n_rules; i++) {
            pcre2_code_free((*rules)->rules[i].code);
        }
        arena_release(&(*rules)->arena);
        memory_free(*rules);
        *rules = NULL;
    }
}

const struct own_rule *own_rules_at(const struct own_rules *rules, size_t rule)
{
    return &rules->rules[rule].rule;
}

bool own_cause_name(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return size > 0 && size <= CAUSE_MAXIMUM && !name[size] && name[0] >= 'a' && name[0] <= 'z';
}

static bantam_status refuse(bantam_error *error, uint64_t line, const char *what)
{
    return error_set_at(error, BANTAM_ERROR_INPUT, 0, line, "line %llu: %s",
                        (unsigned long long)line, what);
}

static bantam_status compile(struct compiled_rule *compiled, uint64_t line, bantam_error *error)
{
    int problem;
    PCRE2_SIZE where;
    compiled->code = pcre2_compile((PCRE2_SPTR)compiled->pattern, PCRE2_ZERO_TERMINATED,
                                   PCRE2_NEVER_BACKSLASH_C | pattern_options(compiled->pattern),
                                   &problem, &where, NULL);
    if (!compiled->code) {
        unsigned char words[160] = "";
        pcre2_get_error_message(problem, words, sizeof words);
        return error_set_at(error, BANTAM_ERROR_INPUT, where, line,
                            "line %llu: the pattern is wrong at byte %zu: %s",
                            (unsigned long long)line, (size_t)where, (const char *)words);
    }
    pattern_needs_read(&compiled->needs, compiled->pattern);
    return BANTAM_OK;
}

// The rule read last is complete: it must make sense.
static bantam_status end_rule(struct own_rules *rules, bantam_error *error)
{
    if (!rules->in_rule) {
        return BANTAM_OK;
    }
    struct compiled_rule *compiled = &rules->rules[rules->n_rules - 1];
    struct own_rule *rule = &compiled->rule;
    rules->in_rule = false;
    if (!compiled->pattern) {
        return refuse(error, compiled->line, "this rule has no pattern");
    }
    if (rule->ignore == (rule->cause != NULL)) {
        return refuse(error, compiled->line, "a rule has a cause, or ignore = true");
    }
    if (rule->ignore && (rule->fix || rule->transient)) {
        return refuse(error, compiled->line, "a rule that ignores has no fix and no transient");
    }
    rule->name = rule->name ? rule->name : compiled->pattern;
    return BANTAM_OK;
}

static bantam_status begin_table(void *context, const char *name, bool is_element, uint64_t line,
                                 bantam_error *error)
{
    struct own_rules *rules = context;
    bantam_status status = end_rule(rules, error);
    if (status) {
        return status;
    }
    if (strcmp(name, "rule") != 0 || !is_element) {
        return refuse(error, line, "no such table; each rule begins with [[rule]]");
    }
    if (rules->n_rules == RULES_MAXIMUM) {
        return refuse(error, line, "more than 1,000 rules");
    }
    rules->rules[rules->n_rules++] = (struct compiled_rule){.line = line};
    rules->in_rule = true;
    return BANTAM_OK;
}

static bantam_status take_text(struct compiled_rule *compiled, const char *name, const char *text,
                               uint64_t line, bantam_error *error)
{
    struct own_rule *rule = &compiled->rule;
    if (strcmp(name, "pattern") == 0) {
        if (compiled->pattern) {
            return refuse(error, line, "a rule has one pattern; join several with |");
        }
        compiled->pattern = text;
        return *text ? compile(compiled, line, error)
                     : refuse(error, line, "an empty pattern matches every line");
    }
    if (strcmp(name, "cause") == 0) {
        rule->cause = text;
        return own_cause_name(text)
                   ? BANTAM_OK
                   : refuse(error, line, "a cause is a name of small letters, digits, _ and -");
    }
    if (strcmp(name, "fix") == 0) {
        rule->fix = text;
        return strlen(text) <= FIX_MAXIMUM ? BANTAM_OK
                                           : refuse(error, line, "a fix has 1,000 bytes at most");
    }
    if (strcmp(name, "name") == 0) {
        rule->name = text;
        return BANTAM_OK;
    }
    if (strcmp(name, "transient") == 0) {
        rule->transient = text;
        bool known =
            strcmp(text, "yes") == 0 || strcmp(text, "no") == 0 || strcmp(text, "maybe") == 0;
        return known ? BANTAM_OK : refuse(error, line, "transient is \"yes\", \"no\" or \"maybe\"");
    }
    return refuse(error, line,
                  "no such key; a rule has pattern, cause, fix, transient, name, ignore");
}

static bantam_status take_key(void *context, const char *name, const struct toml_value *value,
                              uint64_t line, bantam_error *error)
{
    struct own_rules *rules = context;
    if (!rules->in_rule) {
        return refuse(error, line, "a key stands before the first [[rule]]");
    }
    struct compiled_rule *compiled = &rules->rules[rules->n_rules - 1];
    if (strcmp(name, "ignore") == 0) {
        compiled->rule.ignore = value->truth;
        return value->kind == TOML_BOOLEAN ? BANTAM_OK
                                           : refuse(error, line, "ignore is true or false");
    }
    if (value->kind != TOML_STRING) {
        return refuse(error, line, "this key takes a text in quotes");
    }
    return take_text(compiled, name, value->text, line, error);
}

bantam_status own_rules_add(struct own_rules *rules, const char *toml, size_t size,
                            bantam_error *error)
{
    const struct toml_visitor visitor = {.context = rules, .table = begin_table, .key = take_key};
    size_t before = rules->n_rules;
    bantam_status status = toml_read(toml, size, &rules->arena, &visitor, error);
    status = status ? status : end_rule(rules, error);
    for (; status && rules->n_rules > before; rules->n_rules--) {
        pcre2_code_free(rules->rules[rules->n_rules - 1].code);
    }
    rules->in_rule = false;
    return status;
}

// What matching needs, once a log.
struct matcher {
    pcre2_match_context *limits;
    pcre2_match_data *data;
};

static bool matches(const struct matcher *matcher, const struct compiled_rule *compiled,
                    const struct line *line)
{
    bool cut =
        line->size >= LINE_LIMIT; // there the document, too, cuts a line: that is no end of it
    size_t size = cut ? LINE_LIMIT : line->size;
    return pattern_needs_met(&compiled->needs, line->text, size) &&
           pcre2_match(compiled->code, (PCRE2_SPTR)line->text, size, 0, cut ? PCRE2_NOTEOL : 0,
                       matcher->data, matcher->limits) >= 0;
}

static bool add_hit(struct rule_hits *hits, size_t *capacity, struct arena *arena, uint32_t line,
                    uint32_t rule)
{
    if (hits->n_hits == *capacity) {
        size_t more = *capacity ? 2 * *capacity : 64;
        struct rule_hit *copy = arena_allocate_array(arena, more, sizeof *copy);
        if (!copy) {
            return false;
        }
        if (hits->n_hits > 0) {
            memcpy(copy, hits->hits, hits->n_hits * sizeof *copy);
        }
        hits->hits = copy;
        *capacity = more;
    }
    hits->hits[hits->n_hits++] = (struct rule_hit){line, rule};
    return true;
}

static bool match_lines(struct rule_hits *hits, const struct own_rules *rules,
                        const struct document *document, const struct matcher *matcher,
                        struct arena *arena)
{
    size_t capacity = 0;
    for (size_t at = 0; at < document->n_lines && hits->n_hits < RULE_HITS_MAXIMUM; at++) {
        const struct line *line = &document->lines[at];
        size_t rule = 0;
        while (rule < rules->n_rules && !matches(matcher, &rules->rules[rule], line)) {
            rule++;
        }
        if (rule < rules->n_rules &&
            !add_hit(hits, &capacity, arena, (uint32_t)at, (uint32_t)rule)) {
            return false;
        }
    }
    return true;
}

bantam_status own_rules_match(struct rule_hits *hits, const struct own_rules *rules,
                              const struct document *document, struct arena *arena,
                              bantam_error *error)
{
    *hits = (struct rule_hits){NULL, 0};
    struct matcher matcher = {pcre2_match_context_create(NULL), pcre2_match_data_create(1, NULL)};
    bool matched = matcher.limits && matcher.data;
    if (matched) {
        pcre2_set_match_limit(matcher.limits, MATCH_LIMIT);
        pcre2_set_depth_limit(matcher.limits, DEPTH_LIMIT);
        matched = match_lines(hits, rules, document, &matcher, arena);
    }
    pcre2_match_data_free(matcher.data);
    pcre2_match_context_free(matcher.limits);
    return matched ? BANTAM_OK : error_memory(error);
}
