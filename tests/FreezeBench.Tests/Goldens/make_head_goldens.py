#!/usr/bin/env python3
"""Writes head_goldens.json: heads on features by scikit-learn, and trainings with rates by stage and with gradual unfreezing by PyTorch.

    python3 tests/FreezeBench.Tests/Goldens/make_head_goldens.py

Needs numpy, scikit-learn, torch and torchvision; made with scikit-learn 1.2, torch 1.13 and torchvision 0.14 on a CPU, with one thread.
Features are the formula's noise about a centre for each class. The trainings are those of make_policy_goldens.py, epoch by epoch.
"""
import argparse
import math
import pathlib
import sys

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

import formula_weights
from torch_goldens import rounded, write

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "bench" / "peers"))
import pytorch_twin as twin  # noqa: E402

GRID = [10 ** (1 - index / 2) for index in range(13)]
NEIGHBOURS, TEMPERATURE = 200, 0.1
BATCH, IMAGES, SIZE, EPOCHS = 16, 80, 32, 3
twin.RESNETS["thin"] = ("basic", (1, 1, 1, 1), 8)


def features(name, count, width, classes):
    """float32 [count, width] and labels 0, 1, 2 ... modulo the classes; column 0 never varies."""
    centres = formula_weights.uniform("centres", classes * width, -0.3, 0.3).reshape(classes, width)
    values = formula_weights.uniform(name, count * width, -1, 1).reshape(count, width)
    labels = np.arange(count) % classes
    values = values + centres[labels]
    values[:, 0] = 0.5
    return values, labels


class Scaler:
    """Centres each feature, and divides all by one number."""

    def __init__(self, values):
        self.mean_ = values.astype(np.float64).mean(0)
        self.scale_ = math.sqrt(((values - self.mean_) ** 2).mean())

    def transform(self, values):
        return (values.astype(np.float64) - self.mean_) / self.scale_


def fitted(values, labels, strength):
    scaler = Scaler(values)
    inputs = scaler.transform(values)
    model = LogisticRegression(C=1 / (strength * len(labels)), multi_class="multinomial", tol=1e-10, max_iter=100_000).fit(inputs, labels)
    return scaler, model


def chosen(values, labels, seed):
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed)).numpy()
    kept = []
    for label in np.unique(labels):
        own = [index for index in order if labels[index] == label]
        kept += own[:max(1, math.floor(0.2 * len(own) + 0.5))] if len(own) > 1 else []
    rest = [index for index in range(len(labels)) if index not in set(kept)]
    best = None
    for strength in GRID:
        scaler, model = fitted(values[rest], labels[rest], strength)
        probabilities = model.predict_proba(scaler.transform(values[kept]))
        correct = int((probabilities.argmax(1) == labels[kept]).sum())
        loss = -float(np.log(probabilities[np.arange(len(kept)), labels[kept]]).mean())
        if best is None or (correct, -loss) > (best[1], -best[2]):
            best = (strength, correct, loss)
    return best[0]


def logistic(count, width, classes, strength, seed):
    values, labels = features("train", count, width, classes)
    tested, _ = features("test", 40, width, classes)
    scaler, model = fitted(values, labels, strength)
    # Of two classes scikit-learn has the second one's weights alone; the first one's are their opposite.
    weights = model.coef_ if classes > 2 else np.concatenate([-model.coef_, model.coef_])
    shifts = model.intercept_ if classes > 2 else np.concatenate([-model.intercept_, model.intercept_])
    weights = weights / scaler.scale_
    return {
        "count": count, "width": width, "classes": classes, "l2": strength, "seed": seed, "chosen": chosen(values, labels, seed),
        "weights": weights.tolist(), "bias": (shifts - weights @ scaler.mean_).tolist(),
        "predictions": [int(label) for label in model.predict(scaler.transform(tested))]}


def nearest(count, width, classes):
    values, labels = features("train", count, width, classes)
    tested, _ = features("test", 100, width, classes)
    model = KNeighborsClassifier(
        min(NEIGHBOURS, count), metric="cosine", algorithm="brute", weights=lambda distance: np.exp((1 - distance) / TEMPERATURE))
    model.fit(values.astype(np.float64), labels)
    shares = model.predict_proba(tested.astype(np.float64))
    # Each by all others.
    others = []
    for index in range(0, count, 7):
        rest = np.arange(count) != index
        model = KNeighborsClassifier(
            min(NEIGHBOURS, count - 1), metric="cosine", algorithm="brute", weights=lambda distance: np.exp((1 - distance) / TEMPERATURE))
        model.fit(values[rest].astype(np.float64), labels[rest])
        others.append(int(model.predict(values[index:index + 1].astype(np.float64))[0]))
    return {"count": count, "width": width, "classes": classes, "predictions": shares.argmax(1).tolist(), "shares": shares.tolist(), "others": others}


def new_training(policy):
    settings = argparse.Namespace(
        backbone="thin", device="cpu", batch_size=BATCH, images_per_epoch=IMAGES, resolution=SIZE, memory_format="contiguous", precision="fp32")
    return twin.Training(settings, policy, compiled=False, formula=True)


def stages_of(training):
    return [[p for m in training.network.modules_of([stage]) for p in m.parameters()] for stage in training.network.stages]


def run(training, enter_epoch):
    """Mean losses of the epochs along one cosine, and logits in eval mode at the end; a group's rate is its share of the base rate."""
    means = []
    for epoch in range(EPOCHS):
        enter_epoch(epoch)
        training.shuffle(epoch)
        seen = []
        for number in range(training.steps):
            factor = (1 + math.cos(math.pi * (epoch * training.steps + number) / (EPOCHS * training.steps))) / 2
            for group in training.optimizer.param_groups:
                group["lr"] = twin.LEARNING_RATE * factor * group["share"]
            seen.append(training.step(number).item())
        means.append(sum(seen) / len(seen))
    training.network.eval()
    with torch.no_grad():
        logits = training.whole(training.stored_batch(0))
        loss = torch.nn.functional.cross_entropy(logits, training.labels[:BATCH]).item()
    return {"losses": means, "final_loss": loss}


def optimizer_of(kind, groups):
    return torch.optim.SGD(groups, lr=1, momentum=twin.MOMENTUM, weight_decay=twin.WEIGHT_DECAY) if kind == "sgd" else torch.optim.AdamW(
        groups, lr=1, weight_decay=twin.WEIGHT_DECAY)


def by_stage(kind, decay):
    """A parameter group for each stage; the head's share is 1."""
    training = new_training("fine-tune")
    stages = stages_of(training)
    training.optimizer = optimizer_of(kind, [{"params": own, "share": decay ** (len(stages) - 1 - index)} for index, own in enumerate(stages)])
    return run(training, lambda epoch: None)


def unfreezing(kind):
    """The head alone, then a stage more each epoch, by add_param_group: what trained goes on with its momentum."""
    training = new_training("frozen")
    stages, names = stages_of(training), training.network.stages
    training.optimizer = optimizer_of(kind, [{"params": stages[-1], "share": 1.0}])

    def enter(epoch):
        if epoch == 0:
            return
        first = len(stages) - 1 - epoch
        policy = twin.Policy(f"from-{names[first]}", names)
        training.still = policy.apply(training.network)
        training.frozen, training.trained = twin.Part(training.network, names[:first]), twin.Part(training.network, names[first:])
        training.train_mode()
        training.optimizer.add_param_group({"params": stages[first], "share": 1.0})

    return run(training, enter)


def main():
    torch.set_num_threads(1)
    write("head_goldens.json", {
        "logistic": [rounded(logistic(*case)) for case in ((60, 6, 3, 0.01, 1), (45, 5, 2, 0.1, 2), (40, 50, 4, 0.001, 3))],
        "nearest": [rounded(nearest(*case)) for case in ((300, 8, 4), (50, 5, 3))],
        "by_stage": {kind: rounded(by_stage(kind, 0.65)) for kind in ("sgd", "adamw")},
        "unfreezing": {kind: rounded(unfreezing(kind)) for kind in ("sgd", "adamw")},
    })


if __name__ == "__main__":
    main()
