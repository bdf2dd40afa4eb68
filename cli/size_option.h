// Sizes and times as people write them on the command line.
#ifndef BANTAM_CLI_SIZE_OPTION_H
#define BANTAM_CLI_SIZE_OPTION_H

#include <stdbool.h>
#include <stddef.h>

// "65536", "64KB", "64 kB", "1.5MB": bytes, a KB being 1,000 and a KiB 1,024. False: it is none, or not above 0.
bool size_option_read(size_t *size, const char *text);

// "90", "90s", "2m", "1.5h": seconds. False: it is none, or not above 0.
bool time_option_read(double *seconds, const char *text);

#endif
