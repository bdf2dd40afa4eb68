// Escape codes out, colours kept; see escape.h.
#include "text/escape.h"

#include <string.h>

#include "text/document.h"
#include "text/utf8.h"

enum {
    ESCAPE = 0x1B,
    BELL = 0x07,
    ESCAPE_STRING_MAXIMUM = 4096, // an OSC or DCS without an end within this many bytes is text
    SGR_PARAMETERS = 32,
    VISIBLE_SEARCH_MAXIMUM = 64 << 10,
    CLEAN_MAXIMUM = 1 << 20,
};

uint16_t style_flags(const struct style *style)
{
    unsigned flags = style->color | (style->bold ? LINE_BOLD : 0U);
    return (uint16_t)(flags ? flags | LINE_COLORED : 0);
}

static bool is_c1(uint8_t byte)
{
    return byte >= 0x80 && byte <= 0x9F;
}

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

// Whether a text with high bytes has a C1 code, as one byte outside UTF-8 or as U+0080 to U+009F.
static bool has_c1(const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint8_t byte = (uint8_t)bytes[at];
        if (byte < 0x80) {
            at++;
            continue;
        }
        size_t length = utf8_length(bytes + at, size - at);
        if (length == 0 ? is_c1(byte) : byte == 0xC2 && is_c1((uint8_t)bytes[at + 1])) {
            return true;
        }
        at += length ? length : 1;
    }
    return false;
}

enum {
    LANES = 16,
};
typedef uint8_t byte_lanes __attribute__((vector_size(LANES)));

// What stands in 16 bytes: control characters in one, high bits in the other.
static void look(const char *bytes, byte_lanes *control, byte_lanes *high)
{
    byte_lanes lanes;
    memcpy(&lanes, bytes, sizeof lanes);
    *control |= (byte_lanes)((lanes < 0x20) & (lanes != '\t')) | (byte_lanes)(lanes == 0x7F);
    *high |= lanes;
}

static uint8_t any(byte_lanes lanes)
{
    uint64_t halves[2];
    memcpy(halves, &lanes, sizeof halves);
    uint64_t all = halves[0] | halves[1];
    all |= all >> 32;
    all |= all >> 16;
    return (uint8_t)(all | all >> 8);
}

bool text_is_plain(const char *bytes, size_t size)
{
    byte_lanes control = {0}, high = {0};
    if (size == 0) {
        return true;
    }
    if (size < LANES) {
        char padded[LANES];
        memset(padded, ' ', sizeof padded);
        memcpy(padded, bytes, size);
        look(padded, &control, &high);
    } else {
        for (size_t at = 0; at < size - LANES; at += LANES) {
            look(bytes + at, &control, &high);
        }
        look(bytes + size - LANES, &control, &high); // the last ones, some of them again
    }
    return !any(control) && (any(high) < 0x80 || !has_c1(bytes, size));
}

// The lowest bit that is set; of bytes that were loaded as one number, in the first of them.
static size_t first_bit(uint64_t bits)
{
    return (size_t)__builtin_ctzll(bits);
}

// How many bytes from the first on are printable ASCII.
static size_t printable_run(const char *bytes, size_t size)
{
    size_t run = 0;
    for (; size - run >= LANES; run += LANES) {
        byte_lanes lanes;
        memcpy(&lanes, bytes + run, sizeof lanes);
        byte_lanes other = (byte_lanes)(lanes - 0x20 >= 0x5F);
        uint64_t halves[2];
        memcpy(halves, &other, sizeof halves);
        if (halves[0] | halves[1]) {
            size_t bit = halves[0] ? first_bit(halves[0]) : 64 + first_bit(halves[1]);
            return run + bit / 8;
        }
    }
    while (run < size && is_printable((uint8_t)bytes[run])) {
        run++;
    }
    return run;
}

// Bytes up to and with the BEL or ST that ends the string whose introducer takes `start` bytes; `start` without one.
static size_t string_length(const char *bytes, size_t size, size_t start)
{
    size_t limit = size < ESCAPE_STRING_MAXIMUM ? size : ESCAPE_STRING_MAXIMUM;
    for (size_t at = start; at < limit; at++) {
        if (bytes[at] == BELL) {
            return at + 1;
        }
        if (bytes[at] == ESCAPE) {
            return at + 1 < limit && bytes[at + 1] == '\\' ? at + 2 : start;
        }
    }
    return start;
}

// Bytes of a control sequence whose introducer takes `start` bytes; a byte that cannot be in one ends it.
static size_t control_length(const char *bytes, size_t size, size_t start)
{
    size_t at = start;
    while (at < size && bytes[at] >= 0x20 && bytes[at] <= 0x3F) {
        at++;
    }
    return at < size && bytes[at] >= 0x40 && bytes[at] <= 0x7E ? at + 1 : at;
}

size_t escape_length(const char *bytes, size_t size)
{
    if (size < 2) {
        return 1;
    }
    switch (bytes[1]) {
    case '[':
        return control_length(bytes, size, 2);
    case ']':
    case 'P':
    case '_':
    case '^':
    case 'X':
        return string_length(bytes, size, 2);
    default:
        break;
    }
    size_t at = 1;
    while (at < size && bytes[at] >= 0x20 && bytes[at] <= 0x2F) {
        at++; // charset and other selections: ESC ( B
    }
    return at < size && bytes[at] >= 0x30 && bytes[at] <= 0x7E ? at + 1 : at;
}

bool text_has_visible(const char *bytes, size_t size)
{
    size_t limit = size < VISIBLE_SEARCH_MAXIMUM ? size : VISIBLE_SEARCH_MAXIMUM;
    for (size_t at = 0; at < limit;) {
        uint8_t byte = (uint8_t)bytes[at];
        if (byte > 0x20 && byte != 0x7F) {
            return true;
        }
        at += byte == ESCAPE ? escape_length(bytes + at, limit - at) : 1;
    }
    return false;
}

static uint8_t palette_color(unsigned index)
{
    switch (index) {
    case 1:
    case 9:
    case 124:
    case 160:
    case 196:
        return LINE_RED;
    case 2:
    case 10:
        return LINE_GREEN;
    case 3:
    case 11:
        return LINE_YELLOW;
    default:
        return LINE_COLORED;
    }
}

// Applies the parameters of one SGR code.
static void style_apply(struct style *style, const unsigned *parameters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned code = parameters[i];
        if (code == 0) {
            *style = (struct style){0};
        } else if (code == 1 || code == 22) {
            style->bold = code == 1;
        } else if (code == 8 || code == 28) {
            style->hidden = code == 8;
        } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
            style->color = palette_color(code % 10);
        } else if (code == 39) {
            style->color = 0;
        } else if (code == 38 || code == 48) {
            unsigned form = i + 1 < count ? parameters[i + 1] : 0;
            if (code == 38) {
                bool indexed = form == 5 && i + 2 < count;
                style->color = indexed ? palette_color(parameters[i + 2]) : LINE_COLORED;
            }
            i += form == 5 ? 2 : form == 2 ? 4 : 1;
        }
    }
}

// Reads the control sequence in bytes (size), whose parameters begin at `start`; true if it is SGR.
static bool style_read(struct style *style, const char *bytes, size_t size, size_t start)
{
    if (size <= start || bytes[size - 1] != 'm') {
        return false;
    }
    if (size - start <= 2) { // nearly all: "0m", "m"
        unsigned code = size - start == 2 ? (unsigned)(uint8_t)bytes[start] - '0' : 0;
        if (code == 0) {
            *style = (struct style){0};
            return true;
        }
    }
    unsigned parameters[SGR_PARAMETERS];
    size_t count = 1;
    parameters[0] = 0;
    for (size_t at = start; at + 1 < size; at++) {
        char byte = bytes[at];
        if (byte >= '0' && byte <= '9') {
            unsigned value = parameters[count - 1] * 10 + (unsigned)(byte - '0');
            parameters[count - 1] = value > 999 ? 999 : value;
        } else if (byte != ';' && byte != ':') {
            return false; // a private code, as xterm's "modify other keys"
        } else if (count == SGR_PARAMETERS) {
            break;
        } else {
            parameters[count++] = 0;
        }
    }
    style_apply(style, parameters, count);
    return true;
}

bool style_follow(struct style *style, const char *bytes, size_t size)
{
    bool any = false;
    const char *end = bytes + size;
    for (const char *at = bytes; (at = memchr(at, ESCAPE, (size_t)(end - at)));) {
        size_t left = (size_t)(end - at);
        if (left > 1 && at[1] == '[') {
            size_t length = control_length(at, left, 2);
            any |= style_read(style, at, length, 2);
            at += length;
        } else {
            at++;
        }
    }
    return any;
}

// The state of cleaning one run.
struct cleaner {
    char *out;
    size_t capacity, size, cursor; // cursor < size after a backspace
    uint16_t flags;
    struct style *style;
};

// Appends the bytes of characters; false when they don't fit.
static bool cleaner_write(struct cleaner *cleaner, const char *bytes, size_t size)
{
    if (cleaner->style->hidden) {
        return true;
    }
    cleaner->size = cleaner->cursor;
    if (size > cleaner->capacity - cleaner->size) {
        cleaner->flags |= LINE_TRUNCATED;
        return false;
    }
    memcpy(cleaner->out + cleaner->size, bytes, size);
    cleaner->size += size;
    cleaner->cursor = cleaner->size;
    if (size > 1 || bytes[0] != ' ') {
        cleaner->flags |= style_flags(cleaner->style);
    }
    return true;
}

static void cleaner_step_back(struct cleaner *cleaner)
{
    while (cleaner->cursor > 0 && ((uint8_t)cleaner->out[--cleaner->cursor] & 0xC0) == 0x80) {
    }
}

// Consumes the escape sequence or control byte at bytes[0] and returns its length.
static size_t cleaner_control(struct cleaner *cleaner, const char *bytes, size_t size)
{
    uint8_t byte = (uint8_t)bytes[0];
    if (byte == ESCAPE) {
        size_t length = escape_length(bytes, size);
        if (length > 2 && bytes[1] == '[' && style_read(cleaner->style, bytes, length, 2)) {
            cleaner->flags |= LINE_COLORED;
        }
        return length;
    }
    if (byte == '\b') {
        cleaner_step_back(cleaner);
    }
    return 1;
}

// Consumes what begins with a high byte; 0 when it does not fit.
static size_t cleaner_high(struct cleaner *cleaner, const char *bytes, size_t size)
{
    uint8_t byte = (uint8_t)bytes[0];
    size_t length = utf8_length(bytes, size);
    if (length == 0 && is_c1(byte)) {
        if (byte == 0x9B) {
            length = control_length(bytes, size, 1);
            if (style_read(cleaner->style, bytes, length, 1)) {
                cleaner->flags |= LINE_COLORED;
            }
            return length;
        }
        return byte == 0x9D || byte == 0x90 ? string_length(bytes, size, 1) : 1;
    }
    if (length == 2 && byte == 0xC2 && is_c1((uint8_t)bytes[1])) {
        return 2;
    }
    length = length ? length : 1;
    return cleaner_write(cleaner, bytes, length) ? length : 0;
}

struct cleaned text_clean(char *out, size_t capacity, const char *bytes, size_t size,
                          struct style *style)
{
    struct cleaner cleaner = {.out = out, .capacity = capacity, .style = style};
    size_t limit = size < CLEAN_MAXIMUM ? size : CLEAN_MAXIMUM;
    size_t at = 0;
    while (at < limit) {
        uint8_t byte = (uint8_t)bytes[at];
        if (byte >= 0x80) {
            size_t length = cleaner_high(&cleaner, bytes + at, limit - at);
            if (length == 0) {
                break;
            }
            at += length;
        } else if (byte == '\t' || is_printable(byte)) {
            size_t run = 1 + printable_run(bytes + at + 1, limit - at - 1);
            size_t room = capacity - cleaner.cursor;
            if (run > room && room > 0 && !style->hidden) {
                cleaner_write(&cleaner, bytes + at, room);
            }
            if (!cleaner_write(&cleaner, bytes + at, run)) {
                break;
            }
            at += run;
        } else {
            at += cleaner_control(&cleaner, bytes + at, limit - at);
        }
    }
    if (at < limit) {
        style_follow(style, bytes + at, limit - at);
    }
    return (struct cleaned){cleaner.size, cleaner.flags};
}
