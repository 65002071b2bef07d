package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFolderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"../../x", "a/b", "a\\b", "..", ".", ".hidden", "a\nb", "a\u001b[31mb", "a\u0000b", "", " "})
    void refusesANameThatIsNotThatOfOneFolder(String name) throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunFolder.create(folder, name))
                .withMessageStartingWith("run name: ")
                .matches(e -> e.getMessage().chars().noneMatch(Character::isISOControl));
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void refusesANameThatIsTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunFolder.create(folder, "n".repeat(300)))
                .withMessage("run name: may have at most 200 bytes, got 300 ('%s...')", "n".repeat(40));
        assertThat(RunFolder.create(folder, "n".repeat(200)).path()).isDirectory();
    }

    @Test
    void saysThatTheParentIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("runs"), "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunFolder.create(file, "run"))
                .withMessageStartingWith(file + ": is a file, expected a folder");
    }

    @Test
    void isHeldByOneTrainingAtATime() {
        RunFolder run = RunFolder.create(folder, "run");
        try (var lock = RunLock.of(run)) {
            assertThat(RunLock.isHeld(run)).isTrue();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RunLock.of(run))
                    .withMessage(run.path()
                            + ": another process is training this run. Wait for it to end, or stop it first");
        }
        assertThat(RunLock.isHeld(run)).isFalse();
        RunLock.of(run).close();
    }

    @Test
    void isNotTakenForATrainingWhileOthersAsk() {
        RunFolder run = RunFolder.create(folder, "run");
        RunLock.of(run).close();
        assertThat(IntStream.range(0, 400).parallel().filter(i -> RunLock.isHeld(run)))
                .isEmpty();
    }

    /** Pages ask about many runs, several times a second. */
    @Test
    void whoAsksAboutTheTrainingOfAnotherProcessDoesNotWait() throws Exception {
        RunFolder run = RunFolder.create(folder, "run");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName(),
                        run.path().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = child.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("held");
            long begin = System.nanoTime();
            assertThat(IntStream.range(0, 20)).allMatch(i -> RunLock.isHeld(run));
            assertThat(System.nanoTime() - begin).isLessThan(1_500_000_000L); // it waited for 160 ms each
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RunLock.of(run))
                    .withMessageContaining("another process is training this run");
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(RunLock.isHeld(run)).isFalse();
    }

    static final class Training {
        public static void main(String[] arguments) throws IOException {
            try (var lock = RunLock.of(new RunFolder(Path.of(arguments[0])))) {
                System.out.println("held");
                System.in.read();
            }
        }
    }
}
