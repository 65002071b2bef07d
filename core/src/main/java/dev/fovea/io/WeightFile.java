package dev.fovea.io;

import dev.fovea.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named tensors in a file of any format that weights are published in, recognised by its content: safetensors, in one file
 * or in shards with an index, and PyTorch's own ({@code .pth}, {@code .pt}, {@code .th}), of which nothing is ever run.
 */
public final class WeightFile {

    private static final int FIRST = 265;

    private WeightFile() {}

    /**
     * Reads all tensors, by name.
     *
     * @throws FormatException if it is no such file, is damaged, or holds more than tensors
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static Map<String, Tensor> read(Path file) {
        return switch (format(file)) {
            case PYTORCH -> OpenFile.with(file, PyTorchFile::read);
            case INDEX -> ShardedSafetensors.read(file);
            case SAFETENSORS -> Safetensors.read(file).tensors();
        };
    }

    /**
     * The shapes of all tensors, by name; values are not read.
     *
     * @throws FormatException if it is no such file, is damaged, or holds more than tensors
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static Map<String, List<Long>> shapes(Path file) {
        return switch (format(file)) {
            case PYTORCH -> OpenFile.with(file, PyTorchFile::shapes);
            case INDEX -> ShardedSafetensors.shapes(file);
            case SAFETENSORS -> {
                var shapes = new LinkedHashMap<String, List<Long>>();
                Safetensors.header(file).entries().forEach((name, entry) -> shapes.put(name, entry.shape()));
                yield shapes;
            }
        };
    }

    private enum Format {
        SAFETENSORS,
        INDEX,
        PYTORCH
    }

    private static Format format(Path file) {
        return OpenFile.with(file, WeightFile::format);
    }

    private static Format format(Path file, FileChannel channel) throws IOException {
        ByteBuffer first = OpenFile.bytes(channel, 0, (int) Math.min(FIRST, channel.size()));
        String text = StandardCharsets.ISO_8859_1.decode(first.duplicate()).toString();
        if (text.length() > 8 && text.charAt(8) == '{' && text.startsWith("\0\0\0", 5)) {
            return Format.SAFETENSORS; // the length of its header may begin as any other format does
        }
        if (PyTorchFile.begins(first)) {
            return Format.PYTORCH;
        }
        if (text.stripLeading().startsWith("<")) {
            throw new FormatException(
                    "%s: a web page, not weights: the download was of the wrong address".formatted(file));
        }
        if (text.length() == FIRST && text.startsWith("ustar", 257)) {
            throw new FormatException(
                    "%s: a tar archive, as PyTorch before 0.1.10 wrote them. Load and save it with a later PyTorch"
                            .formatted(file));
        }
        return text.stripLeading().startsWith("{") ? Format.INDEX : Format.SAFETENSORS;
    }
}
