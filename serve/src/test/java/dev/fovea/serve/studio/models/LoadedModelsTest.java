package dev.fovea.serve.studio.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.serve.studio.SampleWorkspace;
import dev.fovea.serve.studio.StudioServer;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @Test
    void theMemoryOfModelsThatAreLetGoServesTheNext() throws IOException {
        Path model = large();
        try (var all = new LoadedModels("cpu")) {
            all.of(model); // what the libraries need the first time is there from now on
        }
        long before = resident();
        for (int round = 0; round < 4; round++) {
            try (var all = new LoadedModels("cpu")) {
                for (int i = 1; i <= 3; i++) {
                    Files.setLastModifiedTime(
                            model.resolve("model.safetensors"), FileTime.fromMillis(1_000_000L * (3 * round + i)));
                    all.of(model);
                    assertThat(all.count()).isEqualTo(1);
                }
            }
        }
        assertThat(resident() - before).as("twelve times %s bytes", BYTES).isLessThan(4 * BYTES);
    }

    private static final long BYTES = 128L << 20;

    /** Bytes of this process in memory. */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** A model of so many bytes, all of them 0. */
    private Path large() throws IOException {
        Path model = Packages.copy("classify/layers", folder, "large");
        long width = BYTES / 4 / 768;
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst(
                                "\"layers\" : \"[^\"]*\"",
                                "\"layers\" : \"flatten, dense " + width + ", dense classes\""));
        var header = new StringBuilder("{");
        long at = 0;
        for (var one : List.of(
                Map.entry("1.weight", List.of(width, 768L)),
                Map.entry("1.bias", List.of(width)),
                Map.entry("2.weight", List.of(10L, width)),
                Map.entry("2.bias", List.of(10L)))) {
            long end = at + 4 * one.getValue().stream().reduce(1L, (a, b) -> a * b);
            header.append("%s\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
                    .formatted(at == 0 ? "" : ",", one.getKey(), one.getValue(), at, end));
            at = end;
        }
        byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        try (var file = new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(0);
            file.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            file.write(text);
            file.setLength(8 + text.length + at);
        }
        return model;
    }

    @Test
    void viewsShareOneModel() throws Exception {
        Path model = Packages.copy("classify/registry", folder, "flowers").toRealPath();
        try (var served = new StudioServer(folder)) {
            LoadedModel first = served.studio.loaded().of(model);
            String image = Packages.encoded("classify/registry");
            assertThat(served.post("/api/try", Map.of("model", "flowers", "image", image))
                            .statusCode())
                    .isEqualTo(200);
            Map<String, Object> study = Map.of("run", "flowers", "data", "shapes");
            assertThat(served.job(served.post("/api/evaluate", study))
                            .get("state")
                            .asString())
                    .isEqualTo("done");
            assertThat(served.job(served.post("/api/explain", Map.of("run", "flowers", "data", "shapes", "answer", 0)))
                            .get("state")
                            .asString())
                    .isEqualTo("done");
            assertThat(served.studio.loaded().count()).isEqualTo(1);
            assertThat(served.studio.loaded().of(model)).isSameAs(first);
        }
    }

    @Test
    void proposalsAndTryingShareOneDetector() throws Exception {
        Path model = Packages.copy("detect", folder, "cells").toRealPath();
        SampleWorkspace.boxes(folder.resolve("scenes"), 4);
        try (var served = new StudioServer(folder)) {
            LoadedModel first = served.studio.loaded().of(model);
            assertThat(served.job(served.post(
                                    "/api/annotations/propose",
                                    Map.of("path", "scenes", "part", "train", "index", 0, "run", "cells")))
                            .get("state")
                            .asString())
                    .isEqualTo("done");
            assertThat(served.studio.loaded().count()).isEqualTo(1);
            assertThat(served.studio.loaded().of(model)).isSameAs(first);
        }
    }
}
