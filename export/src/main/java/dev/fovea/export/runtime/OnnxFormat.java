package dev.fovea.export.runtime;

import dev.fovea.export.OnnxValue;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import dev.fovea.models.ModelFormat;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.TaskType;
import java.nio.file.Path;

/**
 * ONNX files as models: those that were exported here say what they are in their metadata, beside others lies a YAML file of the same
 * name.
 */
public final class OnnxFormat implements ModelFormat {

    /** Of all images that go in at once; beyond that a few bytes of a file would take all memory. */
    private static final long MOST_NUMBERS = 1L << 28;

    @Override
    public String ending() {
        return ONNX;
    }

    @Override
    public ModelPackage.Config readConfig(Path file) {
        return described(file, OnnxHeader.read(file)).config();
    }

    @Override
    public ModelPackage read(Path file) {
        OnnxHeader header = OnnxHeader.read(file);
        Described described = described(file, header);
        return new ModelPackage(described.config(), OnnxNets.of(file, header, described));
    }

    private static void checkSizes(Path file, OnnxValue input) {
        String words = Escaped.of(input.name() + " " + input.description());
        long numbers = 1;
        for (OnnxValue.Dim dim : input.dims()) {
            long size = dim.fixed() ? dim.size() : 1;
            if (size == 0) {
                throw new FormatException(
                        "%s: its input %s has a size of 0, so no image goes in. Export it with a size, or a name for any"
                                .formatted(file, words));
            }
            if (size > MOST_NUMBERS / numbers) {
                throw new FormatException("%s: its input is too large: expected at most %s numbers at once, got %s"
                        .formatted(file, MOST_NUMBERS, words));
            }
            numbers *= size;
        }
    }

    /** Whether files of that task that were exported here are models: their network is a function of images with one answer. */
    public static boolean isModelOf(TaskType<?> type) {
        return OnnxNets.USED.contains(type.network());
    }

    static Described described(Path file, OnnxHeader header) {
        header.inputs().forEach(input -> checkSizes(file, input));
        return header.metadata().containsKey(OnnxMetadata.CONFIG)
                ? OnnxMetadata.described(file, header)
                : BesideFile.described(file, header);
    }
}
