package dev.fovea.serve.studio.models;

import dev.fovea.run.ProgressWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes models in the formats of other programs; what can do that is not part of the server. */
public interface Exporter {

    /** Where nothing can. */
    Exporter NONE = new Exporter() {
        @Override
        public List<String> formats() {
            return List.of();
        }

        @Override
        public Map<String, Object> write(Wish wish, Path file, ProgressWatch watch) {
            throw new IllegalArgumentException("export is not part of this program. Add dev.fovea:fovea-export");
        }
    };

    /**
     * What is to be written.
     *
     * @param model a run or a package
     * @param format one of {@link #formats}
     * @param preprocessing whether images go in as bytes
     * @param postprocessing whether the answer of the task comes out
     * @param half whether in float16
     * @param calibration data whose images ranges are measured on, to write in eight bits; none for float32
     * @param layout whose names weights have; empty for the usual ones
     * @param opset version of operators, 0 for the usual one
     */
    record Wish(
            Path model,
            String format,
            boolean preprocessing,
            boolean postprocessing,
            boolean half,
            Optional<String> calibration,
            String layout,
            int opset) {}

    /** The formats that it writes, which are the ends of their files' names too. */
    List<String> formats();

    /**
     * Writes the file, and nothing if that fails.
     *
     * @param watch hears how far it is; what it throws ends it
     * @return what there is to say of it, by names in JSON: programs to copy as {@code python} and {@code java}
     * @throws IllegalArgumentException if the model has no such form
     */
    Map<String, Object> write(Wish wish, Path file, ProgressWatch watch);
}
