// Where the program keeps what it remembers for its user, by the XDG base directory specification.
#ifndef BANTAM_CLI_FOLDERS_H
#define BANTAM_CLI_FOLDERS_H

#include <stdbool.h>

#include "mapping.h"

// The folder of that name in $XDG_STATE_HOME/bantam or ~/.local/state/bantam, made with its parents where it is missing, for the
// user alone. The caller frees it. NULL: see `problem`.
char *state_folder(const char *name, struct problem *problem);

// The folder of that name in $XDG_DATA_HOME/bantam or ~/.local/share/bantam, likewise.
char *data_folder(const char *name, struct problem *problem);

// The file of that name in $XDG_DATA_HOME/bantam or ~/.local/share/bantam, there or not, and likewise.
char *data_file(const char *name);

// The file of that name in $XDG_CONFIG_HOME/bantam or ~/.config/bantam, there or not. The caller frees it. NULL: no such folder is
// known, or memory is out.
char *configuration_file(const char *name);

#endif
