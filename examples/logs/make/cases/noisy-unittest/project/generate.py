"""Writes the tests: each third of them logs an error that it expects."""
with open('test_importer.py', 'w') as file:
    file.write('import logging\nimport unittest\n\nfrom importer import read_row\n\n'
               'logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.INFO)\n\n\n'
               'class TestImporter(unittest.TestCase):\n')
    for n in range(700):
        good = n % 3
        row = f'"{n};item {n};1.5"' if good else f'"{n};item {n}"'
        want = f'{{"id": {n}, "name": "item {n}", "price": 1.5}}' if good else 'None'
        if n == 431:
            row = '"431;item 431;1,5"'
        file.write(f'    def test_row_{n:03d}(self):\n        self.assertEqual(read_row({row}), {want})\n\n')
