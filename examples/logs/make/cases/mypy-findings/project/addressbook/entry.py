"""One entry of the address book."""


def city(entry: dict[str, str]) -> str:
    return entry.get("city")


def label(entry: dict[str, str], width: int) -> str:
    return city(entry).ljust("20") + str(width)
