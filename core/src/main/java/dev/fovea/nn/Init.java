package dev.fovea.nn;

import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Tensor;

/** First values of weights; numbers come from the engine's generator (see {@code Seed}). */
public enum Init {
    /** Uniform within the root of 6 / (fan in + fan out) (Glorot and Bengio 2010). Keras' default. */
    GLOROT_UNIFORM {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            double limit = Math.sqrt(6 / (fanIn + fanOut));
            weight.uniform_(-limit, limit);
        }
    },
    /** Normal of variance 2 / (fan in + fan out). */
    GLOROT_NORMAL {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            weight.normal_(0, Math.sqrt(2 / (fanIn + fanOut)));
        }
    },
    /** Uniform within the root of 6 / fan in (He et al. 2015). */
    HE_UNIFORM {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            double limit = Math.sqrt(6 / fanIn);
            weight.uniform_(-limit, limit);
        }
    },
    /** Normal of variance 2 / fan in. */
    HE_NORMAL {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            weight.normal_(0, Math.sqrt(2 / fanIn));
        }
    },
    /** Normal of variance 2 / fan out, as torchvision's ResNet. */
    HE_NORMAL_FAN_OUT {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            weight.normal_(0, Math.sqrt(2 / fanOut));
        }
    },
    /** Orthonormal rows or columns (Saxe et al. 2013). */
    ORTHOGONAL {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            weight.orthogonal_(1);
        }
    },
    /** Normal of deviation 0.02, drawn again where beyond two deviations. */
    TRUNCATED_NORMAL {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            weight.normal_(0, 1);
            for (Tensor far = weight.abs().ge(2);
                    far.to(dev.fovea.engine.DType.FLOAT32).sum().item() > 0;
                    far = weight.abs().ge(2)) {
                weight.copy_(Tensor.where(far, weight.copy().normal_(0, 1), weight));
            }
            weight.mul_(0.02);
        }
    },
    /** Uniform within 1 / root of fan in: PyTorch's default for convolutions and dense layers. */
    PYTORCH {
        @Override
        void draw(Tensor weight, double fanIn, double fanOut) {
            double limit = 1 / Math.sqrt(fanIn);
            weight.uniform_(-limit, limit);
        }
    };

    abstract void draw(Tensor weight, double fanIn, double fanOut);

    /**
     * Fills {@code weight} [out, in, ...] in place and returns it; the sizes after the second dimension multiply
     * both fans.
     */
    public Tensor fill(Tensor weight) {
        long[] shape = weight.shape();
        double field = weight.elements() / (double) (shape[0] * shape[1]);
        try (var noGrad = new NoGrad()) {
            draw(weight, shape[1] * field, shape[0] * field);
        }
        return weight;
    }

    /** Fills every convolution's and dense layer's weight of {@code state} and zeroes their biases. */
    public void fillAll(State state) {
        try (var noGrad = new NoGrad()) {
            state.parameters().forEach((name, tensor) -> {
                if (tensor.dims() > 1) {
                    fill(tensor);
                } else if (name.endsWith("bias")) {
                    tensor.fill_(0);
                }
            });
        }
    }

    static Tensor pytorchBias(Tensor weight, int size) {
        double limit = 1 / Math.sqrt(weight.elements() / (double) weight.size(0));
        return Tensor.zeros(size).uniform_(-limit, limit);
    }
}
