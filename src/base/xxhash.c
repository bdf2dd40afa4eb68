// xxHash from its header: what the library calls of it is compiled in, under names of our own, as loading one more shared library takes
// a hundredth of what a small log does.
#define XXH_STATIC_LINKING_ONLY
#define XXH_IMPLEMENTATION
#include <xxhash.h>
