"""Golden values of explanations: python3 explain.py > ../resources/golden/explain.json

A small convolutional network and a small vision transformer, weights and image by the formula of golden.py, float64.
Each method is written here from its paper with PyTorch's autograd; nothing is taken from a library of explanations.
"""
import json
import torch
import torch.nn.functional as F

LABEL = 2


def wave(k, scale, *shape):
    count = 1
    for size in shape:
        count *= size
    return (scale * torch.sin(0.37 * torch.arange(count, dtype=torch.float64) + k)).reshape(shape)


class Weights:
    """One after another, in the order in which the network registers them."""

    def __init__(self, scale):
        self.k = 0
        self.scale = scale

    def next(self, *shape):
        self.k += 1
        return wave(self.k, self.scale, *shape)


def relative(m):
    m = m.clamp(min=0)
    return (m / m.max() if m.max() > 0 else m).flatten().tolist()


def cnn():
    w = Weights(0.5)
    c1, b1 = w.next(4, 3, 3, 3), w.next(4)
    c2, b2 = w.next(6, 4, 3, 3), w.next(6)
    d, b3 = w.next(3, 6 * 4 * 4), w.next(3)

    def features(x):
        return F.relu(F.conv2d(F.max_pool2d(F.relu(F.conv2d(x, c1, b1, padding=1)), 2), c2, b2, padding=1))

    def head(f):
        return F.linear(f.flatten(1), d, b3)

    return features, head


def maps():
    features, head = cnn()
    image = wave(7, 1.0, 1, 3, 8, 8)
    f = features(image).detach().requires_grad_(True)
    logit = head(f)[0, LABEL]
    g, = torch.autograd.grad(logit, f)
    f = f.detach()
    out = {}
    alpha = g.mean(dim=(2, 3), keepdim=True)
    out["grad-cam"] = relative((alpha * f).sum(1))
    top = g ** 2
    bottom = 2 * g ** 2 + f.sum(dim=(2, 3), keepdim=True) * g ** 3
    a = torch.where(g != 0, top / bottom, torch.zeros_like(g))
    weights = (a * F.relu(g)).sum(dim=(2, 3), keepdim=True)
    out["grad-cam++"] = relative((weights * f).sum(1))
    out["hirescam"] = relative((g * f).sum(1))
    out["layer-cam"] = relative((F.relu(g) * f).sum(1))

    def gradient(x):
        x = x.detach().requires_grad_(True)
        return torch.autograd.grad(head(features(x))[0, LABEL], x)[0]

    out["saliency"] = relative(gradient(image).abs().amax(1))
    blank = image.mean(dim=(2, 3), keepdim=True).expand_as(image)
    steps = 64
    mean = sum(gradient(blank + (i + 0.5) / steps * (image - blank)) for i in range(steps)) / steps
    attributions = (image - blank) * mean
    out["integrated-gradients"] = relative(attributions.sum(1))
    out["logits"] = head(features(image)).flatten().tolist()
    return out


def transformer(before):
    width, heads, depth, hidden = 8, 2, 2, 16
    w = Weights(0.6)
    cls = w.next(1, 1, width)
    pos = w.next(1, before + 6, width)
    dist = w.next(1, 1, width) if before == 2 else None
    patch, patch_bias = w.next(width, 3, 4, 4), w.next(width)
    blocks = [[w.next(width), w.next(width), w.next(3 * width, width), w.next(3 * width), w.next(width, width),
               w.next(width), w.next(width), w.next(width), w.next(hidden, width), w.next(hidden),
               w.next(width, hidden), w.next(width)] for _ in range(depth)]
    norm = w.next(width), w.next(width)
    ends = [(w.next(3, width), w.next(3)) for _ in range(before)]
    image = wave(5, 1.0, 1, 3, 8, 12)
    tokens = F.conv2d(image, patch, patch_bias, stride=4).flatten(2).transpose(1, 2)
    x = torch.cat([cls] + ([dist] if before == 2 else []) + [tokens], 1) + pos
    attentions = []
    for n1w, n1b, qkv, qkv_bias, proj, proj_bias, n2w, n2b, fc1, fc1_bias, fc2, fc2_bias in blocks:
        y = F.layer_norm(x, (width,), n1w, n1b, 1e-6)
        q, k, v = F.linear(y, qkv, qkv_bias).reshape(1, -1, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        a = (q @ k.transpose(2, 3) / (width // heads) ** 0.5).softmax(3)
        a.requires_grad_(True)
        attentions.append(a)
        x = x + F.linear((a @ v).transpose(1, 2).flatten(2), proj, proj_bias)
        y = F.layer_norm(x, (width,), n2w, n2b, 1e-6)
        x = x + F.linear(F.gelu(F.linear(y, fc1, fc1_bias)), fc2, fc2_bias)
    logits = sum(F.linear(F.layer_norm(x[:, i], (width,), *norm, 1e-6), *ends[i]) for i in range(before)) / before
    length = before + 6
    rolled = torch.eye(length, dtype=torch.float64)
    for a in attentions:
        rolled = (0.5 * a.mean(1)[0] + 0.5 * torch.eye(length, dtype=torch.float64)) @ rolled
    gradients = torch.autograd.grad(logits[0, LABEL], attentions)
    relevance = torch.eye(length, dtype=torch.float64)
    for a, g in zip(attentions, gradients):
        relevance = relevance + (g * a).clamp(min=0).mean(1)[0] @ relevance
    return {"logits": logits.flatten().tolist(),
            "attention-rollout": relative(rolled[:before, before:].mean(0).detach()),
            "attention-relevance": relative(relevance[:before, before:].mean(0).detach())}


def rounded(row):
    return {name: [float("%.8g" % v) for v in values] for name, values in row.items()}


print(json.dumps({"torch": torch.__version__, "cnn": rounded(maps()), "vit": rounded(transformer(1)),
                  "deit": rounded(transformer(2))}))
