// Secrets that what stands before them gives away: a password in a URL, the value of a name, of a header, of an option.
#include "text/secret_ways.h"

// What stands in a secret's place: nothing is lost by showing it, and a reader sees that it was masked or never set.
static bool is_placeholder(struct span value)
{
    static const char *const words[] = {
        "true",     "false",    "null",   "none",    "nil",     "undefined", "yes",    "no",
        "required", "optional", "string", "masked",  "hidden",  "redacted",  "secret", "password",
        "passwd",   "token",    "empty",  "invalid", "missing", "default",   "file",   "prompt",
        "basic",    "bearer",   "unset",  "read",    "write",
    };
    if (memchr("$%<{[(*", value.data[0], 7) || value.data[0] == '#') {
        return true;
    }
    size_t same = 1;
    while (same < value.size && value.data[same] == value.data[0]) {
        same++;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (value.size == strlen(words[i]) && secret_starts(value, words[i])) {
            return true;
        }
    }
    return same == value.size || span_contains(value, SPAN("***"));
}

// scheme://user:password@host, and scheme://token@host.
bool secret_in_url(struct secret *secret, struct span text, size_t at)
{
    if (!span_starts(span_after(text, at), SPAN("://"))) {
        return false;
    }
    size_t from = at + 3, end = from, colon = SIZE_MAX;
    while (end < text.size && !memchr(" \t\"'<>/?#@\\", text.data[end], 11)) {
        colon = text.data[end] == ':' && colon == SIZE_MAX ? end : colon;
        end++;
    }
    if (end == text.size || text.data[end] != '@' || end == from) {
        return false;
    }
    size_t first = colon == SIZE_MAX ? from : colon + 1;
    struct span value = span_of(text.data + first, end - first);
    if (value.size < 3 || is_placeholder(value) || (colon == SIZE_MAX && value.size < 16)) {
        return false;
    }
    return secret_found(secret, first, end, "password in a url");
}

// What a name of a variable, option, header or query must hold so that its value is a secret, and how plain a value may be.
static const struct {
    const char *part;
    const char *kind;
    bool any; // any value is one; else only what looks random
} secret_names[] = {
    {"password", "password", true},
    {"passwd", "password", true},
    {"passphrase", "password", true},
    {"pgpass", "password", true},
    {"mysql_pwd", "password", true},
    {"secret", "secret", false},
    {"token", "token", false},
    {"apikey", "api key", false},
    {"api_key", "api key", false},
    {"api-key", "api key", false},
    {"accesskey", "access key", false},
    {"access_key", "access key", false},
    {"access-key", "access key", false},
    {"accountkey", "access key", false},
    {"private_key", "private key", false},
    {"privatekey", "private key", false},
    {"encryption_key", "encryption key", false},
    {"signing_key", "signing key", false},
    {"credential", "credential", false},
    {"x-amz-signature", "signature", false},
    {"x-goog-signature", "signature", false},
    {"_auth", "credential", false},
};

// Names that hold such a part and tell something else.
static bool is_harmless_name(struct span name)
{
    static const char *const ends[] = {
        "stdin",   "file",    "path",    "name",           "url", "type", "count", "length",
        "expired", "expires", "tokens",  "tokenizer",      "ttl", "size", "id",    "method",
        "prompt",  "version", "keyring", "publickeytoken",
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t size = strlen(ends[i]);
        if (name.size >= size && secret_starts(span_after(name, name.size - size), ends[i])) {
            return true;
        }
    }
    return false;
}

// Which of the secret names the name holds; SIZE_MAX for none.
static size_t secret_name(struct span name)
{
    for (size_t i = 0; i < sizeof secret_names / sizeof *secret_names; i++) {
        for (size_t at = 0; at < name.size; at++) {
            if (secret_starts(span_after(name, at), secret_names[i].part)) {
                return is_harmless_name(name) ? SIZE_MAX : i;
            }
        }
    }
    return SIZE_MAX;
}

// Letters and digits in turn, as a generator writes and a person does not.
static bool looks_random(struct span value)
{
    size_t letters = 0, digits = 0, changes = 0;
    bool before = false;
    for (size_t i = 0; i < value.size; i++) {
        bool digit = byte_is_digit(value.data[i]);
        digits += digit;
        letters += !digit && secret_is_alnum(value.data[i]);
        changes += i > 0 && digit != before;
        before = digit;
    }
    return value.size >= 16 && digits >= 2 && letters >= 2 && changes >= 3;
}

// The value from `from` on, up to its closing quote or the first byte that ends one.
static struct span value_at(struct span text, size_t from)
{
    char quote = from < text.size ? text.data[from] : '\0';
    bool quoted = quote == '"' || quote == '\'' || quote == '`';
    size_t end = from += quoted;
    while (end < text.size &&
           (quoted ? text.data[end] != quote : !memchr(" \t\"'`,;&|)]}<>", text.data[end], 14))) {
        end++;
    }
    return span_of(text.data + from, end - from);
}

// name=value, name: value, "name": "value", name => value, --name value: where the value begins, 0 where none does.
static size_t value_start(struct span text, size_t first, size_t end, bool *tight)
{
    size_t at = end;
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '"' ||
                              text.data[at] == '\'' || text.data[at] == '`')) {
        at++;
    }
    bool option = first >= 2 && text.data[first - 1] == '-' && text.data[first - 2] == '-';
    if (at < text.size && (text.data[at] == '=' || text.data[at] == ':')) {
        at++;
        at += at < text.size && (text.data[at] == '>' || text.data[at] == '=');
    } else if (!option || at == end) {
        return 0;
    }
    *tight = option || (at == end + 1 && at < text.size && text.data[at] != ' ');
    while (at < text.size && text.data[at] == ' ') {
        at++;
    }
    return at < text.size && !memchr("=:", text.data[at], 2) ? at : 0;
}

// A name that begins at `at` and is given a value. In prose ("password: incorrect") a value of letters alone is a word.
bool secret_assigned(struct secret *secret, struct span text, size_t at)
{
    size_t end = at;
    while (end < text.size &&
           (secret_is_of(text.data[end], SECRET_BASE64URL) || text.data[end] == '.')) {
        end++;
    }
    bool tight = false;
    size_t from = value_start(text, at, end, &tight); // first: most words are given no value
    size_t name = from == 0 ? SIZE_MAX : secret_name(span_of(text.data + at, end - at));
    if (name == SIZE_MAX) {
        return false;
    }
    struct span value = value_at(text, from);
    bool quoted = value.data != text.data + from;
    if (value.size < 4 || is_placeholder(value) || span_contains(value, SPAN("("))) {
        return false;
    }
    bool path = value.data[0] == '/' && span_contains(span_after(value, 1), SPAN("/"));
    bool plain = secret_names[name].any && (tight || quoted || secret_has_digit(value));
    size_t first = (size_t)(value.data - text.data);
    return (plain || looks_random(value)) && !path &&
           secret_found(secret, first, first + value.size, secret_names[name].kind);
}

// "Bearer …", "Basic …" and "token …" behind an Authorization header; Bearer anywhere.
bool secret_in_header(struct secret *secret, struct span text, size_t at)
{
    struct span rest = span_after(text, at);
    bool header = secret_starts(rest, "authorization");
    size_t from = at;
    if (header) {
        from += sizeof "authorization" - 1;
        while (from < text.size && memchr("\"': =>", text.data[from], 6)) {
            from++;
        }
        rest = span_after(text, from);
    }
    static const char *const schemes[] = {"bearer ", "basic ", "token "};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (secret_starts(rest, schemes[i])) {
            struct span value = value_at(text, from + strlen(schemes[i]));
            size_t first = (size_t)(value.data - text.data);
            bool long_enough =
                value.size >= (header ? 6U : 20U) && (header || secret_has_digit(value));
            return (header || i == 0) && long_enough && !is_placeholder(value) &&
                   secret_found(secret, first, first + value.size, "authorization header");
        }
    }
    return false;
}

// curl -u user:password, docker login -p password: the option alone tells too little, so the command must stand before it.
bool secret_in_option(struct secret *secret, struct span text, size_t at)
{
    bool user = span_starts(span_after(text, at), SPAN("-u "));
    if (!user && !span_starts(span_after(text, at), SPAN("-p "))) {
        return false;
    }
    struct span before = span_of(text.data, at);
    if (!span_contains(before, user ? SPAN("curl ") : SPAN(" login "))) {
        return false;
    }
    struct span value = value_at(text, at + 3);
    if (user) {
        size_t colon = span_find(value, SPAN(":"));
        value = colon == SIZE_MAX ? span_of(value.data, 0) : span_after(value, colon + 1);
    }
    size_t first = (size_t)(value.data - text.data);
    return value.size >= 4 && !is_placeholder(value) &&
           secret_found(secret, first, first + value.size, "password");
}
