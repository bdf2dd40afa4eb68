"""Bantam's adders for the verifier of AdderBoard: build_model() and add(model, a, b).

The forward pass is the C engine's (libbantam, float64): tokens in, logits out. The prompt's form is fixed, and decoding is the
loop that any language model is decoded by. Nothing here knows how to add.

    python verify.py submission.py        # with the verifier of the board beside it
    python submission.py                  # the same pairs without it, and how many sums are right

BANTAM_ADDER names another shipped adder (bantam add --list), BANTAM_LIBRARY the library where it is not installed.
"""
import ctypes
import ctypes.util
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FLOAT64 = 1


class Info(ctypes.Structure):
    """bantam_neural_info (include/bantam/neural.h)."""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "vocabulary", "length", "prompt", "width", "n_layers", "n_heads", "head_width", "hidden",
        "n_parameters", "n_given", "n_board")]
    _fields_ += [("symbols", ctypes.c_char_p), ("description", ctypes.c_char_p)]


def load_library():
    built = os.path.join(HERE, "..", "..", "build", "src", "libbantam.so")
    path = os.environ.get("BANTAM_LIBRARY") or (built if os.path.exists(built) else ctypes.util.find_library("bantam"))
    if not path:
        raise OSError("libbantam is neither built nor installed; set BANTAM_LIBRARY to its path")
    library = ctypes.CDLL(path)
    library.bantam_adder_neural.restype = ctypes.c_void_p
    library.bantam_neural_inform.restype = ctypes.POINTER(Info)
    return library


class Transformer:
    """A causal transformer: calling it with tokens gives the logits of the next one."""

    def __init__(self, name=None):
        self.engine = load_library()
        self.adder, self.decoder = ctypes.c_void_p(), ctypes.c_void_p()
        chosen = name.encode() if name else None
        if self.engine.bantam_adder_open(ctypes.byref(self.adder), chosen, FLOAT64, None):
            raise ValueError(f"there is no adder {name!r}")
        neural = ctypes.c_void_p(self.engine.bantam_adder_neural(self.adder))
        self.info = self.engine.bantam_neural_inform(neural).contents
        if self.engine.bantam_decoder_new(ctypes.byref(self.decoder), neural, FLOAT64, ctypes.c_size_t(1), None):
            raise MemoryError("no decoder")
        self.logits = (ctypes.c_double * self.info.vocabulary)()

    def __call__(self, tokens):
        self.engine.bantam_decoder_reset(self.decoder)
        status = self.engine.bantam_decoder_append(
            self.decoder, bytes(tokens), ctypes.c_size_t(len(tokens)), self.logits, None)
        if status:
            raise ValueError("the model cannot read these tokens")
        return list(self.logits)

    def __del__(self):
        if getattr(self, "decoder", None):
            self.engine.bantam_decoder_free(ctypes.byref(self.decoder))
        if getattr(self, "adder", None):
            self.engine.bantam_adder_free(ctypes.byref(self.adder))


def generate(model, tokens, n_answers):
    """Greedy decoding of any causal model."""
    for _ in range(n_answers):
        logits = model(tokens)
        tokens = tokens + [max(range(len(logits)), key=logits.__getitem__)]
    return tokens


def build_model():
    model = Transformer(os.environ.get("BANTAM_ADDER"))
    info = model.info
    return model, {
        "name": f"Bantam, {info.n_parameters} trained parameters",
        "author": "Bantam",
        "params": info.n_board,
        "architecture": f"{info.n_layers} layer(s), width {info.width}, {info.n_heads} head(s) of width {info.head_width}, "
                        f"feed-forward {info.hidden}",
        "tricks": ["the whole description: bantam_neural_inform(...)->description"],
    }


def digits(number, n):
    return [number // 10**i % 10 for i in range(n)]


def add(model, a, b):
    n_answers = model.info.length - model.info.prompt
    n = n_answers - 1
    gap = model.info.prompt - 2 - 2 * n
    tokens = generate(model, [0] + digits(a, n) + [0] * gap + digits(b, n) + [0], n_answers)
    return int("".join(map(str, reversed(tokens[-n_answers:]))))


def main():
    model, metadata = build_model()
    pairs = [(0, 0), (0, 1), (9999999999, 0), (9999999999, 1), (9999999999, 9999999999), (5000000000, 5000000000),
             (1111111111, 8888888889), (1234567890, 9876543210), (9999999999, 9999999999), (1, 9999999999)]
    draw = random.Random(2025)
    pairs += [(draw.randint(0, 9999999999), draw.randint(0, 9999999999)) for _ in range(10000)]
    right = sum(add(model, a, b) == a + b for a, b in pairs)
    print(f"{metadata['name']}: {right} of {len(pairs)} right")
    sys.exit(right * 100 < len(pairs) * 99)


if __name__ == "__main__":
    main()
