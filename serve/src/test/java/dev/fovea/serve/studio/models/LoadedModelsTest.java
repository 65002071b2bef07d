package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {

    @TempDir
    private Path folder;

    private final List<Path> read = new CopyOnWriteArrayList<>();
    private final LoadedModels models = new LoadedModels(path -> {
        read.add(path);
        return new LoadedModel(path, Tasks.ALL.load(path, "cpu"));
    });

    @Test
    void aModelIsReadOnceForAllWhoAskAtTheSameTime() {
        Path model = Packages.copy("classify/registry", folder, "model");
        var asking = new ArrayList<CompletableFuture<LoadedModel>>();
        for (int i = 0; i < 4; i++) {
            asking.add(CompletableFuture.supplyAsync(() -> models.of(model)));
        }
        LoadedModel first = asking.get(0).join();
        assertThat(asking).allSatisfy(one -> assertThat(one.join()).isSameAs(first));
        assertThat(read).hasSize(1);
    }

    @Test
    void theOneThatWasNotAskedForLongestGoes() {
        var all = new ArrayList<Path>();
        for (int i = 0; i <= LoadedModels.MOST; i++) {
            all.add(Packages.copy("classify/registry", folder, "model" + i));
        }
        all.subList(0, LoadedModels.MOST).forEach(models::of);
        models.of(all.get(0));
        models.of(all.get(LoadedModels.MOST));
        assertThat(models.count()).isEqualTo(LoadedModels.MOST);
        models.of(all.get(0));
        assertThat(read).as("the first was asked for again before").hasSize(LoadedModels.MOST + 1);
        models.of(all.get(1));
        assertThat(read).hasSize(LoadedModels.MOST + 2).endsWith(all.get(1));
    }

    @Test
    void aModelWhoseFilesHaveChangedIsReadAgain() throws IOException {
        Path model = Packages.copy("classify/registry", folder, "model");
        models.of(model);
        Files.setLastModifiedTime(model.resolve("model.safetensors"), FileTime.fromMillis(1_000_000));
        models.of(model);
        assertThat(read).hasSize(2);
        assertThat(models.count()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsNotKept() throws IOException {
        Path model = Packages.copy("classify/registry", folder, "model");
        Files.writeString(model.resolve("config.json"), "{");
        assertThatIllegalArgumentException().isThrownBy(() -> models.of(model));
        assertThat(models.count()).isZero();
    }
}
