"""Golden values of interpolated positions: python3 places.py > ../resources/golden/places.json

As timm resamples them: bicubic, antialiased, the tokens before them left alone.
"""
import json
import torch
import torch.nn.functional as F


def wave(count):
    return torch.sin(torch.arange(count, dtype=torch.float64) * 0.7 + 0.3).float()


def resized(grid, height, width):
    side = int(len(grid) ** 0.5)
    maps = grid.reshape(1, side, side, -1).permute(0, 3, 1, 2)
    maps = F.interpolate(maps, size=(height, width), mode="bicubic", antialias=True, align_corners=False)
    return maps.permute(0, 2, 3, 1).reshape(height * width, -1)


positions = wave(65 * 3).reshape(65, 3)
table = wave(49 * 2).reshape(49, 2)
out = {"positions6x3": torch.cat([positions[:1], resized(positions[1:], 6, 3)]),
       "positions10x12": torch.cat([positions[:1], resized(positions[1:], 10, 12)]),
       "table11": resized(table, 11, 11)}
print(json.dumps({name: [float("%.7g" % v) for v in t.flatten().tolist()] for name, t in out.items()}))
