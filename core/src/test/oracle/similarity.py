"""Golden values of SimilarityTest: SSIM by scikit-image, MS-SSIM by its definition on top of SciPy.

Run with Debian's python3-skimage: python3 similarity.py
"""
import numpy as np
from skimage.metrics import structural_similarity as ssim
from scipy.ndimage import convolve1d
def wave(k,h,w):
    i=np.arange(h*w); return (0.5+0.45*np.sin(0.37*i+k)*np.cos(0.011*i)).reshape(h,w)
def pair(h,w):
    a=wave(0,h,w); b=np.clip(0.9*a+0.05+0.04*np.sin(1.7*np.arange(h*w)).reshape(h,w),0,1); return a,b
a,b=pair(24,31)
print(repr(ssim(a,b,data_range=1,gaussian_weights=True,sigma=1.5,use_sample_covariance=False)))
def terms(x,y):
    g=np.exp(-(np.arange(-5,6)**2)/(2*1.5**2)); g/=g.sum()
    def f(z):
        z=convolve1d(convolve1d(z,g,axis=0,mode='constant'),g,axis=1,mode='constant'); return z[5:-5,5:-5]
    mx,my=f(x),f(y); vx=f(x*x)-mx*mx; vy=f(y*y)-my*my; c=f(x*y)-mx*my
    l=(2*mx*my+1e-4)/(mx*mx+my*my+1e-4); s=(2*c+9e-4)/(vx+vy+9e-4)
    return (l*s).mean(), s.mean()
def ms(x,y):
    w=[0.0448,0.2856,0.3001,0.2363,0.1333]; p=1
    for i in range(5):
        t,s=terms(x,y); p*=(t if i==4 else s)**w[i]
        h,ww=x.shape; x=x[:h//2*2,:ww//2*2].reshape(h//2,2,ww//2,2).mean((1,3)); y=y[:h//2*2,:ww//2*2].reshape(h//2,2,ww//2,2).mean((1,3))
    return p
print(repr(ms(*pair(192,200))), repr(terms(a,b)[0]))
