package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.TargetKind;
import dev.fovea.export.OnnxExport;
import dev.fovea.export.quantize.Int8Export;
import dev.fovea.run.ProgressWatch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** A model in eight bits, and what that costs. */
final class Int8Options {

    private static final double MEGA = 1e6;

    @Option(
            names = "--int8",
            description =
                    "Convolutions and products in eight bits, with ranges measured on images (--calibrate); prints what that costs.")
    private boolean int8;

    @Option(
            names = "--calibrate",
            paramLabel = "DATA",
            description =
                    "Images for --int8 like those the model is meant for: folder, archive, CSV or name. Ranges are measured on its "
                            + "training part, metrics on another.")
    private String calibrate = "";

    /** @throws IllegalArgumentException if only one of both is given */
    boolean given() {
        if (int8 && calibrate.isEmpty()) {
            throw new IllegalArgumentException("--int8: needs images to measure ranges on. Add --calibrate DATA");
        }
        if (!int8 && !calibrate.isEmpty()) {
            throw new IllegalArgumentException("--calibrate: is for --int8. Add that, or leave it out");
        }
        return int8;
    }

    Int8Export.Written write(OnnxExport export, TargetKind kind, Path file) {
        return write(export, kind, calibrate, file, ProgressWatch.NONE);
    }

    static Int8Export.Written write(
            OnnxExport export, TargetKind kind, String calibrate, Path file, ProgressWatch watch) {
        return new Int8Export(export, Data.open(calibrate, Data.Options.of().withTargets(kind))).write(file, watch);
    }

    static Map<String, Object> values(Int8Export.Written written, Path file) {
        var values = new LinkedHashMap<String, Object>();
        values.put("output", file.toString());
        values.put("format", "onnx");
        values.put("opset", written.exact().opset());
        values.put("bytes", written.bytes());
        values.put("float32Bytes", written.exact().bytes());
        values.put("operations", written.result().nodes());
        values.put("ranges", written.result().rule());
        values.put("error", written.result().error());
        values.put("calibrationImages", written.calibration());
        values.put("evaluationImages", written.evaluation());
        values.put("float32", written.before());
        values.put("int8", written.after());
        if (!written.unmeasured().isEmpty()) {
            values.put("unmeasured", written.unmeasured());
        }
        return values;
    }

    static String text(Int8Export.Written written, Path file) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: opset %d, %.1f MB (float32: %.1f); %d operations in int8, ranges by %s on %,d images%n",
                file,
                written.exact().opset(),
                written.bytes() / MEGA,
                written.exact().bytes() / MEGA,
                written.result().nodes(),
                written.result().rule(),
                written.calibration()));
        if (!Double.isNaN(written.result().error())) {
            text.append(String.format(
                    Locale.ROOT,
                    "outputs differ by %.2f %% of their size%n",
                    100 * written.result().error()));
        }
        if (written.before().isEmpty()) {
            return text.append("no metrics: ").append(written.unmeasured()).toString();
        }
        text.append(String.format(Locale.ROOT, "%n%-28s %10s %10s %10s", "", "float32", "int8", "change"));
        written.before().forEach((name, before) -> {
            double after = written.after().getOrDefault(name, Double.NaN);
            text.append(
                    String.format(Locale.ROOT, "%n%-28s %10.4f %10.4f %+10.4f", name, before, after, after - before));
        });
        return text.append(String.format(Locale.ROOT, "%non %,d images%n", written.evaluation()))
                .toString();
    }
}
