import pytest

from rota import next_person


@pytest.mark.parametrize("last", ["ada", "bob", "cy"])
def test_next_person_without_error(last):
    assert next_person(["ada", "bob", "cy"], last)
