package dev.fovea.export.runtime;

import dev.fovea.models.ModelFormat;
import dev.fovea.models.ModelPackage;
import java.nio.file.Path;

/**
 * ONNX files as models: those that were exported here say what they are in their metadata, beside others lies a YAML file of the same
 * name.
 */
public final class OnnxFormat implements ModelFormat {

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

    static Described described(Path file, OnnxHeader header) {
        return header.metadata().containsKey(OnnxMetadata.CONFIG)
                ? OnnxMetadata.described(file, header)
                : BesideFile.described(file, header);
    }
}
