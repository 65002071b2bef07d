package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Sample;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.metrics.ImageMetrics;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** How well a saved model does on single images, for seeing where two models differ. */
public interface ItemScorer {

    /**
     * What a model makes of one image.
     *
     * @param answer in words
     * @param confidence of the answer, 0 to 1; NaN where it has none
     * @param value of {@link #metric} for this image alone
     * @param right whether it is as it should be; for metrics that are no yes or no, whether it is perfect
     */
    record Score(String answer, double confidence, double value, boolean right) {}

    /**
     * How good an answer is.
     *
     * @param right see {@link Score#right}
     */
    record Grade(double value, boolean right) {

        /** Of an answer that is right or wrong. */
        public static Grade of(boolean right) {
            return new Grade(right ? 1 : 0, right);
        }
    }

    /** By the names of the command line's JSON. */
    String metric();

    /** Whether answers are right or wrong, and not only better or worse. */
    boolean decides();

    /** Whether what the data says about an image is what is answered. */
    default boolean usesTarget() {
        return true;
    }

    /** {@code data} with its classes in the order of the model's. */
    default Dataset matched(Dataset data) {
        return data;
    }

    /** Of some images together, in their order. */
    List<Score> scores(List<Sample> samples);

    /** What is answered about an image, to be seen: objects or pixels drawn into it, or the image that is made of it. */
    default Optional<BufferedImage> shown(Sample sample) {
        return Optional.empty();
    }

    /**
     * Of a model that predicts.
     *
     * @param classes of the model; none of a model without
     * @param grade of an answer, classes counted in the order of the model's
     */
    static ItemScorer of(
            Predictor predictor,
            List<String> classes,
            String metric,
            boolean decides,
            BiFunction<Predictor.Answer, Target, Grade> grade) {
        return new ItemScorer() {

            @Override
            public String metric() {
                return metric;
            }

            @Override
            public boolean decides() {
                return decides;
            }

            @Override
            public Dataset matched(Dataset data) {
                return classes.isEmpty() ? data : Classes.matched(data, classes);
            }

            @Override
            public List<Score> scores(List<Sample> samples) {
                List<Predictor.Answer> answers =
                        predictor.predictAll(samples.stream().map(Sample::image).toList());
                var scores = new ArrayList<Score>();
                for (int i = 0; i < answers.size(); i++) {
                    Predictor.Answer answer = answers.get(i);
                    Grade own = grade.apply(answer, samples.get(i).target());
                    double confidence = answer.confidences().stream()
                            .mapToDouble(Predictor.Confidence::value)
                            .max()
                            .orElse(Double.NaN);
                    scores.add(new Score(answer.text(), confidence, own.value(), own.right()));
                }
                return scores;
            }

            @Override
            public Optional<BufferedImage> shown(Sample sample) {
                return predictor.drawn(sample.image(), predictor.predict(sample.image()));
            }
        };
    }

    /**
     * An image that a model makes and the one that it should be.
     *
     * @param remark for people, or empty
     */
    record Made(Image made, Image wanted, String remark) {}

    /** Of a model that makes images, by their peak signal-to-noise ratio. */
    static ItemScorer ofImages(Function<Sample, Made> making) {
        return new ItemScorer() {

            @Override
            public String metric() {
                return "psnr";
            }

            @Override
            public boolean decides() {
                return false;
            }

            @Override
            public boolean usesTarget() {
                return false;
            }

            @Override
            public List<Score> scores(List<Sample> samples) {
                return samples.stream()
                        .map(making)
                        .map(made -> {
                            double error = squaredError(made.made(), made.wanted());
                            return new Score(made.remark(), Double.NaN, ImageMetrics.psnr(error), error == 0);
                        })
                        .toList();
            }

            @Override
            public Optional<BufferedImage> shown(Sample sample) {
                return Optional.of(making.apply(sample).made().toBufferedImage());
            }
        };
    }

    private static double squaredError(Image a, Image b) {
        Image same = a.channels() == b.channels() ? b : a.channels() == 1 ? b.toGray() : b.toRgb();
        if (!a.size().equals(same.size())) {
            throw new IllegalArgumentException("images of different sizes cannot be compared, got %sx%s and %sx%s"
                    .formatted(a.height(), a.width(), same.height(), same.width()));
        }
        return Comparison.mse(a, same);
    }
}
