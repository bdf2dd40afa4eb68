// What a line says is missing, as the cause that it then speaks for: a module is a dependency's, a compiler the machine's, a preset the
// build's configuration's.
//
// Tools that no table knows say so in the same few phrases, beside a noun. In: a line. Out: a cause.
#ifndef BANTAM_TRIAGE_CAUSE_MISSING_H
#define BANTAM_TRIAGE_CAUSE_MISSING_H

#include "text/span.h"
#include "triage/messages.h"

// By the noun that stands closest to a phrase of absence, on its side; CAUSE_UNKNOWN where nothing is missing or no noun is known.
enum cause cause_missing(struct span line);

#endif
