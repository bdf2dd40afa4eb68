#!/usr/bin/env python3
"""Vocabulary, idf and rows against scikit-learn's TfidfVectorizer, HashingVectorizer and FeatureUnion.

usage: vectorizer.py VECTORIZE [--record] [CSV...]     texts from the last column of each CSV besides those below

Where scikit-learn is not there, what it gave for the texts below stands in vectorizer.json (written by --record).
"""
import array
import csv
import hashlib
import json
import os
import struct
import subprocess
import sys
import warnings

try:
    import numpy
    import sklearn
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer, TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
except ImportError:
    sklearn = None

RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectorizer.json")
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
    """Names, idf, and two matrices, each as starts, columns, values."""
    at = 0

    def take(kind, count):
        nonlocal at
        values = array.array(kind, out[at : at + count * array.array(kind).itemsize])
        at += len(values) * values.itemsize
        return values

    n_features = take("I", 1)[0]
    names, idf = [], []
    for _ in range(n_features):
        size = take("I", 1)[0]
        names.append(out[at : at + size].decode())
        at += size
        idf.append(take("f", 1)[0])
    matrices = []
    for _ in range(2):
        starts = take("Q", take("I", 1)[0] + 1)
        matrices.append((starts, take("I", starts[-1]), take("f", starts[-1])))
    assert at == len(out)
    return names, idf, matrices


def digest(values):
    return hashlib.sha256(json.dumps(list(values)).encode()).hexdigest()[:16]


def summary(names, idf, matrices):
    """What is recorded of a vectorizer: digests of what must be the same, sums of what may differ by rounding."""
    rows = []
    for starts, columns, values in matrices:
        for start, end in zip(starts, starts[1:]):
            weighted = sum(values[i] * (1 + (i - start) % 7) for i in range(start, end))
            rows.append(round(float(weighted), 5))
    return {
        "names": digest(names),
        "idf": round(float(sum(idf)), 3),
        "columns": [digest(map(int, matrix[1])) for matrix in matrices],
        "rows": rows,
    }


def same_summary(case, ours, recorded):
    for name in ("names", "columns"):
        assert ours[name] == recorded[name], (case, name)
    for name, tolerance in (("idf", 1e-5), ("rows", 1e-5)):
        pairs = zip(ours[name], recorded[name]) if name == "rows" else [(ours[name], recorded[name])]
        for left, right in pairs:
            assert abs(left - right) <= tolerance * (2 + abs(right)), (case, name, left, right)


def same_rows(case, ours, theirs, n_features):
    starts, columns, values = (numpy.array(part) for part in ours)
    theirs = theirs.tocsr()
    theirs.sort_indices()
    assert (len(starts) - 1, n_features) == theirs.shape, (case, theirs.shape)
    assert (starts == theirs.indptr).all() and (columns == theirs.indices).all(), case
    worst = abs(values - theirs.data).max() if len(values) else 0
    scale = max(1, abs(theirs.data).max()) if len(values) else 1
    assert worst <= 2e-6 * scale, (case, worst)
    return worst


def check(program, case, fitted, others):
    """Ours beside scikit-learn's; the largest difference and what is recorded of theirs."""
    parts = [reference_of(part) for part in case]
    reference = parts[0] if len(parts) == 1 else make_union(*parts)
    try:
        expected = [reference.fit_transform(fitted), reference.transform(others)]
    except ValueError as refused:
        assert "no terms remain" in str(refused), (case, refused)
        assert run(program, case, fitted, others, 1) is None, (case, "no term should remain")
        return 0, None
    out = run(program, case, fitted, others, 1)
    assert out == run(program, case, fitted, others, 3), (case, "threads")
    names, idf, matrices = parse(out)
    if all(isinstance(part, TfidfVectorizer) for part in parts):
        wanted = [name for part in parts for name in part.get_feature_names_out()]
        assert names == wanted, (case, [pair for pair in zip(names, wanted) if pair[0] != pair[1]][:5])
        weights = [part.idf_ if part.use_idf else numpy.ones(len(part.vocabulary_)) for part in parts]
        assert numpy.allclose(idf, numpy.concatenate(weights), rtol=1e-6, atol=0), (case, "idf")
        idf = numpy.concatenate(weights)
    worst = max(same_rows(case, *pair, len(names)) for pair in zip(matrices, expected))
    for matrix in expected:
        matrix.sort_indices()
    theirs = [(matrix.indptr, matrix.indices, matrix.data) for matrix in map(csr_matrix, expected)]
    return worst, summary(names, idf, theirs)


def check_recorded(program, fitted, others):
    with open(RECORD, encoding="utf-8") as file:
        record = json.load(file)
    for case, recorded in zip(CASES, record["cases"], strict=True):
        same_summary(case, summary(*parse(run(program, case, fitted, others, 2))), recorded)
    print(f"{len(CASES)} vectorizers as recorded from scikit-learn {record['scikit-learn']}")


def main():
    program, files = sys.argv[1], [name for name in sys.argv[2:] if name != "--record"]
    fitted, others = TEXTS * 2, TEXTS[::-1] + ["unseen words", "Test failed"]
    if not sklearn:
        check_recorded(program, fitted, others)
        return
    sets = {"texts below": (fitted, others)}
    for path in files:
        with open(path, newline="", encoding="utf-8") as file:
            texts = [row[-1] for row in csv.reader(file)][1:]
        sets[path] = (texts[::2], texts[1::2])
    for name, texts in sets.items():
        checked = [check(program, case, *texts) for case in CASES]
        worst = max(difference for difference, _ in checked)
        print(f"{name}: {len(CASES)} vectorizers on {' + '.join(str(len(part)) for part in texts)} texts, largest difference {worst:.1e}")
        if name == "texts below" and "--record" in sys.argv:
            record = {"scikit-learn": sklearn.__version__, "cases": [recorded for _, recorded in checked]}
            with open(RECORD, "w", encoding="utf-8") as file:
                file.write(json.dumps(record).replace(', {"names"', ',\n{"names"') + "\n")
    check_recorded(program, fitted, others)


main()
