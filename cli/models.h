// Model files named on the command line, in the place of the shipped ones.
#ifndef BANTAM_CLI_MODELS_H
#define BANTAM_CLI_MODELS_H

#include <bantam/bantam.h>

// Loads a model file, or every *.safetensors of a folder by name. On failure tells why and returns false.
bool models_use(bantam_triage *triage, const char *path);

#endif
