"""Golden values of found objects: python3 detection.py ../resources/golden writes detect-{boxes,masks,keypoints}.json.

COCO's figures, and who is matched with whom at an IoU of 0.5, are pycocotools' own (2.0.11 from PyPI, with numpy 2.4).
What is built on the matches (F1 by confidence, TIDE's errors) and what needs other ones (VOC, confusion) is worked out here
from the definitions, in the slowest and plainest way, with fractions where a comparison may be exact. -1 stands for a
figure of which nothing is true.
"""
import contextlib
import io
import json
import pathlib
import random
import sys
from fractions import Fraction

import numpy as np
from pycocotools import mask as rle
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CONFIDENCE = 0.3


# ---- cases: a truth is (box, label, ignore, area or -1), a detection (box, label, score); boxes are left, top, right, bottom

def image(truth=(), found=(), **more):
    return {"truth": [list(t) for t in truth], "found": [list(f) for f in found], **more}


def true(left, top, right, bottom, label=0, ignore=0, area=-1):
    return [left, top, right, bottom, label, ignore, area]


def found(left, top, right, bottom, score, label=0):
    return [left, top, right, bottom, label, score]


def fixed_boxes():
    yield "ties of scores and of IoU", 2, [
        image([true(0, 0, 20, 10), true(10, 0, 30, 10)],
              [found(5, 0, 25, 10, 0.5), found(0, 0, 20, 10, 0.5), found(40, 0, 50, 10, 0.5)]),
        image([true(0, 0, 20, 10), true(0, 0, 20, 10, 1)],
              [found(40, 0, 60, 10, 0.5), found(0, 0, 20, 10, 0.5), found(0, 0, 20, 10, 0.5, 1)]),
        image([true(0, 0, 40, 40), true(0, 0, 40, 40)],
              [found(0, 0, 40, 30, 0.9), found(0, 0, 40, 40, 0.9), found(0, 0, 30, 40, 0.5)])]
    yield "ties of IoU with objects outside the range of areas", 1, [
        image([true(0, 0, 20, 10, 0, 0, 5000), true(10, 0, 30, 10, 0, 0, 5000), true(100, 0, 110, 10)],
              [found(5, 0, 25, 10, 0.9), found(0, 0, 20, 10, 0.8), found(100, 0, 110, 10, 0.1)])]
    yield "IoU exactly at thresholds", 1, [
        image([true(0, 0, 100, 100)], [found(0, 0, width, 100, 0.9 - width / 1000)])
        for width in (10, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100)]
    yield "crowds", 2, [
        image([true(0, 0, 100, 100, 0, 1), true(50, 0, 150, 100, 0, 1), true(60, 20, 90, 80)],
              [found(60, 20, 90, 80, 0.9), found(60, 20, 90, 80, 0.8), found(10, 10, 40, 40, 0.7),
               found(140, 0, 160, 20, 0.65), found(145, 0, 165, 20, 0.6), found(55, 20, 90, 80, 0.5, 1)]),
        image([true(0, 0, 50, 50, 1, 1), true(0, 0, 50, 50, 1)],
              [found(0, 0, 50, 50, 0.4, 1), found(0, 0, 50, 40, 0.3, 1), found(0, 0, 50, 25, 0.95, 1)]),
        image([true(0, 0, 50, 50, 0, 1)], [found(0, 0, 20, 20, 0.99), found(60, 0, 80, 20, 0.2)])]
    yield "areas at the ends of their ranges", 1, [
        image([true(0, 0, 32, 32), true(100, 0, 196, 96), true(0, 200, 32, 232, 0, 0, 1024.5),
               true(100, 200, 196, 296, 0, 0, 9216.5), true(300, 0, 331.5, 32), true(300, 100, 396.5, 196)],
              [found(0, 0, 32, 32, 0.9), found(100, 0, 196, 96, 0.8), found(0, 200, 32, 232, 0.7),
               found(100, 200, 196, 296, 0.6), found(300, 0, 331.5, 32, 0.5), found(300, 100, 396.5, 196, 0.4),
               found(400, 0, 432, 32, 0.95), found(400, 100, 496, 196, 0.85), found(500, 0, 510, 10, 0.99)])]
    many = [found(300 + 5 * i, 0, 304 + 5 * i, 4, (130 - i) / 200) for i in range(130)]
    for rank, left in ((0, 0), (9, 50), (10, 100), (60, 150), (99, 200), (100, 250)):
        many[rank][0:4] = left, 0, left + 40, 40
    yield "more than 100 detections", 1, [
        image([true(left, 0, left + 40, 40) for left in (0, 50, 100, 150, 200, 250)], many),
        image([true(0, 0, 40, 40)], [found(0, 0, 40, 40, 0.001)])]
    yield "images without truth, without detections, and without both", 2, [
        image([], [found(0, 0, 10, 10, 0.9), found(0, 0, 10, 10, 0.1, 1)]),
        image([true(0, 0, 10, 10), true(0, 0, 10, 10, 1)]),
        image(),
        image([true(0, 0, 10, 10), true(20, 0, 30, 10, 1)], [found(0, 0, 10, 10, 0.8), found(21, 0, 31, 10, 0.7, 1)])]
    yield "classes absent on one side or both", 4, [
        image([true(0, 0, 10, 10, 0), true(20, 0, 30, 10, 3)], [found(0, 0, 10, 10, 0.8, 1), found(20, 0, 30, 10, 0.7, 3)])]
    yield "nothing at all", 2, [image(), image()]
    yield "nothing but crowds", 1, [image([true(0, 0, 30, 30, 0, 1)], [found(0, 0, 30, 30, 0.5), found(50, 0, 60, 10, 0.4)])]
    yield "boxes without area", 1, [
        image([true(5, 5, 5, 20), true(0, 0, 10, 10)], [found(5, 5, 5, 20, 0.9), found(0, 0, 10, 10, 0.8), found(3, 3, 3, 3, 0.7)])]
    yield "every kind of error", 3, [
        image([true(0, 0, 100, 100, 0), true(200, 0, 300, 100, 1), true(400, 0, 500, 100, 2), true(600, 0, 700, 100, 0)],
              [found(0, 0, 100, 90, 0.9, 0), found(0, 0, 100, 80, 0.85, 0),     # right, duplicate
               found(200, 0, 300, 90, 0.8, 2), found(200, 0, 300, 95, 0.7, 0),  # two of a wrong class
               found(400, 0, 430, 100, 0.6, 2), found(400, 0, 440, 100, 0.75, 1),  # place, both
               found(900, 0, 950, 50, 0.5, 1)]),                                # background; 600 is missed
        image([true(0, 0, 60, 60, 1), true(0, 0, 60, 60, 2)],
              [found(0, 0, 60, 30, 0.4, 1), found(0, 0, 60, 6, 0.45, 1), found(0, 0, 60, 50, 0.65, 0)])]


def some_boxes(rng, images, classes, side=100):
    """Boxes on a coarse grid, so that ties and exact thresholds happen; scores on one of twentieths."""
    all_images = []
    for _ in range(images):
        truth, finds = [], []
        for _ in range(rng.randint(0, 6)):
            left, top = rng.randrange(0, side, 10), rng.randrange(0, side, 10)
            width, height = rng.choice((10, 20, 32, 40, 96, 120)), rng.choice((10, 20, 32, 40, 96, 120))
            label, ignore = rng.randrange(classes), int(rng.random() < 0.15)
            area = rng.choice((-1, -1, 0.75 * width * height))
            truth.append(true(left, top, left + width, top + height, label, ignore, area))
            for _ in range(rng.randint(0, 3)):
                shift = [rng.choice((0, 0, 0, 2, 5, -5, 10)) for _ in range(4)]
                finds.append(found(left + shift[0], top + shift[1], left + width + max(shift[2], -4), top + height + max(shift[3], -4),
                                   rng.randint(1, 20) / 20, label if rng.random() < 0.8 else rng.randrange(classes)))
        for _ in range(rng.randint(0, 2)):
            left, top = rng.randrange(0, side, 10), rng.randrange(0, side, 10)
            finds.append(found(left, top, left + 20, top + 30, rng.randint(1, 20) / 20, rng.randrange(classes)))
        rng.shuffle(finds)
        all_images.append(image(truth, [f for f in finds if f[2] > f[0] and f[3] > f[1]]))
    return all_images


def boxes():
    yield from fixed_boxes()
    for seed, images, classes in ((1, 12, 3), (2, 25, 5), (3, 40, 2)):
        yield "random %d" % seed, classes, some_boxes(random.Random(seed), images, classes)


def masks():
    """A mask is a list of rectangles (left, top, right, bottom), all of whose pixels belong to it."""
    def rectangles(rng, box):
        left, top, right, bottom = (int(v) for v in box[:4])
        all_rectangles = [[left, top, (left + right) // 2, bottom]]
        if rng.random() < 0.8:
            all_rectangles.append([(left + right) // 2, (2 * top + bottom) // 3, right, bottom])
        return [[max(0, v) for v in r] for r in all_rectangles]

    yield "ties, crowds and an empty mask", 1, [
        image([true(0, 0, 20, 10), true(0, 0, 40, 40, 0, 1), true(10, 0, 30, 10)],
              [found(5, 0, 25, 10, 0.5), found(0, 0, 20, 10, 0.5), found(0, 20, 10, 30, 0.6), found(1, 1, 2, 2, 0.9)],
              truthMasks=[[[0, 0, 20, 10]], [[0, 0, 40, 15], [0, 15, 30, 40]], [[10, 0, 30, 10]]],
              foundMasks=[[[5, 0, 25, 10]], [[0, 0, 20, 10]], [[0, 20, 10, 30]], []])]
    for seed in (11, 12):
        rng = random.Random(seed)
        scenes = some_boxes(rng, 12, 3, 60)
        for scene in scenes:
            for objects in (scene["truth"], scene["found"]):
                for o in objects:
                    o[:4] = [max(0, v) for v in o[:4]]
            scene["truthMasks"] = [rectangles(rng, t) for t in scene["truth"]]
            scene["foundMasks"] = [rectangles(rng, f) for f in scene["found"]]
        yield "random %d" % seed, 3, scenes


COCO_SIGMAS = [v / 1000 for v in (26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89)]


def keypoints():
    for name, seed, sigmas in (("COCO's 17", 21, COCO_SIGMAS), ("4 of our own", 22, [0.05, 0.1, 0.025, 0.2])):
        rng = random.Random(seed)
        scenes = some_boxes(rng, 14, 2, 200)
        for number, scene in enumerate(scenes):
            def near(o, spread):
                return [[round(rng.uniform(o[0], o[2]) + rng.gauss(0, spread), 1),
                         round(rng.uniform(o[1], o[3]) + rng.gauss(0, spread), 1)] for _ in sigmas]
            scene["truthKeypoints"], scene["foundKeypoints"] = [], []
            for i, o in enumerate(scene["truth"]):
                visible = [0 if (number + i) % 5 == 0 else rng.choice((0, 1, 2, 2)) for _ in sigmas]
                scene["truthKeypoints"].append([p + [v] for p, v in zip(near(o, 0), visible)])
            for o in scene["found"]:
                sources = [k for t, k in zip(scene["truth"], scene["truthKeypoints"]) if abs(t[0] - o[0]) <= 10]
                points = [p[:2] for p in rng.choice(sources)] if sources else near(o, 5)
                spread = rng.choice((0.5, 2, 5, 10))
                scene["foundKeypoints"].append([[round(x + rng.gauss(0, spread), 1), round(y + rng.gauss(0, spread), 1), 0]
                                                for x, y in points])
        yield name, 2, scenes, sigmas


# ---- pycocotools

def size_of(images):
    rectangles = [r for i in images for name in ("truthMasks", "foundMasks") for m in i.get(name, []) for r in m]
    return max([1] + [r[3] for r in rectangles]), max([1] + [r[2] for r in rectangles])


def encoded(rectangles, size):
    pixels = np.zeros(size, dtype=np.uint8, order="F")
    for left, top, right, bottom in rectangles:
        pixels[top:bottom, left:right] = 1
    return rle.encode(pixels)


def annotation(number, index, box, label, **more):
    left, top, right, bottom = box
    return {"id": number, "image_id": index + 1, "category_id": label + 1, "iscrowd": 0,
            "bbox": [left, top, right - left, bottom - top], "area": (right - left) * (bottom - top), **more}


def coco_of(classes, images, side):
    size = size_of(images)
    annotations = []
    for index, one in enumerate(images):
        for place, o in enumerate(one[side]):
            more = {"iscrowd": o[5], "ignore": o[5]} if side == "truth" else {"score": o[5]}
            if side + "Masks" in one:
                more["segmentation"] = encoded(one[side + "Masks"][place], size)
                more["area"] = float(rle.area(more["segmentation"]))
            if side + "Keypoints" in one:
                points = one[side + "Keypoints"][place]
                more["keypoints"] = [v for p in points for v in p]
                more["num_keypoints"] = sum(p[2] > 0 for p in points)
                if side == "found":
                    x, y = [p[0] for p in points], [p[1] for p in points]
                    more["area"] = (max(x) - min(x)) * (max(y) - min(y))
            if side == "truth" and o[6] >= 0:
                more["area"] = o[6]
            annotations.append(annotation(len(annotations) + 1, index, o[:4], o[4], **more))
    coco = COCO()
    coco.dataset = {"info": {}, "images": [{"id": i + 1, "height": size[0], "width": size[1]} for i in range(len(images))],
                    "categories": [{"id": c + 1, "name": str(c)} for c in range(classes)], "annotations": annotations}
    coco.createIndex()
    return coco


def evaluated(kind, classes, images, sigmas=None):
    with contextlib.redirect_stdout(io.StringIO()):
        run = COCOeval(coco_of(classes, images, "truth"), coco_of(classes, images, "found"), kind)
        if sigmas:
            run.params.kpt_oks_sigmas = np.array(sigmas)
        run.evaluate()
        run.accumulate()
        run.summarize()
    per_class = []
    for c in range(classes):
        precision, recall = run.eval["precision"][:, :, c, 0, -1], run.eval["recall"][:, c, 0, -1]
        per_class.append([precision.mean(), precision[0].mean(), recall.mean()])
    return run, {"coco": list(run.stats), "cocoPerClass": per_class}


# ---- from the definitions

def area(box, more=0):
    return Fraction(box[2] - box[0] + more) * Fraction(box[3] - box[1] + more)


def intersection(a, b, more=0):
    width = Fraction(min(a[2], b[2]) - max(a[0], b[0]) + more)
    height = Fraction(min(a[3], b[3]) - max(a[1], b[1]) + more)
    return width * height if width > 0 and height > 0 else Fraction(0)


def iou(a, b, more=0):
    both = intersection(a, b, more)
    return both / (area(a, more) + area(b, more) - both) if both else Fraction(0)


def covered(a, crowd):
    return intersection(a, crowd) / area(a) if area(a) else Fraction(0)


def mean(values):
    values = [v for v in values if v != -1]
    return sum(values) / len(values) if values else -1


def points(scored, support):
    """Recall and precision after each of (score, right), by falling score."""
    ranked = sorted(scored, key=lambda s: -s[0])
    hits = np.cumsum([s[1] for s in ranked])
    return [(Fraction(int(h), support), Fraction(int(h), i + 1)) for i, h in enumerate(hits)]


def best_precision(curve, recall):
    return max((p for r, p in curve if r >= recall), default=0)


def voc(classes, images, more):
    eleven, areas = [], []
    for c in range(classes):
        scored, support = [], 0
        for one in images:
            truths = [t for t in one["truth"] if t[4] == c]
            support += sum(not t[5] for t in truths)
            used = set()
            for f in sorted((f for f in one["found"] if f[4] == c), key=lambda f: -f[5]):
                overlaps = [iou(f, t, more) for t in truths]
                best = overlaps.index(max(overlaps)) if overlaps and max(overlaps) >= Fraction(1, 2) else None
                if best is None or not truths[best][5]:
                    scored.append((f[5], best is not None and best not in used))
                used.add(best)
        if not support:
            eleven.append(-1)
            areas.append(-1)
            continue
        curve = points(scored, support)
        eleven.append(float(sum(best_precision(curve, Fraction(i, 10)) for i in range(11)) / 11))
        areas.append(float(sum(best_precision(curve, Fraction(k, support)) for k in range(1, support + 1)) / support))
    return {"elevenPoint": mean(eleven), "area": mean(areas), "perClass": list(zip(eleven, areas))}


def matches(run, classes, images):
    """pycocotools' at an IoU of 0.5: of each class (image, place, score, place of the truth, -1 or None for ignored)."""
    result = [[] for _ in range(classes)]
    first = {}
    for side, coco in (("truth", run.cocoGt), ("found", run.cocoDt)):
        for a in coco.dataset["annotations"]:
            first.setdefault((side, a["image_id"]), a["id"])
    for e in run.evalImgs:
        if e is None or e["aRng"] != run.params.areaRng[0]:
            continue
        for number, score, match, ignore in zip(e["dtIds"], e["dtScores"], e["dtMatches"][0], e["dtIgnore"][0]):
            place = -1 if match == 0 else int(match) - first["truth", e["image_id"]]
            result[e["category_id"] - 1].append(
                (e["image_id"] - 1, number - first["found", e["image_id"]], score, None if ignore else place))
    return result


def supports(classes, images):
    return [sum(t[4] == c and not t[5] for one in images for t in one["truth"]) for c in range(classes)]


def confidence(scored, support):
    """The best F1 and the middle between its score and the next."""
    if not support:
        return [-1, 0.5]
    scores = sorted({s for s, _ in scored}, reverse=True) + [0]
    best = (Fraction(0), 0.5)
    for score, following in zip(scores, scores[1:]):
        kept = [right for s, right in scored if s >= score]
        f1 = Fraction(2 * sum(kept), len(kept) + support)
        if f1 > best[0]:
            best = f1, (score + following) / 2
    return [float(best[0]), best[1]]


def curves(matched, support):
    scored = [[(m[2], m[3] != -1) for m in own if m[3] is not None] for own in matched]
    return {"overall": confidence([s for own in scored for s in own], sum(support)),
            "perClass": [confidence(own, n) for own, n in zip(scored, support)]}


def confusion(classes, images):
    counts = np.zeros((classes + 1, classes + 1), dtype=int)
    for one in images:
        truth, finds = one["truth"], [f for f in one["found"] if f[5] >= CONFIDENCE]
        free_truth, free_found = [t for t in range(len(truth)) if not truth[t][5]], list(range(len(finds)))
        while True:
            pairs = [(-iou(finds[f], truth[t]), finds[f][4] != truth[t][4], -finds[f][5], f, t)
                     for f in free_found for t in free_truth if iou(finds[f], truth[t]) >= Fraction(1, 2)]
            if not pairs:
                break
            f, t = min(pairs)[3:]
            counts[truth[t][4], finds[f][4]] += 1
            free_found.remove(f)
            free_truth.remove(t)
        for t in free_truth:
            counts[truth[t][4], classes] += 1
        for f in free_found:
            if not any(t[5] and t[4] == finds[f][4] and covered(finds[f], t) >= Fraction(1, 2) for t in truth):
                counts[classes, finds[f][4]] += 1
    return counts.tolist()


def average_precision(scored, support, asked):
    """Over classes; scored has (score, right) of each class."""
    all_classes = []
    for own, n, m in zip(scored, support, asked):
        if n and (m or own):
            curve = [(r.numerator / r.denominator, p) for r, p in points(own, m)] if m else []
            all_classes.append(float(sum(best_precision(curve, level) for level in np.linspace(0, 1, 101)) / 101))
    return np.mean(all_classes) if all_classes else 1.0 if sum(support) else -1


def kind_of(f, truth):
    """Kind of error and place of the object that it is about."""
    real = [(iou(f, t), -place) for place, t in enumerate(truth) if not t[5]]
    same = max((p for p in real if truth[-p[1]][4] == f[4]), default=(0, 1))
    other = max((p for p in real if truth[-p[1]][4] != f[4]), default=(0, 1))
    if Fraction(1, 10) <= same[0] < Fraction(1, 2):
        return "LOCALIZATION", -same[1]
    if other[0] >= Fraction(1, 2):
        return "CLASSIFICATION", -other[1]
    if same[0] >= Fraction(1, 2):
        return "DUPLICATE", None
    return ("BACKGROUND" if max(same[0], other[0]) <= Fraction(1, 10) else "BOTH"), None


def tide(matched, support, images):
    classes = len(support)
    used = {(m[0], m[3]) for own in matched for m in own if m[3] not in (None, -1)}
    wrong = [(-m[2], m[0], m[1], c) for c, own in enumerate(matched) for m in own if m[3] == -1]
    repaired, kinds = {}, {}
    settled = set(used)
    for _, index, place, _ in sorted(wrong):
        truth = images[index]["truth"]
        kind, about = kind_of(images[index]["found"][place], truth)
        kinds[index, place] = kind
        if about is not None and (index, about) not in settled:
            settled.add((index, about))
            repaired[index, place] = truth[about][4]
    missed = [sum(t[4] == c and not t[5] and (i, p) not in settled for i, one in enumerate(images)
                  for p, t in enumerate(one["truth"])) for c in range(classes)]
    hits = [sum(m[3] not in (None, -1) for m in own) for own in matched]

    def precision(asked, fixed=lambda kind: False):
        placed = [[] for _ in range(classes)]
        for c, own in enumerate(matched):
            for index, place, score, match in own:
                key = index, place
                if match is None:
                    continue
                if match != -1 or not fixed(kinds[key]):
                    placed[c].append((index, -score, place, (score, match != -1)))
                elif key in repaired and fixed is not everything:
                    placed[repaired[key]].append((index, -score, place, (score, True)))
        return average_precision([[p[3] for p in sorted(own)] for own in placed], support, asked)

    def everything(kind):
        return True

    now = precision(support)
    costs = {}
    for name in ("CLASSIFICATION", "LOCALIZATION", "BOTH", "DUPLICATE", "BACKGROUND"):
        count = sum(k == name for k in kinds.values())
        costs[name] = [count, max(0, precision(support, lambda kind, name=name: kind == name) - now)]
    costs["MISSED"] = [sum(missed), max(0, precision([n - m for n, m in zip(support, missed)]) - now)]
    if now == -1:
        return {"ap50": -1, "costs": {k: [v[0], -1] for k, v in costs.items()}, "falsePositives": -1, "falseNegatives": -1}
    return {"ap50": now, "costs": costs, "falsePositives": precision(support, everything) - now,
            "falseNegatives": precision(hits) - now}


# ---- written

def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return int(value) if value == int(value) else float("%.10g" % value)
    return value


def box_case(name, classes, images):
    run, expected = evaluated("bbox", classes, images)
    matched, support = matches(run, classes, images), supports(classes, images)
    expected.update(voc=voc(classes, images, 0), vocInclusive=voc(classes, images, 1), curves=curves(matched, support),
                    confusion=confusion(classes, images), tide=tide(matched, support, images))
    return {"name": name, "classes": classes, "images": images, "expected": expected}


def main(folder):
    tables = {
        "boxes": [box_case(*case) for case in boxes()],
        "masks": [{"name": n, "classes": c, "size": size_of(i), "images": i, "expected": evaluated("segm", c, i)[1]}
                  for n, c, i in masks()],
        "keypoints": [{"name": n, "classes": c, "sigmas": s, "images": i, "expected": evaluated("keypoints", c, i, s)[1]}
                      for n, c, i, s in keypoints()]}
    for name, cases in tables.items():
        out = {"pycocotools": "2.0.11", "numpy": np.__version__, "confidence": CONFIDENCE, "cases": rounded(cases)}
        pathlib.Path(folder, "detect-%s.json" % name).write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
