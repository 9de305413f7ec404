#!/usr/bin/env python3
"""Sends every image of a folder with CIFAR-10's binary files through JPEG and back: what does the compression of
`cifar10-jpeg` cost in accuracy? Train on the folder and on its copy with the same seeds, and compare.

    python3 jpeg_round_trip.py cifar10-lossless cifar10-lossless-q75 [--quality 75]

Needs Pillow (Debian: python3-pil). Quality 75 with chroma halved in both directions (4:2:0), as in the copy of CIFAR-10
that `cifar10-jpeg` names.

A record of CIFAR-10's binary version is one label byte, then 1024 bytes each of red, green and blue, row by row
(https://www.cs.toronto.edu/~kriz/cifar.html).
"""
import argparse
import io
import pathlib
import sys

from PIL import Image

SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE


def round_trip(pixels: bytes, quality: int) -> bytes:
    """The planes red, green, blue (3 * 1024 bytes) after JPEG compression, in the same order."""
    planes = [Image.frombytes("L", (SIDE, SIDE), pixels[c * SIDE * SIDE:(c + 1) * SIDE * SIDE]) for c in range(3)]
    stream = io.BytesIO()
    Image.merge("RGB", planes).save(stream, "JPEG", quality=quality, subsampling="4:2:0")
    stream.seek(0)
    return b"".join(plane.tobytes() for plane in Image.open(stream).convert("RGB").split())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path, help="folder with data_batch_*.bin and test_batch.bin")
    parser.add_argument("target", type=pathlib.Path, help="a new folder")
    parser.add_argument("--quality", type=int, default=75, choices=range(1, 96), metavar="1..95")
    arguments = parser.parse_args()
    files = sorted(arguments.source.glob("*_batch*.bin"))
    if not files:
        print(f"{arguments.source} has no *_batch*.bin.", file=sys.stderr)
        return 2
    arguments.target.mkdir(parents=True)
    for file in files:
        data = file.read_bytes()
        if len(data) % RECORD != 0:
            print(f"{file} is not of whole records of {RECORD} bytes.", file=sys.stderr)
            return 2
        with open(arguments.target / file.name, "wb") as out:
            for start in range(0, len(data), RECORD):
                out.write(data[start:start + 1])
                out.write(round_trip(data[start + 1:start + RECORD], arguments.quality))
    return 0


if __name__ == "__main__":
    sys.exit(main())
