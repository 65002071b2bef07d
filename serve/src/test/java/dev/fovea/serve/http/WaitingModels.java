package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** One model, {@code m}, whose answers come when a test gives them. */
final class WaitingModels implements ServedModels {

    /** What is asked, in its order. */
    final BlockingQueue<CompletableFuture<Predictor.Answer>> asked = new LinkedBlockingQueue<>();

    /** Throws instead of asking, where a test sets it. */
    volatile Supplier<RuntimeException> failure = () -> null;

    /** Is run when something is asked. */
    volatile Runnable onAsk = () -> {};

    /** Draws the answers. */
    volatile Predictor drawer = atOnce();

    /** The answer that says nothing but a word. */
    static Predictor.Answer answer(String word) {
        return new Predictor.Answer() {
            @Override
            public Map<String, Object> values() {
                return Map.of("word", word);
            }

            @Override
            public String text() {
                return word;
            }
        };
    }

    @Override
    public List<Description> all() {
        return List.of(new Description("m", "1", "waiting", List.of(), 3, 8, 8, true, ""));
    }

    @Override
    public Chosen chosen(String model, Optional<String> version) {
        return new Chosen() {
            @Override
            public String version() {
                return "1";
            }

            @Override
            public Predictor predictor() {
                return drawer;
            }

            @Override
            public Map<String, Object> example() {
                return Map.of("word", "any");
            }

            @Override
            public CompletableFuture<Predictor.Answer> predict(Image image, Instant deadline) {
                return ask();
            }
        };
    }

    private static Predictor atOnce() {
        return new Predictor() {
            @Override
            public Answer predict(Image image) {
                return answer("at once");
            }

            @Override
            public Answer predict(Path file) {
                return answer("at once");
            }
        };
    }

    private CompletableFuture<Predictor.Answer> ask() {
        RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        var future = new CompletableFuture<Predictor.Answer>();
        asked.add(future);
        onAsk.run();
        return future;
    }

    @Override
    public void close() {}
}
