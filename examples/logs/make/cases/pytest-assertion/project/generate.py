"""Writes the many tests that pass."""
for module in ('basket', 'catalogue', 'currency', 'invoice', 'shipping', 'stock', 'tax', 'voucher'):
    with open(f'tests/test_{module}.py', 'w') as file:
        file.write('import pytest\n\nfrom cart import add\n\n\n@pytest.mark.parametrize("quantity", range(1, 31))\n'
                   f'def test_{module}_quantity(quantity):\n    assert add([(quantity, 2.5)]) == quantity * 2.5\n')
