package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.task.autoencode.Autoencoder;
import dev.fovea.task.generate.Generator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea reconstruct}: images through an autoencoder. */
@Command(
        name = "reconstruct",
        description = "Reconstructs images with an autoencoder, in the network's size.",
        footer = {
            "",
            "Examples:",
            "  fovea reconstruct runs/mnist-1 seven.png -o back",
            "  fovea reconstruct runs/mnist-1 seven.png -o back --json   # with the code of each image",
            "  fovea reconstruct runs/mnist-1 seven.png --interpolate nine.png -n 11 -o walk.png",
            "  fovea reconstruct runs/mnist-1 seven.png --sweep 0,3 --range=-2,2 -o sweep.png"
        })
final class ReconstructCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package of an autoencoder.")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Image files.")
    private List<Path> images;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT",
            description = "Folder for the images, each under its own name; a PNG file for --interpolate and --sweep.")
    private Path out;

    @Option(
            names = "--interpolate",
            paramLabel = "IMAGE",
            description = "Image to interpolate to: images decoded between the two codes.")
    private Path target;

    @Option(
            names = "--sweep",
            split = ",",
            paramLabel = "DIMENSION",
            description = "A row for each of these values of the code, from 0, changing it alone.")
    private List<Integer> sweep = List.of();

    @Option(
            names = "--range",
            split = ",",
            arity = "1",
            paramLabel = "VALUE",
            description = "Smallest and largest value of --sweep (default: -3,3).")
    private List<Double> range = List.of();

    @Option(
            names = "-n",
            defaultValue = "11",
            description = "Number of images of a target or a sweep (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (!range.isEmpty() && sweep.isEmpty()) {
            throw new IllegalArgumentException("--range means nothing without --sweep");
        }
        if (target != null || !sweep.isEmpty()) {
            return draw();
        }
        var files = OutputFolder.of(out, images, images);
        return reconstruct(files);
    }

    /** A target or a sweep of one image, as one file. */
    private int draw() {
        if (images.size() > 1 || (target != null && !sweep.isEmpty())) {
            throw new IllegalArgumentException(
                    "reconstruct: --interpolate or --sweep takes one image, and one of the two");
        }
        if (count < 2 || count > 1000) {
            throw new IllegalArgumentException("-n: must be 2 to 1000, got " + count);
        }
        var destination = OutputImage.of(out, target == null ? images : List.of(images.get(0), target));
        Image image = Image.read(images.get(0));
        Image end = target == null ? image : Image.read(target);
        var autoencoder = Autoencoder.load(model, device);
        List<Image> made = target == null ? swept(autoencoder, image) : autoencoder.interpolate(image, end, count);
        Image.write(destination.path(), Generator.grid(made, count));
        output.print(
                Map.of("images", made.size(), "output", out.toString()),
                "%s images  ->  %s".formatted(made.size(), out));
        return 0;
    }

    private List<Image> swept(Autoencoder autoencoder, Image image) {
        if (!range.isEmpty() && range.size() != 2) {
            throw new IllegalArgumentException("--range: expected two values, as in --range=-2,2, got " + range);
        }
        double from = range.isEmpty() ? -3 : range.get(0);
        double to = range.isEmpty() ? 3 : range.get(1);
        return sweep.stream()
                .flatMap(dimension -> autoencoder.sweep(image, dimension, from, to, count).stream())
                .toList();
    }

    private int reconstruct(OutputFolder files) {
        var inputs = PerFile.images(images);
        var autoencoder = Autoencoder.load(model, device);
        return inputs.print(output, Map.of(), "reconstructions", (image, row) -> {
            Image seen = autoencoder.seen(inputs.read(image));
            float[] code = autoencoder.encode(seen);
            Path file = files.png(image);
            Image.write(file, autoencoder.reconstruct(seen));
            row.put("output", file.toString());
            row.put("code", code);
            return image + "  ->  " + file;
        });
    }
}
