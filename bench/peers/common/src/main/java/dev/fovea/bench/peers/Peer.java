package dev.fovea.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What every peer's program does alike: arguments, data, warm-up, the clock, and one line of JSON.
 *
 * <p>Compiled into each peer, so that none of them shares a class path with another.
 */
final class Peer {

    /** A network with its optimizer and one batch of images, ready to train. */
    interface Training extends AutoCloseable {

        /** Trained numbers; running statistics of batch norms do not count. */
        long parameters();

        /** Forward, backward, update. */
        void step();

        /** Loss of the last step; waits for it. */
        double loss();

        @Override
        default void close() {}
    }

    /** Builds a training from its arguments. */
    interface Factory {
        Training create(Arguments arguments) throws Exception;
    }

    /**
     * What is trained, and how long.
     *
     * @param precision fp32, or bf16 where the peer has it
     */
    record Arguments(String model, int batch, int steps, int warmup, int threads, String precision) {

        static Arguments parse(String[] args) {
            String model = "cifar-cnn";
            String precision = "fp32";
            int batch = 64;
            int steps = 100;
            int warmup = 20;
            int threads = Runtime.getRuntime().availableProcessors();
            for (int i = 0; i < args.length; i += 2) {
                if (i + 1 == args.length) {
                    throw new IllegalArgumentException(args[i] + " needs a value");
                }
                String value = args[i + 1];
                switch (args[i]) {
                    case "--model" -> model = value;
                    case "--precision" -> precision = value;
                    case "--batch" -> batch = Integer.parseInt(value);
                    case "--steps" -> steps = Integer.parseInt(value);
                    case "--warmup" -> warmup = Integer.parseInt(value);
                    case "--threads" -> threads = Integer.parseInt(value);
                    default -> throw new IllegalArgumentException("unknown option " + args[i]
                            + ": --model, --precision, --batch, --steps, --warmup and --threads are known");
                }
            }
            return new Arguments(model, batch, steps, warmup, threads, precision);
        }

        /** Parameters of the model with 10 classes; of an LSTM with two biases, as in PyTorch, or with one. */
        List<Long> expectedParameters() {
            return switch (model) {
                case "cifar-cnn" -> List.of(122_570L);
                case "resnet18-32" -> List.of(11_181_642L);
                case "row-lstm" -> List.of(82_186L, 81_674L);
                case "vgg16" -> List.of(134_301_514L);
                case "resnet50" -> List.of(23_528_522L);
                case "vit_b_16" -> List.of(85_806_346L);
                case "efficientnet_b0" -> List.of(4_020_358L);
                case "mobilenet_v3_large" -> List.of(4_214_842L);
                default -> throw unknownModel();
            };
        }

        IllegalArgumentException unknownModel() {
            return new IllegalArgumentException("unknown model '" + model + "' for this peer");
        }
    }

    private Peer() {}

    /** The version in the name of the jar that {@code type} was loaded from. */
    static String jarVersion(Class<?> type, String artifact) {
        String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceFirst(".*/" + artifact + "-", "").replaceFirst("\\.jar$", "");
    }

    /** Images {@code (N, 3, 32, 32)}: random bytes as floats from 0 to 1, the same in every run and engine. */
    static float[] images(int batch) {
        return images(batch, 32);
    }

    /** The same with another side in pixels. */
    static float[] images(int batch, int side) {
        return values(batch * 3 * side * side);
    }

    /** Sequences {@code (N, 28, 28)} of the same kind. */
    static float[] rows(int batch) {
        return values(batch * 28 * 28);
    }

    private static float[] values(int count) {
        var bytes = new byte[count];
        new Random(0).nextBytes(bytes);
        var images = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            images[i] = (bytes[i] & 0xff) / 255f;
        }
        return images;
    }

    /** Labels from 0 to 9. */
    static int[] labels(int batch) {
        return new Random(1).ints(batch, 0, 10).toArray();
    }

    /** Trains and prints the result; the clock runs from after the warm-up to the value of the last loss. */
    static void run(String engine, String version, String[] args, Factory factory) throws Exception {
        var arguments = Arguments.parse(args);
        try (Training training = factory.create(arguments)) {
            long parameters = training.parameters();
            if (!arguments.expectedParameters().contains(parameters)) {
                throw new IllegalStateException(arguments.model() + ": expected " + arguments.expectedParameters()
                        + " parameters, " + engine + " built " + parameters);
            }
            for (int i = 0; i < arguments.warmup(); i++) {
                training.step();
            }
            if (arguments.warmup() > 0) {
                training.loss();
            }
            long start = System.nanoTime();
            for (int i = 0; i < arguments.steps(); i++) {
                training.step();
            }
            double loss = training.loss();
            double seconds = (System.nanoTime() - start) * 1e-9;
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException(arguments.model() + ": " + engine + " ended with loss " + loss);
            }
            System.out.printf(
                    Locale.ROOT,
                    "{\"engine\":\"%s\",\"version\":\"%s\",\"model\":\"%s\",\"precision\":\"%s\",\"batch\":%d,"
                            + "\"steps\":%d,\"threads\":%d,\"imagesPerSecond\":%.1f,\"loss\":%.4f,"
                            + "\"parameters\":%d}%n",
                    engine,
                    version,
                    arguments.model(),
                    arguments.precision(),
                    arguments.batch(),
                    arguments.steps(),
                    arguments.threads(),
                    (double) arguments.batch() * arguments.steps() / seconds,
                    loss,
                    parameters);
            System.out.flush();
        }
    }
}
