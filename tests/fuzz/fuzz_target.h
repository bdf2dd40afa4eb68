// What libFuzzer calls, and what driver.c calls where there is none.
#ifndef BANTAM_FUZZ_TARGET_H
#define BANTAM_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
