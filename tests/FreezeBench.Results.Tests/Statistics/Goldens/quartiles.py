"""Writes quartiles.csv: numpy's default quantiles (Hyndman and Fan 7) of made-up samples. Needs numpy only.

Run it in this folder: python3 quartiles.py
"""

import numpy

generator = numpy.random.default_rng(20)
with open("quartiles.csv", "w", newline="\n", encoding="utf-8") as golden:
    golden.write("lower,median,upper,deviation,samples\n")
    for count in [2, 3, 4, 5, 6, 7, 8, 11, 30, 101]:
        samples = numpy.exp(generator.normal(4, 0.5, count)).round(3)
        lower, median, upper = numpy.quantile(samples, [0.25, 0.5, 0.75])
        values = " ".join(repr(float(sample)) for sample in samples)
        golden.write(f"{float(lower)!r},{float(median)!r},{float(upper)!r},{float(samples.std(ddof=1))!r},{values}\n")
