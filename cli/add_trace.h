// How a sum came about, for a person: each answer digit, how sure it was, and what attention looked at, as a heat map.
#ifndef BANTAM_CLI_ADD_TRACE_H
#define BANTAM_CLI_ADD_TRACE_H

#include <bantam/bantam.h>

// Appends the picture. Colour shows the tokens themselves on a background as warm as their weight; without it shades stand in
// their places, of ASCII alone where `utf8` is false.
void add_trace_render(bantam_buffer *out, const bantam_adder_trace *trace, bool color, bool utf8);

#endif
