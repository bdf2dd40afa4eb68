// Whole files at once: the data is known to be small.
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *join_path(const char *root, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", root, name) < 0 ? NULL : path;
}

char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    rewind(file);
    char *bytes = malloc((size_t)end + 1);
    *size = fread(bytes, 1, (size_t)end, file);
    bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

json_t *read_records(const char *root, const char *name)
{
    size_t size;
    char *path = join_path(root, name), *text = read_file(path, &size);
    json_t *records = json_object();
    for (char *line = text ? strtok(text, "\n") : NULL; line; line = strtok(NULL, "\n")) {
        json_t *record = json_loads(line, 0, NULL);
        json_object_set_new(records, json_string_value(json_object_get(record, "id")), record);
    }
    free(text);
    free(path);
    return records;
}
