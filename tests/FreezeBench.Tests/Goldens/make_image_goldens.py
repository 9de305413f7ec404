"""Writes Images/ and images.csv: small files of every kind, and what Pillow decodes them to. Needs Pillow 9 or newer.

Run it in this folder: python3 make_image_goldens.py

A line of images.csv: file, width, height, and the pixels of Image.open(file).convert("RGB") in hexadecimal, rows first.
"""

import struct
import zlib
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 19, 13
FOLDER = Path("Images")


def colour(row, column):
    # Smooth, as photographs are: at a hard edge, decoders of JPEG differ by more than rounding.
    return 20 + 11 * column, 250 - 17 * row, (40 + 9 * row + 5 * column) % 256


def rgb():
    image = Image.new("RGB", (WIDTH, HEIGHT))
    image.putdata([colour(row, column) for row in range(HEIGHT) for column in range(WIDTH)])
    return image


def with_alpha():
    image = rgb().convert("RGBA")
    image.putdata([(*pixel[:3], number * 7 % 256) for number, pixel in enumerate(image.getdata())])  # the first is transparent
    return image


def palette_with_transparency():
    image = rgb().convert("P", palette=Image.ADAPTIVE, colors=12)
    image.save(FOLDER / "palette-transparent.png", transparency=3)


def sixteen_bits():
    # Pillow writes no 16-bit RGB: signature, header, one block of rows without filter. Both bytes of a value are equal, so
    # that cutting it to 8 bits and rounding it give the same.
    rows = b"".join(b"\0" + b"".join(bytes([value, value]) for column in range(WIDTH) for value in colour(row, column))
                    for row in range(HEIGHT))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 2, 0, 0, 0)
    (FOLDER / "rgb16.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


FOLDER.mkdir(exist_ok=True)
rgb().save(FOLDER / "rgb.png")
with_alpha().save(FOLDER / "rgba.png")
with_alpha().convert("LA").save(FOLDER / "grey-alpha.png")
rgb().convert("L").save(FOLDER / "grey.png")
rgb().convert("1").save(FOLDER / "bilevel.png")
rgb().convert("P", palette=Image.ADAPTIVE, colors=12).save(FOLDER / "palette.png")
palette_with_transparency()
sixteen_bits()
rgb().save(FOLDER / "rgb.bmp")
rgb().save(FOLDER / "rgb.jpg", quality=90)
rgb().save(FOLDER / "full-chroma.jpg", quality=90, subsampling=0)
rgb().save(FOLDER / "progressive.jpg", quality=90, progressive=True)
rgb().convert("L").save(FOLDER / "grey.jpg", quality=90)
rgb().convert("CMYK").save(FOLDER / "cmyk.jpg", quality=90)
exif = Image.Exif()
exif[0x0112] = 6  # "turn by 90 degrees to view"
rgb().save(FOLDER / "turned-by-exif.jpg", quality=90, exif=exif)

with open("images.csv", "w", newline="\n", encoding="utf-8") as golden:
    golden.write("file,width,height,rgb\n")
    for path in sorted(FOLDER.iterdir()):
        decoded = Image.open(path).convert("RGB")
        golden.write(f"{path.name},{decoded.width},{decoded.height},{decoded.tobytes().hex()}\n")
