// The ways in which a secret shows itself, tried from the left; the leftmost wins.
#include "text/secret.h"

#include <strings.h>

static bool is_alnum(char byte)
{
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_hex(char byte)
{
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_of(char byte, enum secret_bytes bytes)
{
    switch (bytes) {
    case SECRET_DIGITS:
        return byte_is_digit(byte);
    case SECRET_HEX:
        return is_hex(byte);
    case SECRET_UPPER:
        return byte_is_digit(byte) || (byte >= 'A' && byte <= 'Z');
    case SECRET_ALNUM:
        return is_alnum(byte);
    case SECRET_WORD:
        return is_alnum(byte) || byte == '_';
    case SECRET_BASE64URL:
        return is_alnum(byte) || byte == '_' || byte == '-';
    case SECRET_DOTTED:
        return is_alnum(byte) || byte == '_' || byte == '-' || byte == '.' || byte == '=';
    case SECRET_BASE64:
        return is_alnum(byte) || byte == '+' || byte == '/' || byte == '=';
    }
    return false;
}

// The end of the run of such bytes that begins at `from`.
static size_t run_end(struct span text, size_t from, enum secret_bytes bytes)
{
    while (from < text.size && is_of(text.data[from], bytes)) {
        from++;
    }
    return from;
}

static bool has_digit(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (byte_is_digit(text.data[i])) {
            return true;
        }
    }
    return false;
}

static bool starts_ignoring_case(struct span text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && strncasecmp(text.data, prefix, size) == 0;
}

static bool found(struct secret *secret, size_t first, size_t end, const char *kind)
{
    *secret = (struct secret){first, end, kind};
    return true;
}

// The first format whose prefix begins with the byte.
static size_t first_format(char byte)
{
    size_t low = 0, high = n_secret_formats;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (secret_formats[middle].prefix[0] < byte) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// A prefix that could open an ordinary word asks for a digit behind it.
static bool find_token(struct secret *secret, struct span text, size_t at)
{
    char first = text.data[at];
    for (size_t i = first_format(first);
         i < n_secret_formats && secret_formats[i].prefix[0] == first; i++) {
        const struct secret_format *format = &secret_formats[i];
        struct span prefix = span_of(format->prefix, strlen(format->prefix));
        if (!span_starts(span_after(text, at), prefix)) {
            continue;
        }
        size_t from = at + prefix.size, end = run_end(text, from, format->bytes);
        bool word = is_alnum(prefix.data[prefix.size - 1]) && format->bytes != SECRET_UPPER;
        if (end - from >= format->least &&
            (!word || has_digit(span_of(text.data + from, end - from)))) {
            return found(secret, at, end, format->kind);
        }
    }
    return false;
}

// Three runs of base64 with dots between, the first of which decodes to {"…
static bool find_web_token(struct secret *secret, struct span text, size_t at)
{
    if (!span_starts(span_after(text, at), SPAN("eyJ"))) {
        return false;
    }
    size_t end = at;
    for (int part = 0; part < 3; part++) {
        size_t from = end + (part > 0);
        end = run_end(text, from, SECRET_BASE64URL);
        if (end - from < (part < 2 ? 8U : 0U) ||
            (part < 2 && (end == text.size || text.data[end] != '.'))) {
            return false;
        }
    }
    return found(secret, at, end, "json web token");
}

// digits:35 bytes, as Telegram's bots have them.
static bool find_bot_token(struct secret *secret, struct span text, size_t at)
{
    size_t colon = run_end(text, at, SECRET_DIGITS);
    if (colon - at < 8 || colon - at > 10 || !span_starts(span_after(text, colon), SPAN(":AA"))) {
        return false;
    }
    size_t end = run_end(text, colon + 1, SECRET_BASE64URL);
    return end - colon == 36 && found(secret, at, end, "telegram token");
}

// xxx8Q~…: what Microsoft Entra calls a client secret. The tilde tells it.
static bool find_client_secret(struct secret *secret, struct span text, size_t at)
{
    if (text.size - at < 37 || !byte_is_digit(text.data[at + 3]) ||
        !span_starts(span_after(text, at + 4), SPAN("Q~"))) {
        return false;
    }
    size_t end = at + 6;
    while (end < text.size && (is_of(text.data[end], SECRET_BASE64URL) || text.data[end] == '.' ||
                               text.data[end] == '~')) {
        end++;
    }
    return end - at >= 37 && found(secret, at, end, "azure client secret");
}

// The path behind the host of an incoming webhook is all that it takes to use it.
static bool find_webhook(struct secret *secret, struct span text, size_t at)
{
    static const struct {
        const char *host;
        const char *kind;
    } hooks[] = {
        {"hooks.slack.com/services/", "slack webhook"},
        {"hooks.slack.com/workflows/", "slack webhook"},
        {"discord.com/api/webhooks/", "discord webhook"},
        {"discordapp.com/api/webhooks/", "discord webhook"},
        {"hooks.zapier.com/hooks/catch/", "zapier webhook"},
        {"webhook.office.com/webhookb2/", "teams webhook"},
    };
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        size_t size = strlen(hooks[i].host);
        if (span_starts(span_after(text, at), span_of(hooks[i].host, size))) {
            size_t from = at + size, end = from;
            while (end < text.size && (is_of(text.data[end], SECRET_BASE64URL) ||
                                       text.data[end] == '/' || text.data[end] == '@')) {
                end++;
            }
            return end - from >= 16 && found(secret, from, end, hooks[i].kind);
        }
    }
    return false;
}

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
        if (value.size == strlen(words[i]) && starts_ignoring_case(value, words[i])) {
            return true;
        }
    }
    return same == value.size || span_contains(value, SPAN("***"));
}

// scheme://user:password@host, and scheme://token@host.
static bool find_in_url(struct secret *secret, struct span text, size_t at)
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
    return found(secret, first, end, "password in a url");
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
        if (name.size >= size &&
            starts_ignoring_case(span_after(name, name.size - size), ends[i])) {
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
            if (starts_ignoring_case(span_after(name, at), secret_names[i].part)) {
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
        letters += !digit && is_alnum(value.data[i]);
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
    while (at < text.size && memchr("\"'` ", text.data[at], 4)) {
        at++;
    }
    bool option = first >= 2 && text.data[first - 1] == '-' && text.data[first - 2] == '-';
    if (at < text.size && memchr("=:", text.data[at], 2)) {
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
static bool find_assignment(struct secret *secret, struct span text, size_t at)
{
    size_t end = at;
    while (end < text.size && (is_of(text.data[end], SECRET_BASE64URL) || text.data[end] == '.')) {
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
    bool plain = secret_names[name].any && (tight || quoted || has_digit(value));
    size_t first = (size_t)(value.data - text.data);
    return (plain || looks_random(value)) && !path &&
           found(secret, first, first + value.size, secret_names[name].kind);
}

// "Bearer …", "Basic …" and "token …" behind an Authorization header; Bearer anywhere.
static bool find_header(struct secret *secret, struct span text, size_t at)
{
    struct span rest = span_after(text, at);
    bool header = starts_ignoring_case(rest, "authorization");
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
        if (starts_ignoring_case(rest, schemes[i])) {
            struct span value = value_at(text, from + strlen(schemes[i]));
            size_t first = (size_t)(value.data - text.data);
            bool long_enough = value.size >= (header ? 6U : 20U) && (header || has_digit(value));
            return (header || i == 0) && long_enough && !is_placeholder(value) &&
                   found(secret, first, first + value.size, "authorization header");
        }
    }
    return false;
}

// curl -u user:password, docker login -p password: the option alone tells too little, so the command must stand before it.
static bool find_command_option(struct secret *secret, struct span text, size_t at)
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
           found(secret, first, first + value.size, "password");
}

static bool find_key_line(struct secret *secret, struct span text, size_t at)
{
    struct span rest = span_after(text, at);
    if (!span_starts(rest, SPAN("-----BEGIN ")) || !secret_block_opens(rest)) {
        return false;
    }
    size_t label = span_find(span_after(rest, 11), SPAN("-----"));
    size_t from = at + 11 + label + 5, end = span_find(span_after(text, from), SPAN("-----END"));
    end = end == SIZE_MAX ? text.size : from + end;
    return end > from + 3 && found(secret, from, end, "private key");
}

static bool find_email(struct secret *secret, struct span text, size_t at)
{
    size_t sign = at;
    while (sign < text.size &&
           (is_of(text.data[sign], SECRET_BASE64URL) || memchr(".+%", text.data[sign], 3))) {
        sign++;
    }
    if (sign == at || sign >= text.size || text.data[sign] != '@') {
        return false;
    }
    size_t end = sign + 1, dot = 0;
    while (end < text.size &&
           (is_alnum(text.data[end]) || text.data[end] == '-' || text.data[end] == '.')) {
        dot = text.data[end] == '.' && end + 1 < text.size && is_alnum(text.data[end + 1]) ? end
                                                                                           : dot;
        end++;
    }
    end -= text.data[end - 1] == '.';
    return dot > sign + 1 && end - dot > 2 && found(secret, at, end, "e-mail address");
}

// What can begin with a word, by its first byte: most words are passed over after one look.
static bool find_special(struct secret *secret, struct span text, size_t at)
{
    switch (text.data[at]) {
    case 'a':
    case 'A':
    case 'b':
    case 'B':
        return find_header(secret, text, at);
    case 'd':
    case 'h':
    case 'w':
        return find_webhook(secret, text, at);
    case 'e':
        return find_web_token(secret, text, at);
    default:
        return byte_is_digit(text.data[at]) && find_bot_token(secret, text, at);
    }
}

// Ways that may begin in the middle of a word stand first, then those that begin one.
static bool find_at(struct secret *secret, struct span text, size_t at, bool emails)
{
    char byte = text.data[at], before = at > 0 ? text.data[at - 1] : ' ';
    if (byte == ':') {
        return find_in_url(secret, text, at);
    }
    if (byte == '-') {
        return (before == ' ' && find_command_option(secret, text, at)) ||
               (before != '-' && find_key_line(secret, text, at));
    }
    if ((!is_alnum(byte) && byte != '_') || is_alnum(before) || before == '_') {
        return false;
    }
    if (find_special(secret, text, at) || find_client_secret(secret, text, at)) {
        return true;
    }
    bool inside = (before == '-' || before == '.') && at > 1 && is_alnum(text.data[at - 2]);
    if (!inside && (find_token(secret, text, at) || find_assignment(secret, text, at))) {
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
