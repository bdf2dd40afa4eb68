// Small formatting that the reports share.
#include "report/quantity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/utf8.h"

struct quantity quantity_grouped(uint64_t value)
{
    char plain[32];
    struct quantity number;
    snprintf(plain, sizeof plain, "%" PRIu64, value);
    size_t size = strlen(plain), at = 0;
    for (size_t i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0) {
            number.text[at++] = ',';
        }
        number.text[at++] = plain[i];
    }
    number.text[at] = '\0';
    return number;
}

struct quantity quantity_bytes(uint64_t bytes)
{
    static const char *const units[] = {"KB", "MB", "GB"};
    struct quantity number;
    if (bytes < 1000) {
        snprintf(number.text, sizeof number.text, "%" PRIu64 " bytes", bytes);
        return number;
    }
    double value = (double)bytes / 1000;
    size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < sizeof units / sizeof *units; unit++) {
        value /= 1000;
    }
    snprintf(number.text, sizeof number.text, "%.1f %s", value, units[unit]);
    return number;
}

// Bytes of the longest head of `name` within `columns`; *used is what it takes.
static size_t head_within(const char *name, size_t size, size_t columns, size_t *used)
{
    size_t at = 0;
    *used = 0;
    while (at < size && at < 200) {
        uint32_t character;
        size_t step = utf8_decode(name + at, size - at, &character);
        size_t wide = character == UTF8_DAMAGED || utf8_is_control(character)
                          ? 1
                          : (size_t)utf8_columns(character);
        if (*used + wide > columns) {
            break;
        }
        *used += wide;
        at += step;
    }
    return at;
}

struct quantity quantity_fitted(const char *name, size_t columns, const char *mark)
{
    struct quantity fitted;
    size_t size = strlen(name), used;
    columns = columns > 60 ? 60 : columns;
    size_t head = head_within(name, size, columns, &used);
    const char *end = "";
    if (head < size) {
        head = head_within(name, size, columns - 1, &used);
        end = mark;
        used++;
    }
    snprintf(fitted.text, sizeof fitted.text, "%.*s%s%*s", (int)head, name, end,
             (int)(columns > used ? columns - used : 0), "");
    return fitted;
}
