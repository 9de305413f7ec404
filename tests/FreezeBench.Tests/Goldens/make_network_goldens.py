#!/usr/bin/env python3
"""Writes network_goldens.json: what torchvision's networks, a vision transformer among them, compute from the formula weights.

    python3 tests/FreezeBench.Tests/Goldens/make_network_goldens.py

Needs numpy, torch and torchvision; made with torch 1.13 and torchvision 0.14 on a CPU. The tests of Networks compare our networks with
it. No weight file is read. The vision transformer is torchvision's with ViT-Tiny's sizes; its weights are filled under timm's names,
which are our names.
"""
import torch
import torchvision
from torchvision.models.vision_transformer import VisionTransformer

import formula_weights
from torch_goldens import eval_logits, loss_of, losses, rounded, write

CLASSES, STEPS = 10, 10
WIDTH, DEPTH, HEADS, PATCH = 192, 12, 3, 16
# (resolution, images): few at 224 px, where a step is a second's work.
VIT_SIZES = [(32, 4), (224, 2)]
# (model, resolution): the smallest at which every pooling leaves a pixel.
MODELS = [("alexnet", 64), ("mobilenet_v2", 32), ("mobilenet_v3_small", 32), ("mobilenet_v3_large", 32), ("vgg11_bn", 32)]
BATCH = 4
# A loss that falls, and a trajectory that rounding errors do not decide.
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 3e-3, 0.9, 5e-4
GRADIENTS = [
    "cls_token", "pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias", "blocks.0.norm1.weight", "blocks.0.attn.qkv.weight",
    "blocks.0.attn.qkv.bias", "blocks.5.attn.proj.weight", "blocks.5.mlp.fc1.weight", "blocks.11.norm2.bias", "blocks.11.mlp.fc2.weight",
    "norm.weight", "norm.bias", "head.weight", "head.bias"]
# Scales of BatchNorm are multiplied by it: with the formula's own, made for trainings of residual networks, all images look the same at the
# end of networks that have no shortcut around most of their layers.
NORM_GAIN = 3.0
# Added to every fc1 bias of squeeze and excitation: the values between its two layers are then far above 6.
SQUEEZE_SHIFT = 8.0


def timm_name(name):
    """torchvision's name of a parameter of its vision transformer, as timm names it."""
    for old, new in (
            ("class_token", "cls_token"), ("encoder.pos_embedding", "pos_embed"), ("conv_proj.", "patch_embed.proj."),
            ("encoder.layers.encoder_layer_", "blocks."), ("encoder.ln.", "norm."), ("heads.head.", "head."), (".ln_1.", ".norm1."),
            (".ln_2.", ".norm2."), (".self_attention.in_proj_", ".attn.qkv."), (".self_attention.out_proj.", ".attn.proj."),
            (".mlp.0.", ".mlp.fc1."), (".mlp.3.", ".mlp.fc2.")):
        name = name.replace(old, new)
    return name


@torch.no_grad()
def vit(size, classes=CLASSES):
    network = VisionTransformer(size, PATCH, DEPTH, HEADS, WIDTH, 4 * WIDTH, num_classes=classes)
    for name, target in network.state_dict().items():
        low, high = formula_weights.bounds(timm_name(name), tuple(target.shape))
        values = formula_weights.uniform(timm_name(name), target.numel(), low, high)
        target.copy_(torch.from_numpy(values).reshape(target.shape))
    return network


def vit_golden(size, count):
    images, labels = formula_weights.images(count, size), formula_weights.labels(count, CLASSES)
    network = vit(size).train()
    loss_of(network, images, labels).backward()
    gradients = {timm_name(n): p.grad.double().norm().item() for n, p in network.named_parameters()}
    whole = sum(norm * norm for norm in gradients.values()) ** 0.5
    trained = vit(size).train()
    seen = losses(trained, images, labels, STEPS, lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    return {
        "size": size,
        "images": count,
        "parameters_with_1000_classes": sum(p.numel() for p in vit(size, 1000).parameters()),
        "state_dict": {timm_name(n): list(t.shape) for n, t in network.state_dict().items()},
        "eval_logits": eval_logits(network, images),
        "gradient_norms": {name: gradients[name] for name in GRADIENTS} | {"all gradients": whole},
        "losses": seen,
        "trained_logits": eval_logits(trained, images),
    }


@torch.no_grad()
def model_golden(name, size):
    network = getattr(torchvision.models, name)(num_classes=CLASSES)
    formula_weights.fill(network)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.mul_(NORM_GAIN)
    images = formula_weights.images(BATCH, size)
    golden = {
        "size": size,
        "images": BATCH,
        "parameters_with_1000_classes": sum(p.numel() for p in getattr(torchvision.models, name)().parameters()),
        "state_dict": {n: list(t.shape) for n, t in network.state_dict().items()},
        "eval_logits": eval_logits(network, images),
    }
    biases = [t for n, t in network.state_dict().items() if n.endswith(".fc1.bias")]
    if biases:
        for bias in biases:
            bias.add_(SQUEEZE_SHIFT)
        golden["squeezed_logits"] = eval_logits(network, images)
    return golden


def main():
    settings = {"classes": CLASSES, "learning_rate": LEARNING_RATE, "momentum": MOMENTUM, "weight_decay": WEIGHT_DECAY,
                "norm_gain": NORM_GAIN, "squeeze_shift": SQUEEZE_SHIFT}
    document = {"settings": settings, "vit": [rounded(vit_golden(*size)) for size in VIT_SIZES]}
    document["models"] = {name: rounded(model_golden(name, size)) for name, size in MODELS}
    write("network_goldens.json", document)


if __name__ == "__main__":
    main()
