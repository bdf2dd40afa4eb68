// Runs a fuzz target over files, and over every cut of the small ones: the seeds as plain regression tests.
//
// usage: TARGET FILE|FOLDER...     the last line counts the files
#include "fuzz_target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAXIMUM = 8 << 20,
    CUTS_BELOW = 200 // bytes; larger files are cut at some 64 places
};

// An allocation of its own for each run, so that a sanitizer sees any read beyond its end.
static void run_cut(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) {
        abort();
    }
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_file(const char *path, size_t *n_files)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(FILE_MAXIMUM);
    if (!file || !bytes) {
        fprintf(stderr, "%s: not readable\n", path);
        exit(1);
    }
    size_t size = fread(bytes, 1, FILE_MAXIMUM, file);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout);
    size_t step = size < CUTS_BELOW ? 1 : size / 64;
    for (size_t cut = 0; cut < size; cut += step) {
        run_cut(bytes, cut);
    }
    run_cut(bytes, size);
    free(bytes);
    ++*n_files;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void run_folder(DIR *folder, const char *path, size_t *n_files)
{
    char *paths[1000];
    size_t n_paths = 0;
    for (struct dirent *entry; (entry = readdir(folder)) && n_paths < 1000;) {
        size_t size = strlen(path) + strlen(entry->d_name) + 2;
        if (entry->d_type == DT_REG && (paths[n_paths] = malloc(size))) {
            snprintf(paths[n_paths++], size, "%s/%s", path, entry->d_name);
        }
    }
    qsort(paths, n_paths, sizeof *paths, compare_paths);
    for (size_t at = 0; at < n_paths; at++) {
        run_file(paths[at], n_files);
        free(paths[at]);
    }
}

int main(int argc, char **argv)
{
    size_t n_files = 0;
    for (int at = 1; at < argc; at++) {
        DIR *folder = opendir(argv[at]);
        if (folder) {
            run_folder(folder, argv[at], &n_files);
            closedir(folder);
        } else {
            run_file(argv[at], &n_files);
        }
    }
    printf("%zu passed, 0 failed, 0 skipped\n", n_files);
    return n_files ? 0 : 1;
}
