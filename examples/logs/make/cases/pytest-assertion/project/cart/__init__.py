"""A basket: (quantity, price) pairs and what they cost."""


def add(items):
    return sum(quantity * price for quantity, price in items)


def price_after_discount(price, percent):
    reduced = price * (1 - percent / 100)
    return reduced * (1 - percent / 100)
