package dev.fovea.run;

import dev.fovea.data.Augmentation;
import dev.fovea.data.Corruption;
import dev.fovea.data.Dataset;
import dev.fovea.data.Loader;
import dev.fovea.data.Preprocess;
import dev.fovea.engine.Seed;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import dev.fovea.report.Rows;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Contact sheets of what augmentation and corruptions make of images. */
public final class TransformSheet {

    private static final int IMAGES = 8;
    private static final int EPOCHS = 7;
    private static final int LARGEST = 224;
    private static final Seed SEED = new Seed(15);

    private TransformSheet() {}

    /** The size in which a sheet shows images of a data set: their own, or that of most networks. */
    private static Preprocess shown(Dataset data) {
        Image first = data.image(0);
        Size size = first.width() > LARGEST || first.height() > LARGEST ? Size.square(LARGEST) : first.size();
        return Preprocess.of(size.height(), size.width(), 3);
    }

    /** A few images, each beside what augmentation makes of it in the first epochs of a run. */
    public static BufferedImage augmented(Dataset data, Augmentation augmentation) {
        Preprocess preprocess = shown(data);
        int[] chosen = IntStream.range(0, Math.min(IMAGES, data.size()))
                .map(i -> (int) ((long) i * data.size() / IMAGES))
                .distinct()
                .toArray();
        Dataset few = data.subset(chosen);
        var columns = new ArrayList<List<Image>>();
        for (int i = 0; i < few.size(); i++) {
            columns.add(new ArrayList<>(List.of(preprocess.apply(few, i))));
        }
        var options = Loader.Options.training(few.size(), 0);
        try (var loader = new Loader(few, preprocess, augmentation, options)) {
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                var batch = loader.epoch(epoch, 0).next();
                for (int index : batch.indices()) {
                    byte[] pixels = new byte[preprocess.bytes()];
                    batch.pixels().get(pixels);
                    columns.get(index).add(new Image(preprocess.width(), preprocess.height(), 3, pixels));
                }
            }
        }
        var rows = columns.stream()
                .map(images -> new Rows.Row("", images, List.of()))
                .toList();
        var head = new ArrayList<>(List.of("original"));
        IntStream.rangeClosed(1, EPOCHS).forEach(epoch -> head.add("epoch " + epoch));
        return Rows.draw("Augmentation", head, rows);
    }

    /** One image, beside what each corruption makes of it at each severity. */
    public static BufferedImage corrupted(Dataset data, List<Corruption> kinds) {
        return corrupted(shown(data).apply(data, 0), kinds);
    }

    /** The same of an image in the size in which it is corrupted. */
    static BufferedImage corrupted(Image image, List<Corruption> kinds) {
        var rows = new ArrayList<Rows.Row>();
        for (Corruption kind : kinds) {
            var images = new ArrayList<>(List.of(image));
            for (int severity = 1; severity <= Corruption.SEVERITIES; severity++) {
                images.add(kind.apply(image, severity, SEED.random()));
            }
            rows.add(new Rows.Row(kind.word(), images, List.of()));
        }
        return Rows.draw("Corruptions by severity", Arrays.asList("original", "1", "2", "3", "4", "5"), rows);
    }
}
