// A row of CSV or TSV into its fields (RFC 4180), in place.
#ifndef BANTAM_TEXT_DELIMITED_H
#define BANTAM_TEXT_DELIMITED_H

#include "bantam/dataset.h"

enum {
    DELIMITED_COLUMNS = 100000 // no row has more
};

struct delimited_row {
    bantam_text *fields; // (n_fields) within the row
    size_t n_fields, capacity;
};

void delimited_row_release(struct delimited_row *row);

// Splits at `separator` and takes quotes away, in place. Returns NULL, or what is wrong as a part of a sentence. *memory_is_out tells
// the one cause that is not the row's fault.
const char *delimited_split(struct delimited_row *row, char *bytes, size_t size, char separator,
                            bool *memory_is_out);

#endif
