// Whether a line points into a configuration file, as parsers and build tools do of what they cannot read: "go.mod:6: unknown block",
// "'play.yml': line 16", "(from line 1 of requirements.txt)".
//
// A compiler's or a linter's words about such a file are the configuration's. In: a line and what it is about. Knows no tool.
#ifndef BANTAM_TRIAGE_CAUSE_CONFIGURED_H
#define BANTAM_TRIAGE_CAUSE_CONFIGURED_H

#include "features/concepts.h"
#include "text/span.h"

// `hits`: (n_hits) the line's concepts.
bool cause_points_into_configuration(struct span line, const struct concept_hit *hits,
                                     size_t n_hits);

#endif
