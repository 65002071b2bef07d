package dev.fovea.task.embed;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.image.Image;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.metrics.NeighbourDistances.Neighbour;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.History;
import dev.fovea.run.NetOutputs;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TrainingBatch;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of a run: curves, views as the network saw them, validation images with those that are most like them. */
final class SelfSupervisedReport {

    private static final int ASKED = 8;
    private static final int NEAREST = 6;

    private final RunContext run;
    private final SavedNet net;
    private final NetOutputs outputs;
    private final Dataset validation;
    private final List<float[]> features;
    private final Map<String, Double> metrics;
    private final History history;

    SelfSupervisedReport(
            RunContext run, SavedNet net, List<float[]> features, Map<String, Double> metrics, History history) {
        this.run = run;
        this.net = net;
        outputs = new NetOutputs(net, x -> x);
        validation = run.data().validation();
        this.features = features;
        this.metrics = metrics;
        this.history = history;
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    void write(Path folder, double seconds) {
        var sections = new Sections();
        history.curve(
                sections, "curves-loss", "Loss", "loss", "loss", "How far the two views of an image are from alike.");
        history.curve(
                sections,
                "curves-similarity",
                "Similarity of two views",
                "cosine",
                "similarity",
                "Rising towards 1 together with a falling loss is learning; 1 at once means that all images look alike to the network.");
        if (!metrics.isEmpty()) {
            history.curve(
                    sections,
                    "curves-knn",
                    "Nearest neighbours of the same class",
                    "accuracy",
                    SelfSupervisedObjective.CRITERION,
                    "Of validation images, by the five with the most similar features; labels serve for this figure alone.");
        }
        sections.add("First training batch", () -> TrainingBatch.figure(run, outputs::shown));
        sections.add("Most similar images", this::similar);
        new TaskReport(run, history, metrics)
                .write(
                        folder,
                        seconds,
                        String.format(
                                Locale.ROOT,
                                "%,d training and %,d validation images, without their labels",
                                run.data().train().size(),
                                validation.size()),
                        sections,
                        List.copyOf(metrics.keySet()),
                        List.of());
    }

    private Figure similar() {
        List<List<Neighbour>> nearest = new NeighbourDistances(features).amongThemselves(NEAREST - 1);
        var tiles = new ArrayList<Tile>();
        for (int asked : Order.spread(validation.size(), ASKED)) {
            tiles.add(tile(asked, ""));
            for (Neighbour neighbour : nearest.get(asked)) {
                tiles.add(tile(neighbour.index(), String.format(Locale.ROOT, "distance %.2f", neighbour.distance())));
            }
        }
        BufferedImage sheet = ContactSheet.draw("Validation images and the most similar others", tiles, NEAREST);
        return new Figure(
                "similar",
                "Most similar images",
                "In each row a validation image, then the five whose features are nearest to its own.",
                sheet);
    }

    private Tile tile(int index, String text) {
        Image seen = net.preprocess().apply(validation.image(index));
        String label =
                validation.classes().size() < 2 ? "" : validation.classes().get(validation.label(index));
        return new Tile(List.of(seen.toBufferedImage()), List.of(label, text.isEmpty() ? "query" : text), Mark.NONE);
    }
}
