package dev.fovea.task.embed;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.metrics.Identification;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.metrics.NeighbourDistances.Neighbour;
import dev.fovea.metrics.SimilarityPairs.Pair;
import dev.fovea.metrics.Verification;
import dev.fovea.report.Charts;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.report.RunReport.Table;
import dev.fovea.run.History;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TrainingBatch;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The report of a run: curves, ROC, similarities, what is identified, the pairs that are hardest to tell. */
final class EmbeddingReport {

    private static final int BINS = 50;
    private static final int HARDEST = 12;
    private static final int ASKED = 8;
    private static final int NEAREST = 6;
    private static final int RANKS = 10;
    private static final List<Double> FARS = List.of(0.1, 0.01, 0.001);

    private final RunContext run;
    private final NetOutputs outputs;
    private final Dataset validation;
    private final EmbeddingEvaluation evaluation;
    private final Verification verification;
    private final History history;

    EmbeddingReport(RunContext run, Embedder embedder, EmbeddingEvaluation evaluation, History history) {
        this.run = run;
        outputs = embedder.outputs();
        validation = run.data().validation();
        this.evaluation = evaluation;
        verification = evaluation.pairs().verification();
        this.history = history;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        var sections = new Sections();
        sections.remarks(evaluation.remarks(validation));
        curves(sections);
        if (verification.defined()) {
            sections.add("ROC", this::roc);
            sections.add("Similarities", this::similarities);
        }
        if (evaluation.identification().counted() > 0) {
            sections.add("Identification", this::cmc);
        }
        sections.add("Nearest images", this::nearest);
        sections.add("Most similar of two identities", () -> hardest(false));
        sections.add("Least similar of one identity", () -> hardest(true));
        sections.add("First training batch", () -> TrainingBatch.figure(run, outputs::shown));
        Map<String, Double> metrics = evaluation.metrics();
        new TaskReport(run, history, metrics)
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training images of %,d identities, %,d validation images of %,d %s",
                                run.data().train().size(),
                                run.data().train().classes().size(),
                                validation.size(),
                                validation.classes().size(),
                                evaluation.galleryImages() > 0 ? "of them" : "others"),
                        sections,
                        List.copyOf(metrics.keySet()),
                        verification.defined() ? List.of(operatingPoints()) : List.of());
    }

    private void curves(Sections sections) {
        history.curve(sections, "curves-loss", "Loss", "loss", "loss", "Of training; it has a margin in it.");
        history.curve(
                sections,
                "curves-accuracy",
                "Accuracy over the centres",
                "accuracy (0 to 1)",
                "accuracy",
                "Training images whose own identity has the nearest centre, without the margin.");
        history.curve(
                sections,
                "curves-hard",
                "Hard triplets",
                "share (0 to 1)",
                "hardTriplets",
                "Training images whose hardest triplet of the batch is not told by the margin yet.");
        history.curve(
                sections,
                "curves-eer",
                "Equal error rate",
                "EER (0 to 1)",
                EmbeddingObjective.CRITERION,
                "Of all pairs of validation images; lower is better.");
        history.curve(
                sections,
                "curves-rank1",
                "Identification",
                "rank-1 (0 to 1)",
                "rank1",
                "Validation images whose most similar other validation image is of the same identity.");
    }

    private Figure roc() {
        Verification.Point equal = verification.equalError();
        return new Figure(
                "roc",
                "ROC",
                String.format(
                        Locale.ROOT,
                        "Pairs of validation images that are accepted, at every threshold. At %.4f as many of one identity are rejected as of two accepted: %.2f %%.",
                        equal.threshold(),
                        100 * verification.eer()),
                Charts.roc("ROC of pairs", Map.of("validation", verification.roc())));
    }

    private Figure similarities() {
        var values = new LinkedHashMap<String, List<Double>>();
        values.put("two identities", list(verification.different()));
        values.put("one identity", list(verification.same()));
        return new Figure(
                "similarities",
                "Similarities",
                "Cosines of pairs of validation images; where the two overlap, no threshold is right.",
                Charts.distributions("Similarities of pairs", "similarity (cosine)", values, BINS));
    }

    private static List<Double> list(float[] values) {
        var list = new ArrayList<Double>();
        for (float value : values) {
            list.add((double) value);
        }
        return list;
    }

    private Figure cmc() {
        int most = Math.min(RANKS, validation.classes().size());
        return new Figure(
                "cmc",
                "Identification",
                "Validation images whose identity is among the k most similar ones, "
                        + (evaluation.galleryImages() > 0
                                ? "in the gallery of the training images."
                                : "each among all others."),
                Charts.lines(
                        "Cumulative match characteristic",
                        "rank k",
                        "identified (0 to 1)",
                        Map.of("validation", evaluation.identification().curve(most))));
    }

    private Figure hardest(boolean same) {
        var tiles = new ArrayList<Tile>();
        for (Pair pair : evaluation.pairs().hardest(same, HARDEST)) {
            List<String> names =
                    Stream.of(pair.a(), pair.b()).map(this::identity).distinct().toList();
            tiles.add(new Tile(
                    List.of(shown(validation, pair.a()), shown(validation, pair.b())),
                    List.of(String.join(" | ", names), similarity(pair.similarity())),
                    Mark.NONE));
        }
        String title = same ? "Least similar of one identity" : "Most similar of two identities";
        return new Figure(
                same ? "hardest-same" : "hardest-different",
                title,
                same
                        ? "These are told apart first. Images in a wrong folder show up here."
                        : "These are confused first. One identity in two folders shows up here.",
                ContactSheet.draw(title, tiles, 4));
    }

    /** In each row an image, then the most similar others: a wrong identity is framed. */
    private Figure nearest() {
        boolean gallery = evaluation.galleryImages() > 0;
        var tiles = new ArrayList<Tile>();
        int[] asked = Order.spread(validation.size(), ASKED);
        Identification found = evaluation.identification();
        List<List<Neighbour>> neighbours = new NeighbourDistances(evaluation.embeddings()).amongThemselves(NEAREST - 1);
        for (int index : asked) {
            tiles.add(tile(validation, index, "query", Mark.NONE));
            if (gallery) {
                Dataset train = run.data().train();
                int nearest = found.nearest().get(index);
                String name = train.classes().get(train.label(nearest));
                tiles.add(tile(
                        train,
                        nearest,
                        similarity(found.similarity().get(index)),
                        name.equals(identity(index)) ? Mark.RIGHT : Mark.WRONG));
            } else {
                for (Neighbour neighbour : neighbours.get(index)) {
                    boolean right = identity(neighbour.index()).equals(identity(index));
                    double cosine = 1 - neighbour.distance() * neighbour.distance() / 2;
                    tiles.add(tile(validation, neighbour.index(), similarity(cosine), right ? Mark.RIGHT : Mark.WRONG));
                }
            }
        }
        String title = gallery
                ? "Validation images and the most similar of the gallery"
                : "Validation images and the most similar others";
        BufferedImage sheet = ContactSheet.draw(title, tiles, gallery ? 4 : Math.min(NEAREST, validation.size()));
        return new Figure(
                "nearest",
                "Nearest images",
                gallery
                        ? "Pairs of a validation image and the most similar training image; a wrong identity is framed red."
                        : "In each row a validation image, then the most similar others; a wrong identity is framed red.",
                sheet);
    }

    private Tile tile(Dataset data, int index, String text, Mark mark) {
        return new Tile(List.of(shown(data, index)), List.of(data.classes().get(data.label(index)), text), mark);
    }

    private String identity(int index) {
        return validation.classes().get(validation.label(index));
    }

    private BufferedImage shown(Dataset data, int index) {
        return outputs.shown(outputs.prepared(data, index));
    }

    private static String similarity(double value) {
        return String.format(Locale.ROOT, "similarity %.3f", value);
    }

    private Table operatingPoints() {
        var rows = new ArrayList<List<String>>();
        Verification.Point equal = verification.equalError();
        rows.add(row("equal error", equal.threshold(), equal.far(), 1 - equal.frr()));
        for (double far : FARS) {
            double threshold = verification.thresholdAtFar(far);
            Verification.Point point = verification.at(threshold);
            rows.add(row("FAR at most %s".formatted(far), threshold, point.far(), 1 - point.frr()));
        }
        return new Table(
                "Thresholds",
                List.of("chosen for", "threshold", "false acceptance rate", "true acceptance rate"),
                rows);
    }

    private static List<String> row(String what, double threshold, double far, double tar) {
        return List.of(
                what, String.format(Locale.ROOT, "%.4f", threshold), TaskReport.written(far), TaskReport.written(tar));
    }
}
