#!/usr/bin/python3
"""Makes Sources/Pixels/PixelText+Glyphs.swift: the characters of Latin-1 in cells of 6 x 13 pixels, as DejaVu Sans Mono
(a free font; Bitstream Vera's licence) is drawn at 10 pixels.   tools/glyphs.py > Sources/Pixels/PixelText+Glyphs.swift"""
from PIL import Image, ImageDraw, ImageFont

font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 10)
print("extension PixelText {")
print("    /// The rows of each character from U+0020 to U+007E and U+00A0 to U+00FF, two digits a row, the left pixel the")
print("    /// highest of six bits: DejaVu Sans Mono at 10 pixels. Made by tools/glyphs.py.")
print("    static let glyphs: [String] = [")
for code in list(range(0x20, 0x7F)) + list(range(0xA0, 0x100)):
    cell = Image.new("1", (6, 13), 0)
    draw = ImageDraw.Draw(cell)
    draw.fontmode = "1"
    if code != 0xAD:
        draw.text((0, 0), chr(code), font=font, fill=1)
    rows = "".join("%02x" % sum(32 >> x for x in range(6) if cell.getpixel((x, y))) for y in range(13))
    print(f'        "{rows}",')
print("    ]")
print("}")
