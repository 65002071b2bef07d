"""Golden values of SimilarityTest: SSIM by scikit-image, MS-SSIM by its definition on top of SciPy.

The definition is that of Wang, Simoncelli and Bovik 2003, equation 7, with its exponents: contrast and structure of the
first four scales, all three terms of the fifth; of colour images for each channel, then the mean. Run with Debian's
python3-skimage: python3 similarity.py
"""
import numpy as np
from scipy.ndimage import convolve1d
from skimage.metrics import structural_similarity

EXPONENTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]


def wave(phase, height, width):
    i = np.arange(height * width)
    return (0.5 + 0.45 * np.sin(0.37 * i + phase) * np.cos(0.011 * i)).reshape(height, width)


def pair(phase, damage, height, width):
    a = wave(phase, height, width)
    ripple = np.sin(1.7 * np.arange(height * width)).reshape(height, width)
    return a, np.clip(0.9 * a + 0.05 + damage * ripple, 0, 1)


def colours(height, width):
    """Channels damaged by different amounts, (H, W, 3)."""
    pairs = [pair(channel, 0.04 + 0.1 * channel, height, width) for channel in range(3)]
    return [np.stack([p[k] for p in pairs], axis=2) for k in range(2)]


def ssim(a, b):
    return structural_similarity(
        a, b, data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
        channel_axis=2 if a.ndim == 3 else None)


def smooth(x):
    window = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    window /= window.sum()
    return convolve1d(convolve1d(x, window, axis=0), window, axis=1)[5:-5, 5:-5]


def terms(x, y):
    mx, my = smooth(x), smooth(y)
    vx, vy, c = smooth(x * x) - mx * mx, smooth(y * y) - my * my, smooth(x * y) - mx * my
    luminance = (2 * mx * my + 0.01**2) / (mx * mx + my * my + 0.01**2)
    structure = (2 * c + 0.03**2) / (vx + vy + 0.03**2)
    return (luminance * structure).mean(), structure.mean()


def halved(x):
    height, width = x.shape
    return x[: height // 2 * 2, : width // 2 * 2].reshape(height // 2, 2, width // 2, 2).mean((1, 3))


def multi_scale(x, y):
    product = 1
    for scale, exponent in enumerate(EXPONENTS):
        whole, structure = terms(x, y)
        product *= max(0, whole if scale == 4 else structure) ** exponent
        x, y = halved(x), halved(y)
    return product


grey = pair(0, 0.04, 24, 31)
assert abs(ssim(*grey) - terms(*grey)[0]) < 1e-9
print("ssim grey 24x31", repr(ssim(*grey)))
print("ssim colour 24x31", repr(ssim(*colours(24, 31))))
print("multi-scale grey 192x200", repr(multi_scale(*pair(0, 0.04, 192, 200))))
print("multi-scale grey 189x201", repr(multi_scale(*pair(0, 0.04, 189, 201))))
a, b = colours(189, 201)
print("multi-scale colour 189x201", repr(np.mean([multi_scale(a[..., k], b[..., k]) for k in range(3)])))
