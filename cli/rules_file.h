// A person's own rules: the files that are named, else rules.toml in the user's configuration folder.
#ifndef BANTAM_CLI_RULES_FILE_H
#define BANTAM_CLI_RULES_FILE_H

#include <stdbool.h>

#include <bantam/bantam.h>

// Adds the rules of each file of the list, which ends in NULL. A `paths` of NULL stands for $XDG_CONFIG_HOME/bantam/rules.toml or
// ~/.config/bantam/rules.toml, where there is one. False: the reason was told.
bool rules_use(bantam_triage *triage, const char *const *paths);

#endif
