"""Writes 60 tests and their sources."""
with open('CMakeLists.txt', 'w') as file:
    file.write('cmake_minimum_required(VERSION 3.16)\nproject(matrix C)\nenable_testing()\ninclude(CheckIncludeFile)\n'
               'check_include_file(stdatomic.h HAVE_STDATOMIC)\ncheck_include_file(sys/event.h HAVE_KQUEUE)\n')
    for n in range(60):
        file.write(f'add_executable(error_path_{n} error_path_{n}.c)\nadd_test(NAME error_path_{n} COMMAND error_path_{n})\n')
        open(f'error_path_{n}.c', 'w').write(f'int main(void)\n{{\n    return {n} - {n};\n}}\n')
