// Numbers and names as a person reads them: thousands apart, bytes in a fitting unit, a name cut or padded to columns.
#ifndef BANTAM_REPORT_QUANTITY_H
#define BANTAM_REPORT_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

struct quantity {
    char text[256];
};

// "12,345".
struct quantity quantity_grouped(uint64_t value);

// "640 bytes", "97.7 KB", "1.2 MB"; 1 KB is 1,000 bytes.
struct quantity quantity_bytes(uint64_t bytes);

// A name in exactly `columns` (at most 60) columns of a terminal: padded with blanks, or its end replaced by `mark`.
struct quantity quantity_fitted(const char *name, size_t columns, const char *mark);

#endif
