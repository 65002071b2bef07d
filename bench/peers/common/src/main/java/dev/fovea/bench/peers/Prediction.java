package dev.fovea.bench.peers;

import java.util.Locale;

/** What every peer's program for prediction does alike: arguments, images, warm-up, the clock, and one line of JSON. */
final class Prediction {

    /** Outputs of the network for the batch, read into Java. */
    interface Network extends AutoCloseable {

        float[] predict() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    /** Opens a file of a network. */
    interface Factory {
        Network open(Arguments arguments, float[] images) throws Exception;
    }

    /** @param file of the network */
    record Arguments(String file, int batch, int side, double seconds, int threads) {

        static Arguments parse(String[] args) {
            String file = "";
            int batch = 1;
            int side = 224;
            double seconds = 5;
            int threads = Runtime.getRuntime().availableProcessors();
            for (int i = 0; i + 1 < args.length; i += 2) {
                String value = args[i + 1];
                switch (args[i]) {
                    case "--file" -> file = value;
                    case "--batch" -> batch = Integer.parseInt(value);
                    case "--side" -> side = Integer.parseInt(value);
                    case "--seconds" -> seconds = Double.parseDouble(value);
                    case "--threads" -> threads = Integer.parseInt(value);
                    default -> throw new IllegalArgumentException("unknown option " + args[i]
                            + ": --file, --batch, --side, --seconds and --threads are known");
                }
            }
            return new Arguments(file, batch, side, seconds, threads);
        }
    }

    private static final int CLASSES = 1000;

    private Prediction() {}

    /** Predicts for so many seconds, after a quarter as many to warm up, and prints the speed. */
    static void run(String engine, String version, String[] args, Factory factory) throws Exception {
        Arguments arguments = Arguments.parse(args);
        float[] images = Peer.images(arguments.batch(), arguments.side());
        try (Network network = factory.open(arguments, images)) {
            int given = network.predict().length;
            if (given != arguments.batch() * CLASSES) {
                throw new IllegalStateException(
                        "%s: expected %d outputs, got %d".formatted(engine, arguments.batch() * CLASSES, given));
            }
            calls(network, arguments.seconds() / 4);
            long begin = System.nanoTime();
            long calls = calls(network, arguments.seconds());
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "{\"engine\":\"%s\",\"version\":\"%s\",\"precision\":\"fp32\",\"batch\":%d,\"threads\":%d,"
                            + "\"imagesPerSecond\":%.2f,\"milliseconds\":%.3f}%n",
                    engine,
                    version,
                    arguments.batch(),
                    arguments.threads(),
                    calls * arguments.batch() / seconds,
                    1000 * seconds / calls);
            System.out.flush();
        }
    }

    private static long calls(Network network, double seconds) throws Exception {
        long begin = System.nanoTime();
        long calls = 0;
        while (calls < 2 || System.nanoTime() - begin < seconds * 1e9) {
            network.predict();
            calls++;
        }
        return calls;
    }
}
