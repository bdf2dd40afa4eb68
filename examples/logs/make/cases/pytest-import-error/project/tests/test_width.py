def test_width():
    assert len("|| |") == 4
