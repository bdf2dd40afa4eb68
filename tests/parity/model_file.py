#!/usr/bin/env python3
"""A model file that Bantam wrote is read by the reference implementation of the format, tensor by tensor."""
import subprocess
import sys
import tempfile

try:
    import numpy
    from safetensors import safe_open
except ImportError as missing:
    print(f"{missing.name} for Python is not there")
    sys.exit(77)

EXPECTED = {
    "i8": numpy.array([-128, 0, 127], numpy.int8),
    "u8": numpy.array([0, 255], numpy.uint8),
    "i16": numpy.array([-32768, 32767], numpy.int16),
    "u16": numpy.array([65535], numpy.uint16),
    "i32": numpy.array([-(2**31), 2**31 - 1], numpy.int32),
    "u32": numpy.array([2**32 - 1], numpy.uint32),
    "f32": numpy.array([[0, 1, 2], [3, 4, 0.1]], numpy.float32),
    "f64": numpy.array(0.1, numpy.float64),
    "none": numpy.zeros((0, 4), numpy.float32),
}
with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
    file.write(subprocess.run([sys.argv[1]], capture_output=True, check=True).stdout)
    file.flush()
    with safe_open(file.name, framework="numpy") as model:
        assert model.metadata() == {"format": "1", "kind": "test", "quoted": '"ä\n'}, model.metadata()
        assert sorted(model.keys()) == sorted(EXPECTED), model.keys()
        for name, value in EXPECTED.items():
            read = model.get_tensor(name)
            assert read.dtype == value.dtype and read.shape == value.shape and (read == value).all(), (name, read)
