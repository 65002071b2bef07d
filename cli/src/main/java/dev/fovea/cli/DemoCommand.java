package dev.fovea.cli;

import dev.fovea.data.Data;
import dev.fovea.data.GeometricTransform;
import dev.fovea.image.Fill;
import dev.fovea.image.Image;
import dev.fovea.optim.Schedule;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import dev.fovea.task.classify.Evaluation;
import dev.fovea.task.classify.Explanation;
import dev.fovea.train.InputSize;
import dev.fovea.train.Recipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fovea demo}: the main job on built-in data. */
@Command(
        name = "demo",
        description =
                "Trains a network on built-in images, evaluates it, explains an answer and writes a report, in one to four minutes on two cores.",
        footer = {"", "Examples:", "  fovea demo", "  fovea demo --out /tmp/demo --json"})
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--out", defaultValue = "runs", description = "Folder for the run (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--epochs",
            defaultValue = "16",
            description = "Passes over the 10,000 training images (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        long began = System.nanoTime();
        var shapes = Data.named("shapes");
        output.say(
                "Ten shapes, drawn here: %,d training images, %,d validation images, %,d test images.",
                shapes.train().size(), shapes.validation().size(), shapes.test().size());
        var recipe = Tasks.ALL
                .recipe(
                        "conv 32 3 pad=same, batchnorm, relu, maxpool 2, conv 64 3 pad=same, batchnorm, relu, maxpool 2, "
                                + "conv 128 3 pad=same, batchnorm, relu, maxpool 2, flatten, dropout 0.3, dense classes")
                .withEpochs(epochs)
                .withInput(new Recipe.Input(
                        InputSize.square(32), 3, 1, dev.fovea.data.ResizePolicy.STRETCH, Recipe.Normalize.DATA))
                .withSchedule(new Schedule.OneCycle(0.3, 25))
                .withOptimizer(dev.fovea.optim.Optimizer.adamW(3e-3))
                .withAugment(
                        GeometricTransform.Flip.horizontal(),
                        new GeometricTransform.Translate(0.08, 0.08, Fill.NEAREST, 0));
        var run = Tasks.ALL.train(
                recipe,
                shapes,
                RunSettings.in(out, "demo")
                        .withData(DataRequest.of("shapes"))
                        .withCommand(output.command())
                        .withListeners(List.of(new ProgressView(output))));
        var classifier = Classifier.load(run.folder());
        Evaluation test = classifier.evaluate(shapes.test());
        Path why = run.folder().resolve("explanation.png");
        Path asked = run.folder().resolve("asked.png");
        Image.write(asked, shapes.test().image(3).toBufferedImage());
        Explanation.of(classifier, asked, List.of(), "").write(why);
        double seconds = (System.nanoTime() - began) / 1e9;
        var json = new LinkedHashMap<String, Object>();
        json.put("accuracy", test.result().accuracy());
        Path report = run.folder().resolve("report.html");
        boolean reported = Files.isRegularFile(report);
        if (reported) {
            json.put("report", report.toString());
        }
        json.put("seconds", seconds);
        json.put("model", run.folder().resolve("model").toString());
        json.put("explanation", why.toString());
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        """

                test accuracy %.4f on %,d unseen images
                report         %s
                explanation    %s
                model          %s
                took           %.0f s

                Next: ./fovea predict %s %s
                """,
                        test.result().accuracy(),
                        shapes.test().size(),
                        reported ? report + "   (open it in a browser)" : "none was written",
                        why,
                        run.folder().resolve("model"),
                        seconds,
                        run.folder(),
                        asked));
        return 0;
    }
}
