#!/usr/bin/env python3
"""The epoch, step and depth suites in PyTorch: the same network, images, order, settings and phases, for a ratio to TorchSharp.

Needs Python 3.8 and torch (1.13 or newer); for the networks that are not ResNets, torchvision (0.14 or newer) too:

    python3 bench/peers/pytorch_twin.py --suites step --policies fine-tune,frozen --batch-size 128

It appends to benchmarks.csv and samples.csv in a folder of its own below --out (an environment of PyTorch is never one of
TorchSharp), with the columns of results/COLUMNS.md. `freezebench peers` makes the ratios; `./run-benchmarks.sh --peers` runs
both sides in turn. Written as a PyTorch user would write it, who knows what makes it fast: channels-last, gradients dropped
instead of zeroed, no graph for what is frozen, no wait for the device inside a step, and torch.compile as a column of its own.

What is the same as in C#, and where it is there: the networks (src/FreezeBench/Networks), freezing (Freezing/FreezingPolicy.cs,
PolicyNetwork.cs, LowRankAdapters.cs), synthetic images and their order (Images/Formats/SyntheticImages.cs, Images/Sets/BatchSource.cs:
both frameworks have the same generators), the transform (Images/Sets/ImageTransform.cs), the step (Training/TrainingStep.cs), what is
inside the clock (bench/Suites), and how often is measured (bench/Running/SuiteJobs.cs). `--losses 10` shows that it computes the same:
a test compares them with C#'s.
"""
import argparse
import contextlib
import ctypes
import datetime
import gc
import hashlib
import json
import math
import os
import pathlib
import platform
import re
import secrets
import subprocess
import sys
import tempfile
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError:  # --help works without; everything else says what is missing
    torch = None

SCHEMA_VERSION = 7
ENVIRONMENT_SCHEMA_VERSION = 3
UNKNOWN = "unknown"
TOLERATED_CORES = 0.25  # OtherLoad.cs
ONCE = bool(os.environ.get("FREEZEBENCH_MEASURE_ONCE"))  # OwnProcessToolchain.cs
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]

# Blocks, how many of them in each layer, channels inside those of layer1.
RESNETS = {"resnet18": ("basic", (2, 2, 2, 2), 64), "resnet34": ("basic", (3, 4, 6, 3), 64), "resnet50": ("bottleneck", (3, 4, 6, 3), 64)}
# TorchVisionModel.cs: the smallest images of which the last pooling leaves a pixel.
TORCHVISION = {"alexnet": 63, "mobilenet_v2": 1, "mobilenet_v3_large": 1, "mobilenet_v3_small": 1, "vgg11_bn": 32, "vgg16_bn": 32}
BACKBONES = (*RESNETS, *TORCHVISION)
# FreezingPolicy.All and .Standard; beside them lora of another rank, and from- and only- any stage of the network.
POLICIES = (
    "fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "bias-only", "norm-only", "lora:16", "from-layer1", "from-layer2",
    "from-layer3", "from-layer4", "only-layer1", "only-layer2", "only-layer3", "only-layer4")
STANDARD = tuple(policy for policy in POLICIES if policy.startswith(("fine-tune", "frozen", "from-")))
POLICY_NAMES = f"{', '.join((*STANDARD, 'bias-only', 'norm-only'))}, from-STAGE, only-STAGE, lora:RANK (1 to 1024)"
SUITES = ("epoch", "step", "depth")
# BenchmarkOptions.Depths: suite depth has policies of its own.
DEPTHS, QUICK_DEPTHS = ("fine-tune", "from-layer1", "from-layer2", "from-layer3", "from-layer4", "frozen"), ("fine-tune", "from-layer3", "frozen")
EAGER, COMPILED = "pytorch", "pytorch-compile"
FRAMEWORKS = (EAGER, COMPILED)
PRECISIONS = ("fp32", "tf32", "bf16", "fp16")
MEMORY_FORMATS = ("channels-last", "contiguous")

# NVIDIA's management library, which its driver installs.
NVML = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"

# bench/Suites/BenchmarkData.cs, src/FreezeBench/Optimizing/TrainingOptions.cs
STORED_PX, CLASSES, IMAGES_SEED, SEED = 32, 10, 1, 1
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.01, 0.9, 1e-4
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

GOLDEN = 0x9E3779B97F4A7C15
MASK = 2**64 - 1


class UserError(Exception):
    """One message: what was asked, what was found, what to do next."""


# ---------------------------------------------------------------- the network (modules exist only where torch does)

if torch is not None:
    def convolution(channels_in, channels_out, kernel, stride=1):
        layer = nn.Conv2d(channels_in, channels_out, kernel, stride, padding=kernel // 2, bias=False)
        nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
        return layer

    class Block(nn.Module):
        """The residual blocks of He et al. (2015), figure 5, with the stride in the 3x3 convolution."""

        def __init__(self, kind, channels_in, channels, channels_out, stride):
            super().__init__()
            plan = [(channels_in, channels, 3, stride), (channels, channels_out, 3, 1)] if kind == "basic" else [
                (channels_in, channels, 1, 1), (channels, channels, 3, stride), (channels, channels_out, 1, 1)]
            self.count = len(plan)
            # conv1, bn1, conv2 ...: torchvision's names, which the formula weights go by.
            for number, (wide_in, wide_out, kernel, step) in enumerate(plan, 1):
                setattr(self, f"conv{number}", convolution(wide_in, wide_out, kernel, step))
                setattr(self, f"bn{number}", nn.BatchNorm2d(wide_out))
            self.downsample = None if stride == 1 and channels_in == channels_out else nn.Sequential(
                convolution(channels_in, channels_out, 1, stride), nn.BatchNorm2d(channels_out))

        def forward(self, images):
            output = functional.relu(self.bn1(self.conv1(images)), inplace=True)
            output = self.bn2(self.conv2(output))
            if self.count == 3:
                output = self.bn3(self.conv3(functional.relu(output, inplace=True)))
            output += images if self.downsample is None else self.downsample(images)
            return functional.relu(output, inplace=True)

    class ResNet(nn.Module):
        """torchvision's ResNet by names and shapes, in stages that freezing can cut between."""

        stages = ("stem", "layer1", "layer2", "layer3", "layer4", "head")

        def __init__(self, shape, classes):
            super().__init__()
            kind, counts, width = shape
            expansion = 1 if kind == "basic" else 4
            self.conv1 = convolution(3, width, 7, 2)
            self.bn1 = nn.BatchNorm2d(width)
            wide = width
            for number, count in enumerate(counts):
                channels = width << number
                blocks = []
                for block in range(count):
                    stride = 2 if block == 0 and number > 0 else 1
                    blocks.append(Block(kind, wide, channels, channels * expansion, stride))
                    wide = channels * expansion
                setattr(self, f"layer{number + 1}", nn.Sequential(*blocks))
            self.fc = nn.Linear(wide, classes)

        @property
        def head(self):
            return self.fc

        def modules_of(self, stages):
            parts = {"stem": [self.conv1, self.bn1], "head": [self.fc]}
            return [module for stage in stages for module in parts.get(stage) or [getattr(self, stage)]]

        def run(self, stage, value):
            if stage == "stem":
                value = functional.relu(self.bn1(self.conv1(value)), inplace=True)
                return functional.max_pool2d(value, 3, stride=2, padding=1)
            if stage == "head":
                return self.fc(value)
            value = getattr(self, stage)(value)
            return value.mean((2, 3)) if stage == "layer4" else value

    class TorchVisionStages(nn.Module):
        """TorchVisionNetwork.cs: a network of torchvision that has features, perhaps a pooling, and a classifier, in stages.

        A stage begins with a child of features that has a strided convolution, and behind a maximum pooling. The head is the
        classifier's last layer; the layers before it belong to the last stage before the head.
        """

        def __init__(self, network):
            super().__init__()
            self.network, self.groups = network, [[]]
            ended = False
            for index, child in enumerate(network.features):
                strided = any(max(layer.stride) > 1 for layer in child.modules() if isinstance(layer, nn.Conv2d))
                if ended or (self.groups[-1] and strided):
                    self.groups.append([])
                self.groups[-1].append(index)
                ended = isinstance(child, nn.MaxPool2d)
            self.stages = ("stem", *(f"layer{index}" for index in range(1, len(self.groups))), "head")

        @property
        def head(self):
            return self.network.classifier[-1]

        def modules_of(self, stages):
            network = self.network
            return [module for stage in stages for module in ([self.head] if stage == "head" else [
                *(network.features[index] for index in self.groups[self.stages.index(stage)]),
                *(network.classifier[:-1] if stage == self.stages[-2] else ())])]

        def run(self, stage, value):
            network = self.network
            if stage == "head":
                return self.head(value)
            for index in self.groups[self.stages.index(stage)]:
                value = network.features[index](value)
            if stage != self.stages[-2]:
                return value
            pooled = network.avgpool(value) if hasattr(network, "avgpool") else functional.adaptive_avg_pool2d(value, (1, 1))
            return network.classifier[:-1](pooled.flatten(1))

    class Part(nn.Module):
        """Some stages in a row: what torch.compile gets as one graph."""

        def __init__(self, network, stages):
            super().__init__()
            self.network, self.stages = network, stages

        def forward(self, value):
            for stage in self.stages:
                value = self.network.run(stage, value)
            return value

    class Adapted(nn.Module):
        """LowRankAdapters.cs: a frozen layer W and B A beside it, at a scale of 1, as in the peft library's layers."""

        def __init__(self, layer, rank):
            super().__init__()
            self.layer = layer
            if isinstance(layer, nn.Conv2d):
                self.lora_A = nn.Conv2d(layer.in_channels, rank, layer.kernel_size, layer.stride, layer.padding, layer.dilation, bias=False)
                self.lora_B = nn.Conv2d(rank, layer.out_channels, 1, bias=False)
            else:
                self.lora_A = nn.Linear(layer.in_features, rank, bias=False)
                self.lora_B = nn.Linear(rank, layer.out_features, bias=False)
            # A is drawn as any layer's weight, Kaiming-uniform with a = sqrt 5; training starts from the network as it was.
            nn.init.zeros_(self.lora_B.weight)

        def forward(self, value):
            return self.layer(value) + self.lora_B(self.lora_A(value))


def build(backbone):
    """A freshly drawn network by its name; the names of its state dict are torchvision's."""
    if backbone in RESNETS:
        return ResNet(RESNETS[backbone], CLASSES)
    try:
        import torchvision
    except ImportError as error:
        raise UserError(f"--backbone {backbone} is torchvision's, and this Python has no torchvision. Install it (Debian: apt-get install python3-torchvision; elsewhere: pip install torchvision), or take a ResNet.") from error
    return TorchVisionStages(getattr(torchvision.models, backbone)(num_classes=CLASSES))


def adapt(network, head, rank, formula=False):
    """Adapters beside every convolution without groups and every linear layer but the head."""
    for name, module in list(network.named_modules()):
        if module is head or not (isinstance(module, nn.Linear) or isinstance(module, nn.Conv2d) and module.groups == 1):
            continue
        adapted = Adapted(module, rank)
        if formula:
            fill_by_formula({f"{state_name(name)}.lora_A": adapted.lora_A.weight})
        parent, _, last = name.rpartition(".")
        setattr(network.get_submodule(parent), last, adapted)


# ---------------------------------------------------------------- freezing

class Policy:
    """FreezingPolicy.cs: which parameters train. The head's always do."""

    def __init__(self, name, stages):
        self.name, self.stages = name, stages
        self.cached, self.drift = name == "frozen-cached", name == "frozen-train-bn"
        self.rank = int(name.partition(":")[2]) if name.startswith("lora:") else None
        self.stage = name.partition("-")[2] if name.startswith(("from-", "only-")) else None
        # The backward pass ends here: what is before runs without a graph.
        self.cut = len(stages) - 1 if name.startswith("frozen") else stages.index(self.stage) if self.stage else 0

    def trains(self, stage, name, of_norm):
        if stage == len(self.stages) - 1 or self.name == "fine-tune":
            return True
        if self.name == "bias-only":
            return name.endswith("bias")
        if self.name == "norm-only":
            return of_norm
        if self.stage:
            return stage >= self.cut if self.name.startswith("from-") else stage == self.cut
        return False

    def apply(self, network):
        """Sets what trains; call it after adapters are in their places.

        Returns the modules that stay in eval mode: BatchNorm layers of which no parameter trains, else their running statistics
        would move whatever requires_grad says, and stages in which nothing trains, for their dropout.
        """
        still = []
        norms = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm)
        for index, stage in enumerate(self.stages):
            layers = [layer for module in network.modules_of([stage]) for layer in module.modules()]
            adapters = {id(part) for layer in layers if isinstance(layer, Adapted) for part in (layer.lora_A, layer.lora_B)}
            any_trains = bool(adapters)
            for layer in layers:
                own = dict(layer.named_parameters(recurse=False))
                for name, parameter in own.items():
                    parameter.requires_grad = id(layer) in adapters or self.trains(index, name, isinstance(layer, norms))
                trains = any(parameter.requires_grad for parameter in own.values())
                any_trains |= trains
                if isinstance(layer, nn.modules.batchnorm._NormBase) and not trains:
                    still.append(layer)
            if not any_trains and self.rank is None:
                still.extend(network.modules_of([stage]))
        if self.cut < len(self.stages) - 1 and not any(p.requires_grad for m in network.modules_of(self.stages[:-1]) for p in m.parameters()):
            raise UserError(f"Policy '{self.name}' finds nothing to train before the head of this network. Choose another policy.")
        return [] if self.drift else still


def is_policy(name):
    return name in POLICIES or bool(re.fullmatch(r"lora:[1-9][0-9]{0,3}|(from|only)-[a-z0-9_.]+", name)) and (
        not name.startswith("lora:") or int(name[5:]) <= 1024)


# ---------------------------------------------------------------- formulas that C# has too

def finalise(value):
    """SplitMix64's finaliser, on Python's whole numbers."""
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & MASK
    return value ^ (value >> 31)


def uniform(name, count, low, high):
    """FormulaWeights.Uniform bit for bit; int64 stands in for uint64, which torch multiplies alike but shifts with the sign."""
    def signed(number):
        return number - 2**64 if number >= 2**63 else number

    def shifted(value, bits):
        return (value >> bits) & ((1 << (64 - bits)) - 1)

    seed = 0xCBF29CE484222325
    for octet in name.encode():
        seed = (seed ^ octet) * 0x100000001B3 & MASK
    value = torch.arange(1, count + 1, dtype=torch.int64) * signed(GOLDEN) + signed(seed)
    value = (value ^ shifted(value, 30)) * signed(0xBF58476D1CE4E5B9)
    value = (value ^ shifted(value, 27)) * signed(0x94D049BB133111EB)
    value = value ^ shifted(value, 31)
    return (low + (high - low) * (shifted(value, 11).double() * 2.0**-53)).float()


def state_name(name):
    """torchvision's name of what is in a network here: TorchVisionStages has it in a child of its own."""
    return name[len("network."):] if name.startswith("network.") else name


def fill_by_formula(named):
    """FormulaWeights.Fill."""
    with torch.no_grad():
        for name, target in named.items():
            if target.dtype == torch.int64:
                target.zero_()
                continue
            shape = target.shape
            if len(shape) == 4:
                high = math.sqrt(6.0 / (shape[1] * shape[2] * shape[3]))
            elif len(shape) == 2:
                high = math.sqrt(1.0 / shape[1])
            else:
                high = None
            low, high = (-high, high) if high is not None else {
                "running_mean": (-0.1, 0.1), "running_var": (0.75, 1.25), "bias": (0.3, 0.7), "weight": (0.2, 0.4),
            }[name.rsplit(".", 1)[-1]]
            target.copy_(uniform(name, target.numel(), low, high).reshape(shape))


# ---------------------------------------------------------------- training

class Training:
    """A network under its policy with its images, ready to train step by step or epoch by epoch."""

    def __init__(self, settings, policy, compiled, formula=False):
        self.device = torch.device(settings.device)
        self.batch_size, self.count = settings.batch_size, settings.images_per_epoch
        self.resolution = settings.resolution
        self.channels_last = settings.memory_format == "channels-last"
        self.type = autocast_type(settings.precision)
        generator = torch.Generator().manual_seed(IMAGES_SEED)
        self.images = torch.randint(
            0, 256, (self.count, 3, STORED_PX, STORED_PX), dtype=torch.uint8, generator=generator).to(self.device)
        self.labels = (torch.arange(self.count) % CLASSES).to(self.device)
        mean, deviation = torch.tensor(IMAGENET_MEAN), torch.tensor(IMAGENET_DEVIATION)
        # (x / 255 - mean) / std as one multiplication and one addition.
        self.scale = (1 / (255 * deviation)).reshape(1, 3, 1, 1).to(self.device)
        self.shift = (-mean / deviation).reshape(1, 3, 1, 1).to(self.device)

        torch.manual_seed(SEED)
        self.network = build(settings.backbone)
        stages = self.network.stages
        self.policy = Policy(policy, stages)
        self.cached = self.policy.cached
        if formula:
            fill_by_formula({state_name(name): target for name, target in self.network.state_dict().items()})
            # Whatever the formula decides is the same in C#; what dropout would draw is not.
            for module in self.network.modules():
                if isinstance(module, nn.Dropout):
                    module.p = 0.0
        if self.policy.rank:
            adapt(self.network, self.network.head, self.policy.rank, formula)
        self.network.to(self.device)
        if self.channels_last:
            self.network.to(memory_format=torch.channels_last)
        self.still = self.policy.apply(self.network)
        cut = self.policy.cut
        wrap = (lambda part: torch.compile(part, dynamic=False)) if compiled else (lambda part: part)
        # What is before the cut and what is behind it are two graphs: the first runs without gradients.
        self.frozen = wrap(Part(self.network, stages[:cut])) if cut > 0 else None
        self.trained = wrap(Part(self.network, stages[cut:]))
        self.whole = wrap(Part(self.network, stages))
        self.train_mode()

        groups = [{"params": [p for m in self.network.modules_of(part) for p in m.parameters() if p.requires_grad]} for part in (stages[:-1], stages[-1:])]
        self.optimizer = torch.optim.SGD(
            [group for group in groups if group["params"]], lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
        self.scaler = scaler_of(settings)
        # Summed on the device: .item() in a step would wait for the GPU, and the wait would be timed as work.
        self.loss_sum = torch.zeros(1, dtype=torch.float64, device=self.device)
        self.correct = torch.zeros(1, dtype=torch.int64, device=self.device)
        self.loading = 0  # nanoseconds in load() by the host's clock, as BatchSource.TimeLoading
        self.order = self.features = None
        if self.cached:
            self.extract_features()
        self.shuffle(0)

    @property
    def full_steps(self):
        return self.count // self.batch_size

    @property
    def steps(self):
        return -(-self.count // self.batch_size)

    def synchronise(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def train_mode(self):
        self.network.train()
        for module in self.still:
            module.eval()

    def shuffle(self, epoch):
        generator = torch.Generator().manual_seed(finalise(SEED + (epoch + 1) * GOLDEN & MASK))
        self.order = torch.randperm(self.count, generator=generator).to(self.device)

    def transformed(self, pixels):
        batch = pixels.float()
        if self.resolution != STORED_PX:
            batch = functional.interpolate(
                batch, (self.resolution, self.resolution), mode="bilinear", align_corners=False, antialias=True)
        batch.mul_(self.scale).add_(self.shift)
        return batch.contiguous(memory_format=torch.channels_last if self.channels_last else torch.contiguous_format)

    def load(self, step):
        began = time.perf_counter_ns()
        rows = self.order[step * self.batch_size:(step + 1) * self.batch_size]
        labels = self.labels.index_select(0, rows)
        inputs = self.features.index_select(0, rows) if self.cached else self.transformed(self.images.index_select(0, rows))
        self.loading += time.perf_counter_ns() - began
        return inputs, labels

    def stored_batch(self, step):
        return self.transformed(self.images[step * self.batch_size:(step + 1) * self.batch_size])

    def autocast(self):
        # Entered anew for each pass, so that no cast of a pass without a graph serves one with a graph.
        return torch.autocast(self.device.type, dtype=self.type) if self.type else contextlib.nullcontext()

    def forward(self, inputs):
        with self.autocast():
            return self.passed(inputs).float()

    def passed(self, inputs):
        if self.cached or self.frozen is None:
            return self.trained(inputs)
        with torch.no_grad():
            features = self.frozen(inputs)
        return self.trained(features)

    def step(self, number, phase_ends=lambda phase: None):
        """One optimizer update; on a GPU it returns when the work is issued."""
        inputs, labels = self.load(number)
        phase_ends("data")
        self.optimizer.zero_grad(set_to_none=True)
        phase_ends("zero_grad")
        logits = self.forward(inputs)
        phase_ends("forward")
        loss = functional.cross_entropy(logits, labels)
        self.loss_sum.add_(loss.detach(), alpha=labels.shape[0])
        self.correct.add_((logits.detach().argmax(1) == labels).sum())
        phase_ends("loss")
        (self.scaler.scale(loss) if self.scaler else loss).backward()
        phase_ends("backward")
        if self.scaler:
            self.scaler.step(self.optimizer)
            self.scaler.update()
        else:
            self.optimizer.step()
        phase_ends("optimizer")
        return loss.detach()

    def epoch(self, epoch):
        """Shuffle, all steps, totals to the host. Returns the milliseconds of the steps with the wait for the device."""
        self.synchronise()
        self.shuffle(epoch)
        self.loss_sum.zero_()
        self.correct.zero_()
        start = time.perf_counter_ns()
        for number in range(self.steps):
            self.step(number)
        self.synchronise()
        steps = (time.perf_counter_ns() - start) / 1e6
        self.loss_sum.item(), self.correct.item()
        return steps

    def extract_features(self):
        self.network.eval()
        with torch.no_grad(), self.autocast():
            self.features = torch.cat([self.frozen(self.stored_batch(step)).float() for step in range(self.steps)])
        self.train_mode()
        self.synchronise()

    def losses(self, count):
        """Losses of the first steps, on the images and in the order of the epochs."""
        values = []
        for number in range(count):
            if number % self.full_steps == 0:
                self.shuffle(number // self.full_steps)
            values.append(self.step(number % self.full_steps).item())
        return values


# ---------------------------------------------------------------- measuring

class Operation:
    """A benchmark method of bench/Suites: what one call does, and the parts that it keeps."""

    def __init__(self, training, method):
        self.training, self.parts, self.number = training, {}, 0
        self.run = {"Step": self.whole_step, "Phases": self.phases, "Depth": self.phases, "NoGradForward": self.no_grad_forward, "Epoch": self.epoch,
                    "FeatureExtraction": training.extract_features, "ExtractionAndFloor": self.extraction_and_floor}[method]
        if method in ("NoGradForward", "ExtractionAndFloor"):
            self.batch = training.stored_batch(0)
        if method == "NoGradForward":
            training.network.eval()

    def keep(self, part, milliseconds):
        self.parts.setdefault(part, []).append(milliseconds)

    def next_step(self):
        # Whole batches only: a row says how many images a step has.
        number = self.number % self.training.full_steps
        self.number += 1
        return number

    def whole_step(self):
        self.training.step(self.next_step())
        self.training.synchronise()

    def phases(self):
        synchronise, last, times = self.training.synchronise, None, []

        def ended(phase):
            nonlocal last
            synchronise()
            now = time.perf_counter_ns()
            times.append((phase, now - last))
            last = now

        number = self.next_step()
        synchronise()
        last = time.perf_counter_ns()
        self.training.step(number, ended)
        for phase, nanoseconds in times:
            self.keep(phase, nanoseconds / 1e6)

    def no_grad_forward(self):
        with torch.no_grad(), self.training.autocast():
            self.training.whole(self.batch)
        self.training.synchronise()

    def epoch(self):
        loaded = self.training.loading
        self.keep("steps", self.training.epoch(self.number))
        self.keep("data_wait", (self.training.loading - loaded) / 1e6)
        self.number += 1

    def extraction_and_floor(self):
        training, start = self.training, time.perf_counter_ns()
        training.extract_features()
        middle = time.perf_counter_ns()
        training.network.eval()
        with torch.no_grad(), training.autocast():
            for _ in range(training.steps):
                training.frozen(self.batch)
        training.synchronise()
        end = time.perf_counter_ns()
        self.keep("paired_extraction", (middle - start) / 1e6)
        self.keep("paired_forward_pass", (end - middle) / 1e6)


# bench/Output/CaseMeasurements.cs: what the whole is called, in which part of it steps wait for their batch, which parts have rows.
WHOLE_PHASE = {"Step": "step", "Phases": "step_synchronised", "Depth": "step", "NoGradForward": "no_grad_forward", "Epoch": "epoch",
               "FeatureExtraction": "feature_extraction", "ExtractionAndFloor": "extraction_and_floor"}
DATA_PART = {"Phases": "data", "Epoch": "data_wait"}


def keeps(method, part):
    return part != "data_wait" and (method != "Depth" or part == "backward")


def data_share(method, result):
    """The mean of the part by the mean of the whole; None where nothing waits for a batch or nobody looked."""
    part = result["parts"].get(DATA_PART.get(method))
    whole = plain_sum(result["samples"])
    return None if part is None or whole <= 0 else plain_sum(part) / whole


def policies_of(suite, settings):
    if suite == "depth":
        return [policy for policy in (QUICK_DEPTHS if settings.quick else DEPTHS) if suits(policy, settings.backbone)]
    return settings.policies


def suits(policy, backbone):
    """FreezingPolicy.Suits: whether the network has the stage that the policy names."""
    stages = ("stem", "layer1", "layer2") if backbone == "alexnet" else ("stem", "layer1", "layer2", "layer3", "layer4")
    return not policy.startswith(("from-", "only-")) or policy.partition("-")[2] in stages


def methods_of(suite, policy):
    if suite == "depth":
        return ["Depth"]
    if suite == "step":
        return ["Step", "Phases"] + (["NoGradForward"] if policy == "frozen" else [])
    return ["Epoch"] + (["FeatureExtraction", "ExtractionAndFloor"] if policy == "frozen-cached" else [])


def measure(operation, is_long, quick, iterations, watch):
    """As BenchmarkDotNet does it with bench/Running/SuiteJobs.cs: long operations one by one, short ones many in an
    iteration of 100 ms, on a GPU of 500 ms, found by a pilot. Nothing is removed from the samples. The sensors of a GPU are read
    right before a measured iteration and right behind it, outside its time."""
    calls = 0

    def iteration(count, watched=False):
        nonlocal calls
        gc.collect()  # between iterations, not in them; inside, the collector works as it does in a training
        if watched:
            watch.begin()
        run = operation.run
        start = time.perf_counter_ns()
        for _ in range(count):
            run()
        elapsed = time.perf_counter_ns() - start
        if watched:
            watch.end(count)
        calls += count
        return elapsed

    count = 1
    if is_long:
        iteration(1)
        iterations = iterations or (3 if quick else 5)
    else:
        iteration(1)  # first-call costs, torch.compile's compilation among them, would mislead the pilot
        target, shrunk = (20e6 if quick else 500e6 if operation.training.device.type == "cuda" else 100e6), 0
        while True:
            needed = max(1, round(count * target / iteration(count)))
            if abs(needed - count) <= 1 or shrunk == 3:
                break
            shrunk += needed < count
            count = needed
        iteration(count)
        iterations = iterations or (4 if quick else 7)
    warm_up = calls
    samples = [iteration(count, watched=True) / 1e6 / count for _ in range(iterations)]
    parts = {}
    for part, values in operation.parts.items():
        values = values[warm_up:]
        parts[part] = [sum(values[i:i + count]) / count for i in range(0, len(values), count)]
    return {"warm_up": warm_up, "operations": count, "samples": samples, "parts": parts}


def run_case(settings, suite, method, policy, framework):
    """One case in this process: its measurement as JSON on standard output."""
    cuda = settings.device.startswith("cuda")
    if cuda:
        first_step(torch.device(settings.device), autocast_type(settings.precision))
    before = gpu_memory(settings.device)
    training = Training(settings, policy, framework == COMPILED)
    training.synchronise()
    if cuda and not settings.quick:
        preheat(training)
    is_long = suite == "epoch" and not (method == "Epoch" and training.cached)
    watch = GpuWatch(settings.device if cuda else None)
    result = measure(Operation(training, method), is_long, settings.quick, settings.iterations, watch)
    result["state"], result["energy"] = watch.state(), watch.energy()
    result["peak_memory_bytes"], result["memory_source"] = peak_memory(settings.device, before)
    # In fp16 a step waits for the device within itself: issuing it is no time of the host's alone.
    result["bound"] = known(step_bound, training) if cuda and method == "Step" and not training.scaler else None
    result["device_times"] = known(device_times, training) if cuda and method == "Phases" else None
    parameters = list(training.network.parameters())
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    result["parameters"] = {
        "trainable_parameters": sum(parameter.numel() for parameter in trained),
        "total_parameters": sum(parameter.numel() for parameter in parameters),
        "trained_checkpoint_bytes": sum(parameter.numel() * parameter.element_size() for parameter in trained)}
    # After the case: neither its memory nor its hooks may be in the measurement.
    result["flops_per_image"] = flops_per_image(training)
    result["matmul_flops_per_s"] = matmul_peak(training.device, training.type or torch.float32)
    print(json.dumps(result))


# ---------------------------------------------------------------- a GPU: bench/Suites/Suite.cs, src/FreezeBench/Measurement

def first_step(device, number_type):
    """PrecisionSwitch.cs takes the same step before the same moment: what CUDA's libraries load for themselves is no memory of a case, on either side."""
    def made(*shape):
        return torch.ones(shape, device=device, requires_grad=True)

    autotunes, torch.backends.cudnn.benchmark = torch.backends.cudnn.benchmark, False
    with torch.autocast(device.type, dtype=number_type) if number_type else contextlib.nullcontext():
        images = torch.ones(2, 8, 8, 8, device=device).permute(0, 3, 1, 2)
        features = functional.batch_norm(
            functional.conv2d(images, made(8, 8, 3, 3), padding=1), torch.zeros(8, device=device), torch.ones(8, device=device), made(8), torch.zeros(8, device=device, requires_grad=True), training=True)
        logits = functional.linear(functional.max_pool2d(functional.relu(features, inplace=True), 3, stride=2, padding=1).mean((2, 3)), made(4, 8))
        loss = functional.cross_entropy(logits.float(), torch.zeros(2, dtype=torch.int64, device=device))
    loss.backward()
    torch.backends.cudnn.benchmark = autotunes


def preheat(training):
    """Preheating.cs: two seconds of the case's own steps, so that clocks and power limit are where they stay."""
    end = time.perf_counter() + 2
    while True:
        training.step(0)
        training.synchronise()
        if time.perf_counter() >= end:
            return


class Temperature(ctypes.Structure):
    """nvmlTemperature_v1_t."""

    _fields_ = (("version", ctypes.c_uint), ("sensor", ctypes.c_int), ("celsius", ctypes.c_int))


class GpuWatch:
    """GpuWatch.cs, NvmlDevice.cs and EnergySpans.cs: what a GPU's sensors show, and what it uses, by NVML. What is not told is None.

    All of it is read at the ends of measured iterations. C# reads the sensors four times a second in between too, by a thread, which
    here would take Python's lock from the steps.
    """

    IDLE = 1
    # ThrottleReasons.cs and ThrottleReasonNames.cs: those that count as throttling, in the order of their words.
    THROTTLING = {"hw_power_brake_slowdown": 0x80, "hw_slowdown": 0x8, "hw_thermal_slowdown": 0x40, "sw_power_cap": 0x4, "sw_thermal_slowdown": 0x20}
    # NvmlEnergyMeter.cs: the counter moves every 20 to 100 ms.
    SHORTEST_S = 0.5

    def __init__(self, device):
        self.nvml, self.gpu = (None, None) if device is None else nvml_gpu(device)
        self.clock_start = self.clock_end = self.clock_min = self.temperature_max = self.reasons = self.begun = None
        self.spans, self.operations, self.millijoules, self.seconds, self.counts = 0, 0, 0, 0.0, not self.divided()

    def ask(self, name, answer, *which):
        """What a function of NVML writes to its last argument; None where a driver lacks it or refuses."""
        function = getattr(self.nvml, name, None) if self.gpu else None
        return answer if function is not None and function(self.gpu, *which, ctypes.byref(answer)) == 0 else None

    def number(self, name, kind, *which):
        answer = self.ask(name, kind(), *which)
        return None if answer is None else answer.value

    def divided(self):
        # Of a GPU in slices (MIG) NVML tells the energy of all of them.
        now = ctypes.c_uint()
        return self.number("nvmlDeviceGetMigMode", ctypes.c_uint, ctypes.byref(now)) is not None and now.value == 1

    def held_by(self):
        # Newer drivers renamed it; both give the same bits.
        reasons = self.number("nvmlDeviceGetCurrentClocksEventReasons", ctypes.c_ulonglong)
        return self.number("nvmlDeviceGetCurrentClocksThrottleReasons", ctypes.c_ulonglong) if reasons is None else reasons

    def celsius(self):
        # The first is to go with CUDA 14.
        old = self.number("nvmlDeviceGetTemperature", ctypes.c_uint, 0)
        new = self.ask("nvmlDeviceGetTemperatureV", Temperature(version=ctypes.sizeof(Temperature) | 1 << 24)) if old is None else None
        return new.celsius if new is not None else old

    def worked_at(self, reasons):
        # A GPU that waits for its next batch lowers its clocks; that is no clock it worked at.
        return None if (reasons or 0) & self.IDLE else self.number("nvmlDeviceGetClockInfo", ctypes.c_uint, 1)

    def energy_used(self):
        return self.number("nvmlDeviceGetTotalEnergyConsumption", ctypes.c_ulonglong) if self.counts else None

    def begin(self):
        if self.spans == 0:
            self.clock_start = self.worked_at(self.held_by())
        # The counter last, and at the end first: the sensors' own reading is not to be in it.
        self.begun = self.energy_used(), time.perf_counter_ns()

    def end(self, operations):
        (before, start), now = self.begun, self.energy_used()
        self.seconds += (time.perf_counter_ns() - start) / 1e9
        self.spans, self.operations = self.spans + 1, self.operations + operations
        # A sum with a hole in it would pass for a small one; less than before is a driver that was loaded anew.
        self.counts = before is not None and now is not None and now >= before
        self.millijoules += now - before if self.counts else 0
        reasons, celsius = self.held_by(), self.celsius()
        self.clock_end = self.worked_at(reasons)
        if reasons is not None:
            self.reasons = (self.reasons or 0) | reasons
        self.temperature_max = max((value for value in (self.temperature_max, celsius) if value is not None), default=None)
        self.clock_min = min((value for value in (self.clock_min, self.clock_end) if value is not None), default=None)

    def state(self):
        """Columns of every row of the case."""
        words = None if self.reasons is None else "+".join(word for word, bit in self.THROTTLING.items() if self.reasons & bit) or "none"
        return {
            "throttled": None if words is None else words != "none", "temperature_max_c": self.temperature_max, "clock_min_mhz": self.clock_min,
            "throttle_reasons": words, "clock_start_mhz": self.clock_start, "clock_end_mhz": self.clock_end}

    def energy(self):
        """Columns of the row of the whole operation."""
        known = self.counts and self.seconds >= self.SHORTEST_S and self.millijoules > 0
        return {"energy_j": self.millijoules / 1000 / self.operations, "energy_source": "nvml"} if known else dict.fromkeys(("energy_j", "energy_source"))


def nvml_gpu(device):
    """NVIDIA's management library and its handle of a GPU; None where there is none, or it is not certain which GPU it is."""
    try:
        nvml = ctypes.CDLL(NVML)
        gpu, uuid = ctypes.c_void_p(), gpu_uuid(device)
        if uuid and nvml.nvmlInit_v2() == 0 and nvml.nvmlDeviceGetHandleByUUID(uuid.encode(), ctypes.byref(gpu)) == 0:
            return nvml, gpu
    except (OSError, AttributeError):
        pass
    return None, None


def known(trial, training):
    """What a trial after the case finds; None where it fails: the case has been measured."""
    try:
        return trial(training)
    except RuntimeError:
        return None


def rounds_of(measured_once):
    """StepTrial.cs: seven rounds, fewer where they take three seconds."""
    rounds, begin = [], time.perf_counter()
    while not rounds or len(rounds) < 7 and time.perf_counter() - begin < 3:
        rounds.append(measured_once())
    return [quantile(sorted(values), 0.5) for values in zip(*rounds)]


def step_bound(training):
    """StepTrial.Bound and StepBound.cs: in turn a step with a wait, of which issuing is timed, and ten steps with one wait."""
    def once():
        start = time.perf_counter()
        training.step(0)
        issued = time.perf_counter() - start
        training.synchronise()
        start = time.perf_counter()
        for _ in range(10):
            training.step(0)
        training.synchronise()
        return issued, (time.perf_counter() - start) / 10

    training.synchronise()
    issue, step = rounds_of(once)
    return {"bound_by": "host" if issue / step >= 0.9 else "device", "host_issue_ratio": issue / step} if step > 0 else None


def device_times(training):
    """EventPhases.cs: milliseconds of every phase by events in the GPU's stream, of a step behind three undisturbed ones."""
    phases = ("data", "zero_grad", "forward", "loss", "backward", "optimizer")
    with torch.cuda.device(training.device):
        events = [torch.cuda.Event(enable_timing=True) for _ in range(len(phases) + 1)]

        def once():
            for _ in range(3):
                training.step(0)
            events[0].record()
            training.step(0, lambda phase: events[phases.index(phase) + 1].record())
            events[-1].synchronize()
            return [begin.elapsed_time(end) for begin, end in zip(events, events[1:])]

        return dict(zip(phases, rounds_of(once)))


def flops_per_image(training):
    """StepFlops.cs: operations of a step for one image, here counted by hooks while two images run through (BatchNorm takes no less)."""
    counts = {"forward": 0, "backward": 0, "backbone": 0}

    def hook(module, inputs, output):
        operations = 2 * output[0].numel() * module.weight[0].numel()
        if isinstance(module, nn.Conv2d):
            operations = round(operations * math.prod(share_with_pixels(
                inputs[0].shape[2 + axis], output.shape[2 + axis], module.kernel_size[axis], module.stride[axis], module.padding[axis],
                module.dilation[axis]) for axis in range(2)))
        counts["backbone"] += operations if module is not training.network.head else 0
        counts["forward"] += operations
        counts["backward"] += operations * (int(module.weight.requires_grad) + int(inputs[0].requires_grad))

    network = training.network
    hooks = [module.register_forward_hook(hook) for module in network.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    stages, cut = network.stages, training.policy.cut
    with torch.no_grad():
        inputs = Part(network, stages[:cut])(training.transformed(training.images[:1].expand(2, -1, -1, -1)))
    Part(network, stages[cut:])(inputs)
    for handle in hooks:
        handle.remove()
    if training.cached:
        counts["forward"] -= counts["backbone"]
    return counts


def matmul_peak(device, number_type):
    """MatmulPeak.cs: operations per second of the fastest large product, a multiplication and an addition counted as two.

    Square matrices of a side of 1024, on a GPU 8192 and eight products to a wait: 2 * side^3 operations. On the CPU also a 1x1 convolution of 512 channels and a
    3x3 one of 128, on 16 images of 16 x 16 pixels, products with padding left out; on a GPU in strict float32, for which cuDNN has an algorithm with fewer
    multiplications, a 3x3 one of 256 on 64 of 32 x 32 in both memory formats. The fastest is repeated for half a second and the best
    time counts. They go through libraries that the build chose apart: without an optimised BLAS, as Debian 12 builds PyTorch, a float32
    matmul reaches a fiftieth of what oneDNN's convolutions do. Random numbers, since a product of ones draws less power.
    """
    cuda = device.type == "cuda"
    before = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32
    try:
        with torch.no_grad():
            # One of matrices takes a second without an optimised BLAS: not where nobody keeps the times.
            products = [] if ONCE and not cuda else [matrix_product(8192 if cuda else 1024, number_type, device)]
            if not cuda:
                products += [convolution_product(512, 1, number_type), convolution_product(128, 3, number_type)]
            elif number_type == torch.float32 and not torch.backends.cudnn.allow_tf32:
                products += [convolution_product(256, 3, number_type, device, 64, 32, memory_format) for memory_format in (torch.channels_last, torch.contiguous_format)]
            fastest = max(products, key=lambda product: rate(device, *product, 2, 0)) if len(products) > 1 else products[0]
            return rate(device, *fastest, 3, 0 if ONCE else 0.5)
    finally:
        torch.backends.cuda.matmul.allow_tf32 = before


def matrix_product(side, number_type, device):
    left, right = (torch.randn(side, side, device=device).to(number_type) for _ in range(2))
    return 2 * side**3, lambda: left @ right


def convolution_product(channels, kernel, number_type, device=None, count=16, side=16, memory_format=None):
    # 16 images: with one thread PyTorch gives smaller batches to its own convolution, which is a matmul again.
    images, weights = (torch.randn(shape, device=device).to(number_type).contiguous(memory_format=memory_format or torch.channels_last)
                       for shape in ((count, channels, side, side), (channels, channels, kernel, kernel)))
    operations = 2 * count * side * side * channels**2 * kernel**2 * share_with_pixels(side, side, kernel, 1, kernel // 2)**2
    return operations, lambda: functional.conv2d(images, weights, padding=kernel // 2)


def rate(device, operations, run, least_rounds, at_least):
    """Operations per second of the best call, on a GPU of the best eight in a row, after two that do not count; of fewer where they take two seconds."""
    in_row = 8 if device.type == "cuda" else 1

    def seconds():
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        start = time.perf_counter()
        for _ in range(in_row):
            run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return (time.perf_counter() - start) / in_row

    first = seconds()
    if not at_least and first >= 0.5:
        return operations / first  # to be told from products that are tens of times faster, one call is enough
    seconds()
    best, rounds, begin = math.inf, 0, time.perf_counter()
    while True:
        passed = time.perf_counter() - begin
        if rounds and passed >= 2 or rounds >= least_rounds and passed >= at_least:
            return operations / best
        best, rounds = min(best, seconds()), rounds + 1


def share_with_pixels(pixels, outputs, kernel, stride, padding, dilation=1):
    """PaddingTaps.cs: the part of a convolution's products along one axis that are with pixels and not with padding."""
    inside = sum(0 <= output * stride - padding + tap * dilation < pixels for output in range(outputs) for tap in range(kernel))
    return inside / (outputs * kernel)


def flops_utilisation(result, phase, images, median_ms):
    """CaseFlops.cs: operations by time by the matrix product's; None for a phase that has no count."""
    counts = result["flops_per_image"]
    per_image = {
        "forward": counts["forward"], "no_grad_forward": counts["forward"], "backward": counts["backward"],
        **dict.fromkeys(("step", "step_synchronised", "epoch", "steps"), counts["forward"] + counts["backward"]),
        **dict.fromkeys(("feature_extraction", "paired_extraction", "paired_forward_pass"), counts["backbone"])}.get(phase)
    if per_image is None or median_ms <= 0:
        return None
    return per_image * images / (median_ms / 1000) / result["matmul_flops_per_s"]


def gpu_memory(device):
    """What is in use on the GPU, by this process as far as the driver tells it and by all: first with the process's context alone; None on the CPU.

    GpuWatch.cs has the same moments and the same two figures; of containers, whose processes have other numbers outside, the driver tells the second alone.
    """
    if not device.startswith("cuda"):
        return None
    torch.zeros(1, device=device)
    torch.cuda.synchronize(device)
    free, total = torch.cuda.mem_get_info(device)
    uuid = gpu_uuid(device)
    listed = uuid and output_of("nvidia-smi", "-i", uuid, "--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits")
    own = [int(used) * 2**20 for pid, _, used in (line.replace(" ", "").partition(",") for line in (listed or "").splitlines())
           if pid == str(os.getpid()) and used.isdigit()]
    return sum(own) if own else None, total - free


def peak_memory(device, before):
    """The most that was taken, and the word of memory_source for it (MemorySource.cs)."""
    if before is None:
        peak = kibibytes("/proc/self/status", "VmHWM")
        return peak, peak and "resident-peak"
    # torch keeps what it once took, so what is taken at the end is the most that was.
    now = gpu_memory(device)
    at = 1 if before[0] is None or now[0] is None else 0
    return max(0, now[at] - before[at]), ("process-growth", "card-growth")[at]


# ---------------------------------------------------------------- statistics: src/FreezeBench.Results/Statistics

def quantile(ordered, probability):
    """Definition 7 of Hyndman and Fan (1996)."""
    position = probability * (len(ordered) - 1)
    below = int(position)
    if below == len(ordered) - 1:
        return ordered[below]
    low, high = ordered[below], ordered[below + 1]
    return min(max(low + (position - below) * (high - low), low), high)


def student_t(probability, freedom):
    """Quantile of Student's t by bisection on the finite series, Abramowitz and Stegun 26.7.3 and 26.7.4."""
    def central(t):
        angle = math.atan2(t, math.sqrt(freedom))
        cosine, odd = math.cos(angle), freedom % 2
        total, term = 0.0, cosine if odd else 1.0
        for power in range(odd, freedom - 1, 2):
            total += term
            term *= cosine * cosine * (power + 1) / (power + 2)
        return 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total

    wanted, low, high = 2 * probability - 1, 0.0, 1.0
    while central(high) < wanted:
        low, high = high, 2 * high
    while True:
        middle = low + (high - low) / 2
        if middle <= low or middle >= high:
            return middle
        low, high = (middle, high) if central(middle) < wanted else (low, middle)


def summary(samples, images):
    """The summary columns of benchmarks.csv."""
    ordered = sorted(samples)
    count = len(ordered)
    # One addition after the other, as C# adds: Python's own sum() rounds in another way since 3.12.
    mean = min(max(plain_sum(ordered) / count, ordered[0]), ordered[-1])
    median = quantile(ordered, 0.5)
    iqr = quantile(ordered, 0.75) - quantile(ordered, 0.25)
    deviation = margin = None
    if count > 1:
        deviation = math.sqrt(plain_sum((sample - mean) * (sample - mean) for sample in ordered) / (count - 1))
        margin = student_t(0.995, count - 1) * deviation / math.sqrt(count)
    verdict = UNKNOWN if count < 4 or median <= 0 else (
        "very-noisy" if iqr / median > 0.25 else "noisy" if iqr / median > 0.10 else "quiet")
    return {
        "sample_count": count, "mean_ms": mean, "median_ms": median, "standard_deviation_ms": deviation, "min_ms": ordered[0],
        "max_ms": ordered[-1], "iqr_ms": iqr, "ci99_lower_ms": None if margin is None else mean - margin,
        "ci99_upper_ms": None if margin is None else mean + margin,
        "throughput_images_per_s": images / (median / 1000) if median > 0 else None, "noise_verdict": verdict}


def plain_sum(values):
    total = 0.0
    for value in values:
        total += value
    return total


# ---------------------------------------------------------------- the machine: src/FreezeBench.Results/Machine

def lines_of(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def output_of(*command):
    """What a program prints, or None where it is missing or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def kibibytes(path, name):
    for line in lines_of(path):
        if line.startswith(name + ":"):
            return int(line[len(name) + 1:].strip().split()[0]) * 1024
    return None


def tidy(text):
    """One line without runs of blanks."""
    return " ".join("".join(" " if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text or "").split()) or UNKNOWN


def cpu_info():
    """Of each key of /proc/cpuinfo the first value that is not empty, so that of the first core."""
    pairs = [line.split(":", 1) for line in lines_of("/proc/cpuinfo") if ":" in line]
    return {name.strip(): value.strip() for name, value in reversed(pairs) if value.strip()}


def cpu_family():
    """CpuFamily.cs: which design the CPU is, where a virtual machine hides its name."""
    if sys.platform == "darwin":
        vendor, *numbers = (output_of("sysctl", "-n", f"machdep.cpu.{name}") for name in ("vendor", "family", "model", "stepping"))
    else:
        values = cpu_info()
        vendor, *numbers = (values.get(name) for name in ("vendor_id", "cpu family", "model", "stepping"))
        arm = [values.get(f"CPU {name}") for name in ("implementer", "part", "variant", "revision")]
        if all(arm):
            return tidy("implementer {} part {} variant {} revision {}".format(*arm))
    return tidy("{} family {} model {} stepping {}".format(vendor, *numbers)) if vendor and all(numbers) else UNKNOWN


def cpu_vector_extension():
    """CpuVectorExtension.cs: the widest SIMD extension that CPU and system let code use."""
    if sys.platform == "darwin":
        if platform.machine() == "arm64":
            return "neon"
        names = ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx2_0", "fma", "avx1_0", "sse4_2", "sse2")
        offered = {name for name in names if output_of("sysctl", "-n", f"hw.optional.{name}") == "1"}
        flags = {{"avx2_0": "avx2", "avx1_0": "avx"}.get(name, name) for name in offered}
    else:
        values = cpu_info()
        flags = set((values.get("flags") or values.get("Features") or "").split())
    extensions = (
        ("avx512", {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}), ("avx2", {"avx2", "fma"}), ("avx", {"avx"}),
        ("sse4.2", {"sse4_2"}), ("sse2", {"sse2"}), ("sve", {"sve"}), ("neon", {"asimd"}), ("neon", {"neon"}))
    return next((name for name, needed in extensions if needed <= flags), UNKNOWN)


def cpu_model():
    if sys.platform == "darwin":
        return tidy(output_of("sysctl", "-n", "machdep.cpu.brand_string"))
    values = cpu_info()
    for key in ("model name", "cpu", "cpu model"):
        if key in values:
            return tidy(values[key])
    if "CPU implementer" in values and "CPU part" in values:
        # CpuName.cs of the C# side has the same table.
        cores = {"0xd08": "Cortex-A72", "0xd0b": "Cortex-A76", "0xd0c": "Neoverse-N1", "0xd40": "Neoverse-V1",
                 "0xd42": "Cortex-A78AE", "0xd49": "Neoverse-N2", "0xd4f": "Neoverse-V2"}
        implementer, part = values["CPU implementer"], values["CPU part"]
        return f"ARM {cores[part]}" if implementer == "0x41" and part in cores else f"ARM implementer {implementer} part {part}"
    return tidy(values.get("Model") or values.get("uarch") or platform.processor())


def logical_cores():
    """Cores that this process may use: affinity and a container's quota, rounded up, as .NET counts them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = []
    group = next((line[3:] for line in lines_of("/proc/self/cgroup") if line.startswith("0::")), "/")
    folder = pathlib.PurePosixPath("/sys/fs/cgroup") / group.lstrip("/")
    for path in (folder, *folder.parents):
        words = (lines_of(path / "cpu.max") or [""])[0].split()
        if len(words) == 2 and words[0].isdigit():
            quotas.append(int(words[0]) / int(words[1]))
    quota, period = lines_of("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), lines_of("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    if quota and period and int(quota[0]) > 0:
        quotas.append(int(quota[0]) / int(period[0]))
    return max(1, min([cores, *(math.ceil(quota) for quota in quotas)]))


def physical_cores():
    if sys.platform == "darwin":
        cores = output_of("sysctl", "-n", "hw.physicalcpu")
        return cores and int(cores)
    return len({tuple(lines_of(path)) for path in pathlib.Path("/sys/devices/system/cpu").glob("cpu*/topology/thread_siblings_list")}) or None


def default_threads():
    return min(logical_cores(), physical_cores() or sys.maxsize)


def machine_facts():
    if sys.platform == "darwin":
        memory = output_of("sysctl", "-n", "hw.memsize")
        memory, system = memory and int(memory), f"macOS {platform.mac_ver()[0]}"
    else:
        memory = kibibytes("/proc/meminfo", "MemTotal")
        release = [line.split("=", 1)[1].strip().strip('"') for line in lines_of("/etc/os-release") if line.startswith("PRETTY_NAME=")]
        system = release[0] if release else f"{platform.system()} {platform.release()}"
    numbers = (re.findall(r"[0-9]+", platform.release()) + ["0"] * 4)[:4]
    machine = platform.machine().lower()
    return {
        "cpu_model": cpu_model(), "cpu_family": cpu_family(), "cpu_vector_extension": cpu_vector_extension(),
        "logical_cores": logical_cores(), "physical_cores": physical_cores() or UNKNOWN,
        "memory_bytes": memory or UNKNOWN, "operating_system": tidy(system), "kernel_version": ".".join(numbers),
        "architecture": {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine, machine),
        # The runtime of this side: its version is part of the environment id as .NET's is.
        "dotnet_version": f"unused; Python {platform.python_version()}"}


def gpu_facts(device):
    facts = dict.fromkeys(("name", "memory_bytes", "driver_version", "cuda_driver_version", "compute_capability",
                           "max_sm_clock_mhz", "max_memory_clock_mhz"), UNKNOWN)
    if device.startswith("cuda"):
        properties = torch.cuda.get_device_properties(torch.device(device))
        driver = output_of("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader")
        facts.update(name=tidy(properties.name), compute_capability=f"{properties.major}.{properties.minor}",
                     driver_version=driver.splitlines()[0].strip() if driver else UNKNOWN)
    return facts


def blas_name():
    """Which library makes the matrix products on the CPU, by what is loaded; None where it cannot be told."""
    if torch.backends.mkl.is_available():
        return "mkl"
    # Debian's torch names the interface alone; the library behind it is the machine's choice (update-alternatives).
    loaded = {os.path.realpath(line.split()[-1]) for line in lines_of("/proc/self/maps") if "/" in line}
    # NumPy brings an OpenBLAS of its own, in which no tensor is computed.
    loaded = sorted(path for path in loaded if not re.search("numpy|scipy", path))
    if openblas := next(filter(None, map(openblas_name, (path for path in loaded if "openblas" in path))), None):
        return openblas
    for mark, name in (("openblas", "openblas"), ("blis", "blis"), ("atlas", "atlas"), ("/blas/libblas", "reference"), ("libblas.so", "reference")):
        if any(mark in path for path in loaded):
            return name
    found = re.search(r"BLAS_INFO=([a-z0-9_]+)", torch.__config__.show())
    return found[1] if found and found[1] != "generic" else None


def openblas_name(path):
    """OpenBLAS by whose threads it computes in (openblas_get_parallel of its cblas.h: 0 none, 1 its own, 2 OpenMP's); None: this library is another one."""
    try:
        return {0: "openblas-serial", 1: "openblas-pthread", 2: "openblas-openmp"}.get(ctypes.CDLL(path).openblas_get_parallel(), "openblas")
    except (OSError, AttributeError):
        return None


def say_threads_of_blas(name, settings):
    """Two sets of threads on the same cores, of which each waits for work in a loop while the other works."""
    if settings.device == "cpu" and name == "openblas-pthread" and torch.get_num_threads() > 1 and "OpenMP" in torch.__config__.show():
        print("This PyTorch's matrix products run on an OpenBLAS with threads of its own beside PyTorch's, which take the cores from each other: an epoch can take half as "
              "long again as its steps. Install one that shares PyTorch's threads (Debian: apt-get install libopenblas0-openmp; apt-get remove libopenblas0-pthread).", file=sys.stderr)


def say_reference_blas(settings):
    """A stripe of a product of 2048 x 2048, against what the same threads reach in a convolution: a tenth of that is no optimised BLAS."""
    if settings.device != "cpu":
        return
    with torch.no_grad():
        stripe, matrix = torch.randn(128, 2048), torch.randn(2048, 2048)
        product = rate(torch.device("cpu"), 2 * 128 * 2048**2, lambda: stripe @ matrix, 1, 0)
        plausible = rate(torch.device("cpu"), *convolution_product(128, 3, torch.float32), 3, 0)
    if product < plausible / 10:
        print(f"This PyTorch's matrix products run on a reference BLAS ({product / 1e9:.1f} GFLOP/s; its convolutions reach {plausible / 1e9:.0f}): its linear layers say "
              "nothing about PyTorch. Install an optimised BLAS (Debian: apt-get install libopenblas0-openmp), or another PyTorch.", file=sys.stderr)


def node_id(device):
    """NodeId.cs: which machine of its environment, by the same salt, so that both frameworks give a machine one name."""
    if device.startswith("cuda"):
        identity = gpu_uuid(device)
    elif sys.platform == "win32":
        import winreg
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return salted(winreg.QueryValueEx(key, "MachineGuid")[0])
        return UNKNOWN
    else:
        identity = (lines_of("/etc/machine-id") or [""])[0] if sys.platform.startswith("linux") else ""
    return salted(identity)


def gpu_uuid(device):
    """As the driver writes it; empty where it is not certain which of several GPUs it is (PyTorch before 2.5)."""
    if uuid := getattr(torch.cuda.get_device_properties(torch.device(device)), "uuid", None):
        return f"GPU-{uuid}"
    known = (output_of("nvidia-smi", "--query-gpu=uuid", "--format=csv,noheader") or "").split()
    return known[0] if len(known) == 1 else ""


def salted(identity):
    identity = identity.strip().lower()
    known = identity not in ("", "uninitialized", UNKNOWN)
    return hashlib.sha256(f"FreezeBench node\n{identity}".encode()).hexdigest()[:8] if known else UNKNOWN


def environment(settings):
    """environment.json: TorchSharp's place says that there is none, so that no id is ever that of a TorchSharp run."""
    record = {
        "torch": {
            "device": settings.device, "backend": "cuda" if torch.version.cuda else "cpu",
            "torchsharp_version": "unused; PyTorch", "libtorch_version": f"{torch.__version__}{f', BLAS {name}' if (name := blas_name()) else ''}",
            "benchmarkdotnet_version": "unused", "threads": torch.get_num_threads(),
            "matmul_tf32": torch.backends.cuda.matmul.allow_tf32, "cudnn_tf32": torch.backends.cudnn.allow_tf32},
        "machine": machine_facts(), "gpu": gpu_facts(settings.device)}
    return {"schema_version": ENVIRONMENT_SCHEMA_VERSION, "environment_id": environment_id(record), **record}


def without_patch(text):
    return re.sub(r"\b([0-9]+\.[0-9]+)(\.[0-9]+)+", r"\1", text)


def environment_id(record):
    """EnvironmentId.cs: the text that is hashed, and the readable name before it."""
    facts, machine, gpu = record["torch"], record["machine"], record["gpu"]
    uses_gpu, system = facts["device"].startswith("cuda"), machine["operating_system"]
    text = "".join(f"{name}={value}\n" for name, value in (
        ("freezebench_environment", ENVIRONMENT_SCHEMA_VERSION), ("device_kind", facts["device"].split(":")[0]),
        ("cpu", machine["cpu_model"]), ("cpu_family", machine["cpu_family"]), ("cpu_vector_extension", machine["cpu_vector_extension"]),
        ("logical_cores", machine["logical_cores"]), ("gpu", gpu["name"] if uses_gpu else "unused"),
        ("gpu_driver", gpu["driver_version"].split(".")[0] if uses_gpu else "unused"),
        ("os", f"{system if 'Windows' in system else without_patch(system)} {machine['architecture']}"), ("dotnet", without_patch(machine["dotnet_version"])),
        ("torchsharp", facts["torchsharp_version"]), ("libtorch", facts["libtorch_version"]), ("torch_threads", facts["threads"])))
    spoken = re.sub(r"\b[0-9]+-core\b", " ", (gpu["name"] if uses_gpu else machine["cpu_model"]).split("@")[0].lower())
    words = re.sub(r"[^a-z0-9]", " ", spoken).split()
    noise = {"r", "tm", "cpu", "processor", "with", "radeon", "graphics"}
    slug = "-".join(word for word in words if word not in noise)[:40].rstrip("-") or ("gpu" if uses_gpu else "cpu")
    name = slug if uses_gpu else f"{slug}-{machine['logical_cores']}c"
    return f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


class OtherLoad:
    """Cores that other programs keep busy from now on, as OtherLoad.cs; None where the system does not tell."""

    def __init__(self):
        self.start = self.ticks()

    @staticmethod
    def ticks():
        fields = (lines_of("/proc/stat") or [""])[0].split()
        if len(fields) < 9:
            return None
        ticks = [int(field) for field in fields[1:9]]
        own = sum(os.times()[:4]) * os.sysconf("SC_CLK_TCK")  # this process and its children that have ended
        return sum(ticks) - ticks[3] - ticks[4] - own, sum(ticks)

    def busy_cores(self):
        now = self.ticks()
        if self.start is None or now is None or now[1] <= self.start[1]:
            return None
        return max(0.0, (now[0] - self.start[0]) * (os.cpu_count() or 1) / (now[1] - self.start[1]))


def git_state(out):
    """The commit that measures, and whether the tree differs from it; results do not count, since runs write them."""
    with contextlib.suppress(FileNotFoundError):  # of a bundle: what it says of its making
        bundle = json.loads((REPOSITORY / "bundle.json").read_text(encoding="utf-8"))
        return bundle["commit"], bundle["dirty"]
    git = ("git", "-C", str(REPOSITORY), "--no-optional-locks", "-c", "core.fsmonitor=false")
    commit = output_of(*git, "rev-parse", "--verify", "HEAD")
    if not commit:
        return UNKNOWN, None
    exclude = [":(top,exclude)results"]
    with contextlib.suppress(ValueError):
        if (below := out.relative_to(REPOSITORY).as_posix()) != ".":
            exclude.append(f":(top,exclude,literal){below}")
    changes = output_of(*git, "status", "--porcelain", "--untracked-files=all", "--", ":/", *exclude)
    return commit, None if changes is None else changes != ""


# ---------------------------------------------------------------- files: results/COLUMNS.md

BENCHMARK_COLUMNS = (
    "schema_version run_id environment_id utc_time commit dirty framework suite policy phase backbone weights dataset classes "
    "resolution_px batch_size images precision memory_format threads device warm_up_count operations_per_sample sample_count "
    "mean_ms median_ms standard_deviation_ms min_ms max_ms iqr_ms ci99_lower_ms ci99_upper_ms throughput_images_per_s "
    "peak_memory_bytes noise_verdict throttled asked_batch_size cudnn_autotune flops_utilisation data_share_fraction "
    "energy_j energy_source temperature_max_c clock_min_mhz throttle_reasons kernels trainable_parameters total_parameters "
    "trained_checkpoint_bytes node others_busy_cores memory_source clock_start_mhz clock_end_mhz bound_by host_issue_ratio "
    "device_time_ms").split()
SAMPLE_COLUMNS = (
    "schema_version run_id environment_id framework suite policy phase backbone dataset resolution_px batch_size precision "
    "memory_format sample_index operations value_ms kernels").split()


def cell(value):
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)[:-2] if repr(value).endswith(".0") else repr(value)
    text = str(value)
    return f'"{text}"' if "," in text else text


def rendered(columns, rows):
    return "".join(",".join(cell(row[column]) for column in columns) + "\n" for row in rows)


@contextlib.contextmanager
def locked(folder):
    """The lock of FolderLock.cs, so that two programs that append lose no row. Windows has it by opening alone."""
    with open(folder / ".results.lock", "a+b") as stream:
        with contextlib.suppress(ImportError):
            import fcntl
            deadline = time.monotonic() + 30
            while True:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError as error:
                    if time.monotonic() > deadline:
                        raise UserError(f"{folder} could not be locked for 30 s: another run is writing there. End it or use another --out.") from error
                    time.sleep(0.01)
        yield


def replace(path, text):
    """Whole or not at all: written beside, flushed, moved into place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)  # mkstemp makes files that nobody else can read
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def append(path, columns, rows):
    header = ",".join(columns) + "\n"
    old = path.read_text(encoding="utf-8") if path.exists() else header
    if not old.startswith(header):
        raise UserError(f"{path} has other columns than this version writes; use another --out, or a FreezeBench of the same version.")
    replace(path, old + rendered(columns, rows))


def write(folder, record, benchmark_rows, sample_rows):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            path = folder / "environment.json"
            if not path.exists():
                replace(path, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
            # Samples first: a summary never stands in the results without what it was made from.
            append(folder / "samples.csv", SAMPLE_COLUMNS, sample_rows)
            append(folder / "benchmarks.csv", BENCHMARK_COLUMNS, benchmark_rows)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error}. Use another --out.") from error


# ---------------------------------------------------------------- the program

class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UserError(f"{message}. See --help for every option.")


def parser():
    made = Parser(prog="pytorch_twin.py", description=__doc__.split("\n\n", maxsplit=1)[0], allow_abbrev=False,
                  epilog="Exit codes: 0 done, 1 a case failed, 2 bad request.")
    add = made.add_argument
    add("--suites", default="all", help=f"comma-separated: {', '.join(SUITES)}, or all (default: all)")
    add("--policies", default=None, help=f"comma-separated: {POLICY_NAMES}, or all (default: {', '.join(STANDARD)}; with --quick: fine-tune,frozen); suite depth has its own")
    add("--frameworks", default=None, help=f"comma-separated: {', '.join(FRAMEWORKS)} (default: {EAGER}, and {COMPILED} where torch.compile works)")
    add("--backbone", "--network", default="resnet18", help=f"network: {', '.join(BACKBONES)} (default: resnet18)")
    add("--resolution", type=int, default=32, help="height and width in pixels that the network sees (default: 32)")
    add("--batch-size", type=int, default=None, help="images per step (default: 64; with --quick: 16)")
    add("--images-per-epoch", type=int, default=None, help="images of an epoch (default: 8 batches on the CPU, 32 on CUDA; with --quick: 2)")
    add("--threads", type=int, default=None, help="CPU threads of one operation (default: a thread per physical core)")
    add("--memory-format", default="channels-last", help=f"{', '.join(MEMORY_FORMATS)} (default: channels-last)")
    add("--precision", default=None, help=f"{', '.join(PRECISIONS)} (default: tf32 on a GPU of compute capability 8.0 and newer, else fp32)")
    add("--no-cudnn-autotune", action="store_true", help="on CUDA, do not let cuDNN time its algorithms (default: it does)")
    add("--device", default="auto", help="cpu, cuda, cuda:N or auto (default: auto, a usable CUDA device, else the CPU)")
    add("--iterations", "--iterationCount", type=int, default=None, help="measured iterations of a case (default: 5 for epochs, 7 for steps; with --quick: 3 and 4)")
    add("--out", default=str(REPOSITORY / "results"), help="results folder; the files go to a folder of the environment in it (default: results)")
    add("--quick", action="store_true", help="the smallest run, to see that all works")
    add("--losses", type=int, default=None, metavar="N", help="print the losses of the first N steps from formula weights instead of measuring, a line for each policy")
    add("--dry-run", action="store_true", help="check the request, say the threads and list the cases")
    add("--case", nargs=4, default=None, help=argparse.SUPPRESS)  # suite, method, policy, framework: a process of its own
    return made


def names(option, text, valid, errors):
    """A comma-separated list in the order of the valid names."""
    if text == "all":
        return list(valid)
    given = [name.strip() for name in text.split(",")]
    errors.extend(f"{option} has '{name}'; valid: {', '.join(valid)}." for name in given if name not in valid)
    return [name for name in valid if name in given]


def policies(settings, errors):
    """Those asked for, in their own order; without a word those of FreezingPolicy.Standard that the network can have."""
    if settings.policies in (None, "all"):
        of = POLICIES if settings.policies else ("fine-tune", "frozen") if settings.quick else STANDARD
        return [policy for policy in of if suits(policy, settings.backbone)]
    given = [name.strip() for name in settings.policies.split(",")]
    for name in given:
        if not is_policy(name):
            errors.append(f"--policies has '{name}'; valid: {POLICY_NAMES}.")
        elif not suits(name, settings.backbone):
            errors.append(f"--policies has '{name}', and {settings.backbone} has no such stage before its head.")
    return sorted(dict.fromkeys(given), key=lambda name: POLICIES.index(name) if name in POLICIES else len(POLICIES))


def resolved(settings):
    """Checks everything and fills in what was not asked for."""
    errors = []
    settings.suites = names("--suites", settings.suites, SUITES, errors)
    settings.policies = policies(settings, errors)
    for option, value, valid in (("--backbone", settings.backbone, BACKBONES), ("--memory-format", settings.memory_format, MEMORY_FORMATS)):
        if value not in valid:
            errors.append(f"{option} is '{value}'; valid: {', '.join(valid)}.")
    settings.batch_size = (16 if settings.quick else 64) if settings.batch_size is None else settings.batch_size
    for option, value, low, high in (
            ("--resolution", settings.resolution, 16, 1024), ("--batch-size", settings.batch_size, 1, 65536),
            ("--threads", settings.threads, 1, 1024), ("--iterations", settings.iterations, 1, 10000),
            ("--images-per-epoch", settings.images_per_epoch, settings.batch_size, 10_000_000), ("--losses", settings.losses, 1, 10000)):
        if value is not None and not low <= value <= high:
            errors.append(f"{option} is {value}; valid: {low} to {high}.")
    if settings.resolution < (smallest := TORCHVISION.get(settings.backbone, 1)):
        errors.append(f"--resolution is {settings.resolution}, and the poolings of {settings.backbone} leave nothing of it; valid: {smallest} or more.")
    if settings.precision not in (None, *PRECISIONS):
        errors.append(f"--precision is '{settings.precision}'; valid: {', '.join(PRECISIONS)}.")
    if not re.fullmatch(r"auto|cpu|cuda(:[0-9]+)?", settings.device):
        errors.append(f"--device is '{settings.device}'; valid: auto, cpu, cuda, cuda:N.")
    frameworks = None if settings.frameworks is None else names("--frameworks", settings.frameworks, FRAMEWORKS, errors)
    if errors:
        raise UserError("\n".join(errors))
    if torch is None:
        raise UserError("This Python has no PyTorch, which the twin measures. Install it (Debian: apt-get install python3-torch; elsewhere: pip install torch), or run the script with a Python that has it.")
    available = torch.cuda.is_available()
    if settings.device == "auto":
        settings.device = "cuda" if available else "cpu"
    if settings.device.startswith("cuda"):
        index = int(settings.device.partition(":")[2] or 0)
        if not available or index >= torch.cuda.device_count():
            raise UserError(f"Device '{settings.device}' was asked for, but PyTorch sees {torch.cuda.device_count() if available else 0} CUDA devices. Pass --device cpu, or install a PyTorch for CUDA.")
        settings.device = f"cuda:{index}"
    set_arithmetic(settings)
    # Not torch's own choice: some builds, Debian's among them, begin with one thread.
    torch.set_num_threads(settings.threads or default_threads())
    settings.images_per_epoch = settings.images_per_epoch or settings.batch_size * (
        2 if settings.quick else 8 if settings.device == "cpu" else 32)
    settings.out = pathlib.Path(settings.out).resolve()
    if frameworks is None:
        # A child and --losses need no probe: the child is told, and losses are those of eager mode unless asked otherwise.
        frameworks = [EAGER] if settings.case or settings.losses else working_frameworks()
    elif COMPILED in frameworks and not settings.case and (problem := compile_problem()):
        raise UserError(f"--frameworks has {COMPILED}, but {problem}. Leave it out, or use a PyTorch and a C++ compiler that can.")
    settings.frameworks = frameworks
    return settings


def compile_problem():
    """Why torch.compile cannot be used here, or None."""
    if not hasattr(torch, "compile"):
        return f"PyTorch {torch.__version__} has no torch.compile (2.0 has)"
    try:
        torch.compile(lambda value: value.relu() + 1)(torch.ones(8))
        return None
    except Exception as error:  # whatever the backend throws: a missing compiler, an unsupported Python
        return f"torch.compile does not work here: {(str(error).strip().splitlines() or [type(error).__name__])[0]}"


def working_frameworks():
    problem = compile_problem()
    if problem is None:
        return list(FRAMEWORKS)
    print(f"Only {EAGER} is measured: {problem}.", file=sys.stderr)
    return [EAGER]


def autocast_type(precision):
    return {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)


def scaler_of(settings):
    """float16's gradients need a scale; torch.cuda.amp is where PyTorch before 2.3 has the scaler, for CUDA alone."""
    if settings.precision != "fp16":
        return None
    return torch.amp.GradScaler(settings.device.split(":")[0]) if hasattr(torch.amp, "GradScaler") else torch.cuda.amp.GradScaler()


def set_arithmetic(settings):
    """TF32 as the precision has it, never as PyTorch begins; cuDNN times its algorithms unless told not to. Native/Precision.cs"""
    cuda = settings.device.startswith("cuda")
    capability = torch.cuda.get_device_capability(torch.device(settings.device)) if cuda else None
    settings.precision = settings.precision or ("tf32" if cuda and capability >= (8, 0) else "fp32")
    if settings.precision == "tf32" and not cuda:
        raise UserError("--precision tf32 was asked for on cpu, and TF32 is arithmetic of NVIDIA GPUs. Pass --precision fp32.")
    if settings.precision in ("tf32", "bf16") and cuda and capability < (8, 0):
        raise UserError(f"--precision {settings.precision} needs a GPU of compute capability 8.0 or newer; {settings.device} has {capability[0]}.{capability[1]}. Pass --precision fp32.")
    if settings.precision == "fp16" and not cuda and not hasattr(torch.amp, "GradScaler"):
        raise UserError(f"--precision fp16 was asked for on cpu, and PyTorch {torch.__version__} scales gradients on CUDA alone (2.3 on the CPU too). Pass --precision bf16 or fp32.")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = settings.precision == "tf32"
    torch.backends.cudnn.benchmark = cuda and not settings.no_cudnn_autotune


def measured(settings, arguments, case):
    """Runs a case in a process of its own, so that no case inherits another's memory, threads or compiled code.

    A case beside which other programs were busy is measured once more, and then stands as it is; where once is asked for, it does so
    at once.
    """
    result, others = attempt(settings, arguments, case)
    if result is not None and others is not None and others > TOLERATED_CORES and not ONCE:
        result, others = attempt(settings, arguments, case)
    return result and {**result, "others_busy_cores": others}


def attempt(settings, arguments, case):
    load = OtherLoad()
    done = subprocess.run([sys.executable, __file__, *arguments, "--case", *case], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or [f"its process ended with code {done.returncode}"])[-1]
        print(f"Failed: {' '.join(case)}: {reason}", file=sys.stderr)
        return None, None
    return json.loads(done.stdout.splitlines()[-1]), load.busy_cores()


def rows_of(settings, stamp, case, result):
    suite, method, policy, framework = case
    images = settings.images_per_epoch if suite == "epoch" else settings.batch_size
    benchmarks, samples = [], []
    kept = {part: values for part, values in result["parts"].items() if keeps(method, part)}
    for phase, values in {WHOLE_PHASE[method]: result["samples"], **kept}.items():
        row = {
            **stamp, "framework": framework, "kernels": "plain", "suite": suite, "policy": policy, "phase": phase, "backbone": settings.backbone,
            "weights": "random", "dataset": "synthetic", "classes": CLASSES, "resolution_px": settings.resolution,
            "batch_size": settings.batch_size, "images": images, "precision": settings.precision,
            "memory_format": settings.memory_format, "threads": torch.get_num_threads(), "device": settings.device,
            "warm_up_count": result["warm_up"], "operations_per_sample": result["operations"],
            "peak_memory_bytes": result["peak_memory_bytes"], "memory_source": result["memory_source"], "others_busy_cores": result["others_busy_cores"],
            "asked_batch_size": settings.batch_size, **result["parameters"],
            "cudnn_autotune": torch.backends.cudnn.benchmark if settings.device.startswith("cuda") else None, **summary(values, images), **result["state"],
            **dict.fromkeys(result["energy"]), "bound_by": None, "host_issue_ratio": None, "device_time_ms": (result["device_times"] or {}).get(phase)}
        if phase == WHOLE_PHASE[method]:
            row.update({**result["energy"], **(result["bound"] or {})})
        row["data_share_fraction"] = data_share(method, result) if phase == WHOLE_PHASE[method] else None
        row["flops_utilisation"] = flops_utilisation(result, phase, images, row["median_ms"])
        benchmarks.append(row)
        samples.extend({**row, "sample_index": index, "operations": result["operations"], "value_ms": value}
                       for index, value in enumerate(values))
    return benchmarks, samples


def run(settings, arguments):
    cases = [(suite, method, policy, framework) for framework in settings.frameworks for suite in settings.suites
             for policy in policies_of(suite, settings) for method in methods_of(suite, policy)]
    if settings.dry_run:
        # run-benchmarks.sh gives both sides these threads.
        print("\n".join([f"threads {torch.get_num_threads()}", *(" ".join(case) for case in cases)]))
        return 0
    record = environment(settings)
    now = datetime.datetime.now(datetime.timezone.utc)
    commit, dirty = git_state(settings.out)
    stamp = {
        "schema_version": SCHEMA_VERSION, "run_id": f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}",
        "environment_id": record["environment_id"], "utc_time": f"{now:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "Z",
        "commit": commit, "dirty": dirty, "node": node_id(settings.device)}
    if dirty:
        print("The working tree differs from its commit: the rows will say dirty.", file=sys.stderr)
    written, failed, disturbed, folder = 0, 0, 0, settings.out / record["environment_id"]
    say_threads_of_blas(blas_name(), settings)
    say_reference_blas(settings)
    for number, case in enumerate(cases, 1):
        result = measured(settings, arguments, case)
        if result is None:
            failed += 1
            continue
        more, raw = rows_of(settings, stamp, case, result)
        # Case by case: who ends the program keeps what was measured.
        write(folder, record, more, raw)
        written += len(more)
        others = more[0]["others_busy_cores"]
        busy = others is not None and others > TOLERATED_CORES
        disturbed += busy
        print(f"[{number:2}/{len(cases)}] {' '.join(case):<46} {more[0]['median_ms']:10.3f} ms  n={more[0]['sample_count']}{f' others {others:.1f}' if busy else ''}", file=sys.stderr)
    if disturbed:
        print(f"Other programs were busy beside {disturbed} of {len(cases)} cases{'' if ONCE else ', twice'}: their times are wrong, several-fold on the CPU. End them and run again.", file=sys.stderr)
    if written:
        print(f"{written} rows in {folder / 'benchmarks.csv'}")
    return 1 if failed else 0


def main(arguments):
    try:
        settings = resolved(parser().parse_args(arguments))
        if settings.case:
            run_case(settings, *settings.case)
        elif settings.losses:
            for policy in settings.policies:
                training = Training(settings, policy, settings.frameworks == [COMPILED], formula=True)
                print(policy, *map(repr, training.losses(settings.losses)), flush=True)
        else:
            return run(settings, arguments)
        return 0
    except UserError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
