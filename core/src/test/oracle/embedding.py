"""Golden values of losses of embeddings, written from their papers on PyTorch: python3 embedding.py > ../resources/golden/embedding.json

Each with its gradient for the embeddings before they are brought to length 1, and for the centres.
"""
import json
import math

import torch
import torch.nn.functional as F


def wave(shape, k):
    n = math.prod(shape)
    return torch.sin(torch.arange(n).double() * 0.37 + k).reshape(shape)


def rounded(t):
    return [float("%.9g" % v) for v in t.detach().flatten().tolist()]


def arcface(x, w, y, s, m):
    """Equation 3 of Deng et al. 2019; past a half turn the line of the authors' code."""
    cos = F.normalize(x) @ F.normalize(w).T
    rows = []
    for i in range(len(y)):
        theta = torch.acos(cos[i, y[i]])
        turned = torch.cos(theta + m) if theta + m <= math.pi else cos[i, y[i]] - m * math.sin(m)
        own = [turned if j == y[i] else cos[i, j] for j in range(len(w))]
        rows.append(s * torch.stack(own))
    return F.cross_entropy(torch.stack(rows), y)


def cosface(x, w, y, s, m):
    """Equation 4 of Wang et al. 2018."""
    cos = F.normalize(x) @ F.normalize(w).T
    return F.cross_entropy(s * (cos - m * F.one_hot(y, len(w))), y)


def triplet(x, y, m):
    """Equation 5 of Hermans et al. 2017, distances not squared."""
    e, sum, count = F.normalize(x), 0, 0
    for a in range(len(y)):
        own = [(e[a] - e[b]).norm() for b in range(len(y)) if b != a and y[b] == y[a]]
        others = [(e[a] - e[b]).norm() for b in range(len(y)) if y[b] != y[a]]
        if own and others:
            sum, count = sum + F.relu(m + max(own) - min(others)), count + 1
    return sum / count


labels = torch.tensor([0, 1, 2, 0, 1, 0, 2])
out = {"torch": torch.__version__, "labels": labels.tolist()}
cos = (F.normalize(wave((7, 5), 0)) @ F.normalize(wave((3, 5), 1)).T).gather(1, labels[:, None])
assert (torch.acos(cos) + 1.5 > math.pi).any() and (torch.acos(cos) + 1.5 < math.pi).any()
for name, of in {
    "arcface": lambda x, w: arcface(x, w, labels, 8, 0.5),
    "wide": lambda x, w: arcface(x, w, labels, 8, 1.5),  # a margin that turns some by more than a half
    "cosface": lambda x, w: cosface(x, w, labels, 8, 0.35),
    "triplet": lambda x, w: triplet(x, labels, 0.2),
}.items():
    x, w = wave((7, 5), 0).requires_grad_(True), wave((3, 5), 1).requires_grad_(True)
    loss = of(x, w)
    loss.backward()
    out[name] = {
        "loss": float("%.9g" % loss.item()),
        "embeddings": rounded(x.grad),
        "centres": [] if w.grad is None else rounded(w.grad),
    }
print(json.dumps(out, indent=None))
