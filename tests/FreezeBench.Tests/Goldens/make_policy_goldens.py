#!/usr/bin/env python3
"""Writes policy_goldens.json: six steps, two epochs, under every policy in PyTorch, by bench/peers/pytorch_twin.py.

    python3 tests/FreezeBench.Tests/Goldens/make_policy_goldens.py

Needs torch and torchvision; made with torch 1.13 and torchvision 0.14 on a CPU, with one thread. The network of most is a thin ResNet: a
block a layer, 8 channels inside layer1. Weights, adapters' too, are the formula's; images, order and step are the benchmarks'. Behind
the losses stand logits of the trained network in eval mode, which show its running statistics too.
"""
import argparse
import pathlib
import sys

import torch

from torch_goldens import rounded, write

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "bench" / "peers"))
import pytorch_twin as twin  # noqa: E402

STEPS, BATCH, IMAGES, SIZE, LOGITS_OF = 6, 16, 48, 32, 4
twin.RESNETS["thin"] = ("basic", (1, 1, 1, 1), 8)
twin.RESNETS["thin_bottleneck"] = ("bottleneck", (1, 1, 1, 1), 8)
# Two ranks: 4 is below the width of every layer, the default 16 above the narrowest.
CASES = [("thin", policy) for policy in (*twin.POLICIES, "lora:4")] + [
    ("thin_bottleneck", policy) for policy in ("fine-tune", "frozen", "frozen-train-bn")] + [
    ("mobilenet_v3_small", policy) for policy in ("fine-tune", "frozen")]


def golden(network, policy):
    settings = argparse.Namespace(
        backbone=network, device="cpu", batch_size=BATCH, images_per_epoch=IMAGES, resolution=SIZE, memory_format="contiguous", precision="fp32")
    training = twin.Training(settings, policy, compiled=False, formula=True)
    losses = training.losses(STEPS)
    training.network.eval()
    with torch.no_grad():
        logits = training.whole(training.stored_batch(0)[:LOGITS_OF])
    return {"network": network, "policy": policy, "losses": losses, "eval_logits": logits.tolist()}


def main():
    torch.set_num_threads(1)
    document = {
        "settings": {"batch": BATCH, "images": IMAGES, "size": SIZE}, "cases": [rounded(golden(network, policy)) for network, policy in CASES]}
    write("policy_goldens.json", document)


if __name__ == "__main__":
    main()
