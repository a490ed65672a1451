"""What the programs of this folder share: the files of a HiPS and the geometry of its tiles.

Nothing here comes from Tessera: positions are healpy's, tiles are read by astropy and Pillow. Inside these
programs a tile is an array `a[x, y]` (or `a[x, y, channel]`), x being the even bits and y the odd bits of the
nested index of a pixel inside its tile. A PNG or JPEG holds it as stored (row from the top = x, column = y), a
FITS image upside down (row from the bottom = width - 1 - x).
"""

import os
import sys

import healpy
import numpy as np

EXTENSIONS = {"fits": "fits", "png": "png", "jpeg": "jpg", "jpg": "jpg", "webp": "webp"}


def fail(message):
    """Prints what is wrong and ends with status 1."""
    print(f"FAILED: {message}")
    sys.exit(1)


def require(directory):
    """The folder as given, or the end of the program when it is no HiPS."""
    if not os.path.isfile(os.path.join(directory, "properties")):
        fail(f"{directory} is no HiPS: it has no file 'properties'")
    return directory


def properties(directory):
    """The key = value lines of a HiPS as a dictionary."""
    result = {}
    with open(os.path.join(require(directory), "properties"), encoding="utf-8") as file:
        for line in file:
            if "=" in line and not line.lstrip().startswith("#"):
                key, value = line.split("=", 1)
                result[key.strip()] = value.strip()
    return result


def formats(directory):
    """The tile formats that a HiPS says it has, as property words."""
    return properties(directory).get("hips_tile_format", "").split()


def leaf_order(directory):
    return int(properties(directory)["hips_order"])


def tile_width(directory):
    return int(properties(directory).get("hips_tile_width", "512"))


def tile_path(directory, order, npix, format):
    folder = npix // 10000 * 10000
    return os.path.join(directory, f"Norder{order}", f"Dir{folder}", f"Npix{npix}.{EXTENSIONS[format]}")


def tiles(directory, order, format):
    """The numbers of the tiles that are there, ascending."""
    found = []
    ending = "." + EXTENSIONS[format]
    for folder, _, files in os.walk(os.path.join(directory, f"Norder{order}")):
        if os.path.basename(folder).startswith("Dir"):
            found += [int(f[4:-len(ending)]) for f in files if f.startswith("Npix") and f.endswith(ending)]
    return sorted(found)


def read_fits(path):
    """(values as float64 a[x, y] with NaN where blank, header)."""
    from astropy.io import fits

    with fits.open(path, do_not_scale_image_data=True, memmap=False) as hdus:
        header = hdus[0].header
        stored = hdus[0].data
        values = stored.astype(np.float64)
        if stored.dtype.kind in "iu" and "BLANK" in header:
            values[stored == header["BLANK"]] = np.nan
        values = values * header.get("BSCALE", 1) + header.get("BZERO", 0)
        return values[::-1], header.copy()


def read_picture(path):
    """uint8 array a[x, y, channel] of 1 to 4 channels, as the file has them."""
    from PIL import Image

    with Image.open(path) as image:
        if image.mode == "P":
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        array = np.asarray(image)
    return array[..., None] if array.ndim == 2 else array


def split_alpha(picture):
    """(colour channels as float64, valid pixels) of a picture of 1 to 4 channels."""
    channels = picture.shape[2]
    if channels in (2, 4):
        return picture[..., : channels - 1].astype(np.float64), picture[..., -1] > 0
    return picture.astype(np.float64), np.ones(picture.shape[:2], bool)


def read_tile(directory, order, npix, format):
    """(values a[x, y, channel] as float64, valid pixels) of one tile; FITS has one channel."""
    path = tile_path(directory, order, npix, format)
    if format == "fits":
        values, _ = read_fits(path)
        return values[..., None], np.isfinite(values)
    return split_alpha(read_picture(path))


_interleaved = {}


def sub_indices(width):
    """Nested index of each pixel inside its tile, n[x, y]."""
    if width not in _interleaved:
        spread = np.zeros(width, np.int64)
        for bit in range(width.bit_length() - 1):
            spread |= (np.arange(width) >> bit & 1) << (2 * bit)
        _interleaved[width] = spread[:, None] | spread[None, :] << 1
    return _interleaved[width]


def pixel_positions(order, npix, width):
    """(lon, lat) in degrees of every pixel centre of a tile, by healpy."""
    nside = (1 << order) * width
    return healpy.pix2ang(nside, npix * width * width + sub_indices(width), nest=True, lonlat=True)


def pixel_size_degrees(order, width):
    """Side of a pixel: the square root of its area, in degrees."""
    return np.degrees(np.sqrt(np.pi / 3) / ((1 << order) * width))


def allsky_layout(order):
    """(columns, rows) of the pictures in an Allsky file."""
    count = 12 << (2 * order)
    columns = int(np.floor(np.sqrt(count)))
    return columns, -(-count // columns)
