package dev.fovea.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingTest {

    @ParameterizedTest
    @CsvSource({ // setting, place, value
        "optimizer.lr=0.001..0.1, 0,    0.001",
        "optimizer.lr=0.001..0.1, 0.5,  0.01",
        "optimizer.lr=0.001..0.1, 1,    0.1",
        "optimizer.lr=0.001..0.1, 0.1,  0.00158",
        "optimizer.lr=1e-4..1e-2, 0.5,  0.001",
        "momentum=0.9..0.99,      0.5,  0.945",
        "momentum=0.99..0.9999,   0.5,  0.99495",
        "momentum=0..0.3,         1,    0.3",
        "code=2..4,               0,    2",
        "code=2..4,               0.34, 3",
        "code=2..4,               1,    4",
        "code=2.0..4,             0.34, 2.68",
        "code=1..64,              0.5,  6",
        "batch=32|64|128,         0,    32",
        "batch=32|64|128,         0.34, 64",
        "batch=32|64|128,         1,    128"
    })
    void valuesOfPlaces(String text, double place, String value) {
        assertThat(Setting.parse(text).at(place)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"lr=0.001..0.1", "lr=0.3..0.5", "code=2..1000", "code=1..4", "augment=[]|[flip]|[flip,rotate]"})
    void placesAreTheInverseOfValues(String text) {
        Setting setting = Setting.parse(text);
        for (double place = 0; place <= 1; place += 0.03) {
            String value = setting.at(place);
            assertThat(setting.at(setting.place(value))).isEqualTo(value);
        }
        assertThat(Setting.parse(setting.text())).isEqualTo(setting);
    }

    @Test
    void allWholeNumbersOfALinearRangeAreEquallyLikely() {
        var random = new SplittableRandom(1);
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 4000; i++) {
            counts.merge(Setting.parse("code=1..4").at(random.nextDouble()), 1, Integer::sum);
        }
        assertThat(counts).containsOnlyKeys("1", "2", "3", "4");
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(900, 1100));
    }

    @Test
    void aWideRangeIsLogarithmic() {
        assertThat(Setting.parse("lr=0.01..1").place("0.1")).isCloseTo(0.5, within(1e-9));
        assertThat(Setting.parse("smoothing=0.1..0.3").place("0.2")).isCloseTo(0.5, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "lr; 'lr': expected KEY=LOW..HIGH or KEY=VALUE|VALUE, such as optimizer.lr=0.001..0.1",
                "lr=0.1..0.001; lr: expected a range from a smaller to a larger number, got 0.1..0.001",
                "lr=1..1; lr: expected a range from a smaller to a larger number, got 1.0..1.0",
                "lr=0..1e999; lr: expected a range from a smaller to a larger number, got 0.0..Infinity",
                "lr=a..b; lr: expected numbers on both sides of '..', got 'a'",
                "batch=32; batch: expected two values or more with | between them, got '32'",
                "batch=32|; batch: expected two values or more with | between them, got '32|'",
                "batch=32|32; batch: has a value twice, got '32|32'"
            })
    void refusesWhatIsNoSetting(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Setting.parse(text))
                .withMessage(message);
    }
}
