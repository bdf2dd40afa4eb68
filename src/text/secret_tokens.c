// Secrets that their format alone gives away: tokens and keys of known providers, and the addresses of incoming webhooks.
#include "text/secret_ways.h"

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
bool secret_token(struct secret *secret, struct span text, size_t at)
{
    char first = text.data[at];
    for (size_t i = first_format(first);
         i < n_secret_formats && secret_formats[i].prefix[0] == first; i++) {
        const struct secret_format *format = &secret_formats[i];
        if (at + 1 == text.size || text.data[at + 1] != format->prefix[1]) {
            continue; // nearly all
        }
        struct span prefix = span_of(format->prefix, strlen(format->prefix));
        if (!span_starts(span_after(text, at), prefix)) {
            continue;
        }
        size_t from = at + prefix.size, end = secret_run_end(text, from, format->bytes);
        bool word = secret_is_alnum(prefix.data[prefix.size - 1]) && format->bytes != SECRET_UPPER;
        if (end - from >= format->least &&
            (!word || secret_has_digit(span_of(text.data + from, end - from)))) {
            return secret_found(secret, at, end, format->kind);
        }
    }
    return false;
}

// Three runs of base64 with dots between, the first of which decodes to {"…
bool secret_web_token(struct secret *secret, struct span text, size_t at)
{
    if (!span_starts(span_after(text, at), SPAN("eyJ"))) {
        return false;
    }
    size_t end = at;
    for (int part = 0; part < 3; part++) {
        size_t from = end + (part > 0);
        end = secret_run_end(text, from, SECRET_BASE64URL);
        if (end - from < (part < 2 ? 8U : 0U) ||
            (part < 2 && (end == text.size || text.data[end] != '.'))) {
            return false;
        }
    }
    return secret_found(secret, at, end, "json web token");
}

// digits:35 bytes, as Telegram's bots have them.
bool secret_bot_token(struct secret *secret, struct span text, size_t at)
{
    size_t colon = secret_run_end(text, at, SECRET_DIGITS);
    if (colon - at < 8 || colon - at > 10 || !span_starts(span_after(text, colon), SPAN(":AA"))) {
        return false;
    }
    size_t end = secret_run_end(text, colon + 1, SECRET_BASE64URL);
    return end - colon == 36 && secret_found(secret, at, end, "telegram token");
}

// xxx8Q~…: what Microsoft Entra calls a client secret. The tilde tells it.
bool secret_client(struct secret *secret, struct span text, size_t at)
{
    if (text.size - at < 37 || !byte_is_digit(text.data[at + 3]) ||
        !span_starts(span_after(text, at + 4), SPAN("Q~"))) {
        return false;
    }
    size_t end = at + 6;
    while (end < text.size && (secret_is_of(text.data[end], SECRET_BASE64URL) ||
                               text.data[end] == '.' || text.data[end] == '~')) {
        end++;
    }
    return end - at >= 37 && secret_found(secret, at, end, "azure client secret");
}

// The path behind the host of an incoming webhook is all that it takes to use it.
bool secret_webhook(struct secret *secret, struct span text, size_t at)
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
            while (end < text.size && (secret_is_of(text.data[end], SECRET_BASE64URL) ||
                                       text.data[end] == '/' || text.data[end] == '@')) {
                end++;
            }
            return end - from >= 16 && secret_found(secret, from, end, hooks[i].kind);
        }
    }
    return false;
}
