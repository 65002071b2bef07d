package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.task.Autoencoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea reconstruct}: pictures through an autoencoder. */
@Command(
        name = "reconstruct",
        description = "Sends pictures through an autoencoder and writes what comes back, in the network's size.",
        footer = {
            "",
            "Examples:",
            "  fovea reconstruct runs/mnist-1 seven.png -o back",
            "  fovea reconstruct runs/mnist-1 seven.png -o back --json   # with the code of each picture"
        })
final class ReconstructCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package of an autoencoder.")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Picture files.")
    private List<Path> images;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the pictures, each under its own name.")
    private Path out;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        var files = OutputFolder.of(out, images, images);
        var autoencoder = Autoencoder.load(model, device);
        var rows = new ArrayList<Map<String, Object>>();
        var text = new StringBuilder();
        for (Path image : images) {
            Image seen = autoencoder.seen(Image.read(image));
            float[] code = autoencoder.encode(seen);
            Path file = files.png(image);
            Image.write(file, autoencoder.decode(List.of(code)).get(0).toBufferedImage());
            var row = new LinkedHashMap<String, Object>();
            row.put("file", image.toString());
            row.put("output", file.toString());
            row.put("code", code);
            rows.add(row);
            text.append(image).append("  ->  ").append(file).append(System.lineSeparator());
        }
        output.print(Map.of("reconstructions", rows), text.toString());
        return 0;
    }
}
