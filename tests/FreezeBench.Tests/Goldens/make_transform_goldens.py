"""Writes transform.csv: what torchvision makes of made-up images. Needs torch 1.13 and torchvision 0.14 or newer.

Run it in this folder: python3 make_transform_goldens.py

The images are from a formula (pixel below; its twin is ImageTransformTests.Pixel), so that none has to be stored. Some
rows of each result are kept, each of them with all its columns.
"""

import torch
from torchvision.transforms import functional

SIZE = 32
IMAGES = 2
RESOLUTIONS = [64, 20, 32]


def pixel(image, channel, row, column):
    # Neighbours differ by a lot: resizing down without antialiasing gives far other values.
    return (image * 37 + channel * 67 + row * 7 + column * 13 + row * column * 3) % 256


images = torch.tensor(
    [[[[pixel(image, channel, row, column) for column in range(SIZE)] for row in range(SIZE)]
      for channel in range(3)] for image in range(IMAGES)],
    dtype=torch.uint8)
scaled = images.to(torch.float32) / 255

with open("transform.csv", "w", newline="\n", encoding="utf-8") as golden:
    golden.write("resolution_px,image,channel,row,values\n")
    for resolution in RESOLUTIONS:
        resized = functional.resize(scaled, [resolution, resolution], antialias=True)
        result = functional.normalize(resized, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])
        for image in range(IMAGES):
            for channel in range(3):
                for row in [0, 1, 7, resolution - 1]:
                    values = " ".join(f"{float(value):.7g}" for value in result[image, channel, row])
                    golden.write(f"{resolution},{image},{channel},{row},{values}\n")
