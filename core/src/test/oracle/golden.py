"""Golden values from PyTorch and torchvision: python3 golden.py > ../resources/golden/golden.json

No weights are stored: every tensor is filled by scale * sin(0.37 i + k), i its row-major index, k its number
(0 for the input, 1, 2, ... for the parameters and then the buffers by name), which the tests repeat.
"""
import json
import numpy
import torch
import torchvision
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)


def wave(shape, k, scale=0.5):
    count = int(numpy.prod(shape))
    values = scale * numpy.sin(0.37 * numpy.arange(count, dtype=numpy.float64) + k)
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def fill(module, scale):
    for k, (name, p) in enumerate(module.named_parameters()):
        p.data = wave(p.shape, k + 1, scale).to(torch.float64)


def rounded(t):
    return [float("%.9g" % v) for v in t.detach().double().flatten().tolist()]


LAYERS = {
    "conv 4 3": (nn.Conv2d(2, 4, 3), (2, 2, 7, 6)),
    "conv 4 3 stride=2 pad=1": (nn.Conv2d(2, 4, 3, stride=2, padding=1), (2, 2, 7, 6)),
    "conv 4 3 pad=2 dilation=2": (nn.Conv2d(2, 4, 3, padding=2, dilation=2), (2, 2, 7, 6)),
    "conv 4 3 groups=2": (nn.Conv2d(2, 4, 3, groups=2), (2, 2, 7, 6)),
    "conv 4 1 bias=0": (nn.Conv2d(2, 4, 1, bias=False), (2, 2, 3, 3)),
    "deconv 3 3 stride=2 pad=1 outpad=1": (nn.ConvTranspose2d(2, 3, 3, 2, 1, 1), (2, 2, 4, 3)),
    "maxpool 2": (nn.MaxPool2d(2), (2, 2, 7, 6)),
    "maxpool 3 stride=2 pad=1": (nn.MaxPool2d(3, 2, 1), (2, 2, 7, 6)),
    "avgpool 2": (nn.AvgPool2d(2), (2, 2, 7, 6)),
    "adaptiveavgpool 3": (nn.AdaptiveAvgPool2d(3), (2, 2, 7, 5)),
    "adaptivemaxpool 2": (nn.AdaptiveMaxPool2d(2), (2, 2, 7, 5)),
    "batchnorm": (nn.BatchNorm2d(3), (4, 3, 3, 2)),
    "layernorm": (nn.LayerNorm([3, 4, 4]), (2, 3, 4, 4)),
    "groupnorm 2": (nn.GroupNorm(2, 4), (2, 4, 3, 3)),
    "dense 5": (nn.Linear(7, 5), (3, 7)),
    "relu": (nn.ReLU(), (2, 9)),
    "sigmoid": (nn.Sigmoid(), (2, 9)),
    "tanh": (nn.Tanh(), (2, 9)),
    "gelu": (nn.GELU(), (2, 9)),
    "silu": (nn.SiLU(), (2, 9)),
    "leakyrelu 0.2": (nn.LeakyReLU(0.2), (2, 9)),
    "softmax": (nn.Softmax(1), (2, 9)),
    "upsample 2": (nn.Upsample(scale_factor=2), (1, 2, 3, 2)),
    "upsample 2 bilinear=1": (nn.Upsample(scale_factor=2, mode="bilinear"), (1, 2, 3, 2)),
}

out = {"torch": torch.__version__, "layers": [], "losses": {}, "optimizers": {}}
for text, (module, shape) in LAYERS.items():
    module = module.double()
    fill(module, 0.5)
    module.train()
    x = wave(shape, 0).requires_grad_(True)
    y = module(x)
    (y * wave(y.shape, 9)).sum().backward()
    out["layers"].append({"text": text, "input": list(shape), "output": list(y.shape), "values": rounded(y),
                          "gradient": rounded(x.grad)})

logits, labels = wave((6, 5), 0, 3), torch.tensor([0, 1, 2, 3, 4, 1])
soft = torch.softmax(wave((6, 5), 1), 1)
w = [1.0, 2.0, 0.5, 1.5, 3.0]
onehot = F.one_hot(labels, 5).double()
p = torch.softmax(logits, 1).gather(1, labels[:, None])[:, 0]
out["losses"] = {
    "cross-entropy": F.cross_entropy(logits, labels).item(),
    "cross-entropy smoothed": F.cross_entropy(logits, labels, label_smoothing=0.1).item(),
    "cross-entropy weighted": F.cross_entropy(logits, labels, weight=torch.tensor(w).double()).item(),
    "cross-entropy soft": F.cross_entropy(logits, soft).item(),
    "binary-cross-entropy": F.binary_cross_entropy_with_logits(logits, onehot).item(),
    "focal": (-((1 - p) ** 2) * p.log()).mean().item(),
    "mse": F.mse_loss(logits, soft).item(),
    "mae": F.l1_loss(logits, soft).item(),
    "huber": F.huber_loss(logits, soft, delta=0.7).item(),
}

for name, make in {
    "sgd": lambda ps: torch.optim.SGD(ps, 0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adam": lambda ps: torch.optim.Adam(ps, 0.05, weight_decay=0.01),
    "adamw": lambda ps: torch.optim.AdamW(ps, 0.05, weight_decay=0.1),
    "rmsprop": lambda ps: torch.optim.RMSprop(ps, 0.01, momentum=0.5, weight_decay=0.01),
}.items():
    p = wave((3, 4), 1).requires_grad_(True)
    target, optimizer, trace = wave((3, 4), 2), make([p]), []
    for _ in range(10):
        optimizer.zero_grad()
        ((p - target) ** 2 * wave((3, 4), 3).abs()).sum().backward()
        optimizer.step()
        trace.append(rounded(p))
    out["optimizers"][name] = trace

net = torchvision.models.resnet18(num_classes=7).double()
fill(net, 0.05)
net.eval()
x = wave((2, 3, 64, 64), 0)
out["resnet18"] = {"values": rounded(net(x)), "names": [n for n in net.state_dict() if "num_batches" not in n]}
out["resnet50Names"] = [n for n in torchvision.models.resnet50().state_dict() if "num_batches" not in n]
print(json.dumps(out, indent=None))
