package dev.fovea.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    @Test
    void returnsStandardOutput() {
        assertThat(run("--version")).contains(System.getProperty("java.version"));
    }

    @Test
    void aFailureEndsWithWhatTheProgramSaid() {
        assertThatThrownBy(() -> run("-cp", "nowhere", "NoSuchProgram"))
                .isInstanceOf(Command.FailedException.class)
                .hasMessageStartingWith("ended with code 1:\n    ")
                .hasMessageContaining("NoSuchProgram");
    }

    private String run(String... arguments) {
        var command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(arguments));
        return Command.run(command, folder, Map.of(), Duration.ofMinutes(1));
    }
}
