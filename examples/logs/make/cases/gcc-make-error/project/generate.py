"""Writes the sources that compile; some give a warning."""
import os
os.makedirs('include', exist_ok=True)
os.makedirs('src', exist_ok=True)
open('include/ringbuf.h', 'w').write('''#include <stddef.h>
struct ringbuf {
    unsigned char *bytes;
    size_t capacity;
    size_t head;
    size_t n_used;
};
int ringbuf_put(struct ringbuf *ring, unsigned char byte);
''')
names = 'alloc append batch clear copy count cursor dump each fill find first grow index insert last limit merge next peek pop put read reset scan shrink skip slice sort span split swap trim view wrap write'.split()
for name in names:
    extra = '    int unused_%s;\n' % name if name in ('batch', 'cursor', 'index') else ''
    open(f'src/{name}.c', 'w').write(f'#include "ringbuf.h"\n\nsize_t ringbuf_{name}(struct ringbuf *ring)\n{{\n{extra}    return ring->n_used + ring->head;\n}}\n')
open('src/drain.c', 'w').write('''#include "ringbuf.h"

size_t ringbuf_drain(struct ringbuf *ring, unsigned char *out, size_t n)
{
    size_t n_taken = 0;
    while (n_taken < n && ring->count > 0) {
        out[n_taken++] = ring->bytes[ring->head];
        ring->head = (ring->head + 1) % ring->capacity;
    }
    return n_taken;
}
''')
