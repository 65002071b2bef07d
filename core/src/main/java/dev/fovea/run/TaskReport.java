package dev.fovea.run;

import dev.fovea.io.FormatException;
import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the reports of all tasks have in common: which run, its numbers, its epochs, its recipe. */
public record TaskReport(RunContext run, History history, Map<String, Double> metrics) {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("accuracy", "accuracy"),
            Map.entry("top5Accuracy", "top-5 accuracy"),
            Map.entry("balancedAccuracy", "balanced accuracy"),
            Map.entry("macroF1", "macro F1"),
            Map.entry("microF1", "micro F1"),
            Map.entry("brier", "Brier score"),
            Map.entry("nll", "negative log-likelihood"),
            Map.entry("vocAp50", "VOC AP50"),
            Map.entry("rocAuc", "ROC-AUC"),
            Map.entry("expectedCalibrationError", "calibration error"),
            Map.entry("pixelAccuracy", "pixel accuracy"),
            Map.entry("classAccuracy", "class accuracy"),
            Map.entry("dice", "Dice"),
            Map.entry("boundaryF1", "boundary F1"),
            Map.entry("rank1", "rank-1 identification"),
            Map.entry("rank5", "rank-5 identification"),
            Map.entry("eer", "equal error rate"),
            Map.entry("auroc", "AUROC"),
            Map.entry("tarAtFar01", "TAR at FAR 0.01"),
            Map.entry("tarAtFar001", "TAR at FAR 0.001"),
            Map.entry("validation_expectedCalibrationError", "validation calibration error without temperature"),
            Map.entry("psnr", "PSNR, dB"),
            Map.entry("inputPsnr", "PSNR of the input, dB"),
            Map.entry("ssim", "SSIM"),
            Map.entry("msSsim", "MS-SSIM"),
            Map.entry("mse", "MSE"),
            Map.entry("maskedMse", "MSE of masked patches"),
            Map.entry("mae", "MAE"),
            Map.entry("rmse", "RMSE"),
            Map.entry("r2", "R²"),
            Map.entry("bitsPerPixel", "bits per pixel"),
            Map.entry("bitsPerDimension", "bits per dimension"),
            Map.entry("tokenBitsPerDimension", "bits of tokens per dimension"),
            Map.entry("lr", "learning rate"),
            Map.entry("images_per_second", "images a second"));

    /** Words that are written so in any name. */
    private static final Pattern SHORT = Pattern.compile("\\b(f1|m?(ap|ar|iou))(?=\\d*\\b)");

    private static final String BESIDE = "jpeg";

    /** More rows than this are in {@code metrics.csv} alone. */
    private static final int EPOCHS = 100;

    /** What a report is headed by: the model, unless it is a long row of layers. */
    static String title(String model) {
        return model.length() > 40 && model.indexOf(',') >= 0 ? "Custom network" : model;
    }

    /** A metric as people call it. */
    static String spoken(String metric) {
        if (metric.startsWith(BESIDE)) {
            String own = metric.substring(BESIDE.length());
            return spoken(Character.toLowerCase(own.charAt(0)) + own.substring(1)) + ", JPEG";
        }
        for (String part : List.of("train", "validation")) {
            if (!NAMES.containsKey(metric) && metric.startsWith(part + "_")) {
                return part + " " + spoken(metric.substring(part.length() + 1));
            }
        }
        String words =
                metric.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT).strip();
        return NAMES.getOrDefault(metric, SHORT.matcher(words).replaceAll(found -> abbreviated(found.group())));
    }

    private static String abbreviated(String word) {
        return word.equals("miou")
                ? "mIoU"
                : word.equals("iou")
                        ? "IoU"
                        : word.startsWith("m")
                                ? "m" + word.substring(1).toUpperCase(Locale.ROOT)
                                : word.toUpperCase(Locale.ROOT);
    }

    /** A metric as all of the product writes it: a fraction of 1 with four digits, larger numbers with two. */
    public static String written(double value) {
        return Double.isNaN(value)
                ? "-"
                : String.format(
                        Locale.ROOT,
                        Math.abs(value) >= 10 ? "%.2f" : value != 0 && Math.abs(value) < 1e-3 ? "%.2e" : "%.4f",
                        value);
    }

    /** Writes {@code report.html}, its images, {@code metrics.csv} and {@code environment.json} into {@code folder}. */
    public void write(Path folder, String subtitle, Sections sections) {
        write(
                folder,
                run.seconds(),
                subtitle,
                sections,
                metrics.keySet().stream().toList(),
                List.of());
    }

    /**
     * The same with tables.
     *
     * @param shown metrics in large letters
     * @param tables of this task
     */
    public void write(
            Path folder, double seconds, String subtitle, Sections sections, List<String> shown, List<Table> tables) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        List<String> remarks = RunContext.remarks(run.recipe(), run.data());
        remarks.addAll(sections.remarks());
        var all = new ArrayList<>(tables);
        if (!history.rows().isEmpty()) {
            all.add(epochs());
        }
        HtmlReport.write(
                folder.resolve("report.html"),
                new RunReport(
                        title(run.recipe().model()),
                        subtitle,
                        about(),
                        tiles(shown, seconds),
                        remarks,
                        sections.figures(),
                        all,
                        history.facts(seconds),
                        new EffectiveRecipe(
                                        run.recipe(),
                                        run.preprocess(),
                                        run.type().steps())
                                .print()));
        history.write(folder, seconds);
    }

    private Map<String, String> about() {
        var about = new LinkedHashMap<String, String>();
        about.put("run", String.valueOf(run.folder().path().getFileName()));
        about.put("task", run.recipe().task().word());
        if (!title(run.recipe().model()).equals(run.recipe().model())) {
            about.put("layers", run.recipe().model());
        }
        Optional<RunFacts.Asked> asked = asked();
        asked.map(RunFacts.Asked::data).filter(data -> !data.data().isEmpty()).ifPresent(data -> {
            about.put("data", data.data());
            if (!data.validation().isEmpty()) {
                about.put("validated on", data.validation());
            }
        });
        asked.filter(facts -> !facts.weights().isEmpty())
                .ifPresent(facts -> about.put("weights", String.join(", ", facts.weights())));
        asked.filter(facts -> !facts.command().isEmpty()).ifPresent(facts -> about.put("command", facts.command()));
        about.put(
                "date",
                LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' '));
        about.put("seed", Long.toString(run.recipe().seed()));
        if (history.selected().epoch() > 0) {
            about.put(
                    "model selected",
                    history.selected()
                            .words()
                            .replaceFirst(
                                    ",", " of %s,".formatted(history.rows().size())));
        }
        int validated = run.data().validation().size();
        if (validated > 0 && !metrics.isEmpty()) {
            about.put("figures of", String.format(Locale.ROOT, "%,d validation images", validated));
        }
        return about;
    }

    /** What the run was asked for; unknown where its folder does not say. */
    private Optional<RunFacts.Asked> asked() {
        try {
            return RunFacts.read(run.folder().path()).map(RunFacts::asked);
        } catch (FormatException | UncheckedIOException e) {
            return Optional.empty(); // a report says what it can
        }
    }

    private List<RunReport.Tile> tiles(List<String> shown, double seconds) {
        var tiles = new ArrayList<RunReport.Tile>();
        for (String name : shown) {
            if (metrics.containsKey(name)) {
                tiles.add(new RunReport.Tile(spoken(name), written(metrics.get(name))));
            }
        }
        tiles.add(new RunReport.Tile(
                "parameters",
                String.format(Locale.ROOT, "%,d", run.net().state().parameterCount())));
        long frozen = run.net().state().frozenCount();
        if (frozen > 0) {
            tiles.add(new RunReport.Tile("of them frozen", String.format(Locale.ROOT, "%,d", frozen)));
        }
        history.speed()
                .ifPresent(speed ->
                        tiles.add(new RunReport.Tile("images a second", String.format(Locale.ROOT, "%,.0f", speed))));
        tiles.add(new RunReport.Tile("seconds in all", String.format(Locale.ROOT, "%,.0f", seconds)));
        return tiles;
    }

    /** Epoch by epoch, the selected one marked: a run of one epoch has no curves. */
    private Table epochs() {
        var columns = new LinkedHashSet<String>();
        history.rows().forEach(row -> columns.addAll(row.keySet()));
        List<Map<String, Double>> last = history.rows()
                .subList(
                        Math.max(0, history.rows().size() - EPOCHS),
                        history.rows().size());
        var rows = new ArrayList<List<String>>();
        for (Map<String, Double> row : last) {
            var cells = new ArrayList<String>();
            for (String column : columns) {
                Double value = row.get(column);
                cells.add(
                        value == null
                                ? ""
                                : column.equals("epoch")
                                        ? epoch(Math.round(value))
                                        : column.equals("seconds") || column.equals("images_per_second")
                                                ? String.format(Locale.ROOT, "%.1f", value)
                                                : written(value));
            }
            rows.add(cells);
        }
        String title = last.size() == history.rows().size()
                ? "Epochs"
                : "The last %s epochs; metrics.csv has all".formatted(EPOCHS);
        return new Table(title, columns.stream().map(TaskReport::spoken).toList(), rows);
    }

    private String epoch(long epoch) {
        return epoch == history.selected().epoch() ? epoch + " (selected)" : Long.toString(epoch);
    }
}
