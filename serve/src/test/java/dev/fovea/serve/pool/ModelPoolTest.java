package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.groups.Tuple.tuple;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import dev.fovea.task.Tasks;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelPoolTest {

    private static final String LAYERS = "classify/layers";

    @TempDir
    private Path folder;

    private static ModelPool open(PoolSettings settings, ModelSource source) {
        return ModelPool.open(
                settings, source, new PoolMetrics(new PrometheusRegistry(), PoolMetrics.DOUBTFUL), line -> {});
    }

    private static ModelPool recorded(PoolSettings settings) {
        return open(settings.withInterval(Duration.ofMillis(20)), ModelSource.of("cpu"));
    }

    private static CompletableFuture<Predictor.Answer> ask(ModelPool pool, String model, Image image) {
        return pool.predict(model, Optional.empty(), image, Instant.now().plusSeconds(30));
    }

    private static Object values(Predictor.Answer answer) {
        return answer.values().toString();
    }

    @Test
    void answersAsTheModelItselfDoes() {
        Image image = RecordedPackage.image(LAYERS);
        Predictor.Answer alone =
                Tasks.ALL.load(RecordedPackage.of(LAYERS), "cpu").predictor().predict(image);
        try (var pool = recorded(PoolSettings.of(Map.of("m", RecordedPackage.of(LAYERS))))) {
            pool.awaitLoaded();
            List<Predictor.Answer> together =
                    IntStream.range(0, 40).mapToObj(i -> ask(pool, "m", image)).toList().stream()
                            .map(CompletableFuture::join)
                            .toList();
            assertThat(together)
                    .hasSize(40)
                    .allSatisfy(one -> assertThat(one.confidences())
                            .singleElement()
                            .satisfies(found -> {
                                Predictor.Confidence expected =
                                        alone.confidences().get(0);
                                assertThat(found.label()).isEqualTo(expected.label());
                                assertThat(found.value()).isCloseTo(expected.value(), offset(1e-5));
                            }));
            assertThat(pool.all()).singleElement().satisfies(one -> {
                assertThat(one.ready()).isTrue();
                assertThat(one.task()).isEqualTo("classification");
                assertThat(one.classes()).hasSize(10);
            });
        }
    }

    @Test
    void modelsOfEveryTaskAreLoaded() {
        List<String> tasks = List.of("detect", "segment", "multilabel", "regress", "embedding");
        var models = new LinkedHashMap<String, Path>();
        tasks.forEach(task -> models.put(task.replace('/', '-'), RecordedPackage.of(task)));
        try (var pool = recorded(PoolSettings.of(models).withBatching(Batching.DEFAULT.withSize(2)))) {
            pool.awaitLoaded();
            assertThat(pool.all()).hasSize(5).allMatch(ServedModels.Description::ready);
            Image image = RecordedPackage.image(LAYERS);
            for (String model : List.of("detect", "segment", "multilabel", "regress", "embedding")) {
                assertThat(values(ask(pool, model, image).join())).isNotEqualTo("{}");
            }
            assertThat(pool.chosen("multilabel", Optional.empty()).example()).containsKeys("labels", "top");
        }
    }

    @Test
    void aModelThatAnswersNothingAboutAnImageIsRefused() {
        try (var pool = recorded(PoolSettings.of(Map.of("clean", RecordedPackage.of("restore"))))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(pool::awaitLoaded)
                    .withMessageContaining("a model for restoration answers nothing about an image");
            assertThat(pool.ready()).isFalse();
        }
    }

    @Test
    void aRepositoryModelThatCannotBeLoadedMakesNoOtherUnready() throws IOException {
        RecordedPackage.copy(LAYERS, folder.resolve("good/1"));
        Path damaged = RecordedPackage.copy(LAYERS, folder.resolve("bad/1"));
        Files.writeString(damaged.resolve("config.json"), "{}");
        try (var pool = recorded(PoolSettings.of(Map.of()).withRepositories(List.of(folder)))) {
            pool.awaitLoaded();
            assertThat(pool.all())
                    .extracting(ServedModels.Description::name, ServedModels.Description::ready)
                    .containsExactly(tuple("bad", false), tuple("good", true));
            assertThat(pool.ready()).isTrue();
        }
    }

    @Test
    void oneRequestIsAnsweredAndDrawnByOneVersion() throws IOException {
        RecordedPackage.copy(LAYERS, folder.resolve("m/1"));
        RecordedPackage.copy(LAYERS, folder.resolve("m/2"));
        Files.writeString(folder.resolve("m/serving.yaml"), "versions: {1: 50, 2: 50}");
        try (var pool = open(
                PoolSettings.of(Map.of()).withRepositories(List.of(folder)),
                path -> GatedPredictor.open(100 * Integer.parseInt(String.valueOf(path.getFileName())))
                        .model())) {
            pool.awaitLoaded();
            for (int i = 0; i < 10; i++) {
                ServedModels.Chosen chosen = pool.chosen("m", Optional.empty());
                String expected = chosen.version() + "07";
                for (int image = 0; image < 3; image++) {
                    assertThat(chosen.predict(
                                            GatedPredictor.image(7),
                                            Instant.now().plusSeconds(30))
                                    .join()
                                    .text())
                            .isEqualTo(expected);
                }
                assertThat(chosen.predictor().predict(GatedPredictor.image(7)).text())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void namesTheNearestOfAnUnknownModel() {
        try (var pool = recorded(PoolSettings.of(Map.of("flowers", RecordedPackage.of(LAYERS))))) {
            pool.awaitLoaded();
            assertThatExceptionOfType(ServedModels.UnknownModelException.class)
                    .isThrownBy(() -> pool.predictor("flower", Optional.empty()))
                    .withMessage("unknown model 'flower', did you mean 'flowers'?");
        }
    }

    @Test
    void saysWhatIsWrongWithANamedModel() {
        try (var pool = recorded(PoolSettings.of(Map.of("m", folder)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(pool::awaitLoaded)
                    .withMessage("m: %s: there is no model".formatted(folder));
        }
    }

    @Test
    void aNameMustFitIntoAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recorded(PoolSettings.of(Map.of("a/b", folder))))
                .withMessageStartingWith("'a/b' cannot be the name of a model in an address");
    }

    @Test
    void noRequestIsDroppedWhileModelsAreExchanged() throws InterruptedException {
        RecordedPackage.copy(LAYERS, folder.resolve("m/1"));
        Image image = RecordedPackage.image(LAYERS);
        var settings = PoolSettings.of(Map.of()).withRepositories(List.of(folder));
        try (var pool = recorded(settings)) {
            pool.awaitLoaded();
            String expected = ask(pool, "m", image).join().confidences().get(0).label();
            var going = new AtomicBoolean(true);
            var wrong = ConcurrentHashMap.<Object>newKeySet();
            List<Thread> clients = IntStream.range(0, 4)
                    .mapToObj(i -> new Thread(() -> {
                        while (going.get()) {
                            try {
                                var label = ask(pool, "m", image)
                                        .join()
                                        .confidences()
                                        .get(0)
                                        .label();
                                if (!label.equals(expected)) {
                                    wrong.add(label);
                                }
                            } catch (RuntimeException e) {
                                wrong.add(e);
                            }
                        }
                    }))
                    .toList();
            clients.forEach(Thread::start);
            for (int version = 2; version <= 6; version++) {
                RecordedPackage.copy(LAYERS, folder.resolve("m/" + version));
                String wanted = String.valueOf(version);
                while (pool.all().stream().noneMatch(one -> one.version().equals(wanted) && one.ready())) {
                    Thread.onSpinWait();
                }
            }
            going.set(false);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(wrong).isEmpty();
            assertThat(pool.all()).extracting(ServedModels.Description::version).containsExactly("6");
        }
    }

    @Test
    void answersWhatIsOpenBeforeItIsClosed() throws InterruptedException {
        var predictor = new GatedPredictor(0);
        predictor.let(4);
        var pool = open(PoolSettings.of(Map.of("m", RecordedPackage.of(LAYERS))), path -> predictor.model());
        pool.awaitLoaded();
        IntStream.range(0, 4).forEach(i -> predictor.awaitBegun());
        var open = ask(pool, "m", GatedPredictor.image(7));
        predictor.awaitBegun();
        var closing = new Thread(pool::close);
        closing.start();
        while (!refused(pool).equals("the server is being stopped")) {
            Thread.onSpinWait();
        }
        assertThat(open).isNotDone();
        predictor.let(1000);
        closing.join();
        assertThat(open.join().text()).isEqualTo("7");
    }

    /** Why an image that nobody waits for is not taken, empty where it is. */
    private static String refused(ModelPool pool) {
        try {
            ask(pool, "m", GatedPredictor.image(1)).cancel(true);
            return "";
        } catch (ServedModels.OverloadedException e) {
            return e.getMessage();
        }
    }

    @Test
    void givesUpWhatIsNotAnsweredWithinTheTimeToDrain() {
        var predictor = new GatedPredictor(0);
        predictor.let(4);
        var settings = PoolSettings.of(Map.of("m", RecordedPackage.of(LAYERS))).withDrain(Duration.ofMillis(50));
        var pool = open(settings, path -> predictor.model());
        pool.awaitLoaded();
        var open = ask(pool, "m", GatedPredictor.image(7));
        pool.close();
        assertThatThrownBy(open::join)
                .hasCauseInstanceOf(ServedModels.OverloadedException.class)
                .hasMessageContaining("the server is being stopped");
        predictor.let(1000);
    }
}
