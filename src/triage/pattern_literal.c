// Reads only what it is sure of: plain bytes outside of groups, and within a capturing group that always matches and has no
// alternatives. Whatever else may stand there ends the run of bytes or, where it changes the meaning of others, the search.
#include "triage/pattern_literal.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_optional(const char *at)
{
    return *at == '?' || *at == '*' || *at == '{';
}

// Behind a class such as [^\]x], NULL where it has no end.
static const char *behind_class(const char *at)
{
    at += at[1] == '^' ? 2 : 1;
    at += *at == ']';
    for (; *at && *at != ']'; at++) {
        at += *at == '\\' && at[1];
    }
    return *at ? at + 1 : NULL;
}

// Behind a group, NULL where it has no end; *alternatives: it or a group in it has some.
static const char *behind_group(const char *at, bool *alternatives)
{
    size_t depth = 0;
    *alternatives = false;
    while (at && *at) {
        depth += *at == '(';
        depth -= *at == ')';
        *alternatives |= *at == '|';
        if (depth == 0) {
            return at + 1;
        }
        at = *at == '[' ? behind_class(at) : at + 1 + (*at == '\\' && at[1]);
    }
    return NULL;
}

// Whether the pattern has nothing that gives plain bytes another meaning.
static bool is_simple(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        if (*at == '(' && at[1] == '?' && !(at[2] && strchr(":<=!>", at[2]))) {
            return false; // options
        }
        if (*at == '(' && at[1] == '*') {
            return false; // verbs
        }
        if (*at == '[' && at[1] == '[' && at[2] == ':') {
            return false;
        }
        if (*at == '\\') {
            at++;
            if (!*at || (isalnum((unsigned char)*at) && !strchr("dDsSwWbB", *at))) {
                return false;
            }
        }
    }
    return true;
}

// A run of bytes that follow each other in every match.
struct run {
    char bytes[PATTERN_LITERAL_MAXIMUM];
    size_t size;
};

static void end_run(struct run *run, struct run *best)
{
    if (run->size > best->size) {
        *best = *run;
    }
    run->size = 0;
}

// Takes the group that begins at `at`; returns where to go on, NULL where that is unclear.
static const char *read_group(const char *at, struct run *run, struct run *best, bool *is_open)
{
    bool alternatives;
    const char *behind = behind_group(at, &alternatives);
    const char *name_end =
        at[1] == '?' && at[2] == '<' && isalpha((unsigned char)at[3]) ? strchr(at, '>') : NULL;
    if (behind && name_end && !alternatives && !is_optional(behind) && !*is_open) {
        *is_open = true; // its content stands here in every match
        return name_end + 1;
    }
    end_run(run, best);
    return behind;
}

static const char *read_byte(const char *at, struct run *run, struct run *best)
{
    bool escaped = *at == '\\';
    const char *behind = at + 1 + escaped;
    bool plain = escaped ? !isalnum((unsigned char)at[1]) : !strchr("^$.+?*", *at);
    if (plain && !is_optional(behind) && run->size < PATTERN_LITERAL_MAXIMUM - 1) {
        run->bytes[run->size++] = at[escaped];
    } else {
        end_run(run, best);
    }
    return behind;
}

void pattern_literal(const char *pattern, char literal[PATTERN_LITERAL_MAXIMUM])
{
    struct run run = {.size = 0}, best = {.size = 0};
    bool is_open = false;
    const char *at = is_simple(pattern) ? pattern : NULL;
    literal[0] = '\0';
    while (at && *at) {
        switch (*at) {
        case '|':
            return;
        case '(':
            at = read_group(at, &run, &best, &is_open);
            break;
        case ')':
            is_open = false;
            at++;
            if (*at == '+') {
                end_run(&run, &best);
            }
            break;
        case '[':
            end_run(&run, &best);
            at = behind_class(at);
            break;
        case '{':
            end_run(&run, &best);
            at = strchr(at, '}');
            at += at != NULL;
            break;
        default:
            at = read_byte(at, &run, &best);
        }
    }
    if (at) {
        end_run(&run, &best);
        memcpy(literal, best.bytes, best.size);
        literal[best.size] = '\0';
    }
}
