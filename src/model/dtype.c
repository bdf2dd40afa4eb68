// One table of element types; the order is that of bantam_dtype.
#include "model/dtype.h"

#include <string.h>

enum {
    DTYPES = BANTAM_F64 + 1
};

static const struct dtype {
    char name[4];
    size_t size;
} dtypes[DTYPES] = {
    [BANTAM_I8] = {"I8", 1},   [BANTAM_U8] = {"U8", 1},   [BANTAM_I16] = {"I16", 2},
    [BANTAM_U16] = {"U16", 2}, [BANTAM_I32] = {"I32", 4}, [BANTAM_U32] = {"U32", 4},
    [BANTAM_F32] = {"F32", 4}, [BANTAM_F64] = {"F64", 8},
};

const char *dtype_name(bantam_dtype dtype)
{
    return (unsigned)dtype < DTYPES ? dtypes[dtype].name : NULL;
}

size_t dtype_size(bantam_dtype dtype)
{
    return dtypes[dtype].size;
}

bool dtype_parse(bantam_dtype *out, const char *name)
{
    for (unsigned at = 0; at < DTYPES; at++) {
        if (strcmp(dtypes[at].name, name) == 0) {
            *out = (bantam_dtype)at;
            return true;
        }
    }
    return false;
}

bool dtype_tensor_size(uint64_t *out, bantam_dtype dtype, const uint64_t *shape, int n_dimensions)
{
    *out = dtype_size(dtype);
    for (int at = 0; at < n_dimensions; at++) {
        if (__builtin_mul_overflow(*out, shape[at], out)) {
            return false;
        }
    }
    return true;
}
