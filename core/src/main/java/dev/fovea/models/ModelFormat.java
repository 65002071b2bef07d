package dev.fovea.models;

import dev.fovea.io.Escaped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Models that are one file of another form than a {@link ModelPackage}, such as ONNX. Forms are found on the class path by {@link
 * ServiceLoader}.
 */
public interface ModelFormat {

    /** The end of the names of ONNX files. */
    String ONNX = ".onnx";

    /** How the names of its files end, in small letters: {@link #ONNX}. */
    String ending();

    /**
     * What the model is, for people and for reading data; its network is not made ready.
     *
     * @throws IllegalArgumentException if it is damaged, or does not say what it is for
     */
    ModelPackage.Config readConfig(Path file);

    /**
     * The model, ready to answer; its network has no weights to train.
     *
     * @throws IllegalArgumentException if it is damaged, or does not say what it is for
     */
    ModelPackage read(Path file);

    /** Whether {@code path} is a file whose name is that of an ONNX model. */
    static boolean isFile(Path path) {
        return named(path.toString()) && Files.isRegularFile(path);
    }

    /** Whether a name is that of an ONNX file. */
    static boolean named(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(ONNX);
    }

    /**
     * What reads {@code file}; none where its name is of no such form.
     *
     * @throws IllegalArgumentException if it is an ONNX file, and what reads them is not on the class path
     */
    static Optional<ModelFormat> of(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String name = file.toString().toLowerCase(Locale.ROOT);
        Optional<ModelFormat> reader = ServiceLoader.load(ModelFormat.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(format -> name.endsWith(format.ending()))
                .findFirst();
        if (reader.isEmpty() && named(name)) {
            throw new IllegalArgumentException(
                    "%s: ONNX files are read by dev.fovea:fovea-export, which is not on the class path. Add it to the dependencies"
                            .formatted(Escaped.of(file)));
        }
        return reader;
    }
}
