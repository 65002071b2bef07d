"""Milliseconds of torchvision's NMS and RoIAlign (forward and backward) on what DetectionBenchmark measures."""
import os
import statistics
import time

import torch
import torchvision

SIDE, STRIDE, CHANNELS = 800, 16, 256


def boxes(count):
    sides = torch.empty(count, 2).uniform_(10, 200)
    corners = torch.rand(count, 2) * (SIDE - sides)
    return torch.cat([corners, corners + sides], 1)


def median_ms(what, times=30):
    for _ in range(5):
        what()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)


torch.set_num_threads(os.cpu_count())
torch.manual_seed(0)
many, scores, regions = boxes(10_000), torch.rand(10_000), [boxes(1000)]
features = torch.rand(1, CHANNELS, SIDE // STRIDE, SIDE // STRIDE, requires_grad=True)


def roi_align():
    features.grad = None
    torchvision.ops.roi_align(features, regions, 7, 1 / STRIDE, 2).sum().backward()


print("nms      %.2f ms" % median_ms(lambda: torchvision.ops.nms(many, scores, 0.5)))
print("roiAlign %.2f ms" % median_ms(roi_align))
