package dev.fovea.serve.studio.annotate;

import dev.fovea.run.SavedNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in one state.
 *
 * @param changed when it was written, in milliseconds since 1970; 0 of one that is not there
 * @param size in bytes; 0 of one that is not there
 */
record FileStamp(Path file, long changed, long size) {

    /** As it is now. */
    static FileStamp of(Path file) {
        try {
            return new FileStamp(file, Files.getLastModifiedTime(file).toMillis(), Files.size(file));
        } catch (IOException e) {
            return new FileStamp(file, 0, 0);
        }
    }

    /** Of the weights of a run or a package. */
    static FileStamp ofModel(Path model) {
        Path folder = SavedNet.folder(model);
        return of(Files.isDirectory(folder) ? folder.resolve("model.safetensors") : folder);
    }
}
