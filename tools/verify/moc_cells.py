"""HEALPix cells of one order as numbers and as places on the sphere, worked out without Tessera."""
import math

import healpy
import numpy as np

# What rounding may move a place by.
TINY = 2e-14


def xyz(lon, lat):
    lon, lat = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)


def face_point(face, u, v):
    """Gorski et al. 2005, section 5, with u and v as fractions of the face."""
    row, column = face >> 2, (face & 3) * 2 + np.where(face >> 2 != 1, 1, 0)
    s = u + v
    cap = ((row == 0) & (s > 1)) | ((row == 2) & (s < 1))
    sigma = np.where(row == 0, (1 - u) + (1 - v), s)
    safe = np.where(sigma > 0, sigma, 1)
    z = np.where(cap, (1 - sigma**2 / 3) * np.where(row == 0, 1, -1), (2 / 3) * (s - row))
    rho = np.where(cap, sigma * np.sqrt(np.maximum(0, 2 / 3 - sigma**2 / 9)), np.sqrt(np.maximum(0, 1 - z**2)))
    lon = (math.pi / 4) * (column + np.where(cap, np.where(sigma > 0, (u - v) / safe, 0), u - v))
    return np.stack([rho * np.cos(lon), rho * np.sin(lon), z], -1)


def place(order, npix):
    x, y, face = healpy.pix2xyf(2**order, npix, nest=True)
    return face, x, y


def centres(order, cells):
    face, x, y = place(order, cells)
    return face_point(face, (x + 0.5) / 2.0**order, (y + 0.5) / 2.0**order)


def side_points(order, npix, side, t):
    face, x, y = place(order, npix) if not isinstance(npix, tuple) else npix
    n = 2.0**order
    u = (x + (t if side in (0, 2) else float(side == 1))) / n
    v = (y + (t if side in (1, 3) else float(side == 2))) / n
    return face_point(face, u + 0 * t, v + 0 * t)


def neighbours(order, cells):
    if len(cells) == 0:
        return cells
    around = healpy.get_all_neighbours(2**order, cells, nest=True).ravel()
    return np.setdiff1d(np.unique(around[around >= 0]), cells)


def flat(text, order):
    """The cells of an ASCII coverage, all of one order."""
    cells, level = [], 0
    for word in text.split():
        if "/" in word:
            head, word = word.split("/")
            level = int(head)
            if not word:
                continue
        first, _, last = word.partition("-")
        shift = 2 * (order - level)
        cells.append(np.arange(int(first) << shift, (int(last or first) + 1) << shift, dtype=np.int64))
    return np.unique(np.concatenate(cells)) if cells else np.zeros(0, np.int64)
