"""Golden values of RecurrentTest: PyTorch's RNN, LSTM and GRU with weights of the formula."""
import json, numpy as np, torch
def wave(k,scale,*shape):
    n=int(np.prod(shape)); return torch.tensor(scale*np.sin(0.37*np.arange(n)+k),dtype=torch.float64).reshape(shape)
out=[]
for kind,cls in [("RNN",torch.nn.RNN),("LSTM",torch.nn.LSTM),("GRU",torch.nn.GRU)]:
    for layers,bi in [(1,False),(2,True)]:
        net=cls(3,4,layers,batch_first=True,bidirectional=bi).double()
        with torch.no_grad():
            for k,(n,p) in enumerate(net.named_parameters()): p.copy_(wave(k+1,0.5,*p.shape))
        x=wave(0,0.5,2,5,3).requires_grad_(True)
        y,_=net(x); (y*wave(9,0.5,*y.shape)).sum().backward()
        first=next(net.parameters())
        out.append(dict(cell=kind,layers=layers,bidirectional=bi,names=[n for n,_ in net.named_parameters()],values=y.flatten().tolist(),gradient=x.grad.flatten().tolist(),weightGradient=first.grad.flatten().tolist()))
json.dump(out,open("recurrent.json","w"))
