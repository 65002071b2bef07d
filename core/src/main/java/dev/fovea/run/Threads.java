package dev.fovea.run;

import com.sun.management.OperatingSystemMXBean;
import dev.fovea.engine.Engine;
import dev.fovea.train.Listener;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.Consumer;

/** The threads of the processor that this process uses, and whether a run gets them. */
public final class Threads {

    private static final double WINDOW_SECONDS = 5;

    /** A run that has less of its threads than this, while others have more than {@link #OTHERS}, is said to be slowed down. */
    private static final double OWN = 0.7;

    private static final double OTHERS = 0.25;

    private Threads() {}

    /**
     * Sets the threads that this process may use at once, those of the libraries included.
     *
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    public static void use(int count) {
        Engine.setThreads(count);
    }

    /** The threads that this process may use at once. */
    public static int used() {
        return Engine.requestedThreads();
    }

    /** How the time of the processor was shared for a while, as fractions of what this process asks for and of all of it. */
    record Share(double own, double others) {

        /** In a sentence, if other processes take most of the speed. */
        String words(int threads) {
            return String.format(
                    Locale.ROOT,
                    "other processes take %.0f %% of the processor: this run has %.1f of its %d %s, and small networks lose far more than that. Run one after the other%s",
                    100 * others,
                    own * threads,
                    threads,
                    threads == 1 ? "thread" : "threads",
                    threads == 1 ? "" : ", or give each its own threads, as with FOVEA_THREADS=1");
        }

        boolean slow() {
            return own < OWN && others > OTHERS;
        }
    }

    /** Compares wall and processor time of the steps of a run, and says once that the processor is taken. */
    static final class Watch implements Listener {

        private final OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private final Consumer<String> say;
        private final int threads;
        private long wall;
        private long processor;
        private boolean said;

        /** @param say told the sentence */
        Watch(int threads, Consumer<String> say) {
            this.threads = Math.min(threads, system.getAvailableProcessors());
            this.say = say;
        }

        @Override
        public void onStep(Step step) {
            long now = System.nanoTime();
            if (said || (wall != 0 && now - wall < WINDOW_SECONDS * 1e9)) {
                return;
            }
            if (wall != 0) {
                look((now - wall) / 1e9);
            }
            wall = now;
            processor = system.getProcessCpuTime();
            system.getCpuLoad(); // begins its own window
        }

        private void look(double seconds) {
            double cores = (system.getProcessCpuTime() - processor) / 1e9 / seconds;
            double others = system.getCpuLoad() - cores / system.getAvailableProcessors();
            var share = new Share(cores / threads, others);
            if (share.slow()) {
                said = true;
                say.accept(share.words(threads));
            }
        }

        /** Validation is no step. */
        @Override
        public void onEpoch(Epoch epoch) {
            wall = 0;
        }

        @Override
        public void onPause(boolean paused) {
            wall = 0;
        }
    }
}
