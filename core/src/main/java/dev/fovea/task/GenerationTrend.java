package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import dev.fovea.report.Charts;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Judges after every epoch, through a classifier, what a generator makes, and writes how that goes. */
final class GenerationTrend implements Listener {

    static final String CHART = "generated-fid.png";
    private static final String FILE = "generated.csv";
    private static final int MADE = 2000;
    private static final int REAL = 5000;

    private final Classifier judge;
    private final List<float[]> real;
    private final RunFolder folder;
    private final List<Listener> others;
    private final boolean toldClasses;
    private final List<Map<String, Double>> rows = new ArrayList<>();

    /**
     * @param train real pictures of the same classes as the judge's
     * @param toldClasses whether the generator is asked for all classes in turn
     * @param others told in words what was found
     */
    GenerationTrend(Classifier judge, Dataset train, boolean toldClasses, RunFolder folder, List<Listener> others) {
        if (!judge.classes().equals(train.classes())) {
            throw new IllegalArgumentException(
                    "--judge: its classes are %s, those of the data %s".formatted(judge.classes(), train.classes()));
        }
        this.judge = judge;
        this.toldClasses = toldClasses;
        this.folder = folder;
        this.others = List.copyOf(others);
        real = judge.features(Subset.evenly(train, REAL));
    }

    @Override
    public int samples() {
        return MADE;
    }

    @Override
    public void onEpoch(Epoch epoch) {
        List<Image> made = epoch.samples();
        if (made.isEmpty()) {
            return;
        }
        int[] asked = IntStream.range(0, toldClasses ? made.size() : 0)
                .map(i -> i % judge.classes().size())
                .toArray();
        var row = new java.util.LinkedHashMap<String, Double>();
        row.put("epoch", (double) epoch.epoch());
        row.putAll(GenerationScore.metrics(made, asked, judge, real));
        rows.add(row);
        AtomicFile.write(folder.path().resolve(FILE), RunRecord.csv(rows));
        String text = String.format(
                Locale.ROOT,
                "%,d generated pictures beside %,d real ones, by features of %s: FID %.2f, %sclasses covered %.0f %%",
                made.size(),
                real.size(),
                judge.config().architecture(),
                row.get("fid"),
                toldClasses ? String.format(Locale.ROOT, "read as asked %.1f %%, ", 100 * row.get("readAsAsked")) : "",
                100 * row.get("coverage"));
        others.forEach(listener -> listener.onRemark(text));
    }

    @Override
    public void onEnd(End end) {
        if (rows.size() > 1) {
            var points = rows.stream()
                    .map(row -> new double[] {row.get("epoch"), row.get("fid")})
                    .toList();
            Image.write(
                    folder.path().resolve(CHART),
                    Charts.lines(
                            "FID of %,d generated pictures, features of %s"
                                    .formatted(MADE, judge.config().architecture()),
                            "epoch",
                            "FID",
                            Map.of("generated", points)));
        }
    }
}
