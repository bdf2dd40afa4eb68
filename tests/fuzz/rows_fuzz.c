// Any bytes may be given as labelled texts: each row comes out within the caps, or they are refused in words with a line; and how they
// arrive, in one piece or in many, changes nothing.
#include "fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

struct source {
    const uint8_t *bytes;
    size_t size, step;
};

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static ptrdiff_t read_source(void *context, char *buffer, size_t capacity)
{
    struct source *source = context;
    size_t size = source->size < source->step ? source->size : source->step;
    size = size < capacity ? size : capacity;
    memcpy(buffer, source->bytes, size);
    source->bytes += size;
    source->size -= size;
    return (ptrdiff_t)size;
}

// A sum over all that the rows hold: of equal rows it is equal.
static void add(uint64_t *sum, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        *sum = (*sum ^ ((const uint8_t *)bytes)[i]) * 0x100000001B3U;
    }
    *sum = (*sum ^ size) * 0x100000001B3U;
}

static uint64_t read_rows(const uint8_t *data, size_t size, size_t step,
                          const bantam_dataset_options *options)
{
    struct source source = {data, size, step};
    bantam_row_reader *reader = NULL;
    const bantam_record *record = NULL;
    bantam_error error = {0};
    uint64_t sum = 0, n_rows = 0;
    bantam_status status =
        bantam_row_reader_new(&reader, options, "fuzz", read_source, &source, &error);
    check((status == BANTAM_OK) == (reader != NULL));
    while (!status && !(status = bantam_row_reader_next(reader, &record, &error)) && record) {
        check(record->row == ++n_rows && record->line >= n_rows && record->text.size <= size);
        check(record->weight >= 0 && (record->n_labels <= 1 || options->label_separator));
        add(&sum, record->text.bytes, record->text.size);
        add(&sum, record->group.bytes, record->group.size);
        add(&sum, &record->weight, sizeof record->weight);
        for (size_t i = 0; i < record->n_labels; i++) {
            check(!memchr(record->labels[i].bytes, '\0', record->labels[i].size));
            add(&sum, record->labels[i].bytes, record->labels[i].size);
        }
    }
    if (status) {
        check(error.message[0] != '\0' && error.code == status);
        add(&sum, error.message, strlen(error.message));
    }
    bantam_row_reader_free(&reader);
    return sum;
}

static void read_dataset(const uint8_t *data, size_t size, const bantam_dataset_options *options)
{
    struct source source = {data, size, size + 1};
    bantam_dataset *dataset;
    check(bantam_dataset_new(&dataset, options, NULL) == BANTAM_OK);
    bantam_status status = bantam_dataset_read(dataset, "fuzz", read_source, &source, NULL);
    check(status == BANTAM_OK || status == BANTAM_ERROR_INPUT);
    check(bantam_dataset_finish(dataset, NULL) == BANTAM_OK);
    for (size_t i = 0; i < bantam_dataset_n_rows(dataset); i++) {
        const bantam_row *row = bantam_dataset_row(dataset, i);
        for (size_t j = 0; j < row->n_labels; j++) {
            check(row->labels[j] < bantam_dataset_n_labels(dataset));
            check(j == 0 || row->labels[j - 1] < row->labels[j]);
        }
        check(row->group < bantam_dataset_n_groups(dataset));
    }
    bantam_dataset_free(&dataset);
}

// The first byte chooses the options, the rest are rows.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    uint8_t choice = *data++;
    size--;
    bantam_dataset_options options = {.format = (bantam_row_format)(choice % 6),
                                      .label_optional = choice & 0x40,
                                      .label_separator = choice & 0x80 ? "," : NULL};
    if (choice & 0x20) {
        options.weight_column = "3";
        options.group_column = "4";
    }
    uint64_t whole = read_rows(data, size, size + 1, &options);
    check(read_rows(data, size, 1 + choice % 7, &options) == whole);
    read_dataset(data, size, &options);
    return 0;
}
