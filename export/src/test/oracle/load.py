"""Loads exported weights into torchvision's network by strict names: python3 load.py NETWORK CLASSES FILE.safetensors

Reads safetensors by hand, so that torch and torchvision are enough.
"""
import json
import struct
import sys

import torch
import torchvision

TYPES = {"F32": torch.float32, "I64": torch.int64}

network, classes, path = sys.argv[1:]
with open(path, "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    data = file.read()
weights = {
    name: torch.frombuffer(bytearray(data[slice(*entry["data_offsets"])]), dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    for name, entry in header.items() if name != "__metadata__"
}
net = getattr(torchvision.models, network)(num_classes=int(classes))
net.load_state_dict(weights, strict=True)
print(f"torchvision {torchvision.__version__}: {network} takes all {len(weights)} tensors")
