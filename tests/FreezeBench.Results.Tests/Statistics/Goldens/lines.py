"""Writes lines.csv: numpy's least-squares lines through made-up epoch times, and how far off them the points are. Needs numpy only.

Run it here: python3 lines.py
"""
import numpy

generator = numpy.random.default_rng(7)
with open("lines.csv", "w", newline="\n", encoding="utf-8") as golden:
    golden.write("x,y,intercept,slope,rms,largest_relative\n")
    for x in ([64, 128, 256, 512], [64, 256, 512], [8, 16, 24, 32, 40, 48], [50000, 100000, 1000000], [1, 2, 2, 3]):
        x = numpy.array(x, dtype=float)
        y = (20 + 4 * x) * numpy.exp(generator.normal(0, 0.03, len(x)))
        slope, intercept = numpy.polyfit(x, y, 1)
        off = y - (intercept + slope * x)
        cells = [" ".join(repr(float(v)) for v in x), " ".join(repr(float(v)) for v in y),
                 *(repr(float(v)) for v in (intercept, slope, numpy.sqrt((off ** 2).mean()), (abs(off) / y).max()))]
        golden.write(",".join(cells) + "\n")
