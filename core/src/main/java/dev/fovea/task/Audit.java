package dev.fovea.task;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Folds;
import dev.fovea.data.LabelNoise;
import dev.fovea.data.Splits;
import dev.fovea.engine.Seed;
import dev.fovea.metrics.ConfidentJoint;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.metrics.Softmax;
import dev.fovea.run.Examined;
import dev.fovea.run.Finding;
import dev.fovea.run.Findings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What may be wrong with labelled images: labels, copies, leaks between parts, outliers, images that can hardly be seen.
 *
 * <p>Labels are checked by confident learning (<a href="https://arxiv.org/abs/1911.00068">Northcutt et al. 2021</a>): of each
 * image by a classifier that was trained on others.
 *
 * @param findings of each kind the worst first
 * @param images that were looked at
 * @param joint what is estimated of given and true labels; none where labels could not be checked
 * @param check how well labels that were changed on purpose were found, where that was asked for
 * @param remarks what a reader should know of the audit itself, in sentences
 * @param method how labels were checked
 */
public record Audit(
        List<Finding> findings,
        Examined images,
        Optional<Joint> joint,
        Optional<Check> check,
        List<String> remarks,
        String method) {

    /** Of the outlier's distance. */
    private static final int NEIGHBOURS = 5;

    /** Comparing every image with every other takes the square of their number. */
    private static final int MOST_EMBEDDINGS = 60_000;

    private static final long FLIPS = 22;

    /** With less agreement, of labels that were not changed, a suspect says more about the classifier than about the label. */
    private static final double TRUSTED = 0.75;

    /**
     * The estimated joint distribution of given and true labels.
     *
     * @param shares of all images, by [given label][true class]
     * @param wrong share of labels that are estimated to be wrong, 0 to 1
     * @param agreement share of images to which the classifiers give their label, 0 to 1
     */
    public record Joint(List<List<Double>> shares, double wrong, double agreement) {

        static Joint of(ConfidentJoint joint, List<float[]> probabilities, int[] labels, int[] counts) {
            int agreed = 0;
            for (int i = 0; i < labels.length; i++) {
                agreed += Softmax.best(probabilities.get(i)) == labels[i] ? 1 : 0;
            }
            return new Joint(joint.joint(counts), joint.wrong(counts), agreed / (double) labels.length);
        }
    }

    /**
     * How well wrong labels are found, measured on labels that were changed on purpose.
     *
     * @param flipped labels that were changed
     * @param found of those, how many are among the findings
     * @param suspects labels among the findings in all
     */
    public record Check(int flipped, int found, int suspects) {

        /** The share of changed labels that is found. */
        public double recall() {
            return found / (double) flipped;
        }

        /** The share of suspected labels that were changed. */
        public double precision() {
            return suspects == 0 ? Double.NaN : found / (double) suspects;
        }
    }

    /**
     * How an audit is done.
     *
     * @param predictor of the classes of images it did not learn from
     * @param folds parts of the data, the classes of each of which are predicted by what was learned on the others
     * @param seed of the folds and flips
     * @param flips share of labels that are changed at random first, to see how many are found; 0 for none
     */
    public record Settings(OutOfFold predictor, int folds, long seed, double flips) {
        public Settings {
            if (folds < 2) {
                throw new IllegalArgumentException("folds: expected 2 or more, got " + folds);
            }
            if (!(flips >= 0 && flips <= 0.9)) {
                throw new IllegalArgumentException(
                        "check: expected a share of labels to change, 0 to 0.9, got " + flips);
            }
        }
    }

    public Audit {
        findings = List.copyOf(findings);
        remarks = List.copyOf(remarks);
    }

    /** Findings of one kind, the worst first. */
    public List<Finding> of(Finding.Kind kind) {
        return findings.stream().filter(finding -> finding.kind() == kind).toList();
    }

    /** The files that {@link #write} leaves. */
    public static final String PAGE = "audit.html";

    /** The list of findings, to be gone through and applied. */
    public static final String LIST = "findings.csv";

    /**
     * Writes the page with its images, and the list of findings.
     *
     * @param about the audit, by what is said first on the page
     */
    public void write(Path folder, Map<String, String> about) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        Findings.write(folder.resolve(LIST), findings);
        new AuditPage(this).write(folder.resolve(PAGE), about);
    }

    /**
     * Looks at all parts of {@code data} together.
     *
     * @param say told what is being done and how long it will take
     * @throws DataException if these are clips, or images without one class each
     */
    public static Audit of(Splits data, Settings settings, Consumer<String> say) {
        return of(Examined.of(data), data.notes(), settings, say);
    }

    /**
     * The same of images that were looked at already.
     *
     * @param notes of the data
     */
    public static Audit of(Examined given, List<String> notes, Settings settings, Consumer<String> say) {
        Flipped flipped = flipped(given, settings);
        Examined images = given.withLabels(flipped.labels());
        var findings = new ArrayList<>(images.unreadable());
        var remarks = new ArrayList<>(notes);
        Dataset all = images.data();
        Optional<OutOfFold.Predictions> predicted = Optional.empty();
        Optional<ConfidentJoint> confident = Optional.empty();
        int[] labels = images.labels();
        if (cannotJudge(images, settings.folds(), remarks)) {
            say.accept(remarks.get(remarks.size() - 1));
        } else {
            predicted = Optional.of(
                    settings.predictor().predict(all, Folds.of(all, settings.folds(), settings.seed()), say));
            remarks.addAll(predicted.get().remarks());
            confident = Optional.of(ConfidentJoint.of(
                    predicted.get().probabilities(), labels, all.classes().size()));
        }
        List<float[]> probabilities =
                predicted.map(OutOfFold.Predictions::probabilities).orElse(List.of());
        Optional<Joint> joint = confident.map(found -> Joint.of(found, probabilities, labels, all.counts()));
        joint.filter(found -> found.agreement() < TRUSTED * (1 - settings.flips()))
                .ifPresent(found -> remarks.add(String.format(
                        Locale.ROOT,
                        "the classifiers that check the labels give only %.0f %% of the images their label: most suspects are mistakes of theirs where the labels are mostly right, and the estimated share of wrong labels is too high; look at the first ones, or take a better network",
                        100 * found.agreement())));
        List<ConfidentJoint.Suspect> suspects =
                confident.map(found -> checkable(found, all)).orElse(List.of());
        suspects.forEach(suspect -> findings.add(images.finding(
                Finding.Kind.LABEL, suspect.index(), suspect.score(), suspect.proposed(), Finding.Action.REMOVE, -1)));
        List<float[]> embeddings = embeddings(predicted, remarks);
        List<List<NeighbourDistances.Neighbour>> nearest =
                embeddings.isEmpty() ? List.of() : new NeighbourDistances(embeddings).amongThemselves(NEIGHBOURS);
        findings.addAll(images.copies(nearest.stream()
                .map(of -> of.stream()
                        .limit(1)
                        .map(NeighbourDistances.Neighbour::index)
                        .toList())
                .toList()));
        findings.addAll(outliers(images, nearest));
        findings.addAll(images.qualityIssues());
        findings.sort((a, b) -> a.kind().compareTo(b.kind())); // stable: within a kind the order stays
        return new Audit(
                findings,
                images,
                joint,
                settings.flips() == 0 || confident.isEmpty() ? Optional.empty() : Optional.of(flipped.check(suspects)),
                remarks,
                predicted.isPresent() ? settings.predictor().method() : "labels not checked");
    }

    private static boolean cannotJudge(Examined images, int folds, List<String> remarks) {
        int[] counts = Folds.different(images.data());
        long filled = Arrays.stream(counts).filter(count -> count > 0).count();
        int different = Arrays.stream(counts).sum();
        if (filled < 2) {
            remarks.add(
                    filled == 0
                            ? "there is no readable image"
                            : "there is 1 class ('%s'), so that labels cannot be checked"
                                    .formatted(images.data().classes().get(images.labels()[0])));
            return true;
        }
        if (different < 2 * folds) {
            remarks.add("%s different images are too few to check labels in %s folds".formatted(different, folds));
            return true;
        }
        if (Arrays.stream(counts).filter(count -> count > 1).count() < 2) {
            remarks.add("labels cannot be checked, as only one class has more than one image");
            return true;
        }
        List<String> single = IntStream.range(0, counts.length)
                .filter(c -> counts[c] == 1)
                .mapToObj(c -> "'" + images.data().classes().get(c) + "'")
                .toList();
        if (!single.isEmpty()) {
            remarks.add(
                    "of %s there is one image, whose label cannot be checked: what is learned on the others does not know it"
                            .formatted(String.join(", ", single.subList(0, Math.min(5, single.size())))));
        }
        return false;
    }

    /** Without those of classes that had no other image to be learned from. */
    private static List<ConfidentJoint.Suspect> checkable(ConfidentJoint joint, Dataset all) {
        int[] counts = Folds.different(all);
        return joint.suspects().stream()
                .filter(suspect -> counts[suspect.given()] > 1)
                .toList();
    }

    private static List<float[]> embeddings(Optional<OutOfFold.Predictions> predicted, List<String> remarks) {
        List<float[]> embeddings =
                predicted.map(OutOfFold.Predictions::embeddings).orElse(List.of());
        if (embeddings.size() > MOST_EMBEDDINGS) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "outliers are looked for among %,d images and fewer, these are %,d",
                    MOST_EMBEDDINGS,
                    embeddings.size()));
            return List.of();
        }
        return embeddings;
    }

    /** Those whose distance is far above what is usual (Tukey 1977). */
    private static List<Finding> outliers(Examined images, List<List<NeighbourDistances.Neighbour>> nearest) {
        double[] distances = nearest.stream()
                .mapToDouble(of -> of.isEmpty() ? 0 : of.get(of.size() - 1).distance())
                .toArray();
        if (distances.length < 2 * NEIGHBOURS) {
            return List.of();
        }
        double[] sorted = distances.clone();
        Arrays.sort(sorted);
        double first = sorted[sorted.length / 4];
        double third = sorted[sorted.length * 3 / 4];
        return IntStream.range(0, distances.length)
                .filter(i -> distances[i] > third + 1.5 * (third - first))
                .boxed()
                .sorted((a, b) -> Double.compare(distances[b], distances[a]))
                .map(i -> images.finding(Finding.Kind.OUTLIER, i, distances[i], -1, Finding.Action.KEEP, -1))
                .toList();
    }

    /** Labels of all readable images, and which of them were changed. */
    private record Flipped(List<Integer> labels, List<Boolean> changed) {
        Check check(List<ConfidentJoint.Suspect> suspects) {
            int found = (int) suspects.stream()
                    .filter(suspect -> changed.get(suspect.index()))
                    .count();
            return new Check(Collections.frequency(changed, true), found, suspects.size());
        }
    }

    private static Flipped flipped(Examined images, Settings settings) {
        List<Integer> labels =
                LabelNoise.flipped(images.data(), settings.flips(), new Seed(settings.seed()).derive(FLIPS));
        return new Flipped(
                labels,
                IntStream.range(0, labels.size())
                        .mapToObj(i -> labels.get(i) != images.data().label(i))
                        .toList());
    }
}
