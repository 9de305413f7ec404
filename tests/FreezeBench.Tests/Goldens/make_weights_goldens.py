"""Writes the weights files that the readers are tested with, and weights.json with what is in them.

Needs PyTorch and torchvision (written with Debian's python3-torch 1.13 and python3-torchvision 0.14):
    python3 make_weights_goldens.py
The legacy format names storages by their address, so a new run gives other bytes for the same values; commit all files.
"""
import collections
import hashlib
import io
import itertools
import json
import pathlib
import struct
import zipfile

import torch
import torchvision

FOLDER = pathlib.Path(__file__).parent / "Weights"
SAFETENSORS = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64"}


def sample():
    """A tensor of each kind that a state dict can hold."""
    shared = torch.randn(12)
    tensors = collections.OrderedDict(
        float32=torch.randn(2, 3),
        float16=torch.randn(2, 2).half(),
        bfloat16=torch.randn(3).bfloat16(),
        float64=torch.randn(2, dtype=torch.float64),
        int64=torch.tensor([-1, 2 ** 40]),
        scalar=torch.tensor(7),
        scalar_float=torch.tensor(0.1),
        empty=torch.zeros(0, 3),
        transposed=torch.randn(3, 4).t(),
        channels_last=torch.randn(2, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        every_other=torch.randn(8, 2)[1::2, 1],
        shared_whole=shared,
        shared_part=shared[2:8].view(2, 3).t(),
        half_transposed=torch.randn(2, 3).half().t(),
        parameter=torch.nn.Parameter(torch.randn(2)),
        buffer_parameter=torch.nn.Parameter(torch.randn(2), requires_grad=False),
    )
    tensors._metadata = collections.OrderedDict([("", {"version": 1}), ("bn1", {"version": 2})])
    return tensors


def thin_resnet18(dtype):
    """torchvision's names and shapes with 2 channels in place of 64."""
    def thin(size):
        return size // 32 if size % 64 == 0 else size
    tensors = collections.OrderedDict()
    for name, tensor in torchvision.models.resnet18().state_dict().items():
        shape = [4 if name.startswith("fc.") and dim == 0 else thin(size) for dim, size in enumerate(tensor.shape)]
        integer = tensor.dtype == torch.int64
        tensors[name] = torch.tensor(1234) if integer else torch.randn(shape).to(dtype)
    return tensors


def little_endian(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.numel() == 0:
        return b""
    # NumPy knows no bfloat16.
    bits = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
    return bits.numpy().astype(bits.numpy().dtype.newbyteorder("<")).tobytes()


def describe(tensors):
    return [dict(name=name, type=str(tensor.dtype).split(".")[1], shape=list(tensor.shape),
                 sha256=hashlib.sha256(little_endian(tensor)).hexdigest()) for name, tensor in tensors.items()]


def nested(tensors, under):
    if under == "plain":
        return tensors
    # As training scripts save: numbers, strings, lists and another state beside it, one with a dtype that is not read.
    return {"epoch": 3, "arch": "resnet18", "best_acc1": torch.tensor(0.5), "loss": [0.25, None, True, 2 ** 40, -1], under: tensors,
            "optimizer": {"state": {0: {"step": torch.tensor(3, dtype=torch.int32)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}}


def with_prefix(tensors):
    prefixed = collections.OrderedDict(("module." + name, tensor) for name, tensor in tensors.items())
    prefixed._metadata = getattr(tensors, "_metadata", {})
    return prefixed


def safetensors(tensors, metadata=None, padding=0):
    """By the specification: https://github.com/huggingface/safetensors (Format)."""
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name, tensor in tensors.items():
        content = little_endian(tensor)
        header[name] = dict(dtype=SAFETENSORS[tensor.dtype], shape=list(tensor.shape), data_offsets=[len(data), len(data) + len(content)])
        data += content
    text = json.dumps(header).encode() + b" " * padding
    return struct.pack("<Q", len(text)) + text + data


def big_endian(content, tensors):
    """The file that a big-endian machine writes: PyTorch 2.1 and newer name the order in a record."""
    sizes = [tensor.element_size() for tensor in tensors.values()]
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for record in source.infolist():
            octets = source.read(record)
            if "/data/" in record.filename:
                size = sizes[int(record.filename.rsplit("/", 1)[1])]
                octets = b"".join(octets[i:i + size][::-1] for i in range(0, len(octets), size))
            archive.writestr(record.filename, octets)
        archive.writestr(source.infolist()[0].filename.split("/")[0] + "/byteorder", "big")
    return target.getvalue()


def saved(value, protocol, in_zip):
    buffer = io.BytesIO()
    torch.save(value, buffer, pickle_protocol=protocol, _use_new_zipfile_serialization=in_zip)
    return buffer.getvalue()


def main():
    torch.manual_seed(1)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    sets = {"sample": sample(), "resnet18": thin_resnet18(torch.float32), "resnet18_half": thin_resnet18(torch.float16)}
    files = []

    def write(name, content, form, of):
        (FOLDER / name).write_bytes(content)
        files.append(dict(file=name, format=form, set=of, sha256=hashlib.sha256(content).hexdigest()))

    tensors = sets["sample"]
    for in_zip, protocol, under, prefix in itertools.product((True, False), (2, 4, 5), ("plain", "state_dict", "model"), ("", "module")):
        form = "zip" if in_zip else "legacy"
        value = nested(with_prefix(tensors) if prefix else tensors, under)
        write("-".join(filter(None, [form, f"protocol{protocol}", under, prefix])) + ".pth", saved(value, protocol, in_zip), form, "sample")
    write("zip-dict.pt", saved(dict(tensors), 2, True), "zip", "sample")
    separate = collections.OrderedDict((name, tensor.detach().clone()) for name, tensor in tensors.items())
    write("zip-big-endian.pt", big_endian(saved(separate, 2, True), separate), "zip", "sample")
    torch.save(tensors, FOLDER / "named root.pt")
    write("named root.pt", (FOLDER / "named root.pt").read_bytes(), "zip", "sample")
    write("plain.safetensors", safetensors(tensors), "safetensors", "sample")
    write("metadata-module.safetensors", safetensors(with_prefix(tensors), {"format": "pt"}, 5), "safetensors", "sample")
    write("resnet18-legacy.pth", saved(sets["resnet18"], 2, False), "legacy", "resnet18")
    write("resnet18-half.safetensors", safetensors(sets["resnet18_half"]), "safetensors", "resnet18_half")
    def lines(items):
        return "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]"

    described = ",\n".join(f"{json.dumps(name)}: {lines(describe(of))}" for name, of in sets.items())
    (FOLDER / "weights.json").write_text(
        f'{{"torch": {json.dumps(torch.__version__)},\n"sets": {{\n{described}\n}},\n"files": {lines(files)}\n}}\n')


main()
