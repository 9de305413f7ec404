#!/usr/bin/env python3
"""Writes flops.csv beside itself: operations of a step of torchvision's ResNets for one image, counted by hooks while they run.

Needs torch 1.13 and torchvision 0.14 or newer. A multiplication and an addition are two operations. Nothing here knows the
architecture: every convolution and linear layer tells its output's size, and autograd which gradients will be wanted.
"""
import pathlib
import sys

import torch
import torchvision

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "bench" / "peers"))
import pytorch_twin  # noqa: E402, for its adapters

STAGES = ("stem", "layer1", "layer2", "layer3", "layer4", "head")
LAYERS = STAGES[1:-1]
# The stages of which everything trains; apply has what else does.
POLICIES = {
    "fine-tune": STAGES, "frozen": ("head",), "frozen-train-bn": ("head",), **{f"from-{layer}": STAGES[STAGES.index(layer):] for layer in LAYERS},
    **{f"only-{layer}": (layer, "head") for layer in LAYERS}, "bias-only": ("head",), "norm-only": ("head",), "lora:4": ("head",)}


def stage_of(name):
    first = name.partition(".")[0]
    return {"conv1": "stem", "bn1": "stem", "fc": "head"}.get(first, first)


def apply(network, policy):
    if policy.startswith("lora:"):
        pytorch_twin.adapt(network, network.fc, int(policy[5:]))
    norms = {id(p) for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d) for p in m.parameters()}
    for name, parameter in network.named_parameters():
        parameter.requires_grad = (
            stage_of(name) in POLICIES[policy] or policy == "bias-only" and name.endswith("bias") or policy == "norm-only" and id(parameter) in norms
            or ".lora_" in name)


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
            for policy in POLICIES:
                apply(network, policy)  # adapters come last and stay
                totals = count(network, size)
                lines.append(f"{backbone},{classes},{size},{policy},{totals['forward']},{totals['backward']}")
    pathlib.Path(__file__).with_name("flops.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
