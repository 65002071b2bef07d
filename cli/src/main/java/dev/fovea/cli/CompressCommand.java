package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.task.compress.Codec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea compress}: a compressed image. */
@Command(
        name = "compress",
        description = "Compresses an image of any size with a learned codec.",
        footer = {"", "Examples:", "  fovea compress runs/codec-1 sea.png -o sea.fvc"})
final class CompressCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package of a codec.")
    private Path model;

    @Parameters(index = "1", paramLabel = "IMAGE", description = "An image file.")
    private Path image;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT.fvc",
            description = "File to write.")
    private Path out;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        OutputImage.checkNotInput(out, List.of(image));
        Image original = Image.read(image);
        var codec = Codec.load(model, device);
        CodedImage coded = codec.compress(original);
        coded.write(out);
        int bytes = coded.toBytes().length;
        double bits = 8.0 * bytes / original.width() / original.height();
        var json = new LinkedHashMap<String, Object>();
        json.put("output", out.toString());
        json.put("bytes", bytes);
        json.put("bitsPerPixel", bits);
        output.print(json, String.format(Locale.ROOT, "%,d bytes, %.3f bits per pixel  ->  %s%n", bytes, bits, out));
        return 0;
    }
}
