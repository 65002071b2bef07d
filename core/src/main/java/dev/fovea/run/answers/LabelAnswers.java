package dev.fovea.run.answers;

import dev.fovea.metrics.MultiLabelResult;
import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.Reliability;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The probability of every label for images of any number of labels each.
 *
 * @param classes the labels
 * @param scored probabilities and what is true, as of {@code images}
 * @param thresholds least probability at which the model gives each label, 0 to 1
 */
public record LabelAnswers(
        List<String> classes, List<ImageFacts> images, MultiLabelResult.Scored scored, List<Double> thresholds)
        implements Answers {

    private static final int BINS = 15;

    public LabelAnswers {
        classes = List.copyOf(classes);
        images = List.copyOf(images);
        thresholds = List.copyOf(thresholds);
        if (scored.truth().size() != images.size() || thresholds.size() != classes.size()) {
            throw new IllegalArgumentException("answers: %s images of %s labels, got %s answers and %s thresholds"
                    .formatted(images.size(), classes.size(), scored.truth().size(), thresholds.size()));
        }
    }

    /** With the same threshold for every label. */
    public LabelAnswers at(double threshold) {
        return new LabelAnswers(
                classes,
                images,
                scored,
                classes.stream().map(label -> threshold).toList());
    }

    /** All metrics with these thresholds; the loss of training is not known any more. */
    public MultiLabelResult result() {
        return MultiLabelResult.of(
                classes, scored, thresholds.stream().mapToDouble(one -> one).toArray(), Double.NaN);
    }

    @Override
    public Map<String, Double> metrics() {
        var values = result().values();
        values.values().removeIf(value -> value.isNaN());
        return values;
    }

    /** Whether a label is given to an image. */
    public boolean given(int image, int label) {
        return scored.probabilities().get(image)[label] >= thresholds.get(label);
    }

    /** Whether an image has a label. */
    public boolean present(int image, int label) {
        return scored.truth().get(image)[label];
    }

    public float probability(int image, int label) {
        return scored.probabilities().get(image)[label];
    }

    public PrecisionRecall curve(int label) {
        return scored.curve(label);
    }

    /** Images that have a label or not and are given it or not, those whose answer is surest first. */
    public List<Integer> cell(int label, boolean there, boolean told) {
        return IntStream.range(0, images.size())
                .filter(i -> present(i, label) == there && given(i, label) == told)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> told ? -probability(i, label) : probability(i, label)))
                .toList();
    }

    /** Images with a wrong or missing label, the most wrong first: by the summed cross-entropy of their labels. */
    public List<Integer> worst() {
        return IntStream.range(0, images.size())
                .filter(i -> IntStream.range(0, classes.size()).anyMatch(label -> given(i, label) != present(i, label)))
                .boxed()
                .sorted(Comparator.comparingDouble(this::surprise).reversed())
                .toList();
    }

    private double surprise(int image) {
        return IntStream.range(0, classes.size())
                .mapToDouble(label -> present(image, label) ? probability(image, label) : 1 - probability(image, label))
                .map(share -> -Math.log(Math.max(1e-12, share)))
                .sum();
    }

    /** Whether labels of so much probability are there so often. */
    public Reliability reliability() {
        var all = new Reliability.Gathering(BINS);
        for (int i = 0; i < images.size(); i++) {
            for (int label = 0; label < classes.size(); label++) {
                all.add(probability(i, label), present(i, label));
            }
        }
        return all.result();
    }

    /** Each image: of the labels that it has or is given the share that it has and is given. */
    @Override
    public Cases cases() {
        var values = new ArrayList<Double>();
        for (int i = 0; i < images.size(); i++) {
            int both = 0;
            int either = 0;
            for (int label = 0; label < classes.size(); label++) {
                both += given(i, label) && present(i, label) ? 1 : 0;
                either += given(i, label) || present(i, label) ? 1 : 0;
            }
            values.add(either == 0 ? 1 : both / (double) either);
        }
        return new Cases(IntStream.range(0, images.size()).boxed().toList(), values, List.of());
    }
}
