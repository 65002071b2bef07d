package dev.fovea.task.segment;

import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.data.Mask;
import dev.fovea.data.Targets;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.MaskDrawing;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.RunContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The first batch of a run with its masks, as its network saw it. */
final class SegmentedBatch {

    private static final int MOST = 8;
    private static final int TILE = 200;

    private SegmentedBatch() {}

    static Figure figure(RunContext run) {
        var options = Loader.Options.training(
                Math.min(run.recipe().batch(), MOST),
                run.recipe().seed(),
                run.recipe().selection().sampling());
        List<String> classes = run.data().train().classes();
        try (var loader =
                new Loader(run.data().train(), run.preprocess(), run.recipe().augmentation(), options)) {
            Batch batch = loader.epoch(1, 0).next();
            var size = new Size(batch.height(), batch.width());
            int pixels = size.height() * size.width();
            byte[] masks = ((Targets.PixelLabels) batch.targets()).classes();
            var tiles = new ArrayList<ContactSheet.Tile>();
            for (int i = 0; i < batch.size(); i++) {
                byte[] bytes = new byte[pixels * batch.channels()];
                batch.pixels().get(i * bytes.length, bytes);
                Image seen = new Image(batch.width(), batch.height(), batch.channels(), bytes).toRgb();
                var mask = new Mask(size, Arrays.copyOfRange(masks, i * pixels, (i + 1) * pixels));
                tiles.add(new ContactSheet.Tile(
                        List.of(MaskDrawing.overlay(seen.toBufferedImage(), mask, classes)),
                        List.of(),
                        ContactSheet.Mark.NONE));
            }
            return new Figure(
                    "train-batch",
                    "First training batch",
                    "The input of the network: resized and augmented, before normalisation. Uncoloured pixels are ignored.",
                    ContactSheet.draw("First training batch, the network's input", tiles, 4, List.of(), TILE));
        }
    }
}
