#!/usr/bin/env python3
"""Truth for the Pixels tests: writes Tests/PixelsTests/Tables/*.txt with exact fractions, numpy and matplotlib.

Kernels are stated here from their definitions (bilinear, Keys 1981 with a = -1/2, normalised Lanczos of three lobes)
in rational numbers or doubles. Results of integers that lie so near to a tie that the order of additions would
decide are left out; ties that are exact in binary stay in.
"""
import math
import pathlib
import random
from fractions import Fraction

import matplotlib
import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "PixelsTests" / "Tables"
RANGES = {"u8": (0, 255), "i16": (-32768, 32767), "i32": (-(2**31), 2**31 - 1)}
FLOATS = {"f32": np.float32, "f64": np.float64}
KINDS = ["u8", "i16", "i32", "f32", "f64", "rgba"]
REACH = {"nearest": 0, "bilinear": 0, "bicubic": 1, "lanczos": 2}
rng = random.Random(20)


def text(values):
    return ",".join("/".join(str(int(c)) for c in v) if isinstance(v, tuple) else
                    (str(v) if isinstance(v, int) else repr(float(v))) for v in values)


def sample(kind, spread=None):
    if kind == "rgba":
        return tuple(rng.randint(0, 255) for _ in range(3)) + (255,)
    if kind in RANGES:
        low, high = spread or RANGES[kind]
        return rng.randint(low, high)
    return rng.randint(-40000, 40000) / 4


def avoid(value, kind, blank):
    if blank is None or value != blank:
        return value
    return value + 1 if value == RANGES[kind][0] else value - 1


def settle(value, kind, blank, exact):
    """The sample for a value; None where rounding is a matter of the last bit."""
    if kind in FLOATS:
        return float(FLOATS[kind](float(value)))
    distance = abs(abs(value - math.floor(value)) - Fraction(1, 2))
    if distance < Fraction(1, 1000) and not (exact and distance == 0):
        return None
    low, high = RANGES["u8" if kind == "rgba" else kind]
    return avoid(min(max(round(Fraction(value)), low), high), kind, None if kind == "rgba" else blank)


def keys(t):
    t = abs(t)
    if t < 1:
        return (Fraction(3, 2) * t - Fraction(5, 2)) * t * t + 1
    return ((-t / 2 + Fraction(5, 2)) * t - 4) * t + 2 if t < 2 else Fraction(0)


def lanczos(t):
    t = float(t)
    return Fraction(float(np.sinc(t) * np.sinc(t / 3)) if abs(t) < 3 else 0)


def linear(t):
    return max(Fraction(0), 1 - abs(t))


def value_at(window, width, mask, how, row, column):
    """(value or None, whether no division or rounding came before)."""
    r, y = row
    c, x = column

    def valid(i, j):
        return mask is None or mask[i * width + j]

    if how == "nearest":
        i, j = math.floor(r + y + Fraction(1, 2)), math.floor(c + x + Fraction(1, 2))
        return (Fraction(window[i * width + j]), True) if valid(i, j) else (None, True)
    reach = REACH[how]
    near = range(-reach, reach + 2)
    if how != "bilinear" and not all(valid(r + i, c + j) for i in near for j in near):
        return value_at(window, width, mask, "bilinear", row, column)
    weigh = {"bilinear": linear, "bicubic": keys, "lanczos": lanczos}[how]
    total = weights = Fraction(0)
    for i in near:
        for j in near:
            weight = weigh(i - y) * weigh(j - x)
            if weight != 0 and valid(r + i, c + j):
                total += weight * Fraction(window[(r + i) * width + c + j])
                weights += weight
    if weights == 0:
        return None, True
    return total / weights, how == "bilinear" and mask is None


def sampled(kind, window, width, mask, how, blank, row, column):
    if kind == "rgba":
        values = [value_at([s[k] for s in window], width, mask, how, row, column) for k in range(3)]
        if values[0][0] is None:
            return (0, 0, 0, 0)
        out = [settle(v, kind, None, exact) for v, exact in values]
        return None if None in out else tuple(out) + (255,)
    value, exact = value_at(window, width, mask, how, row, column)
    if value is None:
        return blank if blank is not None else RANGES[kind][0] if kind in RANGES else math.nan
    return settle(value, kind, blank, exact)


def row_line(kind, how, width, height, window, mask, blank, places):
    rows, columns, expected = [], [], []
    for row, column in places:
        if row is None or column is None:
            found = sampled(kind, [window[0]], 1, [0], "nearest", blank, (0, Fraction(0)), (0, Fraction(0)))
        else:
            found = sampled(kind, window, width, mask, how, blank, row, column)
        if found is None:
            continue
        rows.append("-" if row is None else f"{row[0]}:{float(row[1])!r}")
        columns.append("-" if column is None else f"{column[0]}:{float(column[1])!r}")
        expected.append(found)
    assert len(expected) > len(places) // 2, (kind, how)
    return "\t".join([
        kind, how, str(width), text(window), "-" if mask is None else "".join(str(int(m)) for m in mask),
        "-" if blank is None else text([blank]), " ".join(rows), " ".join(columns), text(expected)])


HEAD = "# kind, interpolation, width, window, mask, blank, rows as index:fraction, columns, expected; exact fractions"


def hide(kind, window, mask):
    """Colours carry their validity; other invalid samples hold what would show if it were looked at."""
    if kind == "rgba":
        return [s if m else (0, 0, 0, 0) for s, m in zip(window, mask)]
    bad = {"u8": 255, "i16": -32768, "i32": -(2**31)}.get(kind, math.nan)
    return [s if m else bad for s, m in zip(window, mask)]


def rows():
    lines = [HEAD]
    width, height = 11, 9
    for kind in KINDS:
        for how in REACH:
            for density in (None, 0.9, 0.4):
                window = [sample(kind) for _ in range(width * height)]
                mask = None
                if density is not None:
                    mask = [int(rng.random() < density) for _ in window]
                    window = hide(kind, window, mask)
                    window = [0 if isinstance(s, float) and math.isnan(s) else s for s in window]
                places = []
                for _ in range(32):
                    row = (rng.randint(2, height - 4), Fraction(rng.randint(0, 64), 64))
                    column = (rng.randint(2, width - 4), Fraction(rng.randint(0, 64), 64))
                    places.append((row, column))
                places += [(None, places[0][1]), (places[1][0], None), (None, None)]
                blank = {"u8": 255, "i16": -32768, "i32": -(2**31), "rgba": (0, 0, 0, 0)}.get(kind, math.nan)
                lines.append(row_line(kind, how, width, height, window, mask, blank, places))
    (OUT / "rows.txt").write_text("\n".join(lines) + "\n")


def patterns():
    lines = [HEAD]
    ends = [Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1)]
    for kind in ("u8", "i16", "f32", "rgba"):
        for how in REACH:
            for pattern in range(16):
                mask = [1] * 36
                for bit in range(4):
                    mask[(2 + bit // 2) * 6 + 2 + bit % 2] = pattern >> bit & 1
                # Even differences of few bits keep most results away from ties.
                window = [sample(kind, (1, 200)) for _ in mask]
                window = hide(kind, window, mask)
                window = [0 if isinstance(s, float) and math.isnan(s) else s for s in window]
                places = [((2, y), (2, x)) for y in ends for x in ends]
                blank = {"u8": 0, "i16": 32767, "rgba": (0, 0, 0, 0)}.get(kind, math.nan)
                lines.append(row_line(kind, how, 6, 6, window, mask, blank, places))
    (OUT / "patterns.txt").write_text("\n".join(lines) + "\n")


def rounding():
    """Ties, negatives, overshoot and results that equal the blank, one pixel each."""
    lines = [HEAD]
    half = Fraction(1, 2)

    def add(kind, how, window, width, row, column, blank, mask=None):
        lines.append(row_line(kind, how, width, len(window) // width, window, mask, blank, [(row, column)]))

    for a, b in [(0, 1), (1, 2), (2, 3), (-1, 0), (-2, -1), (-3, -2), (-7, 4), (32766, 32767), (-32768, -32767)]:
        add("i16", "bilinear", [a, b, a, b], 2, (0, Fraction(0)), (0, half), None)
        add("i32", "bilinear", [a, b, a, b], 2, (0, half), (0, half), None)
    for a, b in [(2147483646, 2147483647), (-2147483648, -2147483647), (-2147483648, 2147483647)]:
        add("i32", "bilinear", [a, b, a, b], 2, (0, Fraction(1, 4)), (0, half), None)
    for kind, blank, a, b in [("i16", 0, -1, 1), ("i16", -32768, -32768, -32768), ("i16", 32767, 32767, 32767),
                              ("u8", 0, 0, 0), ("u8", 255, 255, 255), ("u8", 7, 6, 8), ("i32", -(2**31), 5, 7),
                              ("i32", -(2**31), -(2**31), -(2**31)), ("i32", 2**31 - 1, 2**31 - 1, 2**31 - 1)]:
        for how in ("nearest", "bilinear"):
            add(kind, how, [a, b, a, b], 2, (0, Fraction(0)), (0, half), blank)
            add(kind, how, [a, b, a, b], 2, (0, Fraction(0)), (0, half), blank, [1, 1, 1, 1])
    for how in ("bicubic", "lanczos"):
        for kind, low, high in [("u8", 0, 255), ("i16", -32768, 32767), ("i32", -(2**31), 2**31 - 1)]:
            # A step: the wide kernels overshoot on both of its sides and must be clamped.
            step = [low, low, low, high, high, high]
            for x in (Fraction(1, 4), Fraction(3, 4)):
                for edge in (step, step[::-1]):
                    add(kind, how, edge * 6, 6, (2, Fraction(1, 4)), (2, x), None)
    (OUT / "rounding.txt").write_text("\n".join(lines) + "\n")


def mean_of(kind, samples, blank, exact_powers):
    def missing(s):
        return s[3] == 0 if kind == "rgba" else s != s if kind in FLOATS else s == blank

    good = [s for s in samples if not missing(s)]
    if not good:
        return (0, 0, 0, 0) if kind == "rgba" else math.nan if kind in FLOATS else blank
    exact = exact_powers and len(good) in (1, 2, 4)
    if kind == "rgba":
        out = [settle(sum(Fraction(s[k]) for s in good) / len(good), kind, None, exact) for k in range(3)]
        return None if None in out else tuple(out) + (255,)
    return settle(sum(map(Fraction, good)) / len(good), kind, blank, exact)


def pyramid():
    """Halves, thumbnails, counts, blocks and extremes; '?' where the last bit would decide."""
    lines = ["# kind, width (= height), side, blank, samples, halves, thumbnail, count, blocks, low, high"]
    for kind in KINDS:
        for width, side in [(2, 2), (4, 2), (6, 3), (10, 5), (16, 8), (34, 17)]:
            for density in (1.0, 0.7, 0.1, 0.0):
                blank = {"u8": rng.choice([0, 255]), "i16": rng.choice([-32768, 32767, 0]),
                         "i32": -(2**31), "rgba": (0, 0, 0, 0)}.get(kind, math.nan)
                spread = {"u8": (0, 255), "i16": rng.choice([(-32768, 32767), (-3, 3)])}.get(kind)
                if density == 1.0 and kind in RANGES:
                    blank = None
                samples = []
                for _ in range(width * width):
                    s = sample(kind, spread)
                    if blank is not None and kind in RANGES and s == blank:
                        s = avoid(s, kind, blank)
                    samples.append(s if rng.random() < density else blank)
                if kind == "i16" and density < 1 and width == 2:
                    samples = [-1, 1, -1, 1]
                    blank = 0

                def square(n, y, x):
                    return [samples[(y * n + i) * width + x * n + j] for i in range(n) for j in range(n)]

                def means(n):
                    across = width // n
                    out = [mean_of(kind, square(n, y, x), blank, True) for y in range(across) for x in range(across)]
                    return ",".join("?" if v is None else text([v]) for v in out)

                def good(s):
                    return s[3] != 0 if kind == "rgba" else s == s and s != blank

                valid = [s for s in samples if good(s)]
                across = width // side
                blocks = "".join(str(int(any(map(good, square(side, y, x)))))
                                 for y in range(across) for x in range(across))
                ends = ["-", "-"]
                if valid and kind != "rgba":
                    ends = [repr(float(min(valid))), repr(float(max(valid)))]
                lines.append("\t".join([
                    kind, str(width), str(side), "-" if blank is None else text([blank]), text(samples), means(2),
                    means(side), str(len(valid)), blocks] + ends))
    (OUT / "pyramid.txt").write_text("\n".join(lines) + "\n")


def averages():
    """Means of bilinear values of sub-pixels: float results of float samples, and rounded ones of integers."""
    lines = ["# kind, shift, width, window, mask, blank, rows of sub-pixels (';' between): places, expected"]
    width, height = 8, 8
    for kind in KINDS:
        for shift in (1, 2):
            for density in (None, 0.5):
                n = 1 << shift
                window = [sample(kind) for _ in range(width * height)]
                mask = None
                if density is not None:
                    mask = [int(rng.random() < density) for _ in window]
                    window = [0 if isinstance(s, float) and math.isnan(s) else s for s in hide(kind, window, mask)]
                blank = {"u8": 0, "i16": -32768, "i32": -(2**31), "rgba": (0, 0, 0, 0)}.get(kind, math.nan)
                pixels = 6
                rows_text, sums = [], [[] for _ in range(pixels)]
                for _ in range(n):
                    places = []
                    for i in range(pixels * n):
                        if i // n == 4 or rng.random() < 0.05:
                            places.append("-")
                            continue
                        row = (rng.randint(0, height - 2), Fraction(rng.randint(0, 8), 8))
                        column = (rng.randint(0, width - 2), Fraction(rng.randint(0, 8), 8))
                        places.append(f"{row[0]}:{float(row[1])!r}:{column[0]}:{float(column[1])!r}")
                        planes = [[s[k] for s in window] for k in range(3)] if kind == "rgba" else [window]
                        values = [value_at(p, width, mask, "bilinear", row, column)[0] for p in planes]
                        if values[0] is not None:
                            sums[i // n].append(values)
                    rows_text.append(" ".join(places))
                expected = []
                for found in sums:
                    if not found:
                        expected.append(text([blank]))
                        continue
                    out = [settle(sum(c) / len(found), kind, blank, False) for c in zip(*found)]
                    whole = tuple(out) + (255,) if kind == "rgba" else out[0]
                    expected.append("?" if None in out else text([whole]))
                lines.append("\t".join([
                    kind, str(shift), str(width), text(window), "-" if mask is None else "".join(map(str, mask)),
                    text([blank]), ";".join(rows_text), ",".join(expected)]))
    (OUT / "averages.txt").write_text("\n".join(lines) + "\n")


def levels():
    lines = ["# kind, curve, low, high, values, levels (-1: too near to a tie); numpy"]
    curves = {"linear": lambda t: t, "sqrt": np.sqrt, "log": lambda t: np.log10(1 + 1000 * t) / np.log10(1001),
              "asinh": lambda t: np.arcsinh(10 * t) / np.arcsinh(10)}
    cases = {"u8": [(0, 255), (10, 200), (0, 1), (255, 255), (-5.5, 300.25)],
             "i16": [(-8201, 21191), (0, 1), (-32768, 32767), (5, 5), (-0.5, 0.25)],
             "i32": [(-2e9, 2e9), (0, 1000)], "f32": [(-1.5, 2.5), (-8201, 21191), (7, 7)],
             "f64": [(1e-12, 3e-12), (-1e300, 1e300)]}
    for kind, limits in cases.items():
        for low, high in limits:
            for curve, f in curves.items():
                if kind == "u8":
                    values = list(range(256))
                else:
                    span = high - low or 10
                    values = [low + span * (rng.random() * 1.4 - 0.2) for _ in range(60)] + [low, high]
                    if kind in RANGES:
                        least, most = RANGES[kind]
                        values = [int(min(max(v, least), most)) for v in values] + [least, most, 0]
                    else:
                        values = [float(FLOATS[kind](v)) for v in values] + [math.inf, -math.inf, math.nan]
                v = np.array(values, dtype=float)
                with np.errstate(all="ignore"):
                    t = np.clip((v - low) / (high - low), 0, 1) if high > low else (v > low).astype(float)
                t = np.where(np.isnan(t), 0, t)
                exact = 255 * f(t)
                found = np.floor(exact + 0.5).astype(int)
                found[np.abs(exact - np.floor(exact) - 0.5) < 1e-9] = -1
                lines.append("\t".join([kind, curve, repr(float(low)), repr(float(high)), text(values),
                                        ",".join(map(str, found))]))
    (OUT / "levels.txt").write_text("\n".join(lines) + "\n")


def colours():
    lines = [f"# name, 256 colours; matplotlib {matplotlib.__version__}"]
    for name in ("viridis", "magma", "inferno", "plasma", "cividis", "turbo"):
        table = (matplotlib.colormaps[name](np.arange(256))[:, :3] * 255).round().astype(np.uint8)
        lines.append(f"{name}\t{table.tobytes().hex()}")
    (OUT / "colours.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for make in (rows, patterns, rounding, pyramid, averages, levels, colours):
        make()
