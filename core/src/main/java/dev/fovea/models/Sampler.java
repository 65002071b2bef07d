package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import java.util.function.UnaryOperator;

/**
 * From noise to pictures along what a {@link Denoising} network says; time runs from 0 (noise) to 1 (picture).
 *
 * @param path how noise and picture are mixed on the way, as the network was trained
 * @param method how a step is made
 * @param steps evenly spaced
 * @param guidance how much more of the class is wanted than the network gives of itself; 1 as it is, more for clearer
 *     and more alike pictures (Ho and Salimans 2022)
 */
public record Sampler(Path path, Method method, int steps, double guidance) {

    /** Where the way of the cosine path begins: at 0 there is no picture in it at all. */
    private static final double FIRST = 1e-3;

    private static final double OFFSET = 1.008;

    /** How picture and noise are mixed at a time, and what a network of that path tells. */
    public enum Path {
        /** {@code t picture + (1 - t) noise}; told is their difference. */
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
            Parts parts(Tensor x, Tensor told, double t) {
                return new Parts(x.add(told.mul(1 - t)), x.sub(told.mul(t)));
            }
        },
        /** On a circle, the cosine schedule of DDPM; told is the noise. */
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
            Parts parts(Tensor x, Tensor told, double t) {
                Tensor picture = x.sub(told.mul(noise(t))).mul(1 / signal(t)).clamp(-1, 1);
                Tensor noise = x.sub(picture.mul(signal(t))).mul(1 / Math.max(1e-4, noise(t)));
                return new Parts(picture, noise);
            }

            private double angle(double t) {
                return (1 - t + OFFSET - 1) / OFFSET * Math.PI / 2;
            }
        };

        /** The picture's factor at {@code t}. */
        public abstract double signal(double t);

        /** The noise's factor at {@code t}. */
        public abstract double noise(double t);

        abstract double signalSlope(double t);

        abstract double noiseSlope(double t);

        abstract Parts parts(Tensor x, Tensor told, double t);
    }

    /** How a step is made. */
    public enum Method {
        /** Straight on, the same noise kept (Song et al. 2020); on the straight path Euler's. */
        DDIM,
        /** New noise at each step (Ho et al. 2020). */
        DDPM,
        /** The mean of the ways at both ends of the step: twice the work, fewer steps (Karras et al. 2022). */
        HEUN
    }

    /** The picture and the noise that a network sees in {@code x}. */
    record Parts(Tensor picture, Tensor noise) {}

    public Sampler {
        if (steps < 1 || steps > 10_000) {
            throw new IllegalArgumentException("sampling: steps must be 1 to 10000, got " + steps);
        }
        if (!(guidance >= 0)) {
            throw new IllegalArgumentException("sampling: guidance must be 0 or more, got " + guidance);
        }
    }

    /** Pictures [N, C, H, W], values -1 to 1, out of noise of that shape. */
    public Tensor sample(Denoising net, Tensor noise, Tensor labels) {
        return sample(net, noise, labels, 0, x -> x);
    }

    /**
     * The same from the middle of the way on, and held to something.
     *
     * @param x mixed as the path says at {@code from}
     * @param from 0 to below 1
     * @param hold applied to the picture seen in {@code x} at every step; what it changes stays changed
     */
    public Tensor sample(Denoising net, Tensor x, Tensor labels, double from, UnaryOperator<Tensor> hold) {
        double first = Math.max(path == Path.COSINE ? FIRST : 0, from);
        Tensor now = x.copy();
        for (int i = 0; i < steps; i++) {
            double t = first + (1 - first) * i / steps;
            double next = i == steps - 1 ? 1 : first + (1 - first) * (i + 1) / steps; // exactly, not nearly
            try (var scope = new Scope()) {
                Parts seen = held(parts(net, now, t, labels), now, t, hold);
                now.copy_(step(net, seen, now, t, next, labels, hold));
            }
        }
        return hold.apply(now);
    }

    private Tensor step(
            Denoising net, Parts seen, Tensor x, double t, double next, Tensor labels, UnaryOperator<Tensor> hold) {
        if (next == 1) {
            return seen.picture();
        }
        return switch (method) {
            case DDIM -> mixed(seen, next);
            case DDPM -> renoised(seen, t, next);
            case HEUN -> {
                Tensor way = slope(seen, t);
                Tensor there = x.add(way.mul(next - t));
                Parts ahead = held(parts(net, there, next, labels), there, next, hold);
                yield x.add(way.add(slope(ahead, next)).mul((next - t) / 2));
            }
        };
    }

    private Tensor mixed(Parts parts, double t) {
        return parts.picture().mul(path.signal(t)).add(parts.noise().mul(path.noise(t)));
    }

    private Tensor renoised(Parts parts, double t, double next) {
        // DDIM's family with eta 1, equation 16 there: the variance of the step in reverse.
        double b = path.noise(next);
        double ratio = path.signal(t) * b / (path.signal(next) * path.noise(t));
        double fresh = b * Math.sqrt(Math.max(0, 1 - ratio * ratio));
        double kept = Math.sqrt(Math.max(0, b * b - fresh * fresh));
        Tensor noise = Tensor.randn(parts.noise().shape()).to(parts.noise().device());
        return parts.picture()
                .mul(path.signal(next))
                .add(parts.noise().mul(kept))
                .add(noise.mul(fresh));
    }

    private Tensor slope(Parts parts, double t) {
        return parts.picture().mul(path.signalSlope(t)).add(parts.noise().mul(path.noiseSlope(t)));
    }

    /** What is held replaces the picture seen; the noise is what then is left of {@code x}. */
    private Parts held(Parts seen, Tensor x, double t, UnaryOperator<Tensor> hold) {
        Tensor picture = hold.apply(seen.picture());
        if (picture.isSame(seen.picture()) || path.noise(t) < 1e-4) {
            return seen;
        }
        return new Parts(picture, x.sub(picture.mul(path.signal(t))).mul(1 / path.noise(t)));
    }

    private Parts parts(Denoising net, Tensor x, double t, Tensor labels) {
        Tensor time = Tensor.full(t, x.size(0)).to(x.device());
        Tensor told = told(net, x, time, labels);
        if (guidance != 1) {
            Tensor nothing = Tensor.full(net.unknown(), x.size(0)).to(DType.INT64);
            Tensor plain = told(net, x, time, nothing.to(x.device()));
            told = plain.add(told.sub(plain).mul(guidance));
        }
        return path.parts(x, told, t);
    }

    /** What the network says; what it needed for that is freed at once. */
    private static Tensor told(Denoising net, Tensor x, Tensor time, Tensor labels) {
        Tensor told = x.copy();
        try (var scope = new Scope()) {
            return told.copy_(net.forward(x, time, labels));
        }
    }
}
