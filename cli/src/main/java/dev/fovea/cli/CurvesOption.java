package dev.fovea.cli;

import dev.fovea.data.Dataset;
import dev.fovea.image.Image;
import dev.fovea.task.compress.Codec;
import dev.fovea.task.compress.RateDistortion;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Charts of a codec beside others and JPEG. */
final class CurvesOption {

    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "CODEC",
            description = "Codecs of other rates to draw into --curves.")
    private List<Path> beside = List.of();

    @Option(
            names = "--curves",
            paramLabel = "DIR",
            description = "Folder for charts of PSNR and MS-SSIM over bits per pixel beside JPEG's, for a codec.")
    private Path curves;

    /** Whether they are asked for. */
    boolean given() {
        return curves != null;
    }

    /** What no option alone can know to be wrong. */
    void check() {
        EvaluateCommand.needs("--compare", !beside.isEmpty(), "--curves", given());
    }

    /** Gives the exit code. */
    int draw(Path model, Dataset images, String device, Output output) {
        var codecs = new ArrayList<Codec>();
        codecs.add(Codec.load(model, device));
        beside.forEach(path -> codecs.add(Codec.load(path, device)));
        var rates = RateDistortion.of(codecs, images);
        var charts = new LinkedHashMap<String, BufferedImage>();
        charts.put("rate-psnr.png", rates.chart("psnr", "PSNR (dB)"));
        if (rates.has("msSsim")) {
            charts.put("rate-ms-ssim.png", rates.chart("msSsim", "MS-SSIM"));
        } else {
            output.say("no chart of MS-SSIM, which needs images with sides of 176 pixels or more");
        }
        Path folder = new OutputFolder(curves).path();
        charts.forEach((name, chart) -> Image.write(folder.resolve(name), chart));
        var table = new StringBuilder();
        rates.rows().forEach(row -> table.append("codec  ").append(line(row)));
        rates.jpeg().forEach(row -> table.append("JPEG   ").append(line(row)));
        var json = new LinkedHashMap<String, Object>();
        json.put("images", images.size());
        json.put("rates", rates.rows());
        json.put("jpeg", rates.jpeg());
        output.print(json, table.toString());
        return 0;
    }

    private static String line(Map<String, Double> row) {
        return row.entrySet().stream()
                        .map(e -> String.format(
                                Locale.ROOT,
                                e.getKey().equals("quality") ? "%s %.0f" : "%s %.4f",
                                e.getKey(),
                                e.getValue()))
                        .collect(Collectors.joining("  "))
                + System.lineSeparator();
    }
}
