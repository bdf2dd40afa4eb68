// Asks at each place that could begin a secret for those that can begin so; the leftmost wins. Knows keys and e-mail addresses itself.
#include "text/secret_ways.h"

static bool find_key_line(struct secret *secret, struct span text, size_t at)
{
    struct span rest = span_after(text, at);
    if (!span_starts(rest, SPAN("-----BEGIN ")) || !secret_block_opens(rest)) {
        return false;
    }
    size_t label = span_find(span_after(rest, 11), SPAN("-----"));
    size_t from = at + 11 + label + 5, end = span_find(span_after(text, from), SPAN("-----END"));
    end = end == SIZE_MAX ? text.size : from + end;
    return end > from + 3 && secret_found(secret, from, end, "private key");
}

static bool find_email(struct secret *secret, struct span text, size_t at)
{
    size_t sign = at;
    while (sign < text.size &&
           (secret_is_of(text.data[sign], SECRET_BASE64URL) || memchr(".+%", text.data[sign], 3))) {
        sign++;
    }
    if (sign == at || sign >= text.size || text.data[sign] != '@') {
        return false;
    }
    size_t end = sign + 1, dot = 0;
    while (end < text.size &&
           (secret_is_alnum(text.data[end]) || text.data[end] == '-' || text.data[end] == '.')) {
        dot = text.data[end] == '.' && end + 1 < text.size && secret_is_alnum(text.data[end + 1])
                  ? end
                  : dot;
        end++;
    }
    end -= text.data[end - 1] == '.';
    return dot > sign + 1 && end - dot > 2 && secret_found(secret, at, end, "e-mail address");
}

// What can begin with a word, by its first byte: most words are passed over after one look.
static bool find_special(struct secret *secret, struct span text, size_t at)
{
    switch (text.data[at]) {
    case 'a':
    case 'A':
    case 'b':
    case 'B':
        return secret_in_header(secret, text, at);
    case 'd':
    case 'h':
    case 'w':
        return secret_webhook(secret, text, at);
    case 'e':
        return secret_web_token(secret, text, at);
    default:
        return byte_is_digit(text.data[at]) && secret_bot_token(secret, text, at);
    }
}

// Ways that may begin in the middle of a word stand first, then those that begin one.
static bool find_at(struct secret *secret, struct span text, size_t at, bool emails)
{
    char byte = text.data[at], before = at > 0 ? text.data[at - 1] : ' ';
    if (byte == ':') {
        return secret_in_url(secret, text, at);
    }
    if (byte == '-') {
        return (before == ' ' && secret_in_option(secret, text, at)) ||
               (before != '-' && find_key_line(secret, text, at));
    }
    if ((!secret_is_alnum(byte) && byte != '_') || secret_is_alnum(before) || before == '_') {
        return false;
    }
    if (find_special(secret, text, at) || secret_client(secret, text, at)) {
        return true;
    }
    bool inside = (before == '-' || before == '.') && at > 1 && secret_is_alnum(text.data[at - 2]);
    if (!inside && (secret_token(secret, text, at) || secret_assigned(secret, text, at))) {
        return true;
    }
    return emails && !inside && find_email(secret, text, at);
}

bool secret_find(struct secret *secret, struct span text, size_t from, bool emails)
{
    for (size_t at = from; at < text.size; at++) {
        if (find_at(secret, text, at, emails)) {
            return true;
        }
    }
    return false;
}

bool secret_block_opens(struct span text)
{
    size_t begin = span_find(text, SPAN("-----BEGIN "));
    if (begin != SIZE_MAX) {
        size_t key = span_find(span_after(text, begin), SPAN("PRIVATE KEY"));
        return key != SIZE_MAX && span_contains(span_after(text, begin + key), SPAN("-----"));
    }
    return span_contains(text, SPAN("Private-Lines: "));
}

bool secret_block_closes(struct span text)
{
    return span_contains(text, SPAN("-----END ")) || span_contains(text, SPAN("Private-MAC: "));
}
