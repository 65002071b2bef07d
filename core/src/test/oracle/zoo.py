"""Golden values of torchvision's and some of timm's classifiers: python3 zoo.py > ../resources/golden/zoo.json

No weights are stored: every tensor is filled by a formula of its name and shape, which the tests repeat (Zoo.java).
Of each model: a digest of names and shapes of its state in their order, and its logits for two images by the same
formula, in evaluation mode; of one of each family in training mode too, in float64, with all that drops left out.
"""
import hashlib
import json
import sys
import torch
import torchvision
from torch import nn

CLASSES = 12
SIDES = {"inception_v3": 299, "swin_v2_t": 64, "maxvit_t": 224, "vit_h_14": 56}
TRAINED = {"alexnet", "vgg11_bn", "googlenet", "inception_v3", "resnet18", "resnext50_32x4d", "densenet121",
           "squeezenet1_1", "mobilenet_v2", "mobilenet_v3_small", "shufflenet_v2_x0_5", "mnasnet0_5",
           "efficientnet_b0", "efficientnet_v2_s", "regnet_x_400mf", "regnet_y_400mf", "convnext_tiny", "vit_b_32",
           "swin_t", "swin_v2_t", "maxvit_t"}
TIMM = ["mobilenetv4_conv_small"]  # of timm 1.0.29
SKIPPED_NAMES = ("num_batches_tracked", "relative_position_index", "relative_coords_table", "attn_mask")


def noise(name, shape):
    """From -1 to 1: the fraction that rounding takes off a large sine."""
    k = sum((i + 1) * ord(c) for i, c in enumerate(name)) % 1000
    count = 1
    for size in shape:
        count *= size
    t = (torch.arange(count, dtype=torch.float64) * 12.9898 + k).sin() * 43758.5453
    return ((t - t.round()) * 2).reshape(shape)


def value(name, shape):
    values = noise(name, shape)
    last = name.rsplit(".", 1)[-1]
    if last == "running_var":
        return 1 + 0.5 * values
    if len(shape) > 1:
        fan = 1
        for size in shape[1:]:
            fan *= size
        return values * (6 / fan) ** 0.5
    return 0.6 + 0.2 * values if last == "weight" else 0.1 * values


def kept(net):
    return {n: t for n, t in net.state_dict().items() if not n.endswith(SKIPPED_NAMES)}


def golden(name):
    side = SIDES.get(name, 64)
    options = {"num_classes": CLASSES}
    if name in ("googlenet", "inception_v3"):
        options["init_weights"] = False
    if name.startswith("vit_"):
        options["image_size"] = side
    if name == "googlenet":
        options["aux_logits"] = True
    if name in TIMM:
        import timm
        net = timm.create_model(name, **options)
    else:
        net = getattr(torchvision.models, name)(**options)
    state = kept(net)
    for n, t in state.items():
        t.copy_(value(n, t.shape).to(t.dtype))
    lines = "".join("%s %s\n" % (n, "x".join(map(str, t.shape))) for n, t in state.items())
    row = {"side": side, "tensors": len(state), "digest": hashlib.sha256(lines.encode()).hexdigest()}
    if len(sys.argv) > 1:
        open(sys.argv[1] + "/" + name + ".txt", "w").write(lines)
    image = noise("image", (2, 3, side, side)).float()
    with torch.no_grad():
        row["eval"] = rounded(net.eval()(image))
        if name in TRAINED:
            for module in net.modules():
                if isinstance(module, (nn.Dropout, torchvision.ops.StochasticDepth)):
                    module.p = 0
                if isinstance(module, nn.MultiheadAttention):
                    module.dropout = 0
            outputs = net.double().train()(image.double())  # batch norms of two values amplify float32's rounding
            row["train"] = [rounded(o) for o in outputs] if isinstance(outputs, tuple) else [rounded(outputs)]
    return row


def rounded(t):
    return [float("%.7g" % v) for v in t.flatten().tolist()]


if __name__ == "__main__":
    torch.set_num_threads(2)
    for initializer in [name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")]:
        setattr(nn.init, initializer, lambda tensor, *args, **kwargs: tensor)  # all is filled anyway
    models = sorted(torchvision.models.list_models(module=torchvision.models)) + TIMM
    out = {}
    for name in models:
        out[name] = golden(name)
        print(name, out[name]["tensors"], out[name]["eval"][:3], file=sys.stderr)
    print("{" + ",\n".join('"%s": %s' % (n, json.dumps(r)) for n, r in out.items()) + "}")
