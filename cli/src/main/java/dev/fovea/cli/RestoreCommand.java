package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.task.restore.Restorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea restore}: clean images from damaged ones. */
@Command(
        name = "restore",
        description = "Restores damaged images of any size: noise, JPEG blocks, holes, too few pixels.",
        footer = {
            "",
            "Examples:",
            "  fovea restore runs/denoise-1 night.jpg -o clean",
            "  fovea restore runs/inpaint-1 torn.png --mask torn-mask.png -o whole"
        })
final class RestoreCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package of a restorer.")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Image files.")
    private List<Path> images;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the images, each under its own name.")
    private Path out;

    @Option(
            names = "--amount",
            paramLabel = "AMOUNT",
            description =
                    "Amount of degradation, for a model that takes it: deviation of noise, 0 to 255, or quality of "
                            + "JPEG, 1 to 100 (default: the middle of what it was trained on).")
    private Double amount;

    @Option(
            names = "--mask",
            paramLabel = "MASK",
            description = "Mask image, white where something is to be filled in.")
    private Path mask;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        if (mask != null && amount != null) {
            throw new IllegalArgumentException("--amount means nothing with --mask, which says where, not how much");
        }
        var read = new ArrayList<>(images);
        if (mask != null) {
            read.add(mask);
        }
        var files = OutputFolder.of(out, images, read);
        var inputs = PerFile.images(images);
        var filled = mask == null ? null : Image.read(mask);
        var restorer = Restorer.load(model, device);
        return inputs.print(output, Map.of(), "restored", (path, row) -> {
            Image made = restored(restorer, inputs.read(path), filled);
            Path file = files.png(path);
            Image.write(file, made);
            row.put("output", file.toString());
            return path + "  ->  " + file;
        });
    }

    private Image restored(Restorer restorer, Image image, Image filled) {
        if (filled != null) {
            return restorer.fill(image, filled);
        }
        return amount == null ? restorer.restore(image) : restorer.restore(image, amount);
    }
}
