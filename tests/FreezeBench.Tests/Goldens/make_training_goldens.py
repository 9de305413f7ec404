#!/usr/bin/env python3
"""Writes training_goldens.json: learning rates of PyTorch's schedulers, and ten steps of its optimizers.

    python3 tests/FreezeBench.Tests/Goldens/make_training_goldens.py

Needs numpy and torch; made with torch 1.13 on a CPU. The tests of Training compare schedules and optimizers with it.
"""
import json
import pathlib

import torch

import formula_weights

STEPS = 10
IMAGES, FEATURES, HIDDEN, CLASSES = 8, 6, 5, 4
SMOOTHING = 0.1
RATES = {"backbone": 0.05, "head": 0.2}
# (epochs, steps per epoch): one step in all, one-cycle without a way up, thirds that do not divide, a longer run.
LENGTHS = [(1, 1), (1, 3), (2, 2), (4, 3), (7, 5), (10, 11)]


def factors(name, epochs, steps_per_epoch):
    """The rate of every step, of a training at a rate of 1."""
    parameter = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.SGD([parameter], lr=1.0, momentum=0.9)
    total = epochs * steps_per_epoch
    schedulers = torch.optim.lr_scheduler
    scheduler = {
        "step": lambda: schedulers.StepLR(optimizer, step_size=-(-epochs // 3), gamma=0.1),
        "cosine": lambda: schedulers.CosineAnnealingLR(optimizer, T_max=total),
        "one-cycle": lambda: schedulers.OneCycleLR(
            optimizer, max_lr=1.0, total_steps=total, pct_start=0.3, div_factor=25, final_div_factor=1e4,
            anneal_strategy="cos", cycle_momentum=False),
    }[name]()
    rates = []
    for step in range(total):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        ends_epoch = (step + 1) % steps_per_epoch == 0
        if step + 1 < total and (name != "step" or ends_epoch):
            scheduler.step()
    return rates


def parameter(name, *shape):
    count = torch.Size(shape).numel()
    return torch.nn.Parameter(torch.from_numpy(formula_weights.uniform(name, count, -0.5, 0.5)).reshape(shape))


def trajectory(kind):
    """Ten steps of a small network of two layers, each with rates of its own along a cosine, with smoothed labels."""
    hidden, head, bias = parameter("hidden", HIDDEN, FEATURES), parameter("head", CLASSES, HIDDEN), parameter("bias", CLASSES)
    groups = [{"params": [hidden], "lr": RATES["backbone"]}, {"params": [head, bias], "lr": RATES["head"]}]
    optimizer = {
        "sgd": lambda: torch.optim.SGD(groups, lr=1, momentum=0.9, weight_decay=0.01),
        "adamw": lambda: torch.optim.AdamW(groups, lr=1, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
    }[kind]()
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS)
    inputs = torch.from_numpy(formula_weights.uniform("inputs", IMAGES * FEATURES, -1, 1)).reshape(IMAGES, FEATURES)
    labels = torch.arange(IMAGES) % CLASSES
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        logits = torch.tanh(inputs @ hidden.T) @ head.T + bias
        loss = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=SMOOTHING)
        loss.backward()
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    return {"losses": losses, "weights": [value.flatten().tolist() for value in (hidden, head, bias)]}


def main():
    goldens = {
        "factors": {
            name: [{"epochs": e, "steps_per_epoch": s, "rates": factors(name, e, s)} for e, s in LENGTHS]
            for name in ("step", "cosine", "one-cycle")},
        "trajectories": {kind: trajectory(kind) for kind in ("sgd", "adamw")},
    }
    path = pathlib.Path(__file__).with_name("training_goldens.json")
    path.write_text(json.dumps(goldens) + "\n")


if __name__ == "__main__":
    main()
