"""Reads rows of `id;name;price`."""
import logging

log = logging.getLogger("importer")


def read_row(row):
    parts = row.split(";")
    if len(parts) != 3:
        log.error("row %r is broken: expected 3 fields, got %d", row, len(parts))
        log.warning("ValueError ignored, row skipped")
        return None
    try:
        price = float(parts[2])
    except ValueError as error:
        log.error("cannot read the price: %s", error)
        return None
    log.info("row %s read", parts[0])
    return {"id": int(parts[0]), "name": parts[1], "price": price}
