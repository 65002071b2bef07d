package dev.fovea.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final Configuration CNN = Configuration.ALL.get(0);

    @Test
    void showsMediansLimitsAndRatios() {
        var all = List.of(
                series("fovea", "fp32", "0.1", "fp32", 3000, 3100, 2900),
                series("fovea", "auto", "0.1", "bf16", 6000, 6000, 6000),
                series("djl", "fp32", "0.35.1", "fp32", 2000, 1500, 2500));
        assertThat(Table.of(CNN, all)).isEqualTo("""
                ### cifar-cnn, batch 64

                | engine | version | precision | images/s, median | min–max | Fovea fp32 is | Fovea auto is |
                |---|---|---|--:|--:|--:|--:|
                | fovea | 0.1 | fp32 | 3,000 | 2,900–3,100 |  | 2.00× |
                | fovea | 0.1 | auto (bf16) | 6,000 | 6,000–6,000 | 0.50× |  |
                | djl | 0.35.1 | fp32 | 2,000 | 1,500–2,500 | 1.50× | 3.00× |
                """);
    }

    @Test
    void showsWhatFailedWithoutARatio() {
        var all = List.of(series("fovea", "fp32", "0.1", "fp32", 54.25), series("djl", "fp32", "", "fp32"));
        assertThat(Table.of(CNN, all))
                .contains("| fovea | 0.1 | fp32 | 54.3 | 54.3–54.3 |  |  |")
                .contains("| djl |  | fp32 | failed |  |  |  |");
    }

    @Test
    void replacesOnlyWhatIsBetweenTheMarkers() {
        String document = "before\n" + Table.BEGIN + "\nold\n" + Table.END + "\nafter\n";
        assertThat(Table.replaceSection(document, "new\n"))
                .isEqualTo("before\n" + Table.BEGIN + "\n\nnew\n\n" + Table.END + "\nafter\n");
    }

    @Test
    void rejectsADocumentWithoutMarkers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Table.replaceSection("text", "new"))
                .withMessageStartingWith("no markers for the table.");
    }

    private static Series series(String engine, String asked, String version, String precision, double... speeds) {
        Contender contender = Contender.ALL.stream()
                .filter(c -> c.engine().equals(engine) && c.precision().equals(asked))
                .findFirst()
                .orElseThrow();
        return new Series(
                contender, version, precision, Arrays.stream(speeds).boxed().toList());
    }
}
