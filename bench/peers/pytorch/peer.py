"""PyTorch in Python with torchvision's networks: the program of this peer.

Settings: all cores, oneDNN on as it comes. Layout NCHW, PyTorch's default, or channels last if --precision is fp32-nhwc.
"""
import argparse
import json
import time

import torch
import torchvision

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--steps", type=int, default=10)
parser.add_argument("--warmup", type=int, default=5)
parser.add_argument("--threads", type=int, default=torch.get_num_threads())
parser.add_argument("--precision", default="fp32")
arguments = parser.parse_args()

torch.set_num_threads(arguments.threads)
torch.manual_seed(0)
detects = arguments.model in ("ssd300_vgg16", "fasterrcnn_resnet50_fpn")
side = {"resnet18-32": 32, "ssd300_vgg16": 300, "fasterrcnn_resnet50_fpn": 512}.get(arguments.model, 224)
if detects:  # 10 classes and background; images are taken in the size that they have
    resizing = {} if arguments.model == "ssd300_vgg16" else {"min_size": side, "max_size": side}
    network = getattr(torchvision.models.detection, arguments.model)(
        weights=None, weights_backbone=None, num_classes=11, **resizing).train()
else:
    network = getattr(torchvision.models, arguments.model.replace("-32", ""))(num_classes=10).train()
images = torch.randint(0, 256, (arguments.batch, 3, side, side)) / 255
labels = torch.randint(0, 10, (arguments.batch,))
if arguments.precision == "fp32-nhwc":
    network = network.to(memory_format=torch.channels_last)
    images = images.contiguous(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), lr=1e-4 if detects else 1e-3)


def objects():
    """Eight boxes of a tenth to a half of the side, anywhere."""
    sides = torch.randint(side // 10, side // 2, (8, 2))
    corners = (torch.rand(8, 2) * (side - sides)).floor()
    return {"boxes": torch.cat([corners, corners + sides], 1).float(), "labels": torch.randint(1, 11, (8,))}


targets = [objects() for _ in range(arguments.batch)]


def loss_of():
    if detects:
        return sum(network(list(images), targets).values())
    return torch.nn.functional.cross_entropy(network(images), labels)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of()
    loss.backward()
    optimizer.step()
    return loss


for _ in range(arguments.warmup):
    step().item()
start = time.perf_counter()
for _ in range(arguments.steps):
    last = step()
loss = last.item()
seconds = time.perf_counter() - start
assert loss == loss, "the loss is not a number"
print(json.dumps({
    "engine": "pytorch",
    "version": torch.__version__,
    "model": arguments.model,
    "precision": arguments.precision,
    "batch": arguments.batch,
    "steps": arguments.steps,
    "threads": arguments.threads,
    "imagesPerSecond": round(arguments.batch * arguments.steps / seconds, 2),
    "loss": round(loss, 4),
    "parameters": sum(p.numel() for p in network.parameters()),
}))
