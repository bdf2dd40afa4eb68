"""Writes tests with alarming names."""
for module in ('errors', 'failures', 'timeouts'):
    with open(f'test_{module}.py', 'w') as file:
        file.write('import pytest\n\n\n@pytest.mark.parametrize("number", range(60))\n'
                   f'def test_{module}_raise_exception_on_fatal_error(number):\n    with pytest.raises(ZeroDivisionError):\n        number / 0\n')
