// What the program says to a person on standard error, and how it writes its answers to standard output.
#ifndef BANTAM_CLI_MESSAGE_H
#define BANTAM_CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

// The exit codes of every command. With several logs the highest counts.
enum exit_code {
    EXIT_DIAGNOSED = 0,  // a failure was diagnosed
    EXIT_NONE_FOUND = 1, // every log was read and none tells of a failure
    EXIT_USAGE = 2,      // unknown option or command, value out of range
    EXIT_INPUT = 3,      // an input, a model or the output could not be read or written
};

// Prints "bantam: …" and a newline in one write. Bytes that would act on a terminal are replaced: paths are hostile.
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Writes all of the bytes to the descriptor, and waits where it can take no more for now. False: see errno.
bool write_all(int descriptor, const void *bytes, size_t size);

// Writes to standard output. On failure tells why (a reader that went away, as in `| head`, is no news) and returns
// false: the command then ends with EXIT_INPUT.
bool write_output(const void *bytes, size_t size);

// Closes standard output, where a full disk or a network file system may show itself only now.
bool close_output(void);

#endif
