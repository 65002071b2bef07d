"""Whether timm itself gives the golden values that papers.py made: python3 timm_parity.py [FOLDER OF TIMM]

Needs timm, from a folder where it is not installed; 1.0.29 runs on torch 1.13. Prints a line for each network.
"""
import hashlib
import json
import pathlib
import sys
if len(sys.argv) > 1:
    sys.path.insert(0, sys.argv[1])
import torch
from timm.models.convnext import ConvNeXt
from timm.models.deit import VisionTransformerDistilled
from timm.models.vision_transformer import VisionTransformer
from zoo import noise, value

SIDE = 32
VIT = dict(img_size=SIDE, patch_size=8, embed_dim=24, depth=3, num_heads=3, mlp_ratio=40 / 24, num_classes=5)
MODELS = {"vit_tiny_patch16_224": VisionTransformer(**VIT),
          "deit_tiny_distilled_patch16_224": VisionTransformerDistilled(**VIT),
          "vit_small_patch14_dinov2": VisionTransformer(**VIT, init_values=1e-5),
          "convnextv2_atto": ConvNeXt(depths=(1, 1, 2, 1), dims=(8, 12, 16, 24), num_classes=5, use_grn=True,
                                      ls_init_value=None)}
golden = json.loads((pathlib.Path(__file__).parent.parent / "resources/golden/timm.json").read_text())
failed = False
for name, net in MODELS.items():
    wanted = next(v for k, v in golden.items() if k.split()[0] == name)
    state = net.state_dict()
    for n, t in state.items():
        t.copy_(value(n, t.shape).to(t.dtype))
    lines = "".join("%s %s\n" % (n, "x".join(map(str, t.shape))) for n, t in state.items())
    same = hashlib.sha256(lines.encode()).hexdigest() == wanted["digest"]
    with torch.no_grad():
        out = net.eval()(noise("image", (2, 3, SIDE, SIDE)).float())
    off = (out - torch.tensor(wanted["eval"]).reshape(out.shape)).abs().max().item()
    failed |= not same or off > 1e-5
    print("%-34s names and order %s, off by %.1e" % (name, "the same" if same else "DIFFER", off))
sys.exit(failed)
