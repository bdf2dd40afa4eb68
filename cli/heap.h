// Where the memory of a log comes from.
#ifndef BANTAM_CLI_HEAP_H
#define BANTAM_CLI_HEAP_H

// Asks the system to back the main thread's heap by large pages: what one log takes is touched once, and a fault for each 4 KB of it is a
// tenth of the time to an answer. To call once, before anything big is allocated. Where the system or the C library has no
// such thing, or too little room is left, nothing changes.
void heap_use_large_pages(void);

#endif
