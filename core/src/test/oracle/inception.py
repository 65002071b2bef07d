"""Golden values of Inception v3 from torchvision: python3 inception.py > ../resources/golden/inception.json

Tensors are filled as in golden.py.
"""
import json
import numpy
import torch
import torchvision


def wave(shape, k, scale):
    count = int(numpy.prod(shape))
    values = scale * numpy.sin(0.37 * numpy.arange(count, dtype=numpy.float64) + k)
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


net = torchvision.models.inception_v3(num_classes=7, aux_logits=False, init_weights=False).double()
for k, p in enumerate(net.parameters()):
    p.data = wave(p.shape, k + 1, 0.7)
net.eval()
values = net(wave((2, 3, 80, 96), 0, 0.5)).detach().flatten().tolist()
print(json.dumps({
    "values": [float("%.9g" % v) for v in values],
    "names": [n for n in net.state_dict() if "num_batches" not in n],
}))
