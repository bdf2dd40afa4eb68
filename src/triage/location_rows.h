// Reports that name a file once, in a heading, and tell each of its findings in a row with the numbers alone.
//
// In: a line without its outer blanks. Out: what of it may be the file, or the numbers; whether the one is a file is the caller's to say.
#ifndef BANTAM_TRIAGE_LOCATION_ROWS_H
#define BANTAM_TRIAGE_LOCATION_ROWS_H

#include "text/span.h"

// What a heading would be of: "src/a.js" of itself, of "src/a.js:", "FILE: src/a.js" and "== [src/a.js] FAIL".
struct span location_heading(struct span row);

// Whether the row begins with numbers: "12:5  error", "H005 2:0 Html", "L:   1 | P:   9 | LT01", "L3 |<a>", " 12 | ERROR | x".
// *column is -1 where it has none.
bool location_row(struct span row, int64_t *line, int64_t *column);

#endif
