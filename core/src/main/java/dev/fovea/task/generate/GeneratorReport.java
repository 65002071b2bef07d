package dev.fovea.task.generate;

import dev.fovea.data.Dataset;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.models.TokenTransformer;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.run.GeneratedImages;
import dev.fovea.run.History;
import dev.fovea.run.RunContext;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The report of a run that trains a generator: curves, what it generates, and for token transformers their attention. */
record GeneratorReport(RunContext run, Generator generator, Map<String, Double> metrics, History history) {

    private static final int ATTENDED = 11;
    private static final String TRAINED = "train_";

    void write(Path folder) {
        Objective objective = run.type().objective(run);
        var sections = new Sections();
        for (String metric : metrics(history)) {
            String title = metric.equals("loss") && objective instanceof AdversarialObjective
                    ? "generator loss"
                    : spoken(metric);
            history.curve(sections, "curves-" + metric, title, title, metric, caption(metric));
        }
        sections.remarks(remarks(objective, history));
        sections.addAll("Fréchet distance over the epochs", () -> {
            List<GenerationTrend.Row> evaluated = GenerationTrend.recorded(run.folder());
            if (evaluated.isEmpty()) {
                return List.of();
            }
            sections.remark(GenerationTrend.lastWords(evaluated));
            Path chart = run.folder().path().resolve(GenerationTrend.CHART);
            return !Files.isRegularFile(chart)
                    ? List.of()
                    : List.of(new Figure(
                            "frechet-distance",
                            "Fréchet distance over the epochs",
                            "The distance of generated from real images, in a classifier's features; lower is better. "
                                    + GenerationTrend.lastWords(evaluated),
                            Image.read(chart).toBufferedImage()));
        });
        sections.addAll("Generated", () -> {
            List<Image> made = generator.generate(new Generator.Request(GeneratedImages.SHOWN));
            new GeneratedImages(run, made, generator.classConditional()).addTo(sections);
            if (run.net() instanceof TokenTransformer net) {
                sections.add(
                        "Attention",
                        () -> new Figure(
                                "attention",
                                "Attention",
                                "A generated image, and the attention of the last block for the token in the white frame over the "
                                        + "tokens before it, brighter for more.",
                                attention(run, net, made.get(0))));
            }
            return List.of();
        });
        Dataset train = run.data().train();
        new TaskReport(run, history, metrics)
                .write(
                        folder,
                        String.format(
                                Locale.ROOT,
                                "%,d training images, %d classes",
                                train.size(),
                                train.classes().size()),
                        sections);
    }

    /** The warnings of the run, the last of each kind. */
    static List<String> remarks(Objective objective, History history) {
        var last = new LinkedHashMap<String, String>();
        for (Map<String, Double> row : history.rows()) {
            var means = new LinkedHashMap<String, Double>();
            row.forEach((name, value) -> {
                if (name.startsWith(TRAINED)) {
                    means.put(name.substring(TRAINED.length()), value);
                }
            });
            for (String remark : objective.remarks(means)) {
                String kind = remark.substring(0, remark.indexOf('('));
                last.put(kind, String.format(Locale.ROOT, "Last in epoch %.0f: %s.", row.get("epoch"), remark));
            }
        }
        return List.copyOf(last.values());
    }

    private static BufferedImage attention(RunContext run, TokenTransformer net, Image image) {
        int columns = net.tokenizer().columns();
        int rows = net.tokenizer().length() / columns;
        var tiles = new ArrayList<Tile>();
        tiles.add(new Tile(List.of(image.toBufferedImage()), List.of("as generated"), Mark.NONE));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor tokens =
                    net.tokenizer().tokens(ImageTensors.of(List.of(image)).to(run.device()));
            Tensor label = Tensor.zeros(DType.INT64, 1).to(run.device());
            float[] weights = net.attention(tokens, label).toFloats(); // (L, L)
            for (int i = 0; i < ATTENDED; i++) {
                int token = (i + 1) * rows * columns / (ATTENDED + 1);
                float[][] map = new float[rows][columns];
                for (int before = 0; before < token; before++) {
                    map[before / columns][before % columns] = weights[token * rows * columns + before + 1];
                }
                tiles.add(new Tile(
                        List.of(framed(image, map, token, columns)),
                        List.of("token %s of %s".formatted(token + 1, rows * columns)),
                        Mark.NONE));
            }
        }
        return ContactSheet.draw("Attention of the last block", tiles, 6, List.of(HeatMap.legend("nothing", "most")));
    }

    private static BufferedImage framed(Image image, float[][] map, int token, int columns) {
        int factor = Math.max(1, 168 / image.width());
        BufferedImage large = image.resize(image.width() * factor, image.height() * factor, Filter.NEAREST)
                .toBufferedImage();
        BufferedImage drawn = HeatMap.over(large, HeatMap.relative(map), 0.75);
        int side = drawn.getWidth() / columns;
        var g = drawn.createGraphics();
        g.setColor(Color.WHITE);
        g.setStroke(new BasicStroke(2));
        g.drawRect(token % columns * side, token / columns * side, side - 1, side - 1);
        g.dispose();
        return drawn;
    }

    /** The metrics with a curve: all of training, and bits per dimension, which only validation has. */
    private static Set<String> metrics(History history) {
        var names = new LinkedHashSet<String>();
        for (String column : history.columns()) {
            if (column.startsWith(TRAINED) || column.endsWith("itsPerDimension")) {
                names.add(column.substring(column.indexOf('_') + 1));
            }
        }
        return names;
    }

    /** {@code discriminatorLoss} as "discriminator loss". */
    private static String spoken(String metric) {
        return metric.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String caption(String metric) {
        return switch (metric) {
            case "discriminatorAccuracy" ->
                "The accuracy of the discriminator on real and generated images: near 1 the generator gets no useful gradient, near 0.5 the discriminator cannot tell them apart.";
            case "intraClassDiversity" ->
                "The mean distance of generated images of one class, divided by that of real ones; near 0 the generator has collapsed.";
            case "discriminatorGradient", "generatorGradient" ->
                "The mean norm of the gradient over the steps; near 0 this network no longer trains.";
            case "bitsPerDimension", "tokenBitsPerDimension" ->
                "The negative log-likelihood of each value of an image, in bits; lower is better.";
            case "discriminatorLoss" ->
                "The loss of the discriminator, its penalties included; near 1.39 it cannot tell real from generated (non-saturating loss).";
            default -> "Over the epochs.";
        };
    }
}
