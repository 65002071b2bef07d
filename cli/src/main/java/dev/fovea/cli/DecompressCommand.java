package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.task.compress.Codec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea decompress}: the image of a compressed file. */
@Command(
        name = "decompress",
        description = "Decompresses a file that `fovea compress` wrote, with the same model.",
        footer = {
            "",
            "Examples:",
            "  fovea decompress sea.fvc -o sea.png",
            "  fovea decompress sea.fvc --model codecs/photos -o sea.png"
        })
final class DecompressCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE.fvc", description = "The compressed image.")
    private Path file;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT.png",
            description = "Image file to write, .png or .jpg.")
    private Path out;

    @Option(
            names = "--model",
            defaultValue = "runs",
            paramLabel = "MODEL|DIR",
            description = "The model that compressed it, or a folder of runs, among which it is found (default: "
                    + "${DEFAULT-VALUE}).")
    private Path model;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        var destination = OutputImage.of(out, List.of(file));
        CodedImage coded = CodedImage.read(file);
        Image.write(destination.path(), Codec.find(coded, model, device).decompress(coded));
        output.print(Map.of("output", out.toString()), "%s%n".formatted(out));
        return 0;
    }
}
