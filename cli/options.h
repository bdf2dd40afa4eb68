// What is wrong with a command line, told by the option at fault.
//
// In: popt's error. Out: one message. Must not know the options of a command.
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <popt.h>

// Tells the problem that poptGetNextOpt returned (below -1) and where the command's options are told. `argv` is what the
// context was made of.
void options_refuse(poptContext context, int problem, const char *command, int argc,
                    const char **argv);

#endif
