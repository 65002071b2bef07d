"""Golden values of torchvision's detectors and of their parts: python3 detectors.py ../resources/golden [NAME ...]

Writes detect.json (parts) and detectors/NAME.json (networks, all where none is named). As in zoo.py no weights are stored: each is filled by a formula
of its name. The networks see tensors of their own size, without the resizing that torchvision does before: backbone,
proposals and heads are called one after another. Of large outputs every so many-th value is kept.
"""
import hashlib
import json
import sys
import torch
import torchvision
from torch import nn
from torchvision.models import detection, mobilenet_v3_large, resnet50
from torchvision.models.detection import _utils, anchor_utils, backbone_utils, faster_rcnn, roi_heads
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import FrozenBatchNorm2d, MultiScaleRoIAlign, roi_align
from zoo import kept, noise, rounded, value

CLASSES = 4  # and the background
SIDE = 128
SIDES = {"ssd300_vgg16": 300}  # the smallest of its maps would have no place
FILLED = [name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")]
BOXES = torch.tensor([[10.0, 12.0, 70.0, 60.0], [40.0, 30.0, 120.0, 110.0], [8.0, 70.0, 44.0, 124.0]])
LABELS = [torch.tensor([1, 3]), torch.tensor([4])]


def uniform(name, low, high, *shape):
    return (low + (high - low) * (noise(name, shape) + 1) / 2).float()


def boxes(name, count, size):
    corner = uniform(name, 0, size * 0.7, count, 2)
    return torch.cat([corner, corner + uniform(name + "side", 4, size * 0.5, count, 2)], 1)


def parts():
    out = {"torch": torch.__version__, "torchvision": torchvision.__version__}
    given, reference = boxes("given", 6, 100), boxes("reference", 6, 100)
    coder = _utils.BoxCoder((10.0, 10.0, 5.0, 5.0))
    codes = noise("codes", (6, 8)).float() * 30
    out["deltas"] = {"encode": rounded(coder.encode_single(given, reference)),
                     "decode": rounded(coder.decode_single(codes, reference))}
    linear = _utils.BoxLinearCoder()
    out["sides"] = {"encode": rounded(linear.encode(reference, given)),
                    "decode": rounded(linear.decode(codes[:, :4], reference))}
    images = ImageList(torch.zeros(1, 3, 70, 100), [(70, 100)])
    maps = [torch.zeros(1, 1, 9, 13), torch.zeros(1, 1, 5, 7)]
    grid = anchor_utils.AnchorGenerator(((32, 40, 50), (64, 80, 101)), ((0.5, 1.0, 2.0),) * 2)
    out["grid"] = sampled(grid(images, maps)[0])
    out["defaults"] = sampled(anchor_utils.DefaultBoxGenerator(
        [[2], [2, 3]], scales=[0.07, 0.6, 1.05], steps=[8, 16])(images, maps)[0])
    out["scaled"] = sampled(anchor_utils.DefaultBoxGenerator([[2, 3]] * 2, min_ratio=0.2, max_ratio=0.95)(images, maps)[0])
    iou = torchvision.ops.box_iou(boxes("object", 5, 100), boxes("anchor", 60, 100))
    out["match"] = {"rescued": _utils.Matcher(0.5, 0.4, True)(iou).tolist(),
                    "plain": _utils.Matcher(0.5, 0.3, False)(iou).tolist(), "ssd": _utils.SSDMatcher(0.5)(iou).tolist()}
    logits = (noise("logits", (40,)) * 8).float().requires_grad_()
    target = (noise("target", (40,)) > 0).float()
    loss = torchvision.ops.sigmoid_focal_loss(logits, target)
    loss.sum().backward()
    out["focal"] = {"target": target.tolist(), "value": rounded(loss.detach()), "gradient": rounded(logits.grad)}
    out["align"] = [aligned(*case) for case in ((2, False), (2, True), (0, False), (0, True), (3, True))]
    pyramid = {str(i): noise("map%d" % i, (2, 3, 64 >> i, 48 >> i)).float().requires_grad_() for i in range(4)}
    pooler = MultiScaleRoIAlign(["0", "1", "2", "3"], 3, 2)
    found = pooler(pyramid, [boxes("few", 6, 256), boxes("many", 8, 700)], [(256, 192)] * 2)
    (found * noise("upper", found.shape).float()).sum().backward()
    out["pooler"] = {"value": sampled(found.detach()), "gradients": [sampled(m.grad) for m in pyramid.values()]}
    return out


def aligned(samples, half):
    m = noise("features", (2, 3, 13, 17)).float().requires_grad_()
    regions = torch.cat([torch.tensor([0.0, 1, 1, 0, 1])[:, None], boxes("region", 5, 70) - 6], 1)
    found = roi_align(m, regions, (3, 4), 0.25, samples, half)
    (found * noise("upper", found.shape).float()).sum().backward()
    return {"samples": samples, "half": half, "value": rounded(found.detach()), "gradient": sampled(m.grad)}


def sampled(t, most=120):
    """Every so many-th value, a step without factors, and the mean of all magnitudes."""
    flat = t.detach().flatten()
    step = max(1, flat.numel() // most) | 1
    return {"shape": list(t.shape), "step": step, "values": rounded(flat[::step]), "mean": float(flat.abs().mean())}


def frozen_resnet(eps, **fpn):
    backbone = resnet50(norm_layer=FrozenBatchNorm2d)
    body = backbone_utils._resnet_fpn_extractor(backbone, 5, **fpn)
    _utils.overwrite_eps(body, eps)
    return body


def p6p7():
    return {"returned_layers": [2, 3, 4], "extra_blocks": torchvision.ops.feature_pyramid_network.LastLevelP6P7(256, 256)}


def mobile(**options):
    backbone = backbone_utils._mobilenet_extractor(mobilenet_v3_large(norm_layer=FrozenBatchNorm2d), True, 6)
    grid = anchor_utils.AnchorGenerator(((32, 64, 128, 256, 512),) * 3, ((0.5, 1.0, 2.0),) * 3)
    return detection.FasterRCNN(backbone, CLASSES + 1, rpn_anchor_generator=grid, rpn_score_thresh=0.05, **options)


ALL = {"rpn_batch_size_per_image": 100000, "rpn_positive_fraction": 0.5, "box_batch_size_per_image": 100000,
       "box_positive_fraction": 0.5}
PLAIN = {"weights": None, "weights_backbone": None}
NETS = {
    "fasterrcnn_resnet50_fpn": lambda: detection.FasterRCNN(frozen_resnet(0.0), CLASSES + 1, **ALL),
    "fasterrcnn_resnet50_fpn_v2": lambda: detection.fasterrcnn_resnet50_fpn_v2(num_classes=CLASSES + 1, **PLAIN, **ALL),
    "fasterrcnn_mobilenet_v3_large_fpn": lambda: mobile(**ALL),
    "fasterrcnn_mobilenet_v3_large_320_fpn": lambda: mobile(rpn_pre_nms_top_n_test=150, rpn_post_nms_top_n_test=150, **ALL),
    "maskrcnn_resnet50_fpn": lambda: detection.MaskRCNN(frozen_resnet(0.0), CLASSES + 1, **ALL),
    "maskrcnn_resnet50_fpn_v2": lambda: detection.maskrcnn_resnet50_fpn_v2(num_classes=CLASSES + 1, **PLAIN, **ALL),
    "keypointrcnn_resnet50_fpn": lambda: detection.KeypointRCNN(frozen_resnet(0.0), CLASSES + 1, **ALL),
    "retinanet_resnet50_fpn": lambda: detection.RetinaNet(frozen_resnet(0.0, **p6p7()), CLASSES + 1),
    "retinanet_resnet50_fpn_v2": lambda: detection.retinanet_resnet50_fpn_v2(num_classes=CLASSES + 1, **PLAIN),
    "fcos_resnet50_fpn": lambda: detection.FCOS(frozen_resnet(1e-5, **p6p7()), CLASSES + 1),
    "ssd300_vgg16": lambda: detection.ssd300_vgg16(num_classes=CLASSES + 1, **PLAIN),
    "ssdlite320_mobilenet_v3_large": lambda: detection.ssdlite320_mobilenet_v3_large(num_classes=CLASSES + 1, **PLAIN),
}


def answer(found):
    row = {"boxes": rounded(found["boxes"]), "labels": (found["labels"] - 1).tolist(), "scores": rounded(found["scores"])}
    if "masks" in found:
        masks = roi_heads.paste_masks_in_image(found["masks"], found["boxes"], (SIDE, SIDE))[:, 0] > 0.5
        row["rows"] = [digits(m.sum(1)) for m in masks]
        row["columns"] = [digits(m.sum(0)) for m in masks]
    if "keypoints" in found:
        row["keypoints"] = rounded(torch.cat([found["keypoints"][:, :, :2], found["keypoints_scores"][:, :, None]], 2))
    return row


def digits(counts):
    """Two letters a count, from 0 to 255."""
    return "".join("%02x" % int(c) for c in counts)


def targets(name):
    masks = torch.zeros(3, SIDE, SIDE, dtype=torch.uint8)
    for i, b in enumerate(BOXES):
        masks[i, int(b[1]):int(b[3]), int(b[0]):int((b[0] + b[2]) / 2)] = 1
    points = uniform("points", 0, 1, 3, 17, 3)
    points[:, :, 0] = BOXES[:, None, 0] + points[:, :, 0] * (BOXES[:, None, 2] - BOXES[:, None, 0])
    points[:, :, 1] = BOXES[:, None, 1] + points[:, :, 1] * (BOXES[:, None, 3] - BOXES[:, None, 1])
    points[:, :, 2] = (points[:, :, 2] > 0.2).float()
    where = [slice(0, 2), slice(2, 3)]
    return [{"boxes": BOXES[w], "labels": l, "masks": masks[w], "keypoints": points[w]} for w, l in zip(where, LABELS)]


def two_stages(net, x, images, row):
    features = net.backbone(x)
    logits, deltas = net.rpn.head(list(features.values()))
    row["raw"] = {"logits": sampled(torch.cat([t.permute(0, 2, 3, 1).flatten(1) for t in logits], 1)),
                  "deltas": sampled(torch.cat([t.permute(0, 2, 3, 1).flatten(1) for t in deltas], 1))}
    proposals, _ = net.rpn(images, features)
    row["proposals"] = [sampled(p[:40]) for p in proposals]
    row["counts"] = [len(p) for p in proposals]
    found, _ = net.roi_heads(features, proposals, images.image_sizes)
    return found


def one_stage(net, x, images, row):
    features = list(net.backbone(x).values())
    outputs = net.head(features)
    row["raw"] = {"logits": sampled(outputs["cls_logits"]), "deltas": sampled(outputs["bbox_regression"])}
    anchors = net.anchor_generator(images, features)
    if isinstance(net, detection.ssd.SSD):
        return net.postprocess_detections(outputs, anchors, images.image_sizes)
    outputs["cls_logits"][:, :, 0] = -100  # the background is no answer
    counts = [f.size(2) * f.size(3) * outputs["cls_logits"].size(1) // sum(g.size(2) * g.size(3) for g in features)
              for f in features]
    split = {k: list(v.split(counts, dim=1)) for k, v in outputs.items()}
    return net.postprocess_detections(split, [list(a.split(counts)) for a in anchors], images.image_sizes)


def losses(net, x, images, name):
    truth = targets(name)
    features = net.backbone(x)
    if hasattr(net, "rpn"):
        proposals, first = net.rpn(images, features, truth)
        _, second = net.roi_heads(features, proposals, images.image_sizes, truth)
        return {**first, **second}
    features = list(features.values())
    outputs = net.head(features)
    anchors = net.anchor_generator(images, features)
    if isinstance(net, detection.FCOS):
        return net.compute_loss(truth, outputs, anchors, [f.size(2) * f.size(3) for f in features])
    if isinstance(net, detection.RetinaNet):
        return net.compute_loss(truth, outputs, anchors)
    matched = [net.proposal_matcher(torchvision.ops.box_iou(t["boxes"], a)) for t, a in zip(truth, anchors)]
    return net.compute_loss(truth, outputs, anchors, matched)


def still(net):
    """Norms as in evaluation: of a few values those of training amplify rounding."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def golden(name):
    net = NETS[name]()
    state = kept(net)
    for n, t in state.items():
        t.copy_(scaled(n, t.shape).to(t.dtype))
    lines = "".join(sorted("%s %s\n" % (n, "x".join(map(str, t.shape))) for n, t in state.items()))
    row = {"tensors": len(state), "digest": hashlib.sha256(lines.encode()).hexdigest()}
    side = SIDES.get(name, SIDE)
    row["side"] = side
    x = noise("image", (2, 3, side, side)).float()
    images = ImageList(x, [(side, side)] * 2)
    net.eval()
    with torch.no_grad():
        for m in (net, getattr(net, "roi_heads", net)):
            m.detections_per_img = 8
        found = (two_stages if hasattr(net, "rpn") else one_stage)(net, x, images, row)
        row["found"] = [answer(f) for f in found]
    net.train()
    still(net)
    values = losses(net, x, images, name)
    row["losses"] = {k: float("%.7g" % v.item()) for k, v in values.items()}
    sum(values.values()).backward()
    gradients = {n: p.grad for n, p in net.named_parameters() if p.grad is not None}
    row["gradients"] = {n: float("%.7g" % gradients[n].norm().item()) for n in sorted(gradients)[:: max(1, len(gradients) // 12)]}
    return row


def scaled(name, shape):
    """As in zoo.py, with outputs of the heads so small that exponentials do not run away."""
    last = ("cls_logits", "bbox_reg", "bbox_pred", "cls_score", "bbox_ctrness", "module_list", "mask_fcn_logits",
            "kps_score_lowres")
    factor = 0.2 if any(part in name.split(".") for part in last) else 1
    return value(name, shape) * factor


def write(folder, name, rows):
    text = "{" + ",\n".join("%s: %s" % (json.dumps(n), json.dumps(r, separators=(",", ":"))) for n, r in rows.items()) + "}\n"
    open(folder + "/" + name, "w").write(text)
    print(name, len(text), file=sys.stderr)


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = sys.argv[1]
    write(folder, "detect.json", parts())
    for initializer in FILLED:
        setattr(nn.init, initializer, lambda tensor, *args, **kwargs: tensor)  # all is filled anyway
    for name in sys.argv[2:] or NETS:
        row = {"torch": torch.__version__, "torchvision": torchvision.__version__, **golden(name)}
        print(row["losses"], [len(f["labels"]) for f in row["found"]], file=sys.stderr)
        write(folder, "detectors/%s.json" % name, row)
