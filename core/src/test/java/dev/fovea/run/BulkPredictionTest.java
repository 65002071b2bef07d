package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkPredictionTest {

    private static final int IMAGES = 200;
    private static final int BROKEN = 57;

    /** Answers with the first pixel; what was prepared and is not answered yet is counted. */
    private static final class FirstPixel implements Predictor {

        private final AtomicInteger held = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger largest = new AtomicInteger();

        private record Value(int number) implements Answer {

            @Override
            public Map<String, Object> values() {
                return Map.of("number", number);
            }

            @Override
            public String text() {
                return String.valueOf(number);
            }
        }

        @Override
        public Prepared prepare(Image image) {
            most.accumulateAndGet(held.incrementAndGet(), Math::max);
            return new Prepared(image, image.size());
        }

        @Override
        public List<Answer> predictPrepared(List<Prepared> images) {
            largest.accumulateAndGet(images.size(), Math::max);
            held.addAndGet(-images.size());
            return images.stream()
                    .<Answer>map(one -> new Value(one.seen().pixels()[0] & 0xFF))
                    .toList();
        }

        @Override
        public Answer predict(Image image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Answer predict(Path file) {
            throw new UnsupportedOperationException();
        }
    }

    /** Each knows its number; some let other threads go first. */
    private static final BulkPrediction.Images NUMBERED = new BulkPrediction.Images() {
        @Override
        public int count() {
            return IMAGES;
        }

        @Override
        public Image image(int index) {
            if (index == BROKEN) {
                throw new ImageException("number 57: not an image");
            }
            byte[] pixels = new byte[3];
            if (index % 20 < 7) {
                Thread.yield();
            }
            pixels[0] = (byte) index;
            return new Image(1, 1, 3, pixels);
        }
    };

    private static List<BulkPrediction.Outcome> outcomes(FirstPixel predictor, int from, int batch, int threads) {
        var all = new ArrayList<BulkPrediction.Outcome>();
        try (var bulk = new BulkPrediction(predictor, NUMBERED, from, batch, threads)) {
            bulk.forEach(all::add);
        }
        return all;
    }

    @Test
    void answersComeInTheOrderOfTheImages() {
        for (int threads : new int[] {1, 3}) {
            List<BulkPrediction.Outcome> all = outcomes(new FirstPixel(), 0, 7, threads);
            assertThat(all).hasSize(IMAGES);
            for (int i = 0; i < IMAGES; i++) {
                assertThat(all.get(i).index()).isEqualTo(i);
                int number = i;
                assertThat(all.get(i).answer().map(Predictor.Answer::text))
                        .isEqualTo(i == BROKEN ? Optional.empty() : Optional.of("" + number));
            }
        }
    }

    @Test
    void anImageThatCannotBeReadCostsItsOwnAnswerAlone() {
        List<BulkPrediction.Outcome> all = outcomes(new FirstPixel(), 0, 16, 2);
        assertThat(all.stream().filter(outcome -> outcome.failure().isPresent()))
                .singleElement()
                .satisfies(outcome -> {
                    assertThat(outcome.index()).isEqualTo(BROKEN);
                    assertThat(outcome.failure().orElseThrow()).hasMessage("number 57: not an image");
                });
    }

    @Test
    void beginsWhereItIsTold() {
        assertThat(outcomes(new FirstPixel(), 150, 8, 2))
                .extracting(BulkPrediction.Outcome::index)
                .startsWith(150)
                .hasSize(50);
    }

    @Test
    void holdsABatchForEachThread() {
        var predictor = new FirstPixel();
        outcomes(predictor, 0, 8, 3);
        assertThat(predictor.most.get()).isLessThanOrEqualTo(3 * 8);
        assertThat(predictor.largest.get()).isEqualTo(8);
    }

    @Test
    void fewImagesAreSharedByAllThreads() {
        var predictor = new FirstPixel();
        outcomes(predictor, 180, 32, 2);
        assertThat(predictor.largest.get()).isEqualTo(10);
    }

    @Test
    void needsABatchAndAThread() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BulkPrediction(new FirstPixel(), NUMBERED, 0, 0, 2))
                .withMessage("prediction: batch and threads must be at least 1, got 0 and 2");
    }
}
