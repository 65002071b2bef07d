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
    public Predictor predictor(String model, Optional<String> version) {
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

    @Override
    public CompletableFuture<Predictor.Answer> predict(
            String model, Optional<String> version, Image image, Instant deadline) {
        RuntimeException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
        var future = new CompletableFuture<Predictor.Answer>();
        asked.add(future);
        return future;
    }

    @Override
    public void close() {}
}
