#!/usr/bin/env python3
"""Writes flops.csv beside itself: operations of a step of torchvision's ResNets for one image, counted by hooks while they run.

Needs torch 1.13 and torchvision 0.14 or newer. A multiplication and an addition are two operations. Nothing here knows the
architecture: every convolution and linear layer tells its output's size, and autograd which gradients will be wanted.
"""
import pathlib

import torch
import torchvision

STAGES = ("stem", "layer1", "layer2", "layer3", "layer4", "head")
POLICIES = {
    "fine-tune": "stem", "frozen": "head", "frozen-train-bn": "head",
    "from-layer1": "layer1", "from-layer2": "layer2", "from-layer3": "layer3", "from-layer4": "layer4"}


def count(network, size):
    totals = {"forward": 0, "backward": 0}

    def hook(module, inputs, output):
        operations = 2 * output.numel() * module.weight[0].numel()
        totals["forward"] += operations
        totals["backward"] += operations * (int(module.weight.requires_grad) + int(inputs[0].requires_grad))

    hooks = [module.register_forward_hook(hook) for module in network.modules() if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))]
    network(torch.zeros(1, 3, size, size))
    for handle in hooks:
        handle.remove()
    return totals


def main():
    lines = ["backbone,classes,resolution_px,policy,forward,backward"]
    for backbone in ("resnet18", "resnet34", "resnet50"):
        for classes, size in ((1000, 224), (10, 32), (10, 75)):
            network = getattr(torchvision.models, backbone)(num_classes=classes).eval()
            parts = {"stem": (network.conv1, network.bn1), "head": (network.fc,)}
            for policy, first in POLICIES.items():
                for stage in STAGES:
                    for module in parts.get(stage) or (getattr(network, stage),):
                        module.requires_grad_(STAGES.index(stage) >= STAGES.index(first))
                totals = count(network, size)
                lines.append(f"{backbone},{classes},{size},{policy},{totals['forward']},{totals['backward']}")
    pathlib.Path(__file__).with_name("flops.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
