package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.image.Image;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.Rows;
import dev.fovea.report.RunReport.Figure;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Generated images in the report of a generator. */
public record GeneratedImages(RunContext run, List<Image> made, boolean classConditional) {

    /** How many are generated for this. */
    public static final int SHOWN = 60;

    private static final int COMPARED = 12;

    private static final int COLUMNS = 12;

    /** Generated, real, and the nearest training image of some that were generated. */
    public void addTo(Sections sections) {
        sections.add(
                "Generated",
                () -> new Figure(
                        "samples",
                        "Generated",
                        "Images that the model generated.",
                        rows("Generated", made, conditioning())));
        sections.add("Real", () -> {
            int[] some = Order.spread(run.data().train().size(), made.size());
            return new Figure(
                    "real",
                    "Real",
                    "As many images of the training data.",
                    rows(
                            "Real",
                            seen(some),
                            IntStream.of(some).mapToObj(this::label).toList()));
        });
        sections.add("Copies of training images", this::neighbours);
    }

    /** The class of each, in turn; none if the network is not class-conditional. */
    private List<String> conditioning() {
        List<String> classes = run.data().train().classes();
        return classConditional
                ? IntStream.range(0, made.size())
                        .mapToObj(i -> classes.get(i % classes.size()))
                        .toList()
                : List.of();
    }

    private String label(int index) {
        Dataset train = run.data().train();
        return train.classes().size() < 2 ? "" : train.classes().get(train.label(index));
    }

    private static BufferedImage rows(String title, List<Image> images, List<String> labels) {
        boolean written = labels.stream().anyMatch(label -> !label.isEmpty());
        var rows = new ArrayList<Rows.Row>();
        for (int from = 0; from < images.size(); from += COLUMNS) {
            int to = Math.min(images.size(), from + COLUMNS);
            rows.add(new Rows.Row("", images.subList(from, to), written ? labels.subList(from, to) : List.of()));
        }
        return Rows.draw(title, List.of(), rows);
    }

    private Figure neighbours() {
        int[] searched = Order.spread(run.data().train().size(), NearestImages.MOST);
        List<Image> asked = made.subList(0, Math.min(COMPARED, made.size()));
        List<NearestImages.Found> nearest = new NearestImages(run.data().train(), run.preprocess()).of(asked, searched);
        var tiles = new ArrayList<Tile>();
        for (int i = 0; i < asked.size(); i++) {
            tiles.add(new Tile(
                    List.of(
                            asked.get(i).toBufferedImage(),
                            nearest.get(i).image().toBufferedImage()),
                    List.of(String.format(
                            Locale.ROOT,
                            "RMS difference %.3f",
                            Math.sqrt(nearest.get(i).error()))),
                    Mark.NONE));
        }
        return new Figure(
                "neighbours",
                "Copies of training images",
                "Each generated image beside the nearest of %s training images; those that are the same were copied."
                        .formatted(of(searched.length, run.data().train().size())),
                ContactSheet.draw("Generated, and the nearest training image", tiles, 4));
    }

    private static String of(int searched, int all) {
        return searched == all
                ? String.format(Locale.ROOT, "all %,d", all)
                : String.format(Locale.ROOT, "%,d of the %,d", searched, all);
    }

    /** In the network's size and channels. */
    private List<Image> seen(int[] positions) {
        return IntStream.of(positions)
                .parallel()
                .mapToObj(i -> run.preprocess().apply(run.data().train().image(i)))
                .toList();
    }
}
