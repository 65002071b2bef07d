package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/**
 * Generates images from noise by the predictions of a {@link DiffusionNet}; time runs from 0 (noise) to 1 (image).
 *
 * @param path how noise and image are mixed, as the network was trained
 * @param method the numerical method of a step
 * @param steps evenly spaced
 * @param guidance scale of classifier-free guidance; 1 for none, more for clearer and less diverse images (Ho and
 * Salimans 2022)
 */
public record Sampler(Path path, Method method, int steps, double guidance) {

    /** Where sampling on the cosine path begins: at 0 the signal is 0. */
    private static final double FIRST = 1e-3;

    private static final double OFFSET = 1.008;

    /** How image and noise are mixed at a time, and what a network of that path predicts. */
    public enum Path {
        /** {@code t image + (1 - t) noise}; the prediction is their difference, the velocity. */
        STRAIGHT {
            @Override
            public double signal(double t) {
                return t;
            }

            @Override
            public double noise(double t) {
                return 1 - t;
            }

            @Override
            double signalSlope(double t) {
                return 1;
            }

            @Override
            double noiseSlope(double t) {
                return -1;
            }

            @Override
            Parts parts(Tensor x, Tensor prediction, double t) {
                return new Parts(x.add(prediction.mul(1 - t)), x.sub(prediction.mul(t)));
            }
        },
        /** On a circle, the cosine schedule of DDPM; the prediction is the noise. */
        COSINE {
            @Override
            public double signal(double t) {
                return Math.cos(angle(t));
            }

            @Override
            public double noise(double t) {
                return Math.sin(angle(t));
            }

            @Override
            double signalSlope(double t) {
                return Math.sin(angle(t)) * Math.PI / 2 / OFFSET;
            }

            @Override
            double noiseSlope(double t) {
                return -Math.cos(angle(t)) * Math.PI / 2 / OFFSET;
            }

            @Override
            Parts parts(Tensor x, Tensor prediction, double t) {
                Tensor image =
                        x.sub(prediction.mul(noise(t))).mul(1 / signal(t)).clamp(-1, 1);
                Tensor noise = x.sub(image.mul(signal(t))).mul(1 / Math.max(1e-4, noise(t)));
                return new Parts(image, noise);
            }

            private double angle(double t) {
                return (1 - t + OFFSET - 1) / OFFSET * Math.PI / 2;
            }
        };

        /** The image's factor at {@code t}. */
        public abstract double signal(double t);

        /** The noise's factor at {@code t}. */
        public abstract double noise(double t);

        abstract double signalSlope(double t);

        abstract double noiseSlope(double t);

        abstract Parts parts(Tensor x, Tensor prediction, double t);
    }

    /** The numerical method of a step. */
    public enum Method {
        /** Deterministic (Song et al. 2020); on the straight path Euler's method. */
        DDIM,
        /** New noise at each step (Ho et al. 2020). */
        DDPM,
        /** Heun's method: two evaluations per step, fewer steps (Karras et al. 2022). */
        HEUN
    }

    /** The image and the noise predicted in {@code x}. */
    record Parts(Tensor image, Tensor noise) {}

    public Sampler {
        if (steps < 1 || steps > 10_000) {
            throw new IllegalArgumentException("sampling: steps must be 1 to 10000, got " + steps);
        }
        if (!(guidance >= 0)) {
            throw new IllegalArgumentException("sampling: guidance must be 0 or more, got " + guidance);
        }
    }

    /** Images [N, C, H, W], values -1 to 1, from noise of that shape. */
    public Tensor sample(DiffusionNet net, Tensor noise, Tensor labels) {
        return sample(net, noise, labels, 0, x -> x);
    }

    /**
     * The same from a later time on, with a constraint.
     *
     * @param x mixed as the path says at {@code from}
     * @param from 0 to below 1
     * @param hold applied to the predicted image at every step
     */
    public Tensor sample(DiffusionNet net, Tensor x, Tensor labels, double from, UnaryOperator<Tensor> hold) {
        return sample(net, x, labels, from, hold, (done, image) -> {});
    }

    /** Is told after every step how many are done, and the image [N, C, H, W] that is predicted, values -1 to 1. */
    public interface Steps {
        void step(int done, Tensor image);
    }

    /**
     * The same while somebody watches.
     *
     * @param watch may end it by an exception
     */
    public Tensor sample(
            DiffusionNet net, Tensor x, Tensor labels, double from, UnaryOperator<Tensor> hold, Steps watch) {
        double first = Math.max(path == Path.COSINE ? FIRST : 0, from);
        Tensor now = x.copy();
        for (int i = 0; i < steps; i++) {
            double t = first + (1 - first) * i / steps;
            double next = i == steps - 1 ? 1 : first + (1 - first) * (i + 1) / steps; // exactly, not nearly
            try (var scope = new Scope()) {
                Parts seen = held(parts(net, now, t, labels), now, t, hold);
                now.copy_(step(net, seen, now, t, next, labels, hold));
                watch.step(i + 1, seen.image());
            }
        }
        return hold.apply(now);
    }

    private Tensor step(
            DiffusionNet net, Parts seen, Tensor x, double t, double next, Tensor labels, UnaryOperator<Tensor> hold) {
        if (next == 1) {
            return seen.image();
        }
        return switch (method) {
            case DDIM -> mixed(seen, next);
            case DDPM -> renoised(seen, t, next, net.state().random());
            case HEUN -> {
                Tensor way = slope(seen, t);
                Tensor there = x.add(way.mul(next - t));
                Parts ahead = held(parts(net, there, next, labels), there, next, hold);
                yield x.add(way.add(slope(ahead, next)).mul((next - t) / 2));
            }
        };
    }

    private Tensor mixed(Parts parts, double t) {
        return parts.image().mul(path.signal(t)).add(parts.noise().mul(path.noise(t)));
    }

    private Tensor renoised(Parts parts, double t, double next, Random random) {
        // DDIM's family with eta 1, equation 16 there: the variance of the step in reverse.
        double b = path.noise(next);
        double ratio = path.signal(t) * b / (path.signal(next) * path.noise(t));
        double fresh = b * Math.sqrt(Math.max(0, 1 - ratio * ratio));
        double kept = Math.sqrt(Math.max(0, b * b - fresh * fresh));
        Tensor noise =
                Tensor.randn(random, parts.noise().shape()).to(parts.noise().device());
        return parts.image().mul(path.signal(next)).add(parts.noise().mul(kept)).add(noise.mul(fresh));
    }

    private Tensor slope(Parts parts, double t) {
        return parts.image().mul(path.signalSlope(t)).add(parts.noise().mul(path.noiseSlope(t)));
    }

    /** The constrained image replaces the predicted one; the noise follows from {@code x}. */
    private Parts held(Parts seen, Tensor x, double t, UnaryOperator<Tensor> hold) {
        Tensor image = hold.apply(seen.image());
        if (image.isSame(seen.image()) || path.noise(t) < 1e-4) {
            return seen;
        }
        return new Parts(image, x.sub(image.mul(path.signal(t))).mul(1 / path.noise(t)));
    }

    private Parts parts(DiffusionNet net, Tensor x, double t, Tensor labels) {
        Tensor time = Tensor.full(t, x.size(0)).to(x.device());
        Tensor prediction = prediction(net, x, time, labels);
        if (guidance != 1) {
            Tensor nothing = Tensor.full(net.unknown(), x.size(0)).to(DType.INT64);
            Tensor plain = prediction(net, x, time, nothing.to(x.device()));
            prediction = plain.add(prediction.sub(plain).mul(guidance));
        }
        return path.parts(x, prediction, t);
    }

    /** The network's prediction; intermediate tensors are freed at once. */
    private static Tensor prediction(DiffusionNet net, Tensor x, Tensor time, Tensor labels) {
        Tensor prediction = x.copy();
        try (var scope = new Scope()) {
            return prediction.copy_(net.forward(x, time, labels));
        }
    }
}
