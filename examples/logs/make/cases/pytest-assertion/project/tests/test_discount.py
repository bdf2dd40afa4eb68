from cart import add, price_after_discount


def test_no_discount():
    assert price_after_discount(100, 0) == 100


def test_member_discount():
    basket = [(2, 25.0), (1, 50.0)]
    total = price_after_discount(add(basket), 10)
    assert total == 90.0
