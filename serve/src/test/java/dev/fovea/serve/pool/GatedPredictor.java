package dev.fovea.serve.pool;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Answers with the first byte of an image, when it is let; an image whose first byte is 255 it cannot answer about. */
final class GatedPredictor implements Predictor {

    static final int BROKEN = 255;

    /** The first byte of an image that no batch has an answer about. */
    static final int UNANSWERED = 254;

    /** The first byte of an image whose answer cannot be counted. */
    static final int UNCOUNTABLE = 253;

    /** The first byte of an image. */
    record Value(int number) implements Answer {

        @Override
        public Map<String, Object> values() {
            return Map.of("number", number);
        }

        @Override
        public String text() {
            return String.valueOf(number);
        }

        @Override
        public List<Confidence> confidences() {
            if (number == UNCOUNTABLE) {
                throw new NoClassDefFoundError("of a metric");
            }
            return List.of(new Confidence("class " + number, number / 100.0));
        }
    }

    private final Semaphore gate = new Semaphore(0);
    private final Semaphore begun = new Semaphore(0);
    private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    private final int add;

    GatedPredictor(int add) {
        this.add = add;
    }

    /** One that answers at once. */
    static GatedPredictor open(int add) {
        var predictor = new GatedPredictor(add);
        predictor.let(1_000_000);
        return predictor;
    }

    static Image image(int value) {
        return image(value, 4);
    }

    static Image image(int value, int width) {
        byte[] pixels = new byte[width * 4 * 3];
        pixels[0] = (byte) value;
        return new Image(width, 4, 3, pixels);
    }

    LoadedModel model() {
        return new LoadedModel(this, "test", List.of("a", "b"), 3, 4, 4, true);
    }

    /** Lets it answer about so many batches more. */
    void let(int batches) {
        gate.release(batches);
    }

    /** Waits until it has begun with a batch. */
    void awaitBegun() {
        begun.acquireUninterruptibly();
    }

    /** The sizes of the batches, in their order. */
    List<Integer> sizes() {
        return List.copyOf(sizes);
    }

    @Override
    public List<Answer> predictPrepared(List<Prepared> images) {
        sizes.add(images.size());
        begun.release();
        gate.acquireUninterruptibly();
        return images.stream()
                .filter(one -> (one.seen().pixels()[0] & 0xFF) != UNANSWERED)
                .map(one -> predict(one.seen()))
                .toList();
    }

    @Override
    public Answer predict(Image image) {
        int value = image.pixels()[0] & 0xFF;
        if (value == BROKEN) {
            throw new IllegalArgumentException("cannot answer about 255");
        }
        return new Value(value + add);
    }

    @Override
    public Answer predict(Path file) {
        throw new UnsupportedOperationException();
    }
}
