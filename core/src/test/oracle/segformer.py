"""Golden values of SegFormer (arXiv 2105.15203) written from its paper on torch's own modules: python3 segformer.py FOLDER

Writes FOLDER/segmenters/segformer.json. As in zoo.py no weights are stored. The network is small and sees images that are no
squares; nothing is dropped. Names of the modules are those of the authors' state dictionary. "published" has the counts of the
whole networks, encoders with 1000 classes and SegFormers with 150.
"""
import hashlib
import json
import os
import sys
import torch
from torch import nn
from torch.nn import functional as F
from zoo import kept, noise, rounded, value
from segmenters import IGNORED, digest, labels, sampled

CLASSES, HEIGHT, WIDTH = 5, 41, 57
RATIOS = [8, 4, 2, 1]
TINY = dict(widths=[16, 24, 32, 48], depths=[1, 2, 1, 1], heads=[1, 2, 4, 3])
HEADS = [1, 2, 5, 8]
WIDER = [64, 128, 320, 512]
PUBLISHED = {"b0": (dict(widths=[32, 64, 160, 256], depths=[2, 2, 2, 2], heads=HEADS), 256),
             "b1": (dict(widths=WIDER, depths=[2, 2, 2, 2], heads=HEADS), 256),
             "b2": (dict(widths=WIDER, depths=[3, 4, 6, 3], heads=HEADS), 768)}


def to_tokens(x):
    return x.flatten(2).transpose(1, 2)


def to_map(x, h, w):
    return x.transpose(1, 2).reshape(len(x), -1, h, w)


class Patches(nn.Module):
    def __init__(self, cin, cout, kernel, stride):
        super().__init__()
        self.proj = nn.Conv2d(cin, cout, kernel, stride, kernel // 2)
        self.norm = nn.LayerNorm(cout)


class Attention(nn.Module):
    """Equation 1 with keys and values of a sequence shortened by R (equation 2), by a convolution of that stride."""

    def __init__(self, width, heads, ratio):
        super().__init__()
        self.heads, self.ratio = heads, ratio
        self.q, self.kv, self.proj = nn.Linear(width, width), nn.Linear(width, 2 * width), nn.Linear(width, width)
        if ratio > 1:
            self.sr, self.norm = nn.Conv2d(width, width, ratio, ratio), nn.LayerNorm(width)

    def forward(self, x, h, w):
        seen = x
        if self.ratio > 1:
            seen = self.norm(to_tokens(self.sr(to_map(x, h, w))))
        q, (k, v) = self.q(x), self.kv(seen).chunk(2, 2)
        parts = []
        for q1, k1, v1 in zip(q.chunk(self.heads, 2), k.chunk(self.heads, 2), v.chunk(self.heads, 2)):
            weights = (q1 @ k1.transpose(1, 2) / q1.size(2) ** 0.5).softmax(2)
            parts.append(weights @ v1)
        return self.proj(torch.cat(parts, 2))


class MixFfn(nn.Module):
    """Equation 3."""

    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dwconv = nn.ModuleDict({"dwconv": nn.Conv2d(4 * width, 4 * width, 3, 1, 1, groups=4 * width)})

    def forward(self, x, h, w):
        return self.fc2(F.gelu(to_tokens(self.dwconv["dwconv"](to_map(self.fc1(x), h, w)))))


class Block(nn.Module):
    def __init__(self, width, heads, ratio):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, eps=1e-6), Attention(width, heads, ratio)
        self.norm2, self.mlp = nn.LayerNorm(width, eps=1e-6), MixFfn(width)

    def forward(self, x, h, w):
        x = x + self.attn(self.norm1(x), h, w)
        return x + self.mlp(self.norm2(x), h, w)


class MixTransformer(nn.Module):
    def __init__(self, widths, depths, heads, classes=None):
        super().__init__()
        before = [3] + widths[:3]
        for s in range(4):
            setattr(self, "patch_embed%d" % (s + 1), Patches(before[s], widths[s], 3 if s else 7, 2 if s else 4))
        for s in range(4):
            setattr(self, "block%d" % (s + 1), nn.ModuleList(Block(widths[s], heads[s], RATIOS[s]) for _ in range(depths[s])))
            setattr(self, "norm%d" % (s + 1), nn.LayerNorm(widths[s], eps=1e-6))
        if classes:
            self.head = nn.Linear(widths[3], classes)

    def maps(self, x):
        out = []
        for s in "1234":
            patches = getattr(self, "patch_embed" + s)
            x = patches.proj(x)
            h, w = x.shape[2:]
            t = patches.norm(to_tokens(x))
            for block in getattr(self, "block" + s):
                t = block(t, h, w)
            x = to_map(getattr(self, "norm" + s)(t), h, w)
            out.append(x)
        return out

    def forward(self, x):
        return self.head(self.maps(x)[3].mean((2, 3)))


class SegFormer(nn.Module):
    def __init__(self, widths, depths, heads, width, classes):
        super().__init__()
        self.backbone = MixTransformer(widths, depths, heads)
        head = {"linear_c%d" % (s + 1): nn.ModuleDict({"proj": nn.Linear(widths[s], width)}) for s in range(4)}
        head["linear_fuse"] = nn.ModuleDict({"conv": nn.Conv2d(4 * width, width, 1, bias=False), "bn": nn.BatchNorm2d(width)})
        head["linear_pred"] = nn.Conv2d(width, classes, 1)
        self.decode_head = nn.ModuleDict(head)

    def forward(self, x):
        maps, head = self.backbone.maps(x), self.decode_head
        size = maps[0].shape[2:]
        parts = []
        for s in (3, 2, 1, 0):
            h, w = maps[s].shape[2:]
            y = to_map(head["linear_c%d" % (s + 1)]["proj"](to_tokens(maps[s])), h, w)
            parts.append(F.interpolate(y, size, mode="bilinear", align_corners=False))
        y = head["linear_fuse"]["bn"](head["linear_fuse"]["conv"](torch.cat(parts, 1))).relu()
        return F.interpolate(head["linear_pred"](y), x.shape[2:], mode="bilinear", align_corners=False)


def fill(net):
    for n, t in kept(net).items():
        t.copy_(value(n, t.shape).to(t.dtype))
    return net


def count(net):
    return sum(p.numel() for p in net.parameters())


def main():
    row = {"torch": torch.__version__, "published": {}}
    for name, (options, width) in PUBLISHED.items():
        encoder, whole = MixTransformer(classes=1000, **options), SegFormer(width=width, classes=150, **options)
        row["published"]["mit_" + name] = {"parameters": count(encoder), "digest": digest(encoder)}
        row["published"]["segformer_" + name] = {"parameters": count(whole), "digest": digest(whole)}
    x = noise("image", (2, 3, HEIGHT, WIDTH)).float()
    encoder = fill(MixTransformer(classes=CLASSES, **TINY))
    net = fill(SegFormer(width=32, classes=CLASSES, **TINY))
    with torch.no_grad():
        row["encoder"] = rounded(encoder.eval()(x))
        row["eval"] = sampled(net.eval()(x))
    found = net.double()(x.double())
    loss = F.cross_entropy(found, labels(HEIGHT, WIDTH), ignore_index=IGNORED)
    loss.backward()
    row["loss"] = float("%.7g" % loss.item())
    row["gradients"] = {n: float("%.7g" % p.grad.norm().item()) for n, p in sorted(net.named_parameters())}
    text = "{" + ",\n".join("%s: %s" % (json.dumps(n), json.dumps(r, separators=(",", ":"))) for n, r in row.items()) + "}\n"
    os.makedirs(sys.argv[1] + "/segmenters", exist_ok=True)
    open(sys.argv[1] + "/segmenters/segformer.json", "w").write(text)
    print({n: r["parameters"] for n, r in row["published"].items()}, row["encoder"], row["loss"], len(text))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
