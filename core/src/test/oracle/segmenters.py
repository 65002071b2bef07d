"""Golden values of torchvision's segmentation networks: python3 segmenters.py FOLDER [NAME ...]

Writes FOLDER/segmenters/NAME.json (all where none is named). As in zoo.py no weights are stored: each is filled by a formula of its
name. Images are no squares and their sides no multiples of anything. Logits are those of evaluation; losses and norms of gradients
those of training with all heads, norms as in evaluation and nothing dropped: cross-entropy of the pixels, that of the auxiliary
head counted half.
"""
import hashlib
import json
import os
import sys
import torch
import torchvision
from torch import nn
from torchvision.models import segmentation
from zoo import kept, noise, rounded, value

CLASSES, HEIGHT, WIDTH = 5, 41, 57
NAMES = ["fcn_resnet50", "fcn_resnet101", "deeplabv3_resnet50", "deeplabv3_resnet101", "deeplabv3_mobilenet_v3_large",
         "lraspp_mobilenet_v3_large"]
IGNORED = 255


def digest(net):
    lines = "".join(sorted("%s %s\n" % (n, "x".join(map(str, t.shape))) for n, t in kept(net).items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def sampled(t, most=400):
    """Every so many-th value, a step without factors."""
    flat = t.detach().flatten()
    step = max(1, flat.numel() // most) | 1
    return {"shape": list(t.shape), "step": step, "values": rounded(flat[::step])}


def labels(height, width):
    """Stripes of all classes, and a corner that does not count."""
    rows, columns = torch.arange(height)[:, None], torch.arange(width)[None]
    one = (rows // 7 + columns // 11) % CLASSES
    one[:9, :13] = IGNORED
    return torch.stack([one, one.flip(0)])


def still(net):
    net.train()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
        if isinstance(module, nn.Dropout):
            module.p = 0


def golden(name):
    options = {} if name.startswith("lraspp") else {"aux_loss": True}
    net = getattr(segmentation, name)(weights=None, weights_backbone=None, num_classes=CLASSES, **options)
    for n, t in kept(net).items():
        t.copy_(value(n, t.shape).to(t.dtype))
    row = {"torch": torch.__version__, "torchvision": torchvision.__version__, "digest": digest(net),
           "names": [n for n in kept(net) if n.startswith(("classifier", "aux"))]}
    x = noise("image", (2, 3, HEIGHT, WIDTH)).float()
    with torch.no_grad():
        row["eval"] = sampled(net.eval()(x)["out"])
    still(net)
    found = net.double()(x.double())  # in float32 rounding alone is a ten-thousandth of some gradients
    if "aux" in found:
        row["aux"] = sampled(found["aux"])
    target = labels(HEIGHT, WIDTH)
    loss = nn.functional.cross_entropy(found["out"], target, ignore_index=IGNORED)
    if "aux" in found:
        loss = loss + 0.5 * nn.functional.cross_entropy(found["aux"], target, ignore_index=IGNORED)
    loss.backward()
    row["loss"] = float("%.7g" % loss.item())
    row["gradients"] = {n: float("%.7g" % p.grad.norm().item()) for n, p in sorted(net.named_parameters())}
    return row


if __name__ == "__main__":
    torch.set_num_threads(1)
    for initializer in [name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")]:
        setattr(nn.init, initializer, lambda tensor, *args, **kwargs: tensor)  # all is filled anyway
    os.makedirs(sys.argv[1] + "/segmenters", exist_ok=True)
    for name in sys.argv[2:] or NAMES:
        row = golden(name)
        text = "{" + ",\n".join("%s: %s" % (json.dumps(n), json.dumps(r, separators=(",", ":"))) for n, r in row.items()) + "}\n"
        open(sys.argv[1] + "/segmenters/" + name + ".json", "w").write(text)
        print(name, row["loss"], row["eval"]["values"][:4], len(row["gradients"]), len(text))
