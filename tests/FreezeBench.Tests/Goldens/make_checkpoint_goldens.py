"""Writes checkpoints as people have them, of one thin ResNet, and checkpoints.json with what each holds.

Needs PyTorch and torchvision (written with Debian's python3-torch 1.13 and python3-torchvision 0.14):
    python3 make_checkpoint_goldens.py
Lightning, transformers and timm need not be there: of Lightning the classes that its checkpoints name are made here under its
names, and of the others the names of their entries are what matters.
"""
import argparse
import collections
import enum
import functools
import json
import pathlib
import re
import sys
import types

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock

FOLDER = pathlib.Path(__file__).parent / "Checkpoints"


class Thin(nn.Module):
    """ResNet with torchvision's names, one block a layer and 2 channels."""

    def __init__(self, blocks=1, head=True):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 2, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        for layer in range(4):
            width, before = 2 << layer, 2 << max(layer - 1, 0)
            shortcut = nn.Sequential(nn.Conv2d(before, width, 1, 2, bias=False), nn.BatchNorm2d(width)) if layer else None
            setattr(self, f"layer{layer + 1}", nn.Sequential(BasicBlock(before, width, 2 if layer else 1, shortcut), *[BasicBlock(width, width) for _ in range(blocks - 1)]))
        if head:
            self.fc = nn.Linear(16, 4)

    def forward(self, images):
        features = self.layer4(self.layer3(self.layer2(self.layer1(torch.relu(self.bn1(self.conv1(images)))))))
        return self.fc(features.mean([2, 3]))


class Wrapper(nn.Module):
    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)


def stirred(module):
    """Other numbers in the buffers than fresh ones have."""
    for name, buffer in module.named_buffers():
        if buffer.is_floating_point():
            buffer.uniform_(0.5, 1.5)
    return module


def fake_lightning():
    """What Lightning's checkpoints name beside tensors, under its names."""
    parsing = types.ModuleType("pytorch_lightning.utilities.parsing")

    class AttributeDict(dict):
        pass

    class Strategy(str, enum.Enum):
        DDP = "ddp"

    for cls in (AttributeDict, Strategy):
        cls.__module__, cls.__qualname__ = parsing.__name__, cls.__name__
        setattr(parsing, cls.__name__, cls)
    for name in ("pytorch_lightning", "pytorch_lightning.utilities", parsing.__name__):
        sys.modules.setdefault(name, parsing)
    return AttributeDict, Strategy


def prefixed(state, *prefixes):
    """Each entry with one of the prefixes, in turn."""
    return collections.OrderedDict((prefixes[place % len(prefixes)] + name, tensor) for place, (name, tensor) in enumerate(state.items()))


def hugging_face(state):
    def name(old):
        old = re.sub(r"^conv1\.", "resnet.embedder.embedder.convolution.", old)
        old = re.sub(r"^bn1\.", "resnet.embedder.embedder.normalization.", old)
        stage = lambda match: f"resnet.encoder.stages.{int(match[1]) - 1}.layers.{match[2]}."
        old = re.sub(r"^layer(\d)\.(\d)\.conv(\d)\.", lambda m: f"{stage(m)}layer.{int(m[3]) - 1}.convolution.", old)
        old = re.sub(r"^layer(\d)\.(\d)\.bn(\d)\.", lambda m: f"{stage(m)}layer.{int(m[3]) - 1}.normalization.", old)
        old = re.sub(r"^layer(\d)\.(\d)\.downsample\.0\.", lambda m: f"{stage(m)}shortcut.convolution.", old)
        old = re.sub(r"^layer(\d)\.(\d)\.downsample\.1\.", lambda m: f"{stage(m)}shortcut.normalization.", old)
        return re.sub(r"^fc\.", "classifier.1.", old)
    return collections.OrderedDict((name(old), tensor) for old, tensor in state.items())


def main():
    torch.manual_seed(1)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    described = []

    def write(name, value, of="model", protocol=2, in_zip=True, **facts):
        """of: the weights that must come out, model or ema; facts: key, head (true: the file has one), says, surplus, refused."""
        torch.save(value, FOLDER / name, pickle_protocol=protocol, _use_new_zipfile_serialization=in_zip)
        described.append(dict(file=name, of=of, **facts))

    model, average = stirred(Thin()), stirred(Thin())
    state, ema = model.state_dict(), average.state_dict()
    headless = collections.OrderedDict((name, tensor) for name, tensor in state.items() if not name.startswith("fc."))
    write("model.pth", state)
    write("ema.pth", ema, of="ema")

    # Prefixes: single, repeated, mixed; with a head, without, and with one beside.
    write("data-parallel.pth", nn.DataParallel(model).state_dict())
    for word in ("_orig_mod", "model", "backbone", "net", "encoder", "anything_else"):
        write(f"prefix-{word.strip('_')}.pth", prefixed(state, f"{word}."), says=f"names without '{word}.'")
    write("prefix-repeated.pth", prefixed(state, "module.module."), says="names without 'module.'")
    write("prefix-several.pth", prefixed(state, "_orig_mod.module.model.backbone."), says="names without '_orig_mod.module.model.backbone.'")
    write("prefix-mixed.pth", prefixed(state, "module.", "", "module.model.", "model.module.", "_orig_mod."), says="not the same before all")
    write("prefix-wrapped-part.pth", Wrapper(backbone=Thin(head=False), fc=nn.Linear(16, 4)).state_dict() | prefixed(headless, "backbone.")
          | {"fc.weight": state["fc.weight"], "fc.bias": state["fc.bias"]}, says="names without 'backbone.'")
    write("no-head.pth", headless, head=False)
    write("no-head-prefixed.pth", prefixed(headless, "encoder."), head=False, says="names without 'encoder.'")
    write("other-head.pth", headless | {"fc.0.weight": torch.zeros(8, 16), "fc.2.weight": torch.zeros(4, 8)}, head=False, surplus=["fc.0.weight", "fc.2.weight"])
    write("head-beside.pth", prefixed(headless, "model.backbone.") | {"model.head.weight": torch.zeros(4, 16)}, head=False, surplus=["model.head.weight"], says="names without 'model.backbone.'")

    # Checkpoints of torchvision's, timm's and other training scripts.
    trained = Thin()
    optimizer = torch.optim.SGD(trained.parameters(), 0.1, momentum=0.9)
    trained(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
    averaged = torch.optim.swa_utils.AveragedModel(average)
    arguments = argparse.Namespace(data_path=pathlib.PurePosixPath("/data"), device="cuda", lr=0.1, amp=False, auto_augment=None, workers={16}, milestones=(30, 60))
    script = {"model": state, "optimizer": optimizer.state_dict(), "lr_scheduler": {"_step_count": 2, "_last_lr": [0.1]}, "epoch": 1, "args": arguments}
    write("torchvision-script.pth", script, key_taken="model")
    write("torchvision-script-legacy.pth", script, in_zip=False, key_taken="model")
    write("torchvision-script-ema.pth", script | {"model_ema": averaged.state_dict()}, of="ema", key="model_ema", key_taken="model_ema", surplus=["n_averaged"], says="names without 'module.'")
    write("torchvision-script-ema-not-asked.pth", script | {"model_ema": averaged.state_dict()}, key_taken="model")
    write("timm-script.pth", {"epoch": 3, "arch": "resnet18", "state_dict": state, "state_dict_ema": ema, "args": arguments, "version": 2, "metric": 71.2}, of="ema", key="state_dict_ema", key_taken="state_dict_ema")
    write("ema-alone.pth", {"ema": ema, "step": 7}, of="ema", key_taken="ema")
    write("ema-in-module.pth", {"ema": {"module": ema, "decay": 0.999}, "updates": 12}, of="ema", key_taken="ema")
    write("net.pth", {"net": prefixed(state, "module."), "acc": 95.1, "best": torch.tensor(95.4), "epoch": 200}, key_taken="net")
    write("two-unknown-keys.pth", {"generator": state, "critic": ema}, refused="it holds several state dicts, under 'generator', 'critic': --weights-key chooses one.")
    write("two-unknown-keys-asked.pth", {"generator": state, "critic": ema}, of="ema", key="critic", key_taken="critic")
    write("student-teacher.pth", prefixed(state, "student.") | prefixed(ema, "teacher."), refused="holds the network 2 times, under 'student.', 'teacher.': --weights-key 'student' takes the first.")
    # As MoCo saves them: both encoders of a network in DataParallel, in one state dict, and an optimizer beside.
    moco = {"epoch": 200, "arch": "resnet18", "state_dict": prefixed(state, "module.encoder_q.") | prefixed(ema, "module.encoder_k."), "optimizer": {}}
    write("moco.pth.tar", moco, refused="holds the network 2 times, under 'encoder_k.', 'encoder_q.': --weights-key 'encoder_k' takes the first.")
    write("moco-asked.pth.tar", moco, of="ema", key="encoder_k", key_taken="state_dict")
    write("moco-asked-in-full.pth.tar", moco, key="module.encoder_q", key_taken="state_dict")
    write("moco-asked-wrongly.pth.tar", moco, key="encoder", refused="it has no state dict under 'encoder'. There is one under 'state_dict'.")
    write("student-teacher-asked.pth", prefixed(state, "student.") | prefixed(ema, "teacher."), of="ema", key="teacher")

    # Lightning: hyper-parameters of any class.
    AttributeDict, Strategy = fake_lightning()
    lightning = {
        "epoch": 1, "global_step": 10, "pytorch-lightning_version": "1.9.0", "state_dict": prefixed(state, "model.") | {"loss.weight": torch.ones(4), "criterion.pos": torch.ones(1, dtype=torch.int32)},
        "callbacks": {"ModelCheckpoint{'monitor': 'val_loss'}": {"best_model_score": torch.tensor(0.5), "dirpath": "/runs"}}, "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": [], "hparams_name": "kwargs", "datamodule_hparams_name": None,
        "hyper_parameters": AttributeDict(strategy=Strategy.DDP, root=pathlib.PurePosixPath("/data"), classes={"ant", "bee"}, frozen=frozenset([1]), raw=b"\x00\xff", growing=bytearray(b"ab"),
                                          large=2 ** 300, number=1 + 2j, activation=nn.ReLU, make=functools.partial(nn.Conv2d, bias=False), slices=slice(1, 2), more=..., dtype=torch.float32,
                                          device=torch.device("cpu"), size=torch.Size([1, 2]), counts=collections.Counter("aab"), sums=collections.defaultdict(list, a=[1]), queue=collections.deque([1]))}
    for protocol in (2, 3, 4, 5):
        write(f"lightning-protocol{protocol}.ckpt", lightning, protocol=protocol, key_taken="state_dict", says="names without 'model.'", surplus=["loss.weight", "criterion.pos"])
    write("lightning-legacy.ckpt", lightning, in_zip=False, key_taken="state_dict", says="names without 'model.'", surplus=["loss.weight", "criterion.pos"])

    # Names of others.
    write("hugging-face.pth", hugging_face(state), says="Hugging Face's names")
    write("hugging-face-no-head.pth", collections.OrderedDict((name.removeprefix("resnet."), tensor) for name, tensor in hugging_face(headless).items()), head=False, says="Hugging Face's names")
    write("timm-deep-stem.pth", collections.OrderedDict((name.replace("conv1.weight", "conv1.0.weight") if name.startswith("conv1") else name, tensor) for name, tensor in state.items()),
          refused="It has timm's names of a ResNet with a stem of three convolutions")
    write("hugging-face-vit.pth", {"vit.encoder.layer.0.attention.attention.query.weight": torch.zeros(2, 2)}, refused="It has Hugging Face's names of a vision transformer")

    # What stands beside, what lacks, and what is something else.
    write("surplus.pth", state | {"aux.weight": torch.ones(2), "steps": torch.tensor(3, dtype=torch.int32), "flag": True, "config": arguments}, surplus=["aux.weight", "steps", "flag", "config"])
    write("deeper.pth", stirred(Thin(blocks=2)).state_dict(), refused="By its blocks it is of resnet18: choose that backbone.")
    write("needed-is-an-object.pth", state | {"conv1.weight": arguments}, refused="In the file, but not read (1): 'argparse.Namespace' is not part of a state dict")
    write("whole-module.pth", nn.Sequential(nn.Linear(2, 2)), refused="it holds 'torch.nn.modules.container.Sequential', not a state dict. Save model.state_dict() with torch.save.")
    write("whole-module-legacy.pth", nn.Sequential(nn.Linear(2, 2)), in_zip=False, refused="it holds 'torch.nn.modules.container.Sequential', not a state dict. Save model.state_dict() with torch.save.")
    torch.jit.script(nn.Sequential(nn.Linear(2, 2))).save(str(FOLDER / "torchscript.pt"))
    described.append(dict(file="torchscript.pt", of="model", refused="it is a TorchScript program (torch.jit.save), not a state dict."))

    lines = ",\n".join(json.dumps(item) for item in described)
    (FOLDER / "checkpoints.json").write_text(f"[\n{lines}\n]\n")


main()
