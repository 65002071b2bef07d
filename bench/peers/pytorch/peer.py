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
side = 32 if arguments.model == "resnet18-32" else 224
network = getattr(torchvision.models, arguments.model.replace("-32", ""))(num_classes=10).train()
images = torch.randint(0, 256, (arguments.batch, 3, side, side)) / 255
labels = torch.randint(0, 10, (arguments.batch,))
if arguments.precision == "fp32-nhwc":
    network = network.to(memory_format=torch.channels_last)
    images = images.contiguous(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(network(images), labels)
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
