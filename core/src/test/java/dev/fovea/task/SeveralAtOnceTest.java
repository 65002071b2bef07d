package dev.fovea.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.run.RunSettings;
import dev.fovea.run.TrainingRun;
import dev.fovea.task.generate.Generator;
import dev.fovea.task.generate.GeneratorRuns;
import dev.fovea.train.Recipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs and predictions that live in one process at the same time. */
class SeveralAtOnceTest {

    private static final int MANY = 3;

    @TempDir
    private Path folder;

    /** Draws weights, order, augmentation and dropout. */
    private byte[] classifier(Path at) throws IOException {
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe(
                                "conv 8 3, batchnorm, relu, dropout2d 0.2, maxpool 2, flatten, dropout 0.4, dense classes"),
                        List.of(
                                "input.size=16",
                                "epochs=2",
                                "batch=20",
                                "augment=[flip, {type: rotate, degrees: 10}]"));
        Dataset none = Dataset.empty(new Shapes(1, 1, 16).classes());
        var data = new Splits(new Shapes(1, 60, 16), new Shapes(2, 20, 16), none, List.of());
        return weights(Tasks.ALL.train(recipe, data, RunSettings.in(at, "classifier")));
    }

    /** Draws noise, of the images and of the samples of each epoch, too. */
    private byte[] generator(Path at) throws IOException {
        return weights(GeneratorRuns.run(at, GeneratorRuns.recipe("vae width=4 code=4", "epochs=1"), "vae"));
    }

    private static byte[] weights(TrainingRun.Result run) throws IOException {
        return Files.readAllBytes(run.folder().resolve("model/model.safetensors"));
    }

    private static byte[] samples(Path run) {
        var all = new ByteArrayOutputStream();
        Generator generator = Generator.load(run);
        for (int i = 0; i < MANY; i++) {
            var request = new Generator.Request(8).withSeed(i).withSampling(10, Generator.Sampling.DDPM, 1);
            for (Image image : generator.generate(request)) {
                all.writeBytes(image.pixels());
            }
        }
        return all.toByteArray();
    }

    private static List<byte[]> together(List<Callable<byte[]>> jobs) throws Exception {
        var start = new CyclicBarrier(jobs.size());
        var pool = Executors.newFixedThreadPool(jobs.size());
        try {
            var running = new ArrayList<Future<byte[]>>();
            for (Callable<byte[]> job : jobs) {
                running.add(pool.submit(() -> {
                    start.await();
                    return job.call();
                }));
            }
            var results = new ArrayList<byte[]>();
            for (Future<byte[]> each : running) {
                results.add(each.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void twoRunsBesideAGeneratorAreEachToTheBitWhatTheyAreAlone() throws Exception {
        Path alone = Files.createDirectory(folder.resolve("alone"));
        Path beside = Files.createDirectory(folder.resolve("beside"));
        Path diffusion = GeneratorRuns.run(
                        folder, GeneratorRuns.recipe("dit patch=4 width=16 depth=1 heads=2", "epochs=1"), "diffusion")
                .folder();
        List<byte[]> together =
                together(List.of(() -> classifier(beside), () -> generator(beside), () -> samples(diffusion)));
        assertThat(together.get(0)).as("classifier").isEqualTo(classifier(alone));
        assertThat(together.get(1)).as("generator").isEqualTo(generator(alone));
        assertThat(together.get(2)).as("samples").isEqualTo(samples(diffusion));
    }
}
