package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTest {

    @TempDir
    private Path folder;

    private Shares read(String yaml) throws IOException {
        Files.writeString(folder.resolve(Shares.FILE), yaml);
        return Shares.read(folder);
    }

    @Test
    void readsWeightsOfVersions() throws IOException {
        assertThat(read("versions: {1: 90, 2: 10, 3: 0}").weights()).isEqualTo(Map.of("1", 90.0, "2", 10.0, "3", 0.0));
    }

    @Test
    void theNewestGetsAllWhereThereIsNoFile() {
        assertThat(Shares.read(folder).newest()).isTrue();
        assertThat(Shares.NEWEST.among(List.of("1"))).isEqualTo(Map.of("1", 1.0));
    }

    @Test
    void versionsThatAreNotThereGiveTheirShareToTheOthers() throws IOException {
        Shares shares = read("versions: {1: 60, 2: 30, 3: 10}");
        assertThat(shares.among(List.of("1", "2"))).isEqualTo(Map.of("1", 60.0 / 90, "2", 30.0 / 90));
        assertThat(shares.among(List.of("4"))).isEqualTo(Map.of("4", 1.0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "versions: {1: -5} | got -5 for version 1",
                "versions: {1: many} | got \"many\" for version 1",
                "versions: {1: 0} | no version has a share above 0",
                "shares: {1: 5} | got something else",
                "hello | got something else",
                "versions: {1: | what is there is no YAML"
            })
    void saysWhatIsWrong(String yaml, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(yaml))
                .withMessage(
                        "%s: expected shares of versions, such as `versions: {1: 90, 2: 10}`, %s",
                        folder.resolve(Shares.FILE), message);
    }
}
