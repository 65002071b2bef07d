package dev.fovea.task;

import dev.fovea.report.HtmlReport;
import dev.fovea.report.RunReport;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.RecipeFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of a run whose task is judged by a few numbers and by looking at pictures. */
record TaskReport(RunContext run, History history, Map<String, Double> metrics) {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("psnr", "PSNR, dB"),
            Map.entry("damagedPsnr", "PSNR damaged, dB"),
            Map.entry("ssim", "SSIM"),
            Map.entry("msSsim", "MS-SSIM"),
            Map.entry("mse", "MSE"),
            Map.entry("mae", "MAE"),
            Map.entry("bitsPerPixel", "bits per pixel"),
            Map.entry("bitsPerDimension", "bits per dimension"),
            Map.entry("tokenBitsPerDimension", "bits of tokens per dimension"));

    private static final String BESIDE = "jpeg";

    /** What a report is headed by: the model, unless it is a long row of layers. */
    static String title(String model) {
        return model.length() > 40 && model.indexOf(',') >= 0 ? "Custom network" : model;
    }

    /** A metric as people call it. */
    private static String spoken(String metric) {
        if (metric.startsWith(BESIDE)) {
            String own = metric.substring(BESIDE.length());
            return spoken(Character.toLowerCase(own.charAt(0)) + own.substring(1)) + ", JPEG";
        }
        return NAMES.getOrDefault(metric, metric);
    }

    /** Writes {@code report.html}, its pictures, {@code metrics.csv} and {@code environment.json}. */
    void write(String subtitle, List<Figure> figures) {
        write(subtitle, List.of(), figures);
    }

    /** @param remarks what was noticed in training */
    void write(String subtitle, List<String> remarks, List<Figure> figures) {
        String model = run.recipe().model();
        HtmlReport.write(
                run.folder().report(),
                new RunReport(
                        title(model),
                        subtitle,
                        tiles(),
                        remarks,
                        figures,
                        List.of(),
                        List.of(),
                        history.facts(run.seconds()),
                        RecipeFile.print(run.recipe())));
        history.write(run.folder().path(), run.seconds());
    }

    private List<RunReport.Tile> tiles() {
        var tiles = new ArrayList<RunReport.Tile>();
        metrics.forEach((name, value) -> tiles.add(
                new RunReport.Tile(spoken(name), String.format(Locale.ROOT, value >= 10 ? "%.2f" : "%.4f", value))));
        tiles.add(new RunReport.Tile(
                "parameters", "%,d".formatted(run.net().state().parameterCount())));
        history.speed().ifPresent(speed -> tiles.add(new RunReport.Tile("images a second", "%,.0f".formatted(speed))));
        tiles.add(new RunReport.Tile("seconds in all", "%,.0f".formatted(run.seconds())));
        return tiles;
    }
}
