#!/usr/bin/env python3
"""Writes resnet_goldens.json: what torchvision's ResNets compute from the formula weights.

    python3 tests/FreezeBench.Tests/Goldens/make_resnet_goldens.py

Needs numpy, torch and torchvision; made with torch 1.13 and torchvision 0.14 on a CPU. The tests of Models and Freezing
compare our networks with it. No weight file is read.
"""
import torch
import torchvision

import formula_weights
from torch_goldens import eval_logits, loss_of, losses, rounded, write

BATCH, SIZE, CLASSES, STEPS = 4, 64, 10, 4
# Small enough for a trajectory that rounding errors do not decide (relative change of a loss by inputs that differ by
# 1e-6: below 1e-4 after ten steps), large enough for a loss that falls to a fraction.
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 3e-4, 0.9, 5e-4


def build(name, classes=CLASSES):
    network = getattr(torchvision.models, name)(num_classes=classes)
    formula_weights.fill(network)
    return network


def apply_policy(network, policy):
    """Sets requires_grad and train or eval mode as the policy wants them."""
    network.train()
    if policy == "fine-tune":
        return
    for name, parameter in network.named_parameters():
        parameter.requires_grad = name.startswith("fc.")
    if policy == "frozen":
        network.eval()


def norms(tensors):
    return {name: tensor.double().norm().item() for name, tensor in tensors}


def one_step(name, images, labels):
    """In float64: among millions of ReLU inputs some are so near to 0 that float32's rounding decides their sign, and
    with it a per-parameter norm by some 1e-3, on one processor and not on the next."""
    network = build(name).train().double()
    loss = loss_of(network, images.double(), labels)
    loss.backward()
    return {"loss": loss.item(), "gradient_norms": norms((n, p.grad) for n, p in network.named_parameters())}


def trajectory(name, policy, images, labels):
    network = build(name)
    before = {n: t.clone() for n, t in network.state_dict().items()}
    apply_policy(network, policy)
    seen = losses(network, images, labels, STEPS, lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    moved = [(n, t) for n, t in network.state_dict().items() if not torch.equal(t, before[n])]
    return {"losses": seen, "moved_state_norms": norms(moved), "eval_logits": eval_logits(network, images)}


def golden(name):
    images, labels = formula_weights.images(BATCH, SIZE), formula_weights.labels(BATCH, CLASSES)
    network = build(name)
    return {
        "parameters_with_1000_classes": sum(p.numel() for p in build(name, 1000).parameters()),
        "state_dict": {n: list(t.shape) for n, t in network.state_dict().items()},
        "eval_logits": eval_logits(network, images),
        "step": one_step(name, images, labels),
        "trajectories": {p: trajectory(name, p, images, labels) for p in ("fine-tune", "frozen", "frozen-train-bn")},
    }


def main():
    settings = {"batch": BATCH, "size": SIZE, "classes": CLASSES, "learning_rate": LEARNING_RATE,
                "momentum": MOMENTUM, "weight_decay": WEIGHT_DECAY}
    uniform = formula_weights.uniform("formula", 8, -1.0, 1.0).astype(float).tolist()
    document = {"settings": settings, "formula": rounded(uniform)}
    for name in ("resnet18", "resnet34", "resnet50"):
        document[name] = rounded(golden(name))
    write("resnet_goldens.json", document)


if __name__ == "__main__":
    main()
