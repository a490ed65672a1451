#!/usr/bin/env python3
"""Truth for the picture decoders: writes Tests/TilesTests/Tables/* with Pillow and zlib.

Needs Pillow and numpy. Each line of decoded.txt holds the file, what it decodes to (width, height, channels
and samples as hexadecimal) and how far a sample may be off.
"""
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "TilesTests" / "Tables"
rng = np.random.default_rng(7)
lines = ["# file, width, height, channels, samples in hexadecimal, tolerance; Pillow"]


def record(name, array, tolerance=0):
    array = np.atleast_3d(np.asarray(array, np.uint8))
    h, w, c = array.shape
    lines.append(f"{name}\t{w}\t{h}\t{c}\t{array.tobytes().hex()}\t{tolerance}")


def noise(h, w, *channels):
    return rng.integers(0, 256, (h, w, *channels), dtype=np.uint8)


def smooth(h, w):
    y, x = np.mgrid[0:h, 0:w]
    return np.stack([8 * x + 20, 7 * y + 30, 3 * (x + y) + 60], -1).astype(np.uint8)


def png_by_hand(name, header, rows, extra=b"", interlace=0):
    w, h, depth, colour = header
    chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
    (OUT / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlace))
        + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def pngs():
    for mode, channels in [("L", ()), ("LA", (2,)), ("RGB", (3,)), ("RGBA", (4,))]:
        a = noise(5, 7, *channels)
        Image.fromarray(a, mode).save(OUT / f"{mode.lower()}.png")
        record(f"{mode.lower()}.png", a)
    palette = Image.fromarray(noise(6, 5, 3), "RGB").quantize(8)
    palette.save(OUT / "palette.png")
    record("palette.png", palette.convert("RGB"))
    palette.save(OUT / "palette_alpha.png", transparency=bytes([0, 128, 255]))
    record("palette_alpha.png", Image.open(OUT / "palette_alpha.png").convert("RGBA"))
    bits = Image.fromarray(noise(4, 11)).convert("1")
    bits.save(OUT / "bits.png")
    record("bits.png", bits.convert("L"))
    wide = rng.integers(0, 65536, (3, 4), dtype=np.uint16)
    Image.fromarray(wide).save(OUT / "grey16.png")
    record("grey16.png", np.rint(wide / 257.0), 0)
    # Transparent colour given by tRNS: grey 10 of 8 bits.
    grey = np.array([[10, 11], [12, 10]], np.uint8)
    trns = b"\x00\x0a"
    extra = struct.pack(">I", 2) + b"tRNS" + trns + struct.pack(">I", zlib.crc32(b"tRNS" + trns))
    png_by_hand("grey_key.png", (2, 2, 8, 0), b"".join(b"\0" + r.tobytes() for r in grey), extra)
    record("grey_key.png", np.stack([grey, np.where(grey == 10, 0, 255)], -1))
    # Adam7: seven passes with their offsets and steps.
    a = noise(9, 10, 3)
    rows = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
                           (0, 1, 1, 2)]:
        part = a[y0::dy, x0::dx]
        rows += b"".join(b"\0" + r.tobytes() for r in part) if part.size else b""
    png_by_hand("interlaced.png", (10, 9, 8, 2), rows, interlace=1)
    record("interlaced.png", a)
    # Claims 20000 x 20000 pixels in 100 bytes.
    png_by_hand("bomb.png", (20000, 20000, 8, 6), b"\0" * 100)


def jpegs():
    rgb = Image.fromarray(smooth(16, 24))
    rgb.save(OUT / "rgb.jpg", quality=95, subsampling=0)
    record("rgb.jpg", Image.open(OUT / "rgb.jpg"), 2)
    rgb.save(OUT / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    record("progressive.jpg", Image.open(OUT / "progressive.jpg"), 2)
    rgb.convert("L").save(OUT / "grey.jpg", quality=95)
    record("grey.jpg", Image.open(OUT / "grey.jpg"), 2)
    rgb.convert("CMYK").save(OUT / "cmyk.jpg")


def webps():
    for mode, channels in [("RGB", 3), ("RGBA", 4)]:
        a = noise(6, 9, channels)
        Image.fromarray(a, mode).save(OUT / f"{mode.lower()}.webp", lossless=True, exact=True)
        record(f"{mode.lower()}.webp", a)
    Image.fromarray(smooth(8, 8)).save(
        OUT / "animation.webp", save_all=True, append_images=[Image.fromarray(smooth(8, 8) // 2)])


if __name__ == "__main__":
    pngs()
    jpegs()
    webps()
    (OUT / "decoded.txt").write_text("\n".join(lines) + "\n")
