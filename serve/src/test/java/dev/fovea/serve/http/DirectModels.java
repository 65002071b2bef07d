package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ExampleAnswer;
import dev.fovea.serve.ServedModels;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Models of packages, asked image by image by a thread of their own. */
final class DirectModels implements ServedModels {

    private record Model(Description description, Predictor predictor, Map<String, Object> example) {}

    private final Map<String, Model> models = new TreeMap<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    /** @param packages folders by names */
    DirectModels(Map<String, Path> packages) {
        packages.forEach((name, folder) -> {
            var saved = Tasks.ALL.load(folder, "cpu");
            var shown = saved.net().preprocess();
            models.put(
                    name,
                    new Model(
                            new Description(
                                    name,
                                    "1",
                                    saved.type().word(),
                                    saved.net().config().classes(),
                                    shown.channels(),
                                    shown.height(),
                                    shown.width(),
                                    true,
                                    ""),
                            saved.predictor(),
                            ExampleAnswer.of(saved.predictor(), shown.height(), shown.width())));
        });
    }

    @Override
    public List<Description> all() {
        return models.values().stream().map(Model::description).toList();
    }

    @Override
    public Chosen chosen(String model, Optional<String> version) {
        if (!models.containsKey(model)) {
            throw new UnknownModelException("no model " + model);
        }
        return new Direct(models.get(model), thread);
    }

    private record Direct(Model model, ExecutorService thread) implements Chosen {

        @Override
        public String version() {
            return model.description().version();
        }

        @Override
        public Predictor predictor() {
            return model.predictor();
        }

        @Override
        public Map<String, Object> example() {
            return model.example();
        }

        @Override
        public CompletableFuture<Predictor.Answer> predict(Image image, Instant deadline) {
            return CompletableFuture.supplyAsync(() -> model.predictor().predict(image), thread);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
