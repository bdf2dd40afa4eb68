import logging

logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)


def load(months):
    table = []
    for month in range(1, months + 1):
        logging.info("loading month %d", month)
        if month == 3:
            logging.warning("month 3 has 2 errors in its header, using defaults")
        table.append(bytearray(40 * 1024 * 1024))
    return table


print(len(load(12)), "months")
