// The files that are part of the library: weights byte for byte as they stand below models/, and the compiled tables.
//
// Which ones: models/meson.build. The table is made at build time by tools/embed.py.
#ifndef BANTAM_MODEL_EMBEDDED_H
#define BANTAM_MODEL_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name;  // "ci-lines/model.safetensors", a path below models/, or "tables.bundle"
    const void *bytes; // aligned to 16, not terminated
    size_t size;
};

extern const struct embedded_file embedded_files[]; // (n_embedded_files), by name
extern const size_t n_embedded_files;

// The file of that name, or NULL where the library carries none. Static: never freed.
const struct embedded_file *embedded_find(const char *name);

#endif
