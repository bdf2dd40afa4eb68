// Fits a vectorizer on the texts from standard input and writes what it made to standard output, for vectorizer.py.
//
// Texts: the number of those to fit on and of those to transform, then each as its size and its bytes. Out: number of features,
// each name as size and bytes and its idf; then both matrices: rows, starts, columns, values. Numbers are little-endian: 32 bits, starts
// 64, idf and values floats. Arguments: threads, then for each part analyzer:n_min:n_max and name=value of what is not the default.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/vectorizer.h"

static struct document_limit limit_of(const char *text)
{
    return (struct document_limit){atof(text), strchr(text, '.') != NULL};
}

static void set(struct vectorizer_part_options *part, const char *name, const char *value)
{
    static const char *const stop_words[] = {"the", "is", "and"};
    if (strcmp(name, "lowercase") == 0) {
        part->lowercase = *value == '1';
    } else if (strcmp(name, "accents") == 0) {
        part->accents = *value == 'a' ? ACCENTS_ASCII : ACCENTS_UNICODE;
    } else if (strcmp(name, "min_df") == 0) {
        part->min_df = limit_of(value);
    } else if (strcmp(name, "max_df") == 0) {
        part->max_df = limit_of(value);
    } else if (strcmp(name, "max_features") == 0) {
        part->max_features = (size_t)atol(value);
    } else if (strcmp(name, "binary") == 0) {
        part->binary = true;
    } else if (strcmp(name, "sublinear_tf") == 0) {
        part->sublinear_tf = true;
    } else if (strcmp(name, "use_idf") == 0) {
        part->use_idf = *value == '1';
    } else if (strcmp(name, "smooth_idf") == 0) {
        part->smooth_idf = *value == '1';
    } else if (strcmp(name, "norm") == 0) {
        part->norm = *value == '0' ? NORM_NONE : *value == '1' ? NORM_L1 : NORM_L2;
    } else if (strcmp(name, "hash_bits") == 0) {
        part->hash_bits = (unsigned)atoi(value);
    } else if (strcmp(name, "alternate_sign") == 0) {
        part->alternate_sign = true;
    } else if (strcmp(name, "stop_words") == 0) {
        part->stop_words = stop_words;
        part->n_stop_words = sizeof stop_words / sizeof *stop_words;
    } else {
        fprintf(stderr, "no option %s\n", name);
        exit(2);
    }
}

static struct vectorizer_options parse(int n_arguments, char **arguments)
{
    struct vectorizer_options options = {0};
    for (int i = 2; i < n_arguments; i++) {
        char name[64], *value = strchr(arguments[i], '=');
        if (value) {
            snprintf(name, sizeof name, "%.*s", (int)(value - arguments[i]), arguments[i]);
            set(&options.parts[options.n_parts - 1], name, value + 1);
            continue;
        }
        struct vectorizer_part_options part = vectorizer_part_options_default();
        if (sscanf(arguments[i], "%63[^:]:%u:%u", name, &part.n_min, &part.n_max) != 3) {
            exit(2);
        }
        part.analyzer = strcmp(name, "word") == 0   ? ANALYZER_WORD
                        : strcmp(name, "char") == 0 ? ANALYZER_CHAR
                                                    : ANALYZER_CHAR_WB;
        options.parts[options.n_parts++] = part;
    }
    return options;
}

static void read_exactly(void *to, size_t size)
{
    if (size && fread(to, 1, size, stdin) != size) {
        exit(2);
    }
}

static struct text_piece *read_texts(uint32_t n)
{
    struct text_piece *texts = calloc(n + 1U, sizeof *texts);
    for (uint32_t i = 0; texts && i < n; i++) {
        uint32_t size;
        read_exactly(&size, sizeof size);
        char *text = malloc(size + 1U);
        if (!text) {
            exit(2);
        }
        read_exactly(text, size);
        texts[i] = (struct text_piece){text, size};
    }
    return texts;
}

static void free_texts(struct text_piece *texts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        free((void *)texts[i].text);
    }
    free(texts);
}

static void put(const void *bytes, size_t size)
{
    if (size && fwrite(bytes, 1, size, stdout) != size) {
        exit(2);
    }
}

static void put_matrix(const struct sparse_matrix *matrix)
{
    uint32_t n_rows = (uint32_t)matrix->n_rows;
    put(&n_rows, sizeof n_rows);
    put(matrix->starts, (matrix->n_rows + 1) * sizeof *matrix->starts);
    put(matrix->columns, matrix->starts[matrix->n_rows] * sizeof *matrix->columns);
    put(matrix->values, matrix->starts[matrix->n_rows] * sizeof *matrix->values);
}

static void put_features(const struct vectorizer *vectorizer)
{
    static char name[1 << 16];
    uint32_t n = (uint32_t)vectorizer_n_features(vectorizer);
    put(&n, sizeof n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t size = (uint32_t)vectorizer_feature_name(vectorizer, i, name, sizeof name);
        float idf = vectorizer_idf(vectorizer, i);
        put(&size, sizeof size);
        put(name, size);
        put(&idf, sizeof idf);
    }
}

int main(int n_arguments, char **arguments)
{
    struct vectorizer_options options = parse(n_arguments, arguments);
    uint32_t n[2];
    read_exactly(n, sizeof n);
    struct text_piece *fitted = read_texts(n[0]), *others = read_texts(n[1]);
    struct vectorizer *vectorizer = NULL;
    struct sparse_matrix rows = {0}, other_rows = {0};
    bantam_error error;
    int n_threads = atoi(arguments[1]);
    if (vectorizer_fit(&vectorizer, &rows, fitted, n[0], &options, n_threads, &error) ||
        vectorizer_transform(&other_rows, vectorizer, others, n[1], n_threads, &error)) {
        fprintf(stderr, "%s\n", error.message);
        vectorizer_free(&vectorizer);
        free_texts(fitted, n[0]);
        free_texts(others, n[1]);
        return 1;
    }
    put_features(vectorizer);
    put_matrix(&rows);
    put_matrix(&other_rows);
    vectorizer_free(&vectorizer);
    sparse_matrix_release(&rows);
    sparse_matrix_release(&other_rows);
    free_texts(fitted, n[0]);
    free_texts(others, n[1]);
    return 0;
}
