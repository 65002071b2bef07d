package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions whose model adds the number in their {@code config.json} to each image's first byte. */
@Timeout(30)
class RefreshTest {

    @TempDir
    private Path repository;

    private final Map<String, ServedModel> models = new TreeMap<>();
    private final List<String> log = new ArrayList<>();
    private final Map<Path, GatedPredictor> gated = new HashMap<>();
    private Refresh refresh;

    private void watch(Map<String, Path> named) {
        var metrics = new PoolMetrics(new PrometheusRegistry(), 0.5);
        refresh = new Refresh(
                new ModelFolders(named, List.of(repository)),
                models,
                edition -> ServedVersion.start(
                        edition.model(),
                        edition.version(),
                        load(edition.path()),
                        new Batching(4, Duration.ZERO, 16, 1),
                        metrics,
                        Runnable::run),
                metrics,
                log::add);
    }

    private LoadedModel load(Path path) {
        try {
            String text = Files.readString(path.resolve("config.json"));
            if (!text.matches("\\d+")) {
                throw new IllegalArgumentException(path + ": damaged");
            }
            return gated.getOrDefault(path, GatedPredictor.open(Integer.parseInt(text)))
                    .model();
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private Path write(String model, int version, String content) {
        return write(repository.resolve(model).resolve(String.valueOf(version)), content);
    }

    private static Path write(Path folder, String content) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return folder;
    }

    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("config.json"));
        Files.deleteIfExists(folder);
    }

    private int answer(String model) {
        return number(ask(model));
    }

    private CompletableFuture<Predictor.Answer> ask(String model) {
        return models.get(model)
                .chosen(Optional.empty())
                .predict(GatedPredictor.image(0), System.nanoTime() + 20_000_000_000L);
    }

    private static int number(CompletableFuture<Predictor.Answer> answer) {
        return ((GatedPredictor.Value) answer.join()).number();
    }

    private List<String> served(String model) {
        return List.copyOf(models.get(model).versions().keySet());
    }

    @Test
    void theNewestVersionServes() {
        write("m", 9, "9");
        write("m", 10, "10");
        watch(Map.of());
        refresh.look();
        assertThat(served("m")).containsExactly("10");
        assertThat(answer("m")).isEqualTo(10);
    }

    @Test
    void aNewVersionIsTakenWhenItHasStayedTheSameForALook() {
        write("m", 1, "1");
        watch(Map.of());
        refresh.look();
        write("m", 2, "2");
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        write("m", 2, "20");
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        refresh.look();
        assertThat(answer("m")).isEqualTo(20);
    }

    @Test
    void openRequestsAreAnsweredByTheVersionThatTheyBeganWith() {
        Path first = write("m", 1, "1");
        var slow = new GatedPredictor(1);
        gated.put(first, slow);
        slow.let(4);
        watch(Map.of());
        refresh.look();
        IntStream.range(0, 4).forEach(i -> slow.awaitBegun());
        var open = ask("m");
        slow.awaitBegun();
        var queued = ask("m");
        write("m", 2, "2");
        refresh.look();
        refresh.look();
        assertThat(answer("m")).isEqualTo(2);
        assertThat(refresh.retired()).hasSize(1);
        slow.let(2);
        assertThat(number(open)).isEqualTo(1);
        assertThat(number(queued)).isEqualTo(1);
        while (!refresh.retired().isEmpty()) {
            refresh.look();
        }
    }

    @Test
    void aVersionThatIsOverwrittenIsLoadedAgain() {
        write("m", 1, "1");
        watch(Map.of());
        refresh.look();
        write("m", 1, "100");
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        refresh.look();
        assertThat(answer("m")).isEqualTo(100);
        assertThat(served("m")).containsExactly("1");
    }

    @Test
    void theOldVersionGoesOnWhereTheNewOneCannotBeLoaded() {
        write("m", 1, "1");
        watch(Map.of());
        refresh.look();
        Path damaged = write("m", 2, "not a model");
        refresh.look();
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        String failure = "version 2 cannot be loaded: %s: damaged; version 1 goes on serving, as it was loaded";
        assertThat(models.get("m").descriptions())
                .extracting(
                        ServedModels.Description::version,
                        ServedModels.Description::ready,
                        ServedModels.Description::failure)
                .as("without paths of this machine")
                .containsExactly(tuple("1", true, failure.formatted("m/2")), tuple("2", false, "m/2: damaged"));
        assertThat(log).contains("m: " + failure.formatted(damaged));
        write("m", 2, "2");
        refresh.look();
        refresh.look();
        assertThat(answer("m")).isEqualTo(2);
        assertThat(models.get("m").problem()).isEmpty();
    }

    @Test
    void anOlderVersionServesFromTheStartWhereTheNewestIsDamaged() {
        write("m", 1, "1");
        write("m", 2, "not a model");
        watch(Map.of());
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        assertThat(models.get("m").problem()).contains("version 2 cannot be loaded");
    }

    @Test
    void theNextVersionServesWhereTheNewestIsTakenAway() throws IOException {
        write("m", 1, "1");
        Path newest = write("m", 2, "2");
        watch(Map.of());
        refresh.look();
        delete(newest);
        refresh.look();
        assertThat(answer("m")).as("missing once").isEqualTo(2);
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
    }

    @Test
    void aVersionThatIsMissingForALookGoesOn() throws IOException {
        write("m", 1, "1");
        Path newest = write("m", 2, "2");
        watch(Map.of());
        refresh.look();
        delete(newest);
        refresh.look();
        write("m", 2, "20");
        refresh.look();
        assertThat(answer("m")).isEqualTo(2);
        refresh.look();
        assertThat(answer("m")).isEqualTo(20);
        assertThat(log).noneMatch(line -> line.contains("version 1"));
    }

    @Test
    void aFolderWithoutModelsIsNamedOnceAtTheStart() throws IOException {
        watch(Map.of());
        refresh.look();
        refresh.look();
        assertThat(log)
                .containsExactly(
                        repository
                                + ": there is no model in it. A model that is put there, as NAME/1/config.json and model.safetensors, will be served");
    }

    @Test
    void aModelWhoseVersionsAreGoneGoesOnAndSaysSo() throws IOException {
        Path only = write("m", 1, "1");
        watch(Map.of());
        refresh.look();
        delete(only);
        refresh.look();
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        assertThat(models.get("m").problem())
                .isEqualTo("%s: holds no version with a model; version 1 goes on serving, as it was loaded"
                        .formatted(repository.resolve("m")));
    }

    @Test
    void aModelWhoseFolderIsGoneIsServedNoMore() throws IOException {
        Path other = write("other", 1, "7");
        write("m", 1, "1");
        watch(Map.of());
        refresh.look();
        delete(other);
        Files.delete(repository.resolve("other"));
        refresh.look();
        assertThat(models).as("missing once").containsOnlyKeys("m", "other");
        refresh.look();
        assertThat(models).containsOnlyKeys("m");
    }

    @Test
    void aRepositoryThatIsGoneKeepsItsModels() throws IOException {
        Path only = write("m", 1, "1");
        watch(Map.of());
        refresh.look();
        delete(only);
        Files.delete(repository.resolve("m"));
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        assertThat(models.get("m").problem()).startsWith(repository + ": the repository is empty");
        Files.delete(repository);
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        assertThat(models.get("m").problem()).startsWith(repository + ": the repository cannot be read (no such file)");
    }

    @Test
    void aNamedModelGoesOnWhereItsFolderIsGone() throws IOException {
        Path folder = write(repository.resolve("elsewhere/run"), "5");
        watch(Map.of("named", folder));
        refresh.look();
        delete(folder);
        refresh.look();
        assertThat(answer("named")).isEqualTo(5);
        assertThat(models.get("named").problem()).contains("there is no model");
    }

    @Test
    void requestsAreSharedAmongVersions() throws IOException {
        write("m", 1, "1");
        write("m", 2, "2");
        write("m", 3, "3");
        Files.writeString(repository.resolve("m/serving.yaml"), "versions: {1: 75, 2: 25}");
        watch(Map.of());
        refresh.look();
        assertThat(served("m")).containsExactly("1", "2");
        long second = IntStream.range(0, 400).filter(i -> answer("m") == 2).count();
        assertThat(second).isBetween(98L, 102L);
        assertThatExceptionOfType(ServedModels.UnknownModelException.class)
                .isThrownBy(() -> models.get("m").chosen(Optional.of("3")))
                .withMessage("m: version 3 is not served, there is 1, 2");
    }

    @Test
    void sharesAreChangedWhileVersionsServe() throws IOException {
        write("m", 1, "1");
        write("m", 2, "2");
        Path shares = Files.writeString(repository.resolve("m/serving.yaml"), "versions: {1: 1}");
        watch(Map.of());
        refresh.look();
        assertThat(answer("m")).isEqualTo(1);
        Files.writeString(shares, "versions: {1: 0, 2: 1}");
        refresh.look();
        assertThat(answer("m")).isEqualTo(2);
        assertThat(served("m")).containsExactly("1", "2");
        write("m", 3, "3");
        Files.writeString(shares, "versions: [1]");
        refresh.look();
        refresh.look();
        assertThat(answer("m")).isEqualTo(2);
        assertThat(models.get("m").problem()).contains("serving.yaml: expected shares of versions");
    }

    @Test
    void sharesThatCannotBeReadLeaveThoseThatWere() throws IOException {
        write("m", 1, "1");
        write("m", 2, "2");
        Path shares = Files.writeString(repository.resolve("m/serving.yaml"), "versions: {1: 90, 2: 10}");
        watch(Map.of());
        refresh.look();
        var wanted = Map.of("1", 0.9, "2", 0.1);
        assertThat(models.get("m").shares()).isEqualTo(wanted);
        Files.writeString(shares, "versions: [1]");
        refresh.look();
        refresh.look();
        assertThat(models.get("m").shares()).isEqualTo(wanted);
        Path away = Files.move(repository, repository.resolveSibling("away"));
        try {
            refresh.look();
            refresh.look();
            assertThat(models.get("m").problem()).contains("cannot be read");
            assertThat(models.get("m").shares()).isEqualTo(wanted);
        } finally {
            Files.move(away, repository);
        }
    }

    @Test
    void aFolderOfSomethingElseIsNoModel() throws IOException {
        write("m", 1, "1");
        Files.createDirectories(repository.resolve("scripts/old"));
        Files.createDirectories(repository.resolve("incomplete/1"));
        watch(Map.of());
        refresh.look();
        assertThat(models).containsOnlyKeys("incomplete", "m");
    }

    @Test
    void aPackageWithoutVersionsIsVersionOne() {
        write(repository.resolve("plain"), "4");
        write(repository.resolve("run/model"), "6");
        watch(Map.of());
        refresh.look();
        assertThat(served("plain")).containsExactly("1");
        assertThat(answer("plain")).isEqualTo(4);
        assertThat(answer("run")).isEqualTo(6);
    }
}
