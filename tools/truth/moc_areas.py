#!/usr/bin/python3
"""Truth for areas of coverages: writes Tests/MOCTests/Tables/areas.txt.

Needs healpy, numpy and mpmath. The area of a cell is a sum over 4^8 and 4^9 cells inside of it, at healpy's centres:
dA = r^2 / cos(angle between radius and normal) dOmega, the normal from the gradient of the ellipsoid's equation; the two
sums are extrapolated, their error being of second order. Whole surfaces are by closed forms (spheroids) and by
elliptic integrals (three axes) with 40 digits.
"""
import pathlib
import random

import healpy
import mpmath
import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "MOCTests" / "Tables" / "areas.txt"
BODIES = [("sphere", 1737400, 1737400, 1737400), ("mars", 3396190, 3396190, 3376200),
          ("saturn", 60268000, 60268000, 54364000), ("prolate", 1000, 1000, 1500),
          ("phobos", 13000, 11400, 9100), ("haumea-like", 1161000, 852000, 513000)]


def cell(order, npix, axes):
    def total(step):
        numbers = np.arange(npix << 2 * step, (npix + 1) << 2 * step)
        n = np.array(healpy.pix2vec(2 ** (order + step), numbers, nest=True))
        a = np.array(axes, dtype=float)[:, None]
        r = 1 / np.sqrt(np.sum((n / a) ** 2, axis=0))
        normal = r * n / a**2
        cosine = np.sum(normal * n, axis=0) / np.sqrt(np.sum(normal**2, axis=0))
        return np.sum(r**2 / cosine) * 4 * np.pi / (12 * 4 ** (order + step))
    coarse, fine = total(8), total(9)
    return (fine + (fine - coarse) / 3) * 1e-6


def whole(axes):
    mpmath.mp.dps = 40
    a, b, c = sorted((mpmath.mpf(x) for x in axes), reverse=True)
    if a == c:
        return 4 * mpmath.pi * a**2 * mpmath.mpf("1e-6")
    phi = mpmath.acos(c / a)
    k = a**2 * (b**2 - c**2) / (b**2 * (a**2 - c**2))
    area = 2 * mpmath.pi * c**2 + 2 * mpmath.pi * a * b / mpmath.sin(phi) * (
        mpmath.ellipe(phi, k) * mpmath.sin(phi)**2 + mpmath.ellipf(phi, k) * mpmath.cos(phi)**2)
    return area * mpmath.mpf("1e-6")


def main():
    rng = random.Random(7)
    lines = ["# semi-axes in metres, cell or 'all', square kilometres; healpy and mpmath\n"]
    for _, a, b, c in BODIES:
        lines.append(f"{a} {b} {c}\tall\t{mpmath.nstr(whole((a, b, c)), 17)}\n")
        for order in (0, 1, 2, 3, 4, 5, 9, 10, 13, 20):
            side = 4**order
            for npix in (rng.randrange(12 * side), rng.randrange(4) * side + side - 1, rng.randrange(8, 12) * side,
                         rng.randrange(4, 8) * side + rng.randrange(side)):
                lines.append(f"{a} {b} {c}\t{order}/{npix}\t{cell(order, npix, (a, b, c))!r}\n")
    OUT.write_text("".join(lines))


if __name__ == "__main__":
    main()
