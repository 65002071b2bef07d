package dev.fovea.run;

import dev.fovea.image.Image;
import dev.fovea.report.Grid;
import dev.fovea.train.Listener;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes a grid of generated images after every epoch, and the epochs as one animation. */
final class SampleGrids implements Listener {

    private static final int SHOWN = 64;

    private final Path folder;

    SampleGrids(RunFolder run) {
        folder = run.path().resolve("samples");
    }

    @Override
    public int samples() {
        return SHOWN;
    }

    @Override
    public void onEpoch(Epoch epoch) {
        if (!epoch.samples().isEmpty()) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(folder + ": cannot be made (" + e.getMessage() + ")", e);
            }
            Image.write(
                    folder.resolve(String.format(Locale.ROOT, "epoch-%03d.png", epoch.epoch())),
                    Grid.draw(epoch.samples()
                            .subList(0, Math.min(SHOWN, epoch.samples().size()))));
        }
    }

    @Override
    public void onEnd(End end) {
        List<Path> grids = grids();
        if (end != End.STOPPED && grids.size() > 1) {
            Grid.animate(
                    () -> grids.stream()
                            .map(file -> Image.read(file).toBufferedImage())
                            .iterator(),
                    folder.resolve("epochs.gif"));
        }
    }

    /** Those of earlier processes of the run too. */
    private List<Path> grids() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".png"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }
}
