#!/usr/bin/python3
"""Whether the upper orders of a HiPS and its Allsky files follow from the leaves.

What: every pixel of a parent is the mean of its valid children (rounded to nearest in integer tiles), blank only
where all four are; each picture inside an Allsky file is the box mean of its tile. Where a HiPS has values (FITS)
and pictures of them, the PNG tiles must be views of the values at every order: one integer value, one colour; float values in
the order of their grey levels.

How: four children are put together by their place in the nested scheme (x = even bits, y = odd bits) and averaged
2 x 2. Integer FITS and PNG tiles are held to half a unit, float ones to float32, JPEG to `--lossy` on average; Allsky
pictures to 1 unit, or a thousandth of the range of a float tile (JPEG: `--lossy`).

    pyramid.py HIPSDIR [--lossy 6]
"""

import argparse
import os
import warnings

import numpy as np

import hips

warnings.filterwarnings("ignore", "Mean of empty slice")


def box_mean(values, valid, side):
    """(mean of the valid, any valid) over boxes of side x side pixels."""
    wide, high, channels = values.shape
    shape = (wide // side, side, high // side, side)
    count = valid.reshape(shape).sum(axis=(1, 3))
    filled = np.where(valid[..., None], values, 0)
    total = filled.reshape(shape + (channels,)).sum(axis=(1, 3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / count[..., None], count > 0


def channels_alike(a, b):
    """Two tiles as arrays of the same number of channels: a grey one is spread over colours."""
    wanted = max(a.shape[2], b.shape[2])
    return tuple(np.broadcast_to(t, t.shape[:2] + (wanted,)) if t.shape[2] != wanted else t for t in (a, b))


def children(directory, order, npix, width, format, present):
    """(values, valid) of the four children of a tile put together, 2 * width wide; None without any."""
    parts = [(c, 4 * npix + c) for c in range(4) if 4 * npix + c in present]
    if not parts:
        return None
    values, valid = None, np.zeros((2 * width, 2 * width), bool)
    for place, child in parts:
        part, part_valid = hips.read_tile(directory, order + 1, child, format)
        if values is None:
            values = np.zeros((2 * width, 2 * width, part.shape[2]))
        if part.shape[2] > values.shape[2]:
            values = np.repeat(values, part.shape[2], axis=2)
        x, y = (place & 1) * width, (place >> 1) * width
        values[x:x + width, y:y + width] = part
        valid[x:x + width, y:y + width] = part_valid
    return values, valid


def check_parents(directory, format, rounded, lossy):
    """Number of wrong pixels (or tiles, where lossy) over all parents of one format.

    `rounded`: the samples are integers; otherwise they are floats, whose means must agree as float32 do.
    """
    exact = format != "jpeg"
    top, width = hips.leaf_order(directory), hips.tile_width(directory)
    wrong, checked, largest = 0, 0, 0.0
    for order in range(top):
        below = set(hips.tiles(directory, order + 1, format))
        here = set(hips.tiles(directory, order, format))
        expected_here = {n >> 2 for n in below}
        low = int(hips.properties(directory).get("hips_order_min", "0"))
        if order >= low and here != expected_here:
            print(f"  {format} order {order}: {len(expected_here - here)} parents missing, "
                  f"{len(here - expected_here)} without children")
            wrong += 1
        for npix in sorted(here & expected_here):
            four = children(directory, order, npix, width, format, below)
            mean, should = box_mean(*four, 2)
            values, valid = hips.read_tile(directory, order, npix, format)
            values, mean = channels_alike(values, mean)
            checked += 1
            if format != "jpeg":
                wrong += int((valid != should).sum())
            both = valid & should
            if not both.any():
                continue
            apart = np.abs(values - mean)[both]
            if exact:
                allowed = 0.5 + 1e-9 if rounded else np.abs(mean[both]).max() * 1e-6
                wrong += int((apart > allowed).sum())
                largest = max(largest, float(apart.max()))
            else:
                wrong += int(apart.mean() > lossy)
                largest = max(largest, float(apart.mean()))
    kind = "largest difference" if exact else "largest mean difference"
    print(f"  {format}: {checked} parents, {kind} {largest:.4f}, wrong {wrong}")
    return wrong if checked or top == 0 else 1


def check_views(directory, format):
    """Number of values that one picture shows in two colours (integer FITS tiles against their pictures)."""
    top = hips.leaf_order(directory)
    colours, wrong, tiles = {}, 0, 0
    for order in range(top + 1):
        numbers = hips.tiles(directory, order, format)
        for npix in numbers[:: max(1, len(numbers) // 48)]:
            values, valid = hips.read_tile(directory, order, npix, "fits")
            picture, shown = hips.read_tile(directory, order, npix, format)
            wrong += int((valid != shown).sum())
            tiles += 1
            values, picture = values[..., 0], channels_alike(picture, np.zeros((1, 1, 3)))[0]
            key = picture[..., 0] * 65536 + picture[..., 1] * 256 + picture[..., 2]
            pairs = np.unique(np.stack([values[valid], key[valid]]), axis=1)
            for value, colour in pairs.T:
                wrong += colours.setdefault(value, colour) != colour
    print(f"  {format} as a view of fits: {tiles} tiles, {len(colours)} values, "
          f"{len(set(colours.values()))} colours, wrong {wrong}")
    if len(set(colours.values())) < min(len(colours), 16):
        print("  too few colours for a view")
        wrong += 1
    return wrong


def check_order(directory, format):
    """Number of grey levels whose values (of float FITS tiles) reach into those of the next level."""
    low, high = np.full(256, np.inf), np.full(256, -np.inf)
    wrong, tiles = 0, 0
    for order in range(hips.leaf_order(directory) + 1):
        numbers = hips.tiles(directory, order, format)
        for npix in numbers[:: max(1, len(numbers) // 48)]:
            values, valid = hips.read_tile(directory, order, npix, "fits")
            picture, shown = hips.read_tile(directory, order, npix, format)
            wrong += int((valid != shown).sum())
            tiles += 1
            if picture.shape[2] == 3 and (picture != picture[..., :1]).any():
                print(f"  {format}: coloured views of float values are not looked at")
                return wrong
            level = picture[..., 0].astype(np.int64)[valid]
            np.minimum.at(low, level, values[..., 0][valid])
            np.maximum.at(high, level, values[..., 0][valid])
    used = np.flatnonzero(np.isfinite(low))
    overlapping = int((high[used[:-1]] > low[used[1:]] + 1e-6 * np.abs(low[used[1:]])).sum())
    print(f"  {format} as a view of fits: {tiles} tiles, {used.size} grey levels, {overlapping} overlap")
    return wrong + overlapping + int(used.size < 16)


def check_allsky(directory, format, rounded, lossy):
    """Number of pictures inside Allsky files that are not the box mean of their tile."""
    top, width = hips.leaf_order(directory), hips.tile_width(directory)
    side = min(64, width)
    wrong = 0
    for order in range(min(3, top) + 1):
        path = os.path.join(directory, f"Norder{order}", f"Allsky.{hips.EXTENSIONS[format]}")
        if not os.path.isfile(path):
            print(f"  {path} is missing")
            wrong += 1
            continue
        if format == "fits":
            values, _ = hips.read_fits(path)
            whole, there = values[..., None], np.isfinite(values)
        else:
            whole, there = hips.split_alpha(hips.read_picture(path))
        columns, rows = hips.allsky_layout(order)
        if whole.shape[:2] != (rows * side, columns * side):
            print(f"  {path} is {whole.shape[1]} x {whole.shape[0]}, expected {columns * side} x {rows * side}")
            wrong += 1
            continue
        largest, bad = 0.0, 0
        for npix in hips.tiles(directory, order, format):
            x, y = npix // columns * side, npix % columns * side
            part, valid = whole[x:x + side, y:y + side], there[x:x + side, y:y + side]
            mean, should = box_mean(*hips.read_tile(directory, order, npix, format), width // side)
            part, mean = channels_alike(part, mean)
            both = valid & should
            if format != "jpeg" and (valid != should).any():
                bad += 1
                continue
            if not both.any():
                continue
            apart = np.abs(part - mean)[both]
            measure = float(apart.mean() if format == "jpeg" else apart.max())
            largest = max(largest, measure)
            # Where a whole tile is one pixel of even ground, nothing but the last digit of a float32 is left.
            digit = float(np.spacing(np.abs(mean[both]).max().astype(np.float32)))
            allowed = 1.0 + 1e-9 if rounded else 1e-3 * float(np.ptp(mean[both])) + digit + 1e-6
            bad += measure > (lossy if format == "jpeg" else allowed)
        print(f"  {format} order {order} Allsky: largest difference {largest:.4f}, wrong pictures {bad}")
        wrong += bad
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hips")
    parser.add_argument("--lossy", type=float, default=6.0, help="mean difference allowed in JPEG; quality 90 alone makes 4 of a noisy radar map")
    arguments = parser.parse_args()
    words = [w for w in hips.formats(arguments.hips) if w in ("fits", "png", "jpeg")]
    if not words:
        hips.fail(f"{arguments.hips}: no tile format that can be read")
    print(f"{arguments.hips}: {' '.join(words)}")
    wrong = 0
    bitpix = int(hips.properties(arguments.hips).get("hips_pixel_bitpix", "8"))
    for format in words:
        if format == "fits" or "fits" not in words:
            rounded = format != "fits" or bitpix > 0
            wrong += check_parents(arguments.hips, format, rounded, arguments.lossy)
            wrong += check_allsky(arguments.hips, format, rounded, arguments.lossy)
        elif format == "png":
            wrong += (check_views if bitpix > 0 else check_order)(arguments.hips, format)
    if wrong:
        hips.fail(f"{wrong} things are not as the leaves have it")
    print("OK")


if __name__ == "__main__":
    main()
