"""Golden values of learning from numpy and PyTorch: python3 learning.py > ../resources/golden/learning.json

Tensors are filled as in golden.py. Muon as its author describes it, in float64; losses against labels that may be wrong from
their papers, as are those of a student and its teacher, and of two views of images.
"""
import copy
import json
import numpy
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, update_bn


def wave(shape, k, scale=0.5):
    count = int(numpy.prod(shape))
    return (scale * numpy.sin(0.37 * numpy.arange(count, dtype=numpy.float64) + k)).reshape(shape)


def rounded(values):
    return [float("%.9g" % v) for v in numpy.asarray(values, dtype=numpy.float64).flatten().tolist()]


def newton_schulz(g, steps):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (numpy.linalg.norm(g) + 1e-7)
    turned = x.shape[0] > x.shape[1]
    x = x.T if turned else x
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x.T if turned else x


def muon(shape, fixed_norm, lr, momentum, decay, steps):
    p, target, factor = wave(shape, 1), wave(shape, 2), numpy.abs(wave(shape, 3))
    buffer, trace = numpy.zeros(shape), []
    for _ in range(4):
        g = 2 * (p - target) * factor
        buffer = momentum * buffer + g
        flat = (g + momentum * buffer).reshape(shape[0], -1)
        step = newton_schulz(flat, steps)
        if fixed_norm:
            p = p * (shape[0] ** 0.5 / numpy.linalg.norm(p))
        else:
            p = p * (1 - lr * decay)
            step = step * max(1, flat.shape[0] / flat.shape[1]) ** 0.5
        p = p - lr * step.reshape(shape)
        trace.append(rounded(p))
    return trace


out = {
    "torch": torch.__version__,
    "muon": {
        "wide": muon((3, 4), False, 0.05, 0.9, 0.1, 5),
        "tall": muon((5, 2), False, 0.05, 0.9, 0.1, 5),
        "kernel": muon((3, 2, 2, 2), True, 0.2, 0.6, 0.0, 3),
    },
}

# airbench's look-ahead over 10 updates of a weight that grows by one each time
slow, fast, trace = 0.0, 0.0, []
for step in range(1, 11):
    fast += 1
    if step % 5 == 0:
        kept = 0.95 ** 5 * (step / 10) ** 3
        slow = slow * kept + fast * (1 - kept)
        fast = slow
    trace.append(fast)
out["lookAhead"] = rounded(trace)

# the mean of three networks, and statistics of its norm anew over two batches
net = nn.Sequential(nn.Conv2d(2, 3, 1, bias=False), nn.BatchNorm2d(3)).double()
mean = AveragedModel(net)
for k in (1, 2, 3):
    net[0].weight.data = torch.tensor(wave((3, 2, 1, 1), k))
    net[1].bias.data = torch.tensor(wave((3,), k + 3))
    mean.update_parameters(net)
update_bn([torch.tensor(wave((2, 2, 3, 3), 7)), torch.tensor(wave((2, 2, 3, 3), 8, 2.0))], mean)
out["swa"] = {name.replace("module.", "", 1): rounded(tensor) for name, tensor in mean.state_dict().items()
              if "running" in name or name.endswith(("weight", "bias"))}

logits, labels = torch.tensor(wave((6, 5), 0, 3)), torch.tensor([0, 1, 2, 3, 4, 1])
p = torch.softmax(logits, 1)
own = p.gather(1, labels[:, None])[:, 0]
out["losses"] = {
    "generalized-cross-entropy": float(((1 - own ** 0.7) / 0.7).mean()),
    "symmetric-cross-entropy": float((0.1 * -own.log() + 1.0 * 4 * (1 - own)).mean()),
}
counts = numpy.array([100.0, 50, 20, 10, 5])
out["imbalance"] = {
    "counts": counts.tolist(),
    "balanced": rounded(1 / counts / (1 / counts).mean()),
    "effective": rounded(((1 - 0.999) / (1 - 0.999 ** counts)) / ((1 - 0.999) / (1 - 0.999 ** counts)).mean()),
    "adjusted": float(nn.functional.cross_entropy(logits + torch.tensor(numpy.log(counts / counts.sum())), labels)),
}

# student and teacher: 6 images, 5 classes, temperature 3
student, teacher, tau = torch.tensor(wave((6, 5), 0, 3)), torch.tensor(wave((6, 5), 2, 2)), 3.0
ps, pt = torch.softmax(student / tau, 1), torch.softmax(teacher / tau, 1)


def kl(wanted, given):
    return float(nn.functional.kl_div(given.log(), wanted, reduction="batchmean"))


def apart(a, b):
    return float(numpy.mean([1 - numpy.corrcoef(x, y)[0, 1] for x, y in zip(a, b)]))


def similar(x):
    return nn.functional.normalize(x @ x.T, dim=1)


out["distillation"] = {
    "soft": tau ** 2 * kl(pt, ps),
    "correlation": tau ** 2 * (apart(ps.numpy(), pt.numpy()) + apart(ps.numpy().T, pt.numpy().T)),
    "features": float(((similar(torch.tensor(wave((4, 3), 1))) - similar(torch.tensor(wave((4, 7), 2)))) ** 2).sum() / 16),
}

# two views of 5 images in 4 dimensions
a, b = torch.tensor(wave((5, 4), 0, 1)), torch.tensor(wave((5, 4), 1, 1))
every = nn.functional.normalize(torch.cat([a, b]))
near = torch.exp(every @ every.T / 0.2)
own = torch.exp((every[:5] * every[5:]).sum(1) / 0.2)
contrast = -torch.log(torch.cat([own, own]) / (near.sum(1) - near.diagonal()))
cross = torch.tensor(numpy.corrcoef(a.numpy().T, b.numpy().T)[:4, 4:])
out["views"] = {
    "contrastive": float(contrast.mean()),
    "redundancy": float(0.025 * (((cross.diagonal() - 1) ** 2).sum() + 5e-3 * (cross ** 2 - torch.diag(cross.diagonal() ** 2)).sum())),
}
print(json.dumps(out, indent=None))
