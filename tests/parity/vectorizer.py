#!/usr/bin/env python3
"""Vocabulary, idf and rows against scikit-learn's TfidfVectorizer, HashingVectorizer and FeatureUnion.

usage: vectorizer.py VECTORIZE [CSV...]     texts from the last column of each CSV besides those below
"""
import csv
import struct
import subprocess
import sys
import warnings

try:
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer, TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
except ImportError as missing:
    print(f"{missing.name} for Python is not there")
    sys.exit(77)

warnings.simplefilter("ignore")
TEXTS = [
    "Build succeeded",
    "Error: Missing dependency",
    "Deployment failed, the deployment is not the one that failed",
    "Test passed and the test passed and the TEST passed",
    "",
    " \t ",
    "a b c I x",
    "one_two __init__ 3.14 42nd x1 ½ ² ⅷ",
    "Straße ÉCOLE naïve coöperate Ångström ﬁne ﬃ ①②",
    "İstanbul IĞDIR ΣΊΣΥΦΟΣ ΟΔΥΣΣΕΥΣ, Σ. ΑΣ' ΑΣ·Α",
    "Съешь ещё этих мягких французских булок, ДА ВЫПЕЙ ЖЕ ЧАЮ",
    "我能吞下玻璃而不伤身体 日本語のテキスト 한국어 텍스트 각",
    "हिन्दी में पाठ ไทยแลนด์ עברית العَرَبِيَّة",
    "zero\u200bwidth non\u00a0break\u3000wide\u2028line\u0085next\x1cfile",
    "two  blanks\n\n\nthree\t\ttabs \r\n x",
    "emoji 👩‍👩‍👧 flags 🇩🇪 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐐀𐐁",
    "e\u0301 o\u0308 combining \u0301alone",
    "nul\0in side",
    "x" * 300 + " " + "long" * 40,
    "the quick brown fox jumps over the lazy dog is the and",
]
CASES = [
    [("word", 1, 1, {})],
    [("word", 1, 2, {})],
    [("word", 2, 3, {"sublinear_tf": True})],
    [("word", 1, 2, {"lowercase": False, "norm": "l1"})],
    [("word", 1, 2, {"strip_accents": "unicode", "smooth_idf": False})],
    [("word", 1, 1, {"strip_accents": "ascii", "binary": True})],
    [("word", 1, 2, {"stop_words": ["the", "is", "and"], "use_idf": False, "norm": None})],
    [("word", 1, 2, {"min_df": 2, "max_df": 0.5})],
    [("word", 1, 1, {"min_df": 0.01, "max_df": 100})],
    [("char", 1, 3, {})],
    [("char", 2, 4, {"strip_accents": "unicode", "sublinear_tf": True})],
    [("char_wb", 2, 5, {})],
    [("char_wb", 3, 3, {"lowercase": False, "binary": True, "norm": "l1"})],
    [("char_wb", 1, 6, {"strip_accents": "unicode", "min_df": 2})],
    [("word", 1, 2, {}), ("char_wb", 2, 4, {"sublinear_tf": True})],
    [("word", 1, 2, {"hash_bits": 12, "use_idf": False})],
    [("char_wb", 2, 4, {"hash_bits": 10, "alternate_sign": True, "use_idf": False})],
    [("char", 1, 3, {"hash_bits": 16})],
    [("word", 1, 1, {"hash_bits": 9, "binary": True, "alternate_sign": True, "norm": "l1", "use_idf": False})],
]


def reference_of(part):
    analyzer, n_min, n_max, options = part
    options = dict(options)
    bits = options.pop("hash_bits", 0)
    if not bits:
        return TfidfVectorizer(analyzer=analyzer, ngram_range=(n_min, n_max), **options)
    use_idf, norm = options.pop("use_idf", True), options.pop("norm", "l2")
    hashing = HashingVectorizer(
        analyzer=analyzer, ngram_range=(n_min, n_max), n_features=1 << bits, norm=None if use_idf else norm,
        **{"alternate_sign": False, **options},
    )
    return make_pipeline(hashing, TfidfTransformer(norm=norm)) if use_idf else hashing


def argument(name, value):
    if name == "strip_accents":
        return "accents=" + value
    if name == "norm":
        return "norm=" + {None: "0", "l1": "1", "l2": "2"}[value]
    if name == "stop_words":
        return "stop_words=1"
    return f"{name}={int(value) if isinstance(value, bool) else value}"


def run(program, case, fitted, others, threads):
    arguments = []
    for analyzer, n_min, n_max, options in case:
        arguments.append(f"{analyzer}:{n_min}:{n_max}")
        arguments += [argument(*option) for option in options.items()]
    encoded = [text.encode() for text in fitted + others]
    packed = struct.pack("<II", len(fitted), len(others)) + b"".join(struct.pack("<I", len(text)) + text for text in encoded)
    out = subprocess.run([program, str(threads), *arguments], input=packed, capture_output=True)
    if b"min_df" in out.stderr:
        return None
    assert out.returncode == 0, (case, out.stderr.decode())
    return out.stdout


def parse(out):
    at = 0

    def take(kind, count):
        nonlocal at
        values = numpy.frombuffer(out, kind, count, at)
        at += values.nbytes
        return values

    n_features = int(take("<u4", 1)[0])
    names, idf = [], []
    for _ in range(n_features):
        size = int(take("<u4", 1)[0])
        names.append(out[at : at + size].decode())
        at += size
        idf.append(float(take("<f4", 1)[0]))
    matrices = []
    for _ in range(2):
        rows = int(take("<u4", 1)[0])
        starts = take("<u8", rows + 1).astype(numpy.int64)
        columns = take("<u4", int(starts[-1]))
        matrices.append(csr_matrix((take("<f4", int(starts[-1])), columns, starts), (rows, n_features)))
    assert at == len(out)
    return names, numpy.array(idf), matrices


def same_rows(case, ours, theirs):
    theirs = theirs.tocsr()
    theirs.sort_indices()
    assert ours.shape == theirs.shape, (case, ours.shape, theirs.shape)
    for name in ("indptr", "indices"):
        assert (getattr(ours, name) == getattr(theirs, name)).all(), (case, name)
    worst = abs(ours.data - theirs.data).max() if ours.nnz else 0
    scale = max(1, abs(theirs.data).max()) if ours.nnz else 1
    assert worst <= 2e-6 * scale, (case, worst)
    return worst


def check(program, case, fitted, others):
    parts = [reference_of(part) for part in case]
    reference = parts[0] if len(parts) == 1 else make_union(*parts)
    try:
        expected = [reference.fit_transform(fitted), reference.transform(others)]
    except ValueError as refused:
        assert "no terms remain" in str(refused), (case, refused)
        assert run(program, case, fitted, others, 1) is None, (case, "no term should remain")
        return 0
    out = run(program, case, fitted, others, 1)
    assert out == run(program, case, fitted, others, 3), (case, "threads")
    names, idf, matrices = parse(out)
    if all(isinstance(part, TfidfVectorizer) for part in parts):
        wanted = [name for part in parts for name in part.get_feature_names_out()]
        assert names == wanted, (case, [pair for pair in zip(names, wanted) if pair[0] != pair[1]][:5])
        weights = [part.idf_ if part.use_idf else numpy.ones(len(part.vocabulary_)) for part in parts]
        assert numpy.allclose(idf, numpy.concatenate(weights), rtol=1e-6, atol=0), (case, "idf")
    return max(same_rows(case, *pair) for pair in zip(matrices, expected))


def main():
    program, files = sys.argv[1], sys.argv[2:]
    sets = {"texts below": (TEXTS * 20, TEXTS[::-1] + ["unseen words", "Test failed"])}
    for path in files:
        with open(path, newline="", encoding="utf-8") as file:
            texts = [row[-1] for row in csv.reader(file)][1:]
        sets[path] = (texts[::2], texts[1::2])
    for name, (fitted, others) in sets.items():
        worst = max(check(program, case, fitted, others) for case in CASES)
        print(f"{name}: {len(CASES)} vectorizers on {len(fitted)} + {len(others)} texts, largest difference {worst:.1e}")


main()
