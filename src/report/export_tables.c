// Numbers as C source, and Unicode's tables as ranges.
#include "report/export_tables.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text/unicode.h"

enum {
    LINE_WIDTH = 96,
    NUMBER_SIZE = 64,
    LAST_CODE_POINT = 0x10FFFF,
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3,
};

struct source_table source_table_begin(bantam_buffer *out, const char *type, const char *name)
{
    bantam_buffer_append_format(out, "\nstatic const %s %s[] = {\n    ", type, name);
    return (struct source_table){.out = out, .line_start = out->size};
}

void source_table_append(struct source_table *table, const char *format, ...)
{
    char element[NUMBER_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(element, sizeof element, format, arguments);
    va_end(arguments);
    if (table->n++) {
        bool full = table->out->size - table->line_start + strlen(element) > LINE_WIDTH;
        bantam_buffer_append_string(table->out, full ? ",\n    " : ", ");
        table->line_start = full ? table->out->size : table->line_start;
    }
    bantam_buffer_append_string(table->out, element);
}

void source_table_append_float(struct source_table *table, float value)
{
    char number[NUMBER_SIZE];
    snprintf(number, sizeof number, "%.9g", (double)value);
    source_table_append(table, "%s%sf", number, strpbrk(number, ".e") ? "" : ".0");
}

void source_table_end(struct source_table *table)
{
    bantam_buffer_append_string(table->out, table->n ? "};\n" : "0};\n");
}

const char *source_unsigned(uint64_t most)
{
    return most <= UINT8_MAX ? "uint8_t" : most <= UINT16_MAX ? "uint16_t" : "uint32_t";
}

// Code points beyond ASCII that have one of these properties, as ranges: the first, and how many more.
static void write_ranges(bantam_buffer *out, const char *name, unsigned properties)
{
    struct source_table table = source_table_begin(out, "exported_range", name);
    for (uint32_t first = 0x80; first <= LAST_CODE_POINT; first++) {
        if (!(unicode_properties(first) & properties)) {
            continue;
        }
        uint32_t last = first;
        while (last < LAST_CODE_POINT && last - first < UINT16_MAX &&
               (unicode_properties(last + 1) & properties)) {
            last++;
        }
        source_table_append(&table, "{%" PRIu32 ", %" PRIu32 "}", first, last - first);
        first = last;
    }
    source_table_end(&table);
}

struct lower_run {
    uint32_t first, last, step;
    int32_t distance;
};

static void append_run(struct source_table *table, const struct lower_run *run)
{
    if (run->last) {
        source_table_append(table, "{%" PRIu32 ", %" PRIu32 ", %" PRIu32 ", %" PRId32 "}",
                            run->first, run->last, run->step ? run->step : 1, run->distance);
    }
}

// Runs of every or every other code point whose lower case stands at one distance.
static void write_lower_runs(bantam_buffer *out)
{
    struct source_table table =
        source_table_begin(out, "exported_lower_run", "exported_lower_runs");
    struct lower_run run = {0};
    for (uint32_t point = 0x80; point <= LAST_CODE_POINT; point++) {
        int32_t distance = (int32_t)unicode_lower(point) - (int32_t)point;
        if (distance == 0) {
            continue;
        }
        uint32_t step = point - run.last;
        if (run.last && distance == run.distance && step <= 2 && (!run.step || run.step == step)) {
            run.step = step;
            run.last = point;
            continue;
        }
        append_run(&table, &run);
        run = (struct lower_run){point, point, 0, distance};
    }
    append_run(&table, &run);
    source_table_end(&table);
}

static bool unaccents(uint32_t point, uint32_t *points, size_t *n)
{
    *n = unicode_unaccent(point, points);
    bool hangul = point >= HANGUL_FIRST && point <= HANGUL_LAST;
    return !hangul && (*n != 1 || points[0] != point);
}

static void write_unaccented(bantam_buffer *out)
{
    uint32_t points[UNICODE_UNACCENTED_MOST];
    size_t n, at = 0;
    bantam_buffer_append_string(
        out, "\n/* What stays of code points without accents: where in the pool, how many. */");
    struct source_table table =
        source_table_begin(out, "exported_unaccented_point", "exported_unaccented");
    for (uint32_t point = 0x80; point <= LAST_CODE_POINT; point++) {
        if (unaccents(point, points, &n)) {
            source_table_append(&table, "{%" PRIu32 ", %zu, %zu}", point, at, n);
            at += n;
        }
    }
    source_table_end(&table);
    table = source_table_begin(out, "uint32_t", "exported_unaccented_pool");
    for (uint32_t point = 0x80; point <= LAST_CODE_POINT; point++) {
        if (unaccents(point, points, &n)) {
            for (size_t i = 0; i < n; i++) {
                source_table_append(&table, "%" PRIu32, points[i]);
            }
        }
    }
    source_table_end(&table);
}

void source_unicode_tables(bantam_buffer *out, bool with_accents)
{
    bantam_buffer_append_string(out, "\n/* Unicode " UNICODE_VERSION
                                     ", beyond ASCII: letters and digits, blanks, case. */");
    write_ranges(out, "exported_word_ranges", UNICODE_WORD);
    write_ranges(out, "exported_space_ranges", UNICODE_SPACE);
    write_ranges(out, "exported_cased_ranges", UNICODE_CASED);
    write_ranges(out, "exported_ignorable_ranges", UNICODE_CASE_IGNORABLE);
    write_lower_runs(out);
    if (with_accents) {
        write_unaccented(out);
    }
}
