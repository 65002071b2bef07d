package dev.fovea.run;

import dev.fovea.data.Batch;
import dev.fovea.data.Loader;
import dev.fovea.image.Image;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.RunReport.Figure;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The first batch of a run, as its network saw it. */
public final class TrainingBatch {

    private static final int COLUMNS = 8;
    private static final int ROWS = 3;

    private TrainingBatch() {}

    /**
     * A figure of its images, each with its target in words.
     *
     * @param shown from what the network is shown to what people are
     */
    public static Figure figure(RunContext run, Function<Image, BufferedImage> shown) {
        var train = run.data().train();
        int repeats = run.recipe().input().augmentRepeats();
        var options = Loader.Options.training(
                Math.min(run.recipe().batch(), COLUMNS * (repeats > 1 ? repeats : ROWS)),
                run.recipe().seed(),
                run.recipe().selection().sampling());
        var repeated = new Loader.Training(
                        repeats, new Loader.OneSize(run.preprocess().size()))
                .withPerClass(run.recipe().task().imagesPerClass());
        try (var loader = new Loader(train, run.preprocess(), run.recipe().augmentation(), options, repeated)) {
            Batch batch = loader.epoch(1, 0).next();
            var tiles = new ArrayList<ContactSheet.Tile>();
            int size = run.preprocess().bytes();
            for (int i = 0; i < batch.size(); i++) {
                byte[] pixels = new byte[size];
                batch.pixels().get(i * size, pixels);
                var seen = new Image(batch.width(), batch.height() * batch.frames(), batch.channels(), pixels);
                tiles.add(new ContactSheet.Tile(
                        List.of(shown.apply(seen)),
                        List.of(train.targetText(batch.indices()[i]).split(", ")),
                        ContactSheet.Mark.NONE));
            }
            return new Figure(
                    "train-batch",
                    "First training batch",
                    "The input of the network: resized and augmented, before normalisation.",
                    ContactSheet.draw(
                            "First training batch, the network's input", tiles, batch.frames() > 1 ? 2 : COLUMNS));
        }
    }
}
