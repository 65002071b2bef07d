"""Golden images and resized values from Pillow: python3 images.py FOLDER (made with Pillow 9.4.0)."""
import json
import pathlib
import sys

import numpy
from PIL import Image

out = pathlib.Path(sys.argv[1])


def wave(height, width):
    i = numpy.arange(height * width * 3)
    return ((i * 37 + (i // 7) * 11) % 256).astype(numpy.uint8).reshape(height, width, 3)


def values(image):
    return numpy.asarray(image).flatten().tolist()


cases = []
for h, w, nh, nw in [(13, 17, 5, 6), (6, 5, 13, 9), (20, 10, 7, 10)]:
    for name, kernel in (("BILINEAR", Image.BILINEAR), ("BICUBIC", Image.BICUBIC)):
        resized = Image.fromarray(wave(h, w)).resize((nw, nh), kernel)
        cases.append(dict(h=h, w=w, nh=nh, nw=nw, filter=name, values=values(resized)))
grey = Image.fromarray(wave(4, 4)).convert("L")
cases.append(dict(h=4, w=4, nh=4, nw=4, filter="GRAY", values=values(grey)))
(out / "resize.json").write_text(json.dumps(cases))

image = Image.fromarray(wave(8, 12)).resize((24, 16), Image.BICUBIC)
image.convert("CMYK").save(out / "cmyk.jpg", quality=95)
exif = image.getexif()
exif[0x112] = 6
image.save(out / "orientation6.jpg", quality=95, exif=exif)
(out / "image.json").write_text(json.dumps(dict(rgb=values(image))))
image.convert("P", palette=Image.ADAPTIVE, colors=256).save(out / "palette.png")
alpha = numpy.dstack([numpy.asarray(image), numpy.zeros((16, 24), numpy.uint8)])
alpha[:, :12, 3] = 255
Image.fromarray(alpha, "RGBA").save(out / "alpha.png")
Image.fromarray(numpy.asarray(image.convert("L")).astype(numpy.uint16) * 257).save(out / "grey16.png")
image.convert("L").save(out / "grey.png")
(out / "grey.json").write_text(json.dumps(values(image.convert("L"))))
