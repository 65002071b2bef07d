"""What numpy, scipy, Pillow and ImageMagick make of an image by the corruptions that draw nothing, and statistics of the
clouds of fog: golden/corruptions.csv.

Run: /usr/bin/python3 corruptions.py > ../resources/golden/corruptions.csv
Of the larger image every 37th value is kept.
"""
import io
import os
import subprocess
import tempfile

import numpy as np
import scipy
import scipy.ndimage as nd
from PIL import Image, __version__


def image(side):
    y, x, c = np.mgrid[0:side, 0:side, 0:3]
    values = (40 + 13 * x + 7 * y + 31 * c + x * y * (c + 1)) % 211 + 20
    return values.astype(np.uint8)


def rounded(x):
    return np.floor(np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)


def gauss1(size, sigma):
    k = np.exp(-(np.arange(size) - size // 2) ** 2 / (2 * sigma ** 2))
    return k / k.sum()


def defocus(a, radius, alias):
    reach, ksize = (8, 3) if radius <= 8 else (int(radius), 5)
    l = np.arange(-reach, reach + 1)
    xx, yy = np.meshgrid(l, l)
    disk = ((xx ** 2 + yy ** 2) <= radius ** 2).astype(float)
    disk /= disk.sum()
    g = gauss1(ksize, alias)
    disk = nd.correlate1d(nd.correlate1d(disk, g, axis=0, mode="mirror"), g, axis=1, mode="mirror")
    return rounded(np.stack([nd.correlate(a[:, :, d] / 255.0, disk, mode="mirror") for d in range(3)], 2))


def clipped_zoom(a, z):
    h = a.shape[0]
    ch = int(np.ceil(h / z))
    top = (h - ch) // 2
    a = nd.zoom(a[top:top + ch, top:top + ch], (z, z, 1), order=1)
    trim = (a.shape[0] - h) // 2
    return a[trim:trim + h, trim:trim + h]


def zoom(a, stop, step):
    x = a / 255.0
    factors = np.arange(1, stop, step)
    return rounded((x + sum(clipped_zoom(x, z) for z in factors)) / (len(factors) + 1))


def brightness(a, c):
    hsv = np.array([[__import__("colorsys").rgb_to_hsv(*p) for p in row] for row in a / 255.0])
    hsv[:, :, 2] = np.clip(hsv[:, :, 2] + c, 0, 1)
    return rounded(np.array([[__import__("colorsys").hsv_to_rgb(*p) for p in row] for row in hsv]))


def contrast(a, c):
    x = a / 255.0
    m = x.mean(axis=(0, 1), keepdims=True)
    return rounded((x - m) * c + m)


def pixelate(a, c):
    s = a.shape[0]
    small = Image.fromarray(a).resize((int(s * c), int(s * c)), Image.BOX)
    return np.array(small.resize((s, s), Image.BOX))


def jpeg(a, q):
    out = io.BytesIO()
    Image.fromarray(a).save(out, "JPEG", quality=q)
    return np.array(Image.open(out))


def motion(a, radius, sigma, angle):
    with tempfile.TemporaryDirectory() as folder:
        one, two = os.path.join(folder, "a.png"), os.path.join(folder, "b.png")
        Image.fromarray(a).save(one)
        subprocess.run(["/usr/bin/convert", one, "-motion-blur", "%gx%g%+g" % (radius, sigma, angle), two], check=True)
        return np.array(Image.open(two).convert("RGB"))


def clouds(decay, side, rng):
    """A map as fog has it: the amplitude stands before the random numbers and within them, and so counts twice."""
    height = np.zeros((side, side))
    step, amplitude = side, 100.0
    while step >= 2:
        half = step // 2
        draw = lambda shape: amplitude * rng.uniform(-amplitude, amplitude, shape)
        ends = height[::step, ::step]
        ends = ends + np.roll(ends, -1, 0)
        ends = ends + np.roll(ends, -1, 1)
        height[half::step, half::step] = ends / 4 + draw(ends.shape)
        corner, middle = height[::step, ::step], height[half::step, half::step]
        for axis in (0, 1):
            around = middle + np.roll(middle, 1, axis) + corner + np.roll(corner, -1, 1 - axis)
            place = (slice(0, None, step), slice(half, None, step))
            height[place if axis == 0 else place[::-1]] = around / 4 + draw(around.shape)
        step, amplitude = half, amplitude / decay
    height -= height.min()
    return height / height.max()


def statistics(decay, side):
    """Means over 400 maps: value, deviation within a map, distance of neighbours in a row."""
    rng = np.random.default_rng(1)
    maps = [clouds(decay, side, rng) for _ in range(400)]
    return (np.mean([m.mean() for m in maps]), np.mean([m.std() for m in maps]),
            np.mean([np.abs(np.diff(m, axis=1)).mean() for m in maps]))


SMALL = [("defocus_blur", defocus, {1: (0.3, 0.4), 4: (1, 0.2), 5: (1.5, 0.1)}),
         ("zoom_blur", zoom, {1: (1.06, 0.01), 5: (1.26, 0.01)}), ("brightness", brightness, {1: (0.05,), 5: (0.3,)}),
         ("contrast", contrast, {1: (0.75,), 5: (0.15,)}), ("pixelate", pixelate, {1: (0.95,), 5: (0.65,)}),
         ("jpeg_compression", jpeg, {1: (80,), 5: (40,)})]
LARGE = [("defocus_blur", defocus, {1: (3, 0.1), 4: (8, 0.5), 5: (10, 0.5)}),
         ("zoom_blur", zoom, {1: (1.11, 0.01), 5: (1.31, 0.03)}), ("brightness", brightness, {2: (0.2,), 5: (0.5,)}),
         ("contrast", contrast, {1: (0.4,), 5: (0.05,)}), ("pixelate", pixelate, {1: (0.6,), 5: (0.25,)}),
         ("jpeg_compression", jpeg, {1: (25,), 5: (7,)})]

print("# numpy %s, scipy %s, pillow %s, ImageMagick 6.9.11" % (np.__version__, scipy.__version__, __version__))
print("kind,severity,side,values")
for side, table in ((16, SMALL), (70, LARGE)):
    for kind, make, severities in table:
        for severity, parameters in severities.items():
            out = make(image(side), *parameters).tobytes()
            print("%s,%d,%d,%s" % (kind, severity, side, (out if side == 16 else out[::37]).hex()))
for radius, sigma, angle in ((6, 1, 30), (9, 2.5, -45), (10, 3, -100)):
    print("motion,%g %g %g,16,%s" % (radius, sigma, angle, motion(image(16), radius, sigma, angle).tobytes().hex()))
for decay, side in ((3, 32), (1.75, 32), (2, 256), (1.4, 256)):
    print("clouds,%g,%d,%.4f %.4f %.4f" % ((decay, side) + statistics(decay, side)))
