"""What the scripts that write goldens with PyTorch share."""
import json
import pathlib

import torch


def loss_of(network, images, labels):
    return torch.nn.functional.cross_entropy(network(images), labels)


def eval_logits(network, images):
    network.eval()
    with torch.no_grad():
        return network(images).tolist()


def losses(network, images, labels, steps, **sgd):
    """The losses of steps on one batch, of those parameters that train."""
    optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], **sgd)
    seen = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(network, images, labels)
        loss.backward()
        optimizer.step()
        seen.append(loss.item())
    return seen


def rounded(value):
    """Nine significant digits, which is all of a float32."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def write(name, document):
    """A file beside this one."""
    pathlib.Path(__file__).with_name(name).write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
