package dev.fovea.cli;

import static dev.fovea.cli.Shell.fovea;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.cli.Shell.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed, stopped or out of disk, in processes of their own. */
class KilledRunsTest {

    @TempDir
    private Path folder;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(folder);
    }

    @Test
    void aKilledRunGoesOnBitIdentically() throws Exception {
        String whole = fovea(shell.training("whole", 2)).json().get("run").asString();
        var random = new Random(4);
        for (int kill = 0; kill < 2; kill++) {
            Process process = kill == 0
                    ? shell.start(shell.training("killed", 2))
                    : shell.start(
                            "train",
                            "--resume",
                            folder.resolve("killed-1").toString(),
                            "--data",
                            "shapes:validation",
                            "--json");
            Path checkpoint = folder.resolve("killed-1/checkpoints/last.safetensors");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.exists(checkpoint) && process.isAlive() && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(60));
            process.destroyForcibly().waitFor();
        }
        Ended resumed = fovea(
                "train", "--resume", folder.resolve("killed-1").toString(), "--data", "shapes:validation", "--json");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("killed-1/model/model.safetensors")))
                .isEqualTo(Files.readAllBytes(Path.of(whole).resolve("model/model.safetensors")));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFullDiskEndsTheRunWithOneSentenceAndNoPartialFile() throws Exception {
        // A limit on the size of files makes the system refuse the write, as a full disk does.
        Process process =
                shell.start(List.of("sh", "-c", "ulimit -f 32 && exec \"$0\" \"$@\""), shell.training("full", 1));
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String trace = Files.readString(folder.resolve("err.txt"));
        assertThat(process.exitValue()).as(trace).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("out.txt")))
                .startsWith("{\"error\":")
                .contains("safetensors: cannot be written (")
                .contains("What was there before is unchanged");
        assertThat(trace).doesNotContain("at dev.fovea");
        try (var files = Files.walk(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    @Test
    void ctrlCSavesACheckpointAndCanBeResumed() throws Exception {
        Process process = shell.start(shell.training("stopped", 400));
        Path log = folder.resolve("stopped-1/metrics.csv");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(log) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        Ended second = fovea("train", "--resume", folder.resolve("stopped-1").toString());
        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err()).contains("another process is training this run");
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("err.txt")))
                .contains("stopped; the checkpoint and the model are saved")
                .contains("go on with: fovea train --resume " + folder.resolve("stopped-1"));
        assertThat(folder.resolve("stopped-1/model/model.safetensors")).exists();
        Ended resumed = fovea(
                "train",
                "--resume",
                folder.resolve("stopped-1").toString(),
                "--data",
                "shapes:validation",
                "--epochs",
                "401",
                "--max-time",
                "0.001",
                "--json");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.json().get("end").asString()).isEqualTo("stopped");
    }
}
