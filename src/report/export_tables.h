// Writing tables of C source into a buffer: for export_c.c.
#ifndef BANTAM_REPORT_EXPORT_TABLES_H
#define BANTAM_REPORT_EXPORT_TABLES_H

#include "bantam/buffer.h"

// A table being written: numbers, commas, lines of about 100 columns.
struct source_table {
    bantam_buffer *out;
    size_t line_start, n;
};

// Begins "static const TYPE NAME[] = {".
struct source_table source_table_begin(bantam_buffer *out, const char *type, const char *name);

// Appends one element, formatted as printf does.
void source_table_append(struct source_table *table, const char *format, ...) BANTAM_PRINTF(2, 3);

// Appends a float so that it reads back the same.
void source_table_append_float(struct source_table *table, float value);

// Ends the table; an empty one gets a 0, for C has no empty arrays.
void source_table_end(struct source_table *table);

// The smallest of uint8_t, uint16_t and uint32_t that holds numbers up to `most`.
const char *source_unsigned(uint64_t most);

// Writes the tables of code points: words, blanks, case, and, where accents go, what stays without them.
void source_unicode_tables(bantam_buffer *out, bool with_accents);

#endif
