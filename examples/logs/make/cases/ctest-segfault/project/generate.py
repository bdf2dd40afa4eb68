"""Lists 320 tests that pass beside the one that does not."""
names = [f'{verb}_{what}_{i:02d}' for verb in ('insert', 'remove', 'find', 'sort') for what in ('error', 'list', 'node', 'tail') for i in range(20)]
names.insert(211, 'walk_empty_tail')
with open('CMakeLists.txt', 'w') as file:
    file.write('cmake_minimum_required(VERSION 3.16)\nproject(lists C)\nenable_testing()\nadd_executable(check check.c)\n')
    file.writelines(f'add_test(NAME {name} COMMAND check {name})\n' for name in names)
