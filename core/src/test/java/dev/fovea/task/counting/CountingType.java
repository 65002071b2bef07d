package dev.fovea.task.counting;

import dev.fovea.data.Dataset;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.image.Image;
import dev.fovea.nn.Layer;
import dev.fovea.run.Evaluated;
import dev.fovea.run.Finished;
import dev.fovea.run.History;
import dev.fovea.run.Predictor;
import dev.fovea.run.RunContext;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Sections;
import dev.fovea.run.TaskReport;
import dev.fovea.run.TaskType;
import dev.fovea.train.Objective;
import dev.fovea.train.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A task that this library lacks, as one would add it: counts the dots in an image. */
final class CountingType implements TaskType<Counting> {

    static final CountingType TYPE = new CountingType();

    @Override
    public String word() {
        return Counting.WORD;
    }

    @Override
    public Class<Counting> settings() {
        return Counting.class;
    }

    @Override
    public List<Counting> defaults() {
        return List.of(new Counting(1));
    }

    @Override
    public Class<?> network() {
        return Layer.class;
    }

    @Override
    public Recipe start(Recipe base) {
        return base;
    }

    @Override
    public Objective objective(RunContext run) {
        return new CountingObjective(settings(run.recipe()), run.pixels());
    }

    @Override
    public Finished finish(RunContext run, History history) {
        Map<String, Double> metrics = new SavedNet(run.model(), run.device())
                .evaluate(objective(run), run.data().validation(), evaluationBatch());
        return new Finished(run.model().withMetrics(metrics), metrics, List.of("counted"), folder -> {
            var sections = new Sections();
            history.curve(sections, "curves-error", "Error", "dots", "mae", "Lower is better.");
            new TaskReport(run, history, metrics).write(folder, "dots", sections);
        });
    }

    @Override
    public Evaluated evaluate(SavedNet net, Dataset data) {
        return Evaluated.of(
                net.evaluate(new CountingObjective(net.settings(this), net.pixels()), data, evaluationBatch()));
    }

    @Override
    public Predictor predictor(SavedNet net) {
        return new Predictor() {
            @Override
            public Answer predict(Image image) {
                try (var scope = new Scope();
                        var noGrad = new NoGrad()) {
                    Image seen = net.preprocess().apply(image);
                    return new Count(net.layer().forward(net.normalized(seen)).item());
                }
            }

            @Override
            public Answer predict(Path file) {
                return predict(Image.read(file));
            }
        };
    }

    record Count(double dots) implements Predictor.Answer {
        @Override
        public Map<String, Object> values() {
            return Map.of("count", dots);
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "%.1f dots", dots);
        }
    }
}
