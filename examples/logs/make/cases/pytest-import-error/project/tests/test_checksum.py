import numpy as np


def test_checksum():
    assert np.sum([1, 2]) == 3
