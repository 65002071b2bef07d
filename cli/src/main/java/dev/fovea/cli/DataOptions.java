package dev.fovea.cli;

import dev.fovea.run.DataRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The data of a run: where it is and what of it is used. */
final class DataOptions {

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "Folder, archive, CSV or name; DATA:train names a part. By default that of the run that --resume names.")
    private String data = "";

    @Option(
            names = "--validation",
            paramLabel = "DATA",
            description = "Images to validate on, instead of the data's own part.")
    private String validation = "";

    @Option(
            names = "--format",
            description =
                    "Format of the data, where it is not recognised: folder, frames, idx, cifar, csv, voc, coco, yolo, masks, wider.")
    private String format = "";

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "CLASS",
            description = "Classes of normal images, for `fovea anomaly`; all others are left out.")
    private List<String> only = List.of();

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Number of training images of each class at most, drawn by the seed.")
    private Integer perClass;

    @Option(
            names = "--imbalance",
            paramLabel = "N",
            description =
                    "Training images of the first class for one of the last, as an experiment; those between fall "
                            + "exponentially.")
    private Double imbalance;

    @Option(
            names = "--label-noise",
            paramLabel = "SHARE",
            description = "Share of the training images that get a wrong label, as an experiment; the run lists them.")
    private Double labelNoise;

    @Option(
            names = "--extra",
            paramLabel = "DATA",
            description = "Training images of the same classes to add, such as generated ones.")
    private String extra = "";

    @Option(
            names = "--corrections",
            paramLabel = "LIST.csv",
            description =
                    "Findings with actions, as of an audit or of the studio: images to leave out, and new labels.")
    private String corrections = "";

    @Option(names = "--skip-broken", description = "Leave unreadable images out instead of stopping.")
    private boolean skipBroken;

    /** As the user named it, or empty. */
    String data() {
        return data;
    }

    /** Whether images that cannot be read are left out. */
    boolean skipBroken() {
        return skipBroken;
    }

    /** @throws IllegalArgumentException if a value cannot be */
    void check() {
        if (perClass != null && perClass < 1) {
            throw new IllegalArgumentException("--per-class: expected a number from 1, got " + perClass);
        }
    }

    /** Those that a run which goes on has already, and whether they are given. */
    Map<String, Boolean> ofNewRuns() {
        var given = new LinkedHashMap<String, Boolean>();
        given.put("--only", !only.isEmpty());
        given.put("--per-class", perClass != null);
        given.put("--imbalance", imbalance != null);
        given.put("--label-noise", labelNoise != null);
        given.put("--corrections", !corrections.isEmpty());
        given.put("--skip-broken", skipBroken);
        return given;
    }

    /** What is given, and of the rest what {@code recorded} says. */
    DataRequest over(DataRequest recorded, int batches) {
        return new DataRequest(
                data.isEmpty() ? recorded.data() : data,
                validation.isEmpty() ? recorded.validation() : validation,
                format.isEmpty() ? recorded.format() : format,
                skipBroken || recorded.skipBroken(),
                only.isEmpty() ? recorded.only() : only,
                perClass == null ? recorded.perClass() : perClass,
                extra.isEmpty() ? recorded.extra() : extra,
                corrections.isEmpty() ? recorded.corrections() : corrections,
                imbalance == null ? recorded.imbalance() : imbalance,
                labelNoise == null ? recorded.labelNoise() : labelNoise,
                recorded.fold(),
                batches);
    }
}
