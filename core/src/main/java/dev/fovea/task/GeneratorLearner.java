package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.models.DiffusionNet;
import dev.fovea.models.GeneratorAndDiscriminator;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Weights;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.AdversarialObjective;
import dev.fovea.train.AutoregressiveObjective;
import dev.fovea.train.DiffusionObjective;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Task;
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

/** A run that trains a GAN, a diffusion network or a token transformer. */
final class GeneratorLearner implements Learner {

    private static final int ATTENDED = 11;
    private static final String TRAINED = "train_";

    private Generator generator;

    /** The result of the run. */
    Generator generator() {
        return generator;
    }

    @Override
    public boolean usesLabels() {
        return true;
    }

    @Override
    public Objective objective(RunContext run) {
        int classes = run.data().train().classes().size();
        if (run.recipe().task() instanceof Task.Adversarial task
                && run.net() instanceof GeneratorAndDiscriminator pair) {
            if (task.gradientPenalty() > 0 && !pair.batchIndependent()) {
                throw new IllegalArgumentException(
                        "task.gradientPenalty=%s: batch norms let images of a batch look at each other, and then the slope at one of them means nothing. Use \"dcgan norm=layer\""
                                .formatted(task.gradientPenalty()));
            }
            return new AdversarialObjective(task, classes, run.pixels());
        }
        if (run.recipe().task() instanceof Task.Diffusion task && run.net() instanceof DiffusionNet) {
            var shown = run.preprocess();
            return new DiffusionObjective(
                    task,
                    classes,
                    new DiffusionObjective.ImageShape(shown.channels(), shown.height(), shown.width()),
                    run.pixels());
        }
        if (run.recipe().task() instanceof Task.Tokens && run.net() instanceof TokenTransformer) {
            return new AutoregressiveObjective(classes, run.pixels());
        }
        throw new IllegalArgumentException("'%s' cannot be trained as task %s. Those that can are %s"
                .formatted(
                        run.recipe().model(),
                        run.recipe().task().word(),
                        Registry.names(run.recipe().task().word())));
    }

    /** A token transformer starts from a trained tokenizer. */
    @Override
    public void prepare(RunContext run) {
        if (!(run.recipe().task() instanceof Task.Tokens task)
                || !(run.net() instanceof TokenTransformer net)
                || !(net.tokenizer() instanceof VqVae)) {
            return;
        }
        if (task.tokenizer().isEmpty()) {
            throw new IllegalArgumentException(
                    "task.tokenizer: name a run of vq-vae, whose tokens are to be learned, as in "
                            + "task.tokenizer=runs/digits-1");
        }
        Network trained = Network.load(Path.of(task.tokenizer()), "cpu", List.of("quantisation"));
        var wanted = run.preprocess();
        var shown = trained.model().config().preprocess();
        if (wanted.height() != shown.height()
                || wanted.width() != shown.width()
                || wanted.channels() != shown.channels()) {
            throw new IllegalArgumentException(
                    "task.tokenizer: was trained on images of %sx%sx%s, this run has %sx%sx%s"
                            .formatted(
                                    shown.channels(),
                                    shown.height(),
                                    shown.width(),
                                    wanted.channels(),
                                    wanted.height(),
                                    wanted.width()));
        }
        Weights.load(trained.net().state().tensors(), net.tokenizer().state());
        net.tokenizer().state().to(run.device());
    }

    @Override
    public Map<String, Double> finish(RunContext run, History history) {
        generator = new Generator(new Network(run.model(), run.device()));
        generator.save(run.folder().model()); // first: nothing that fails later is to cost the model
        Dataset validation = run.data().validation();
        Map<String, Double> metrics = Map.of();
        if (validation.size() > 0 && objective(run).validates()) {
            metrics = generator.evaluate(validation);
            generator = new Generator(new Network(run.model().withMetrics(metrics), run.device()));
            generator.save(run.folder().model());
        }
        var sections = new Sections();
        for (String metric : metrics(history)) {
            String title = metric.equals("loss") && objective(run) instanceof AdversarialObjective
                    ? "generator loss"
                    : spoken(metric);
            history.curve(sections, "curves-" + metric, title, title, metric, caption(metric));
        }
        sections.remarks(remarks(objective(run), history));
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
            new GeneratedImages(run, made).addTo(sections);
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
                        String.format(
                                Locale.ROOT,
                                "%,d training images, %d classes",
                                train.size(),
                                train.classes().size()),
                        sections);
        return metrics;
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
