"""Weights from a formula: the twin of tests/FreezeBench.Tests/Networks/FormulaWeights.cs, which documents the formula.

The two change together or not at all. Needs numpy and torch.
"""
import math

import numpy as np
import torch


def uniform(name, count, low, high):
    """The first count numbers of a name, float32 in [low, high], bit for bit those of FormulaWeights.Uniform."""
    seed = 0xCBF29CE484222325
    for octet in name.encode():
        seed = (seed ^ octet) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        value = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        value = value ^ (value >> np.uint64(31))
    fraction = (value >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return (low + (high - low) * fraction).astype(np.float32)


def bounds(name, shape):
    """Bounds by the role that name and shape tell."""
    if len(shape) == 4:
        bound = math.sqrt(6.0 / (shape[1] * shape[2] * shape[3]))
        return -bound, bound
    if len(shape) == 2:
        bound = math.sqrt(1.0 / shape[1])
        return -bound, bound
    if len(shape) == 3:
        return -0.5, 0.5
    return {
        "running_mean": (-0.1, 0.1),
        "running_var": (0.75, 1.25),
        "bias": (0.3, 0.7),
        "weight": (0.2, 0.4),
    }[name.rsplit(".", 1)[-1]]


@torch.no_grad()
def fill(module):
    """Overwrites every parameter and buffer of a module; num_batches_tracked becomes 0."""
    for name, target in module.state_dict().items():
        if target.dtype == torch.int64 or name.endswith(".lora_B"):
            target.zero_()
        else:
            low, high = bounds(name, tuple(target.shape))
            target.copy_(torch.from_numpy(uniform(name, target.numel(), low, high)).reshape(target.shape))


def images(count, size):
    """float32 [count, 3, size, size], uniform with mean 0 and standard deviation 1."""
    bound = math.sqrt(3.0)
    return torch.from_numpy(uniform("images", count * 3 * size * size, -bound, bound)).reshape(count, 3, size, size)


def labels(count, classes):
    """int64 [count]: 0, 1, 2, ... modulo the number of classes."""
    return torch.arange(count) % classes
