#!/usr/bin/python3
"""Whether the WCS in the FITS tiles puts every pixel where healpy has it.

What: for the first, the last, the middle and the four extreme (north, south, east, west) tiles of each of the
12 faces at every order, the WCS of astropy must give healpy's coordinates to `--tolerance` of a pixel at all
pixel centres. Body-fixed axes such as MALN-HPX/MALT-HPX are understood as well as RA---HPX/DEC--HPX.
ORDER and NPIX in the header must name the tile.

How: astropy.wcs (wcslib) turns pixels into longitude and latitude; the great-circle distance to
healpy.pix2ang is divided by the side of a pixel. Beyond order 6 a face has too many tiles for a file listing
to be searched for more than these.

    tile_wcs.py HIPSDIR [--tolerance 1e-6]
"""

import argparse
import os
import warnings

import numpy as np

import hips


def selected(order, present):
    per_face = 1 << (2 * order)
    east = (per_face - 1) // 3        # all even bits: x highest, y lowest
    wanted = {0, per_face - 1, per_face // 2, east, 2 * east}
    return sorted(f * per_face + n for f in range(12) for n in wanted if f * per_face + n in present)


def unit(lon, lat):
    lon, lat = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def offsets(directory, order, npix, width):
    """(distances in pixels of all pixels, complaint or None) of one tile."""
    from astropy.wcs import WCS

    _, header = hips.read_fits(hips.tile_path(directory, order, npix, "fits"))
    said = (header.get("ORDER"), header.get("NPIX"))
    complaint = None if said == (order, npix) else f"ORDER, NPIX are {said}, expected {(order, npix)}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wcs = WCS(header, fix=False)
    if not wcs.wcs.ctype[0].endswith("-HPX"):
        hips.fail(f"tile {order}/{npix}: no HPX axes but {list(wcs.wcs.ctype)}")
    x, y = np.meshgrid(np.arange(width), np.arange(width), indexing="ij")
    column, row = y, width - 1 - x
    world = wcs.wcs_pix2world(np.stack([column.ravel(), row.ravel()], axis=-1), 0)
    lon, lat = hips.pixel_positions(order, npix, width)
    apart = unit(world[:, wcs.wcs.lng], world[:, wcs.wcs.lat]) - unit(lon.ravel(), lat.ravel())
    return np.degrees(np.linalg.norm(apart, axis=0)) / hips.pixel_size_degrees(order, width), complaint


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hips")
    parser.add_argument("--tolerance", type=float, default=1e-6, help="in pixels")
    arguments = parser.parse_args()
    top, width = hips.leaf_order(arguments.hips), hips.tile_width(arguments.hips)
    faces, wrong, checked = set(), 0, 0
    for order in range(top + 1):
        present = set(hips.tiles(arguments.hips, order, "fits"))
        worst = 0.0
        for npix in selected(order, present):
            apart, complaint = offsets(arguments.hips, order, npix, width)
            faces.add(npix >> (2 * order))
            checked += 1
            largest = np.inf if np.isnan(apart).any() else float(apart.max())
            worst = max(worst, largest)
            if complaint or largest > arguments.tolerance:
                wrong += 1
                print(f"  tile {order}/{npix}: {complaint or f'{largest:.3g} pixels off'}")
        print(f"order {order}: largest offset {worst:.3g} pixels")
    print(f"{checked} tiles on {len(faces)} faces of {os.path.basename(arguments.hips.rstrip('/'))}")
    if checked == 0:
        hips.fail("no FITS tiles")
    if wrong:
        hips.fail(f"{wrong} tiles")
    print("OK")


if __name__ == "__main__":
    main()
