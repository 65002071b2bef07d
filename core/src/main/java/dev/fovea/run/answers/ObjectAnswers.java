package dev.fovea.run.answers;

import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.detect.CocoMetrics;
import dev.fovea.metrics.detect.CocoResult;
import dev.fovea.metrics.detect.ConfidenceMetrics;
import dev.fovea.metrics.detect.ConfidenceResult;
import dev.fovea.metrics.detect.DetectionError;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.metrics.detect.GroundTruth;
import dev.fovea.metrics.detect.ObjectVerdicts;
import dev.fovea.metrics.detect.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The boxes that were found in images, and the true ones.
 *
 * @param truth of each image
 * @param found in each image, all that could be an object
 * @param confidences least score at which the model answers with each class, 0 to 1
 */
public record ObjectAnswers(
        List<String> classes,
        List<ImageFacts> images,
        List<GroundTruth> truth,
        List<Detections> found,
        List<Double> confidences)
        implements Answers {

    public ObjectAnswers {
        classes = List.copyOf(classes);
        images = List.copyOf(images);
        truth = List.copyOf(truth);
        found = List.copyOf(found);
        confidences = List.copyOf(confidences);
        if (truth.size() != images.size() || found.size() != images.size() || confidences.size() != classes.size()) {
            throw new IllegalArgumentException(
                    "answers: %s images of %s classes, got %s truths, %s answers, %s confidences"
                            .formatted(images.size(), classes.size(), truth.size(), found.size(), confidences.size()));
        }
    }

    /** With the same least score for every class. */
    public ObjectAnswers at(double confidence) {
        return new ObjectAnswers(
                classes,
                images,
                truth,
                found,
                classes.stream().map(label -> confidence).toList());
    }

    /** Precision and recall by confidence. */
    public ConfidenceResult curves() {
        var metrics = new ConfidenceMetrics(classes, Region.BOX);
        for (int i = 0; i < truth.size(); i++) {
            metrics.add(truth.get(i), found.get(i));
        }
        return metrics.result();
    }

    /** COCO's figures, which no confidence changes. */
    public CocoResult coco() {
        var metrics = new CocoMetrics(classes, Region.BOX);
        for (int i = 0; i < truth.size(); i++) {
            metrics.add(truth.get(i), found.get(i));
        }
        return metrics.result();
    }

    @Override
    public Map<String, Double> metrics() {
        var values = new LinkedHashMap<>(coco().values());
        values.values().removeIf(value -> value.isNaN());
        return values;
    }

    /** What is answered about an image. */
    public Detections answered(int image) {
        Detections all = found.get(image);
        List<Integer> kept = IntStream.range(0, all.size())
                .filter(i -> all.scores().get(i) >= confidences.get(all.labels().get(i)))
                .boxed()
                .toList();
        return Detections.of(
                kept.stream().map(all.boxes()::get).toList(),
                kept.stream().map(all.labels()::get).toList(),
                kept.stream().map(all.scores()::get).toList());
    }

    /** What is right and wrong of what is answered about an image. */
    public ObjectVerdicts verdicts(int image) {
        return ObjectVerdicts.of(truth.get(image), answered(image), classes.size());
    }

    /**
     * What comes of answers of so much confidence.
     *
     * @param overall all classes counted together
     * @param errors how many there are of each kind
     */
    public record Figures(PerClass overall, List<PerClass> perClass, Map<DetectionError, Long> errors) {

        public Figures {
            perClass = List.copyOf(perClass);
            errors = Map.copyOf(errors);
        }
    }

    /**
     * Of one class.
     *
     * @param right answers
     * @param wrong answers
     * @param support true objects that count
     */
    public record PerClass(String name, long right, long wrong, long support) {

        /** Share of the answers that are right; 0 where there is none. */
        public double precision() {
            return point().precision();
        }

        /** Share of the objects that are found; NaN where there is none. */
        public double recall() {
            return support == 0 ? Double.NaN : right / (double) support;
        }

        public double f1() {
            return support == 0 ? Double.NaN : point().f1();
        }

        private PrecisionRecall.Point point() {
            return new PrecisionRecall.Point(
                    0,
                    right + wrong == 0 ? 0 : right / (double) (right + wrong),
                    support == 0 ? 0 : right / (double) support);
        }
    }

    /** Counts what is right and wrong. */
    public Figures figures() {
        int k = classes.size();
        long[] right = new long[k];
        long[] wrong = new long[k];
        long[] support = new long[k];
        var errors = new EnumMap<DetectionError, Long>(DetectionError.class);
        for (int i = 0; i < images.size(); i++) {
            Detections answered = answered(i);
            ObjectVerdicts verdicts = ObjectVerdicts.of(truth.get(i), answered, k);
            for (int d = 0; d < answered.size(); d++) {
                ObjectVerdicts.Verdict one = verdicts.found().get(d);
                int label = answered.labels().get(d);
                right[label] += one.right() ? 1 : 0;
                wrong[label] += one.error().isPresent() ? 1 : 0;
                one.error().ifPresent(error -> errors.merge(error, 1L, Long::sum));
            }
            errors.merge(DetectionError.MISSED, (long) verdicts.missed().size(), Long::sum);
            for (int t = 0; t < truth.get(i).size(); t++) {
                support[truth.get(i).labels().get(t)] += truth.get(i).ignore().get(t) ? 0 : 1;
            }
        }
        return new Figures(
                new PerClass(
                        "",
                        Arrays.stream(right).sum(),
                        Arrays.stream(wrong).sum(),
                        Arrays.stream(support).sum()),
                IntStream.range(0, k)
                        .mapToObj(c -> new PerClass(classes.get(c), right[c], wrong[c], support[c]))
                        .toList(),
                errors);
    }

    /** Images with errors of a kind, those with the most first. */
    public List<Integer> withError(DetectionError error) {
        long[] count = IntStream.range(0, images.size())
                .mapToLong(i -> error == DetectionError.MISSED
                        ? verdicts(i).missed().size()
                        : verdicts(i).found().stream()
                                .filter(one -> one.error().filter(error::equals).isPresent())
                                .count())
                .toArray();
        return mostFirst(count);
    }

    /** Images with any error, those with the most first. */
    public List<Integer> worst() {
        return mostFirst(IntStream.range(0, images.size())
                .mapToLong(i -> {
                    ObjectVerdicts verdicts = verdicts(i);
                    return verdicts.missed().size()
                            + verdicts.found().stream()
                                    .filter(one -> one.error().isPresent())
                                    .count();
                })
                .toArray());
    }

    private static List<Integer> mostFirst(long[] count) {
        return IntStream.range(0, count.length)
                .filter(i -> count[i] > 0)
                .boxed()
                .sorted(Comparator.comparingLong(i -> -count[i]))
                .toList();
    }

    /** Each true object, 1 if it is found; with its class and its size. */
    @Override
    public Cases cases() {
        var of = new ArrayList<Integer>();
        var values = new ArrayList<Double>();
        var names = new ArrayList<String>();
        var areas = new ArrayList<Double>();
        for (int i = 0; i < images.size(); i++) {
            GroundTruth own = truth.get(i);
            List<Integer> hits = verdicts(i).found().stream()
                    .map(ObjectVerdicts.Verdict::truth)
                    .toList();
            for (int t = 0; t < own.size(); t++) {
                if (!own.ignore().get(t)) {
                    of.add(i);
                    values.add(hits.contains(t) ? 1.0 : 0.0);
                    names.add(classes.get(own.labels().get(t)));
                    areas.add(Math.sqrt(own.areas().get(t)));
                }
            }
        }
        return new Cases(
                of, values, List.of(new Column.Words("class", names), new Column.Numbers("object size", areas)));
    }
}
