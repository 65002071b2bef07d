"""Golden values of losses of pixels from PyTorch: python3 pixels.py > ../resources/golden/pixels.json

Two images of four classes and 6x7 pixels, some without a label, filled as in golden.py. Dice, Jaccard and Tversky from their definitions
over the batch, Lovasz-Softmax from its paper's algorithm, the boundary loss from its paper's pooling; each with the gradient of the logits.
"""
import json
import numpy
import torch
import torch.nn.functional as F

N, K, H, W = 2, 4, 6, 7
count = N * K * H * W
logits = (2 * numpy.sin(0.37 * numpy.arange(count) + 1)).reshape(N, K, H, W)
labels = ((numpy.arange(N * H * W) * 7 // 5) % 3).reshape(N, H, W)  # class 3 is never given
labels[0, 0, :3] = -100
labels[1, 5, 6] = -100
target = torch.tensor(labels)


def flat(x):
    rows = x.permute(0, 2, 3, 1).reshape(-1, K)
    known = target.reshape(-1) >= 0
    return rows[known], target.reshape(-1)[known]


def region(x, score):
    rows, classes = flat(x)
    p, t = rows.softmax(1), F.one_hot(classes, K).double()
    losses = [1 - score(p[:, k], t[:, k]) for k in range(K) if t[:, k].sum() > 0]
    return torch.stack(losses).mean()


def dice(p, t):
    return (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1)


def jaccard(p, t):
    both = (p * t).sum()
    return (both + 1) / (p.sum() + t.sum() - both + 1)


def tversky(p, t):
    both, wrong, missed = (p * t).sum(), (p * (1 - t)).sum(), ((1 - p) * t).sum()
    return both / (both + 0.3 * wrong + 0.7 * missed)


def lovasz(x):
    rows, classes = flat(x)
    p, losses = rows.softmax(1), []
    for k in range(K):
        t = (classes == k).double()
        if t.sum() == 0:
            continue
        errors, order = torch.sort((t - p[:, k]).abs(), descending=True)
        t = t[order]
        jac = 1 - (t.sum() - t.cumsum(0)) / (t.sum() + (1 - t).cumsum(0))
        jac[1:] = jac[1:] - jac[:-1].clone()
        losses.append(torch.dot(errors, jac))
    return torch.stack(losses).mean()


def boundary(x, tolerance):
    known = (target >= 0).double().unsqueeze(1)
    t = torch.stack([(target == k).double() for k in range(K)], 1)

    def edge(areas):
        others = (1 - areas) * known
        return (F.max_pool2d(others, 3, 1, 1) - others) * known

    def wide(edges):
        return F.max_pool2d(edges, 2 * tolerance + 1, 1, tolerance)

    wanted, found = edge(t), edge(x.softmax(1))
    losses = []
    for n in range(N):
        for k in range(K):
            w, f = wanted[n, k], found[n, k]
            if w.sum() == 0:
                continue
            precision = (f * wide(wanted[n:n + 1, k:k + 1])[0, 0]).sum() / f.sum()
            recall = (w * wide(found[n:n + 1, k:k + 1])[0, 0]).sum() / w.sum()
            losses.append(1 - 2 * precision * recall / (precision + recall))
    return torch.stack(losses).mean()


def rounded(values):
    return [float("%.9g" % v) for v in values.flatten().tolist()]


def case(loss):
    x = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    value = loss(x)
    value.backward()
    return {"value": float("%.9g" % value.item()), "gradient": rounded(x.grad)}


weights = torch.tensor([1.0, 0.5, 2.0, 1.0], dtype=torch.float64)
print(json.dumps({
    "torch": torch.__version__,
    "logits": rounded(torch.tensor(logits)),
    "labels": labels.flatten().tolist(),
    "cross-entropy": case(lambda x: F.cross_entropy(x, target)),
    "weighted": case(lambda x: F.cross_entropy(x, target, weight=weights)),
    "focal": case(lambda x: (lambda rows, c: ((1 - rows.softmax(1).gather(1, c[:, None])) ** 2
                  * -rows.log_softmax(1).gather(1, c[:, None])).mean())(*flat(x))),
    "dice": case(lambda x: region(x, dice)),
    "jaccard": case(lambda x: region(x, jaccard)),
    "tversky": case(lambda x: region(x, tversky)),
    "lovasz": case(lovasz),
    "boundary": case(lambda x: boundary(x, 1)),
}))
