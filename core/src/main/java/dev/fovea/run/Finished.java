package dev.fovea.run;

import dev.fovea.models.ModelPackage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run ends with.
 *
 * @param model to be saved, with its metrics and thresholds
 * @param metrics on the validation part; none where there is none
 * @param remarks what its user should know of what was found, in sentences
 * @param report of the run; {@link Report#NONE} where there was nothing to validate on
 */
public record Finished(ModelPackage model, Map<String, Double> metrics, List<String> remarks, Report report) {

    /** Writes {@code report.html}, its figures, {@code metrics.csv} and {@code environment.json} into a folder. */
    @FunctionalInterface
    public interface Report {

        /** Writes nothing. */
        Report NONE = folder -> {};

        void write(Path folder);
    }

    public Finished {
        remarks = List.copyOf(remarks);
    }

    /** The same with remarks. */
    public Finished withRemarks(List<String> value) {
        return new Finished(model, metrics, value, report);
    }

    /** Of a run without images to validate on. */
    public static Finished unvalidated(RunContext run) {
        return new Finished(run.model(), Map.of(), List.of(), Report.NONE);
    }
}
