"""Golden values of networks that timm and others publish: python3 papers.py > ../resources/golden/timm.json

Written after the papers with torch's layers alone, at reduced size, filled by the formula of zoo.py.
"""
import hashlib
import json
import torch
from torch import nn
from torch.nn import functional as F
from zoo import noise, rounded, value


def group(**children):
    return nn.ModuleDict(children)


class Scale(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))


class Attention(nn.Module):
    def __init__(self, width, heads, bias=True):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=bias)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        n, l, d = x.shape
        q, k, v = (t.reshape(n, l, self.heads, -1).transpose(1, 2) for t in self.qkv(x).chunk(3, -1))
        shares = torch.softmax(q @ k.transpose(2, 3) / (d / self.heads) ** 0.5, -1)
        return self.proj((shares @ v).transpose(1, 2).reshape(n, l, d))


class VitBlock(nn.Module):
    def __init__(self, width, heads, hidden, scaled):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, 1e-6)
        self.attn = Attention(width, heads)
        if scaled:
            self.ls1 = Scale(width)
        self.norm2 = nn.LayerNorm(width, 1e-6)
        self.mlp = group(fc1=nn.Linear(width, hidden), fc2=nn.Linear(hidden, width))
        if scaled:
            self.ls2 = Scale(width)
        self.scaled = scaled

    def forward(self, x):
        y = self.attn(self.norm1(x))
        x = x + (y * self.ls1.gamma if self.scaled else y)
        y = self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))
        return x + (y * self.ls2.gamma if self.scaled else y)


class Vit(nn.Module):
    """vit_tiny_patch16_224 and the like; distilled: DeiT; scaled: DINOv2."""

    def __init__(self, side, classes, distilled, scaled, patch=8, width=24, depth=3, heads=3, hidden=40):
        super().__init__()
        self.tokens = 2 if distilled else 1
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, self.tokens + (side // patch) ** 2, width))
        if distilled:
            self.dist_token = nn.Parameter(torch.zeros(1, 1, width))
        self.patch_embed = group(proj=nn.Conv2d(3, width, patch, patch))
        self.blocks = nn.Sequential(*[VitBlock(width, heads, hidden, scaled) for _ in range(depth)])
        self.norm = nn.LayerNorm(width, 1e-6)
        self.head = nn.Linear(width, classes)
        if distilled:
            self.head_dist = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2)
        tokens = [self.cls_token] + ([self.dist_token] if self.tokens == 2 else [])
        x = torch.cat([t.expand(len(x), -1, -1) for t in tokens] + [x], 1) + self.pos_embed
        x = self.norm(self.blocks(x))
        if self.tokens == 1:
            return self.head(x[:, 0])
        return (self.head(x[:, 0]) + self.head_dist(x[:, 1])) / 2


class Norm2d(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Response(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x):
        g = x.norm(p=2, dim=(1, 2), keepdim=True)
        return x + self.bias + self.weight * x * (g / (g.mean(-1, keepdim=True) + 1e-6))


class ConvBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv_dw = nn.Conv2d(width, width, 7, 1, 3, groups=width)
        self.norm = nn.LayerNorm(width, 1e-6)
        self.mlp = group(fc1=nn.Linear(width, 4 * width), grn=Response(4 * width), fc2=nn.Linear(4 * width, width))

    def forward(self, x):
        y = self.norm(self.conv_dw(x).permute(0, 2, 3, 1))
        y = self.mlp["fc2"](self.mlp["grn"](F.gelu(self.mlp["fc1"](y))))
        return x + y.permute(0, 3, 1, 2)


class ConvNextV2(nn.Module):
    def __init__(self, classes, depths=(1, 1, 2, 1), widths=(8, 12, 16, 24)):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, widths[0], 4, 4), Norm2d(widths[0], 1e-6))
        self.stages = nn.ModuleList()
        for s, (depth, width) in enumerate(zip(depths, widths)):
            down = nn.Sequential(Norm2d(widths[s - 1], 1e-6), nn.Conv2d(widths[s - 1], width, 2, 2)) if s else nn.Identity()
            self.stages.append(group(downsample=down, blocks=nn.Sequential(*[ConvBlock(width) for _ in range(depth)])))
        self.head = group(norm=nn.LayerNorm(widths[-1], 1e-6), fc=nn.Linear(widths[-1], classes))

    def forward(self, x):
        x = self.stem(x)
        for stage in self.stages:
            x = stage["blocks"](stage["downsample"](x))
        return self.head["fc"](self.head["norm"](x.mean((2, 3))))


class CctBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.pre_norm = nn.LayerNorm(width)
        self.self_attn = Attention(width, heads, bias=False)
        self.linear1 = nn.Linear(width, 2 * width)
        self.norm1 = nn.LayerNorm(width)
        self.linear2 = nn.Linear(2 * width, width)

    def forward(self, x):
        x = self.norm1(x + self.self_attn(self.pre_norm(x)))
        return x + self.linear2(F.gelu(self.linear1(x)))


class CctEncoder(nn.Module):
    def __init__(self, places, classes, width, depth, heads):
        super().__init__()
        self.positional_emb = nn.Parameter(torch.zeros(1, places, width))
        self.attention_pool = nn.Linear(width, 1)
        self.blocks = nn.ModuleList([CctBlock(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, classes)

    def forward(self, x):
        x = x + self.positional_emb
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.fc((torch.softmax(self.attention_pool(x), 1).transpose(1, 2) @ x).squeeze(1))


class Cct(nn.Module):
    def __init__(self, side, classes, width=24, depth=2, heads=2):
        super().__init__()
        conv = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.tokenizer = group(conv_layers=nn.Sequential(conv))
        self.classifier = CctEncoder((side // 2) ** 2, classes, width, depth, heads)

    def forward(self, x):
        return self.classifier(self.tokenizer["conv_layers"](x).flatten(2).transpose(1, 2))


SIDE = 32
CLASSES = 5
VIT = "patch=8 width=24 depth=3 heads=3 hidden=40"
MODELS = {"vit_tiny_patch16_224 " + VIT: Vit(SIDE, CLASSES, False, False),
          "deit_tiny_distilled_patch16_224 " + VIT: Vit(SIDE, CLASSES, True, False),
          "vit_small_patch14_dinov2 " + VIT: Vit(SIDE, CLASSES, False, True),
          "convnextv2_atto depths=1,1,2,1 widths=8,12,16,24": ConvNextV2(CLASSES),
          "cct_7_3x1_32 width=24 depth=2 heads=2": Cct(SIDE, CLASSES)}
out = {}
for name, net in MODELS.items():
    state = net.state_dict()
    for n, t in state.items():
        t.copy_(value(n, t.shape).to(t.dtype))
    lines = "".join("%s %s\n" % (n, "x".join(map(str, t.shape))) for n, t in state.items())
    with torch.no_grad():
        out[name] = {"digest": hashlib.sha256(lines.encode()).hexdigest(),
                     "eval": rounded(net.eval()(noise("image", (2, 3, SIDE, SIDE)).float()))}
print("{" + ",\n".join('"%s": %s' % (n, json.dumps(r)) for n, r in out.items()) + "}")
