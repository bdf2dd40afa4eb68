"""Writes 260 small sources and the one that is forgotten."""
import os
os.makedirs('src', exist_ok=True)
for i in range(260):
    with open(f'src/filter_{i:03d}.c', 'w') as file:
        note = '#pragma message "slow path in use"\n' if i % 90 == 7 else ''
        file.write(f'{note}int filter_{i:03d}(int sample);\n\nint filter_{i:03d}(int sample)\n{{\n    return sample * {i} + 1;\n}}\n')
open('src/pack.c', 'w').write('int pack_rows(const unsigned char *rows, int n_rows) { return rows[0] * n_rows; }\n')
open('src/main.c', 'w').write('''#include <stdio.h>
int pack_rows(const unsigned char *rows, int n_rows);
int filter_001(int sample);

int main(void)
{
    const unsigned char rows[4] = {1, 2, 3, 4};
    printf("%d\\\\n", filter_001(pack_rows(rows, 4)));
    return 0;
}
'''.replace('\\\\\\\\', '\\\\'))
