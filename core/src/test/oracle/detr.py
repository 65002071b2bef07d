"""Golden values of DETR (arXiv 2005.12872) written from its paper on torch's own modules: python3 detr.py FOLDER

Writes FOLDER/detectors/detr.json. As in zoo.py no weights are stored. The network is small and sees images that are no squares;
nothing is dropped. Names of the modules are those of the authors' state dictionary.
"""
import hashlib
import itertools
import json
import math
import sys
import torch
import torchvision
from torch import nn
from zoo import kept, noise, rounded, value

CLASSES, QUERIES, HEIGHT, WIDTH = 4, 10, 96, 128
BOXES = torch.tensor([[10.0, 12.0, 70.0, 60.0], [40.0, 30.0, 120.0, 90.0], [8.0, 50.0, 44.0, 92.0]])
LABELS = [torch.tensor([0, 2]), torch.tensor([3])]
SPREAD = 3  # so that queries differ
LARGE = ("query_embed.weight", "class_embed.weight")
OF = [slice(0, 2), slice(2, 3)]


def sine(height, width, channels):
    """[height * width, channels]: rows first, then columns, sine and cosine in turn."""
    half = channels // 2
    period = 10000.0 ** (torch.arange(0, half, 2, dtype=torch.float64) / half)

    def axis(count):
        place = torch.arange(1, count + 1, dtype=torch.float64) / (count + 1e-6) * 2 * math.pi
        angle = place[:, None] / period[None]
        out = torch.empty(count, half, dtype=torch.float64)
        out[:, 0::2], out[:, 1::2] = angle.sin(), angle.cos()
        return out

    rows, columns = axis(height), axis(width)
    both = torch.cat([rows[:, None].expand(height, width, half), columns[None].expand(height, width, half)], 2)
    return both.reshape(height * width, channels).float()


class Layer(nn.Module):
    def __init__(self, width, heads, hidden, cross):
        super().__init__()
        self.cross = cross
        self.self_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        if cross:
            self.multihead_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        for i in range(3 if cross else 2):
            setattr(self, "norm%d" % (i + 1), nn.LayerNorm(width))

    def forward(self, x, own, memory=None, places=None):
        x = self.norm1(x + self.self_attn(x + own, x + own, x)[0])
        if self.cross:
            x = self.norm2(x + self.multihead_attn(x + own, memory + places, memory)[0])
        last = self.norm3 if self.cross else self.norm2
        return last(x + self.linear2(self.linear1(x).relu()))


class Detr(nn.Module):
    def __init__(self, backbone, classes, queries, width, heads, hidden, encoders, decoders):
        super().__init__()
        net = getattr(torchvision.models, backbone)(norm_layer=torchvision.ops.FrozenBatchNorm2d)
        channels = net.fc.in_features
        del net.fc
        self.backbone = nn.ModuleList([nn.ModuleDict({"body": net})])
        self.input_proj = nn.Conv2d(channels, width, 1)
        self.transformer = nn.ModuleDict({
            "encoder": nn.ModuleDict({"layers": nn.ModuleList(Layer(width, heads, hidden, False) for _ in range(encoders))}),
            "decoder": nn.ModuleDict({"layers": nn.ModuleList(Layer(width, heads, hidden, True) for _ in range(decoders)),
                                      "norm": nn.LayerNorm(width)})})
        self.query_embed = nn.Embedding(queries, width)
        self.bbox_embed = nn.ModuleDict({"layers": nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, 4)])})
        self.class_embed = nn.Linear(width, classes + 1)

    def forward(self, x):
        b = self.backbone[0]["body"]
        x = b.maxpool(b.relu(b.bn1(b.conv1(x))))
        for stage in (b.layer1, b.layer2, b.layer3, b.layer4):
            x = stage(x)
        x = self.input_proj(x)
        places = sine(x.size(2), x.size(3), x.size(1))[None]
        memory = x.flatten(2).transpose(1, 2)
        for layer in self.transformer["encoder"]["layers"]:
            memory = layer(memory, places)
        own = self.query_embed.weight[None].expand(len(x), -1, -1)
        state, out = torch.zeros_like(own), []
        for layer in self.transformer["decoder"]["layers"]:
            state = layer(state, own, memory, places)
            out.append(self.transformer["decoder"]["norm"](state))
        out = torch.stack(out)
        boxes = out
        for i, layer in enumerate(self.bbox_embed["layers"]):
            boxes = layer(boxes).relu() if i < 2 else layer(boxes).sigmoid()
        return self.class_embed(out), boxes


def corners(boxes):
    return torch.cat([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], -1)


def wanted(image):
    size = torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT], dtype=torch.float32)
    box = BOXES[OF[image]] / size
    return torch.cat([(box[:, :2] + box[:, 2:]) / 2, box[:, 2:] - box[:, :2]], 1)


def match(logits, boxes, image):
    """The cheapest of all ways to give each object a query of its own."""
    target = wanted(image)
    p = logits.softmax(1)[:, LABELS[image]]
    l1 = (boxes[:, None] - target[None]).abs().sum(2)
    cost = -p + 5 * l1 - 2 * torchvision.ops.generalized_box_iou(corners(boxes), corners(target))
    ways = itertools.permutations(range(len(boxes)), len(target))
    return list(min(ways, key=lambda way: sum(cost[q, o].item() for o, q in enumerate(way))))


def losses(logits, boxes):
    """Weighed sums of class, distance and overlap of one layer of the decoder."""
    classes = torch.full(logits.shape[:2], CLASSES)
    distance = overlap = 0
    for image in range(len(logits)):
        way = match(logits[image].detach(), boxes[image].detach(), image)
        classes[image, way] = LABELS[image]
        own, target = boxes[image, way], wanted(image)
        distance = distance + (own - target).abs().sum()
        overlap = overlap + torchvision.ops.generalized_box_iou_loss(corners(own), corners(target)).sum()
    weight = torch.ones(CLASSES + 1)
    weight[-1] = 0.1
    return nn.functional.cross_entropy(logits.flatten(0, 1), classes.flatten(), weight), 5 * distance / len(BOXES), 2 * overlap / len(BOXES)


def digest(net):
    lines = "".join(sorted("%s %s\n" % (n, "x".join(map(str, t.shape))) for n, t in kept(net).items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def answers(logits, boxes):
    scores, labels = logits.softmax(1)[:, :-1].max(1)
    order = scores.argsort(descending=True)
    size = torch.tensor([WIDTH, HEIGHT, WIDTH, HEIGHT], dtype=torch.float32)
    edges = torch.minimum((corners(boxes) * size).clamp(min=0), size)
    return {"scores": rounded(scores[order]), "labels": labels[order].tolist(), "boxes": rounded(edges[order])}


def main():
    whole = Detr("resnet50", 91, 100, 256, 8, 2048, 6, 6)
    row = {"torch": torch.__version__, "torchvision": torchvision.__version__,
           "published": {"parameters": sum(p.numel() for p in whole.parameters()), "digest": digest(whole)}}
    net = Detr("resnet18", CLASSES, QUERIES, 32, 4, 64, 2, 2)
    for n, t in kept(net).items():
        t.copy_((value(n, t.shape) * (SPREAD if n in LARGE or "in_proj_weight" in n else 1)).to(t.dtype))
    row["digest"] = digest(net)
    x = noise("image", (2, 3, HEIGHT, WIDTH)).float()
    net.eval()
    logits, boxes = net(x)
    row["logits"] = rounded(logits[-1, 1].detach())
    row["boxes"] = rounded(boxes[-1, 1].detach())
    row["found"] = [answers(logits[-1, i].detach(), boxes[-1, i].detach()) for i in range(2)]
    net.train()
    logits, boxes = net(x)
    each = [losses(logits[i], boxes[i]) for i in range(len(logits))]
    row["matches"] = [[match(logits[i, n].detach(), boxes[i, n].detach(), n) for n in range(2)] for i in range(len(logits))]
    named = dict(zip(("classLoss", "boxLoss", "overlapLoss"), each[-1]))
    named["auxiliaryLoss"] = sum(sum(e) for e in each[:-1])
    row["losses"] = {n: float("%.7g" % v.item()) for n, v in named.items()}
    sum(named.values()).backward()
    row["gradients"] = {n: float("%.7g" % p.grad.norm().item()) for n, p in sorted(net.named_parameters())
                        if not n.startswith("backbone") or n.endswith("conv1.weight")}
    text = "{" + ",\n".join("%s: %s" % (json.dumps(n), json.dumps(r, separators=(",", ":"))) for n, r in row.items()) + "}\n"
    open(sys.argv[1] + "/detectors/detr.json", "w").write(text)
    print(row["published"], row["losses"], row["matches"], len(text))
    print(row["found"][0]["scores"], row["found"][0]["labels"], row["found"][0]["boxes"][:8])


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
