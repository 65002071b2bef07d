package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fovea.run.DataRequest;
import dev.fovea.run.RunSettings;
import dev.fovea.train.Recipe;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsTest {

    /** Public, as records that are copied must be. */
    public record Range(int low, int high, List<String> names) {
        public Range {
            if (low > high) {
                throw new IllegalArgumentException("low is above high");
            }
        }
    }

    private static final Range RANGE = new Range(1, 3, List.of("a"));

    @Test
    void changesWhatIsNamedAndNothingElse() {
        assertThat(Records.with(RANGE, "high", 5)).isEqualTo(new Range(1, 5, List.of("a")));
        assertThat(Records.with(RANGE, Map.of("low", 7, "high", 9))).isEqualTo(new Range(7, 9, List.of("a")));
    }

    @Test
    void theChecksOfTheRecordApply() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Records.with(RANGE, "low", 4))
                .withMessage("low is above high");
        assertThatIllegalStateException()
                .isThrownBy(() -> Records.with(RANGE, "middle", 2))
                .withMessageContaining("[middle]");
    }

    static Stream<Record> records() {
        return Stream.of(
                Recipe.base("cifar-cnn"),
                Recipe.base("cifar-cnn").input(),
                RunSettings.in(Path.of("out"), "run"),
                DataRequest.of("shapes"));
    }

    /** A component is named by text: one that is renamed would be missed at run time only. */
    @ParameterizedTest
    @MethodSource("records")
    void everyChangeOfOneComponentChangesThatComponent(Record record) throws ReflectiveOperationException {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String name = component.getName();
            String change = "with" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
            for (Method method : record.getClass().getMethods()) {
                if (method.getName().equals(change)
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {component.getType()})) {
                    Object value = other(component.getAccessor().invoke(record));
                    Object changed = method.invoke(record, value);
                    assertThat(component.getAccessor().invoke(changed))
                            .as(change)
                            .isEqualTo(value);
                    for (RecordComponent kept : record.getClass().getRecordComponents()) {
                        if (!kept.getName().equals(name)) {
                            assertThat(kept.getAccessor().invoke(changed))
                                    .as("%s of %s", kept.getName(), change)
                                    .isEqualTo(kept.getAccessor().invoke(record));
                        }
                    }
                }
            }
        }
    }

    private static Object other(Object value) {
        return value instanceof Integer number
                ? (Object) (number + 3)
                : value instanceof Boolean truth
                        ? (Object) !truth
                        : value instanceof Long number
                                ? (Object) (number + 3)
                                : value instanceof Duration time
                                        ? time.plusSeconds(2)
                                        : value instanceof Path path
                                                ? path.resolve("other")
                                                : "".equals(value) ? "other" : value;
    }
}
