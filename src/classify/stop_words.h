// The stop words that the option stop-words leaves out.
#ifndef BANTAM_CLASSIFY_STOP_WORDS_H
#define BANTAM_CLASSIFY_STOP_WORDS_H

#include <stddef.h>

extern const char *const stop_words_english[]; // (n_stop_words_english) terminated
extern const size_t n_stop_words_english;

#endif
