"""Writes torchvision's networks with random weights as TorchScript: trace.py FOLDER MODEL..."""

import sys

import torch
import torchvision

folder, *models = sys.argv[1:]
for name in models:
    torch.manual_seed(0)
    net = getattr(torchvision.models, name)(weights=None).eval()
    with torch.no_grad():
        torch.jit.save(torch.jit.freeze(torch.jit.trace(net, torch.rand(1, 3, 224, 224))), f"{folder}/{name}.pt")
