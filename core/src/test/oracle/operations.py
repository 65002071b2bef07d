"""What torchvision (0.14, PIL) makes of a small image by each operation of its policies: golden/operations.csv.

Run: /usr/bin/python3 operations.py > ../resources/golden/operations.csv
"""
import numpy as np
import torchvision
from PIL import Image, __version__
from torchvision.transforms import InterpolationMode
from torchvision.transforms.autoaugment import _apply_op

W, H = 12, 10


def image(channels):
    y, x, c = np.mgrid[0:H, 0:W, 0:channels]
    values = (40 + 13 * x + 7 * y + 31 * c + x * y * (c + 1)) % 211 + 20
    return Image.fromarray(values.astype(np.uint8).squeeze(), "RGB" if channels == 3 else "L")


CASES = [
    ("ShearX", [0.3, -0.21, 0.99]), ("ShearY", [0.3, -0.21, 0.99]), ("TranslateX", [3.7, -5.0]),
    ("TranslateY", [3.7, -5.0]), ("Rotate", [30.0, -13.0, 120.0]), ("Brightness", [0.9, -0.63, 0.27, -0.99]),
    ("Color", [0.9, -0.63, 0.27, -0.99]), ("Contrast", [0.9, -0.63, 0.27, -0.99]),
    ("Sharpness", [0.9, -0.63, 0.27, -0.99]), ("Posterize", [4, 7, 2, 8]), ("Solarize", [255.0, 128.0, 110.5, 0.0]),
    ("AutoContrast", [0.0]), ("Equalize", [0.0]), ("Invert", [0.0]), ("Identity", [0.0]),
]

print("# torchvision %s, pillow %s" % (torchvision.__version__, __version__))
print("operation,magnitude,channels,filter,pixels")
for name, magnitudes in CASES:
    moves = name.startswith(("Shear", "Translate", "Rotate"))
    for m in magnitudes:
        for channels in (3, 1) if m is magnitudes[0] else (3,):
            for mode in (InterpolationMode.NEAREST, InterpolationMode.BILINEAR) if moves else (InterpolationMode.NEAREST,):
                out = _apply_op(image(channels), name, m, mode, None)
                print("%s,%s,%d,%s,%s" % (name, m, channels, mode.value, np.array(out).tobytes().hex()))
