"""Writes framing.csv: crops, resizes and flips by torchvision. Needs torch 1.13 and torchvision 0.14 or newer.

Run it in this folder: python3 make_framing_goldens.py

The images are from a formula (pixel below; its twin is FramingTests.Pixel), of odd sizes. A line is a case: a box or
"centre" (Resize of the short side to R * 256 / 224, then CenterCrop), whether it is flipped, and some rows of the result.
"""

import torch
from torchvision.transforms import functional

SIZES = [(53, 37), (29, 61), (40, 300)]  # height, width: portrait, landscape, very wide
BOXES = [
    # top, left, height, width: inside, at the edges, larger and smaller than the result, one pixel wide
    [(10, 5, 23, 17), (0, 0, 53, 37), (41, 30, 12, 7), (3, 11, 9, 1)],
    [(1, 2, 27, 55), (0, 30, 29, 31), (20, 60, 1, 1)],
    [(0, 0, 40, 300), (17, 123, 5, 150)],
]
RESOLUTIONS = [7, 24, 56]


def pixel(image, channel, row, column):
    # Neighbours differ by a lot: resizing down without antialiasing gives far other values.
    return (image * 37 + channel * 67 + row * 7 + column * 13 + row * column * 3) % 256


def picture(image):
    height, width = SIZES[image]
    return torch.tensor(
        [[[pixel(image, channel, row, column) for column in range(width)] for row in range(height)] for channel in range(3)],
        dtype=torch.uint8).to(torch.float32) / 255


def normalised(tensor):
    return functional.normalize(tensor, mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])


with open("framing.csv", "w", newline="\n", encoding="utf-8") as golden:
    golden.write("image,resolution_px,frame,flipped,channel,row,values\n")
    for image in range(len(SIZES)):
        for resolution in RESOLUTIONS:
            frames = {}
            for box in BOXES[image]:
                top, left, height, width = box
                cropped = functional.crop(picture(image), top, left, height, width)
                frames[" ".join(map(str, box))] = functional.resize(cropped, [resolution, resolution], antialias=True)
            short = round(resolution * 256 / 224)
            resized = functional.resize(picture(image), short, antialias=True)
            frames["centre"] = functional.center_crop(resized, [resolution, resolution])
            for number, (frame, result) in enumerate(frames.items()):
                flipped = (number + image) % 2
                result = normalised(functional.hflip(result) if flipped else result)
                for channel, row in [(0, 0), (1, resolution // 2), (2, resolution - 1)]:
                    values = " ".join(f"{float(value):.7g}" for value in result[channel, row])
                    golden.write(f"{image},{resolution},{frame},{flipped},{channel},{row},{values}\n")
