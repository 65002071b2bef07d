package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.data.Dataset;
import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.report.EventFile;
import dev.fovea.report.EventFile.Message;
import dev.fovea.report.EventWriter;
import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {

    @TempDir
    private Path folder;

    private static Path events(Path run) throws IOException {
        try (var files = Files.list(run)) {
            return files.filter(file -> file.getFileName().toString().startsWith("events.out.tfevents"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Of a file's scalars: by tag, values by step. */
    private static Map<String, Map<Long, Float>> scalars(List<Message> events) {
        var scalars = new LinkedHashMap<String, Map<Long, Float>>();
        for (Message event : events) {
            if (event.has(5)) {
                for (Message value : event.message(5).messages(1)) {
                    if (value.has(2)) {
                        scalars.computeIfAbsent(value.text(1), tag -> new TreeMap<>())
                                .put(event.whole(2), value.single(2));
                    }
                }
            }
        }
        return scalars;
    }

    @Test
    void aRunWritesEveryStepAndGroupsItsTags() throws IOException {
        Dataset none = Dataset.empty(new Shapes(1, 1, 16).classes());
        Recipe recipe = Tasks.ALL
                .recipes()
                .with(
                        Tasks.ALL.recipe("conv 4 3, relu, flatten, dense classes"),
                        List.of("input.size=16", "input.channels=3", "epochs=2", "batch=8", "precision=fp32"));
        Path run = Tasks.ALL
                .train(
                        recipe,
                        new Splits(new Shapes(1, 20, 16), new Shapes(2, 8, 16), none, List.of()),
                        RunSettings.in(folder, "run"))
                .folder();
        List<Message> events = EventFile.read(events(run));
        assertThat(events.get(0).text(3)).isEqualTo("brain.Event:2");
        var scalars = scalars(events);
        assertThat(scalars.get("train/step_loss").keySet()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(scalars.get("train/loss").keySet()).containsExactly(3L, 6L);
        assertThat(scalars.get("validation/loss").keySet()).containsExactly(3L, 6L);
        assertThat(scalars).containsKeys("train/accuracy", "run/lr", "run/images_per_second");
        // The epoch's mean is that of its steps, of 8, 8 and 4 images.
        Map<Long, Float> steps = scalars.get("train/step_loss");
        double mean = (8 * steps.get(1L) + 8 * steps.get(2L) + 4 * steps.get(3L)) / 20;
        assertThat((double) scalars.get("train/loss").get(3L))
                .isCloseTo(mean, org.assertj.core.api.Assertions.within(1e-4));
        Message hyper = events.get(1).message(5).message(1);
        assertThat(hyper.text(1)).isEqualTo("_hparams_/session_start_info");
        assertThat(hyper.message(9).message(1).text(1)).isEqualTo("hparams");
        var fields = new LinkedHashMap<String, Message>();
        Message session = hyper.message(9).message(1).message(2).message(3);
        session.messages(1).forEach(entry -> fields.put(entry.text(1), entry.message(2)));
        assertThat(session.text(4)).isEqualTo("run-1");
        assertThat(fields.get("optimizer.lr").number(2)).isEqualTo(0.001);
        assertThat(fields.get("selection.patience").whole(4)).isZero();
        assertThat(fields.get("optimizer.type").text(3)).isEqualTo("adam");
    }

    @Test
    void imagesArePngWithTheirSize() throws IOException {
        try (var writer = new EventWriter(folder, 1_700_000_000)) {
            writer.image("samples/generated", 12, new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB), 1_700_000_001);
        }
        Message event = EventFile.read(events(folder)).get(1);
        assertThat(event.whole(2)).isEqualTo(12);
        assertThat(event.number(1)).isEqualTo(1_700_000_001);
        Message value = event.message(5).message(1);
        assertThat(value.text(1)).isEqualTo("samples/generated");
        assertThat(List.of(value.message(4).whole(1), value.message(4).whole(2)))
                .containsExactly(10L, 20L);
        Path png = folder.resolve("sample.png");
        Files.write(png, value.message(4).block(4));
        assertThat(Image.read(png).width()).isEqualTo(20);
    }
}
