package dev.fovea.nn;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Tensor;

/**
 * First values of weights {@code [out, in, ...]}; the sizes after the second dimension multiply both fans, the number of
 * values that come in and that go out.
 */
public enum Init implements Initializer {
    /** Uniform within the root of 6 / (fan in + fan out) (Glorot and Bengio 2010). Keras' default. */
    GLOROT_UNIFORM {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.uniform(Math.sqrt(6 / (fanIn + fanOut)));
        }
    },
    /** Normal of variance 2 / (fan in + fan out). */
    GLOROT_NORMAL {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.normal(Math.sqrt(2 / (fanIn + fanOut)));
        }
    },
    /** Uniform within the root of 6 / fan in (He et al. 2015). */
    HE_UNIFORM {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.uniform(Math.sqrt(6 / fanIn));
        }
    },
    /** Normal of variance 2 / fan in. */
    HE_NORMAL {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.normal(Math.sqrt(2 / fanIn));
        }
    },
    /** Normal of variance 2 / fan out, as torchvision's ResNet. */
    HE_NORMAL_FAN_OUT {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.normal(Math.sqrt(2 / fanOut));
        }
    },
    /** Orthonormal rows or columns (Saxe et al. 2013). */
    ORTHOGONAL {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.orthogonal();
        }
    },
    /** Normal of deviation 0.02, drawn again where beyond two deviations. */
    TRUNCATED_NORMAL {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return (weight, random) -> {
                weight.normal_(random, 0, 1);
                for (Tensor far = weight.abs().ge(2);
                        far.to(DType.FLOAT32).sum().item() > 0;
                        far = weight.abs().ge(2)) {
                    weight.copy_(Tensor.where(far, weight.copy().normal_(random, 0, 1), weight));
                }
                weight.mul_(0.02);
            };
        }
    },
    /** Uniform within 1 / root of fan in: PyTorch's default for convolutions and dense layers. */
    PYTORCH {
        @Override
        Initializer of(double fanIn, double fanOut) {
            return Initializer.uniform(1 / Math.sqrt(fanIn));
        }
    };

    abstract Initializer of(double fanIn, double fanOut);

    @Override
    public void fill(Tensor weight, Random random) {
        double field = weight.elements() / (double) (weight.size(0) * weight.size(1));
        of(weight.size(1) * field, weight.size(0) * field).fill(weight, random);
    }

    /** For every weight of two or more dimensions in {@code state}; biases begin at 0, as in Keras. */
    public void everywhere(State state) {
        state.initializer(this, (name, weight) -> weight.dims() > 1);
        state.initializer(ZEROS, (name, bias) -> bias.dims() == 1 && name.equals("bias"));
    }

    /** For every convolution's weight in {@code state}. */
    public void ofConvolutions(State state) {
        state.initializer(this, (name, weight) -> weight.dims() == 4);
    }

    /** Evenly within 1 / root of the number of values that come in: PyTorch's default for biases. */
    static Initializer pytorchBias(long fanIn) {
        return Initializer.uniform(1 / Math.sqrt(fanIn));
    }
}
