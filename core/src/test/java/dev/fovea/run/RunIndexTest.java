package dev.fovea.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunIndexTest {

    @TempDir
    private Path folder;

    private Path run(String name) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        Files.writeString(run.resolve("recipe.yaml"), "model: cifar-cnn\ntask:\n  type: classification\n");
        Files.writeString(run.resolve("metrics.csv"), "epoch,validation_accuracy\n1,0.5\n2,0.75\n");
        return run;
    }

    @Test
    void readsAgainOnlyWhatHasChanged() throws IOException {
        Path a = run("a-1");
        run("b-1");
        var index = new RunIndex();
        List<Runs.Row> first = index.of(Runs.folders(folder));
        RunNotes.NONE.withNote("better").write(a);
        List<Runs.Row> second = index.of(Runs.folders(folder));
        assertThat(second.get(0).notes().note()).isEqualTo("better");
        assertThat(second.get(1)).isSameAs(first.get(1));
        Files.writeString(a.resolve("metrics.csv"), "epoch,validation_accuracy\n1,0.5\n2,0.75\n3,0.9\n");
        assertThat(index.of(a).curve()).containsExactly(0.5, 0.75, 0.9);
    }

    @Test
    void forgetsRunsThatAreGone() throws IOException {
        Path a = run("a-1");
        var index = new RunIndex();
        assertThat(index.of(Runs.folders(folder))).extracting(Runs.Row::task).containsExactly("classification");
        Runs.remove(a);
        assertThat(index.of(Runs.folders(folder))).isEmpty();
    }
}
