"""Golden values of SequencesTest: packed recurrent networks, a transformer encoder layer with padding, video ResNets."""
import json, numpy as np, torch, torchvision
def wave(k, scale, *shape):
    n = int(np.prod(shape)); return torch.tensor(scale * np.sin(0.37 * np.arange(n) + k), dtype=torch.float64).reshape(shape)
def fill(net, scale):
    with torch.no_grad():
        for k, p in enumerate(net.parameters()): p.copy_(wave(k + 1, scale, *p.shape))
out = {"torch": torch.__version__, "packed": []}
lengths = [2, 5, 3]
for kind, cls in [("RNN", torch.nn.RNN), ("LSTM", torch.nn.LSTM), ("GRU", torch.nn.GRU)]:
    net = cls(3, 4, 2, batch_first=True, bidirectional=True).double(); fill(net, 0.5)
    x = wave(0, 0.5, 3, 5, 3)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    y, state = net(packed)
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True)
    state = state[0] if kind == "LSTM" else state
    out["packed"].append(dict(cell=kind, values=y.flatten().tolist(), state=state.flatten().tolist()))
layer = torch.nn.TransformerEncoderLayer(8, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True).double().train()
order = ["norm1.weight", "norm1.bias", "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight",
         "self_attn.out_proj.bias", "norm2.weight", "norm2.bias", "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"]
named = dict(layer.named_parameters())
with torch.no_grad():
    for k, n in enumerate(order): named[n].copy_(wave(k + 1, 0.3, *named[n].shape))
x = wave(0, 0.5, 2, 4, 8).requires_grad_(True)
y = layer(x, src_key_padding_mask=torch.tensor([[False, False, False, True], [False, False, False, False]]))
(y * wave(9, 0.5, *y.shape)).sum().backward()
out["encoder"] = dict(values=y.flatten().tolist(), gradient=x.grad.flatten().tolist())
out["video"] = []
for name, make in [("r3d18", torchvision.models.video.r3d_18), ("r2plus1d18", torchvision.models.video.r2plus1d_18)]:
    net = make(num_classes=7).double(); fill(net, 0.05); net.eval()
    with torch.no_grad(): y = net(wave(0, 0.5, 1, 3, 4, 32, 32))
    full = make(num_classes=400)
    out["video"].append(dict(name=name, names=[n for n in net.state_dict() if not n.endswith("num_batches_tracked")],
                             values=y.flatten().tolist(), parameters=sum(p.numel() for p in full.parameters())))
json.dump(out, open("sequences.json", "w"))
