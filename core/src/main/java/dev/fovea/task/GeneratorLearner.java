package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.explain.HeatMap;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.models.Adversaries;
import dev.fovea.models.Denoising;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Weights;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.ContactSheet.Mark;
import dev.fovea.report.ContactSheet.Tile;
import dev.fovea.report.Grid;
import dev.fovea.report.RunReport.Figure;
import dev.fovea.train.Contesting;
import dev.fovea.train.Diffusing;
import dev.fovea.train.Objective;
import dev.fovea.train.Pictures;
import dev.fovea.train.Task;
import dev.fovea.train.TokenWriting;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** A run that makes a generator by contest or by diffusion. */
final class GeneratorLearner implements Learner {

    private static final int SHOWN = 64;
    private static final int COMPARED = 12;
    private static final int SEARCHED = 10_000;
    private static final int ATTENDED = 12;
    private static final String TRAINED = "train_";

    private Generator generator;

    /** What the run has made. */
    Generator generator() {
        return generator;
    }

    @Override
    public Objective objective(RunContext run) {
        int classes = run.data().train().classes().size();
        if (run.recipe().task() instanceof Task.Adversarial task && run.net() instanceof Adversaries) {
            return new Contesting(task, classes, run.pixels());
        }
        if (run.recipe().task() instanceof Task.Diffusion task && run.net() instanceof Denoising) {
            var shown = run.preprocess();
            return new Diffusing(
                    task, classes, new Diffusing.Shown(shown.channels(), shown.height(), shown.width()), run.pixels());
        }
        if (run.recipe().task() instanceof Task.Tokens && run.net() instanceof TokenTransformer) {
            return new TokenWriting(classes, run.pixels());
        }
        throw new IllegalArgumentException("'%s' cannot be trained as task %s. `models --task %s` lists those that can"
                .formatted(
                        run.recipe().model(),
                        run.recipe().task().word(),
                        run.recipe().task().word()));
    }

    /** A writer of tokens starts from a trained tokenizer. */
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
                            + "--set task.tokenizer=runs/digits-1");
        }
        Network trained = Network.load(Path.of(task.tokenizer()), "cpu", List.of("quantisation"));
        var wanted = run.preprocess();
        var shown = trained.model().config().preprocess();
        if (wanted.height() != shown.height()
                || wanted.width() != shown.width()
                || wanted.channels() != shown.channels()) {
            throw new IllegalArgumentException(
                    "task.tokenizer: was trained on pictures of %dx%dx%d, this run has %dx%dx%d"
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
        generator.save(run.folder().model());
        List<Image> made = generator.generate(new Generator.Request(SHOWN));
        Dataset train = run.data().train();
        var figures = new ArrayList<Figure>();
        for (String metric : metrics(history)) {
            figures.add(history.curve("curves-" + metric, spoken(metric), spoken(metric), metric, caption(metric)));
        }
        List<Map<String, Double>> judged = GenerationTrend.recorded(run.folder());
        if (Files.isRegularFile(run.folder().path().resolve(GenerationTrend.CHART))) {
            figures.add(new Figure(
                    "judged",
                    "FID over the epochs",
                    "The distance of generated from real pictures, as the judge's features see them; lower is better. "
                            + GenerationTrend.lastWords(judged),
                    Image.read(run.folder().path().resolve(GenerationTrend.CHART))
                            .toBufferedImage()));
        }
        figures.add(
                new Figure("samples", "Generated", "Pictures that the model made, classes in turn.", Grid.draw(made)));
        figures.add(new Figure(
                "real",
                "Real",
                "As many pictures of the training data.",
                Grid.draw(IntStream.range(0, Math.min(SHOWN, train.size()))
                        .mapToObj(i -> run.preprocess().apply(train.image((int) ((long) i * train.size() / SHOWN))))
                        .toList())));
        figures.add(new Figure(
                "neighbours",
                "Learned by heart?",
                "Each generated picture beside the nearest of the training pictures; those that are the same were copied.",
                neighbours(run, made)));
        if (run.net() instanceof TokenTransformer net) {
            figures.add(new Figure(
                    "attention",
                    "Where it looks",
                    "A generated picture, and what the last block attends to when it writes the token in the white frame: the "
                            + "tokens written before it, the more the lighter.",
                    attention(run, net, made.get(0))));
        }
        new TaskReport(run, history, Map.of())
                .write(
                        "%,d training pictures, %d classes"
                                .formatted(train.size(), train.classes().size()),
                        remarks(objective(run), history),
                        figures);
        return last(history);
    }

    /** What was remarked on, each kind as it was said last. */
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

    private static BufferedImage attention(RunContext run, TokenTransformer net, Image picture) {
        int columns = net.tokenizer().columns();
        int rows = net.tokenizer().length() / columns;
        var tiles = new ArrayList<Tile>();
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor tokens = net.tokenizer().tokens(Pictures.of(List.of(picture)).to(run.device()));
            Tensor label = Tensor.zeros(DType.INT64, 1).to(run.device());
            float[] weights = net.attention(tokens, label).toFloats(); // (L, L)
            for (int i = 0; i < ATTENDED; i++) {
                int token = (i + 1) * rows * columns / (ATTENDED + 1);
                float[][] map = new float[rows][columns];
                for (int before = 0; before < token; before++) {
                    map[before / columns][before % columns] = weights[token * rows * columns + before + 1];
                }
                tiles.add(new Tile(
                        List.of(framed(picture, map, token, columns)),
                        List.of("token %d of %d".formatted(token + 1, rows * columns)),
                        Mark.NONE));
            }
        }
        return ContactSheet.draw("What the last block attends to", tiles, 6);
    }

    private static BufferedImage framed(Image picture, float[][] map, int token, int columns) {
        int factor = Math.max(1, 168 / picture.width());
        BufferedImage large = picture.resize(picture.width() * factor, picture.height() * factor, Filter.NEAREST)
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

    private static List<String> metrics(History history) {
        return history.rows().get(0).keySet().stream()
                .filter(name -> name.startsWith(TRAINED))
                .map(name -> name.substring(TRAINED.length()))
                .toList();
    }

    /** {@code discriminatorLoss} as "discriminator loss". */
    private static String spoken(String metric) {
        return metric.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static String caption(String metric) {
        return switch (metric) {
            case "discriminatorAccuracy" ->
                "How often the discriminator is right; near 1 the generator learns nothing from it, near 0.5 it cannot tell.";
            case "spread" ->
                "How much generated pictures of a class differ from each other, beside real ones; near 0 they are all alike.";
            case "discriminatorGradient", "generatorGradient" ->
                "The norm of the gradient, its mean over the steps; near 0 that part no longer learns.";
            default -> "Over the epochs.";
        };
    }

    private static Map<String, Double> last(History history) {
        var last = new LinkedHashMap<String, Double>();
        history.rows().get(history.rows().size() - 1).forEach((name, value) -> {
            if (name.startsWith("validation_")) {
                last.put(name.substring("validation_".length()), value);
            }
        });
        return last;
    }

    private static BufferedImage neighbours(RunContext run, List<Image> made) {
        Dataset train = run.data().train();
        int count = Math.min(SEARCHED, train.size());
        List<Image> real = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> run.preprocess().apply(train.image((int) ((long) i * train.size() / count))))
                .toList();
        var tiles = new ArrayList<Tile>();
        for (Image picture : made.subList(0, Math.min(COMPARED, made.size()))) {
            Image nearest = real.parallelStream()
                    .min((a, b) -> Double.compare(Comparison.mse(picture, a), Comparison.mse(picture, b)))
                    .orElseThrow();
            tiles.add(new Tile(
                    List.of(picture.toBufferedImage(), nearest.toBufferedImage()),
                    List.of(String.format(
                            Locale.ROOT, "RMS difference %.3f", Math.sqrt(Comparison.mse(picture, nearest)))),
                    Mark.NONE));
        }
        return ContactSheet.draw("Generated, and the nearest of %,d training pictures".formatted(count), tiles, 4);
    }
}
