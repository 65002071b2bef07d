package dev.fovea.task.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.models.ModelPackage;
import dev.fovea.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packages once written load for ever, and answer as they did. */
class RecordedPackagesTest {

    /** Processors round differently, and a pixel may fall to the next of 256 levels. */
    private static final double TOLERANCE = 0.009;

    @ParameterizedTest
    @EnumSource
    void answersAsWhenItWasWritten(RecordedPackage recorded) throws IOException {
        Path folder = recorded.folder();
        List<double[]> answers = recorded.answers(folder);
        List<String> expected = Files.readAllLines(RecordedPackage.answersFile(folder));
        assertThat(answers).hasSameSizeAs(expected);
        for (int i = 0; i < answers.size(); i++) {
            double[] numbers = Arrays.stream(expected.get(i).split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double most = Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
            assertThat(answers.get(i)).containsExactly(numbers, within(TOLERANCE * Math.max(1, most)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isOfFormat2AndSaysHowItWasMade(RecordedPackage recorded) {
        ModelPackage.Config config = ModelPackage.readConfig(recorded.folder());
        assertThat(config.format()).isEqualTo(2);
        assertThat(config.provenance().recipe()).contains("model: ");
    }

    @Test
    void everyTaskHasOne() {
        assertThat(Arrays.stream(RecordedPackage.values())
                        .map(each -> Tasks.ALL.type(each.folder()).getClass().getPackage()))
                .containsAll(Tasks.ALL.all().stream()
                        .map(type -> type.getClass().getPackage())
                        .toList());
    }
}
