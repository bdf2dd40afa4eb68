// Copies, since splitting moves bytes: the window's own rows stay as they are for the reader.
#include "text/row_sample.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

void row_sample_release(struct row_sample *sample)
{
    for (size_t i = 0; i < sample->n_rows; i++) {
        delimited_row_release(&sample->rows[i]);
    }
    memory_free(sample->rows);
    memory_free(sample->bytes);
    *sample = (struct row_sample){0};
}

bantam_status row_sample_take(struct row_sample *sample, const struct row_window *window,
                              char separator, size_t n_rows, bantam_error *error)
{
    size_t size = window->end - window->begin;
    bool cut = n_rows > 1 &&
               size > ROW_SAMPLE_SIZE; // so that what is seen does not hang on how much has arrived
    size = cut ? ROW_SAMPLE_SIZE : size;
    *sample = (struct row_sample){.bytes = memory_allocate(size),
                                  .rows = memory_allocate_array(n_rows, sizeof *sample->rows)};
    if (!sample->bytes || !sample->rows) {
        row_sample_release(sample);
        return error_memory(error);
    }
    memcpy(sample->bytes, window->bytes + window->begin, size);
    for (size_t at = 0; at < size && sample->n_rows < n_rows;) {
        struct row_scan scan = {0};
        char *row = sample->bytes + at;
        bool whole = row_scan_end(&scan, row, size - at, separator);
        if (!whole && (cut || !window->at_end)) {
            break;
        }
        at += scan.at + 1;
        size_t row_size = scan.at - (whole && scan.at && row[scan.at - 1] == '\r');
        bool memory_is_out = false;
        if (row_size && !delimited_split(&sample->rows[sample->n_rows], row, row_size, separator,
                                         &memory_is_out)) {
            sample->n_rows++;
        } else {
            delimited_row_release(&sample->rows[sample->n_rows]);
            n_rows = row_size ? n_rows - 1 : n_rows; // a damaged row counts: none takes its place
        }
        if (memory_is_out) {
            row_sample_release(sample);
            return error_memory(error);
        }
    }
    return BANTAM_OK;
}

bantam_status row_sample_fill(struct row_window *window, char separator, bantam_error *error)
{
    struct row_scan scan = {0};
    for (;;) {
        size_t size = window->end - window->begin;
        if (size && row_scan_end(&scan, window->bytes + window->begin, size, separator)) {
            bool empty = scan.at == 0 || (scan.at == 1 && window->bytes[window->begin] == '\r');
            if (!empty) {
                return BANTAM_OK;
            }
            window->begin += scan.at + 1;
            window->line++;
            scan = (struct row_scan){0};
            continue;
        }
        if (window->at_end) {
            return BANTAM_OK;
        }
        bantam_status status = row_window_fill(window, size + 1, error);
        if (status) {
            return status;
        }
    }
}
