package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyCoderTest {

    /** Like a rounded normal distribution of this deviation. */
    private static FrequencyTable bell(double deviation, int reach) {
        double[] p = new double[2 * reach + 1];
        double sum = 0;
        for (int i = -reach; i <= reach; i++) {
            p[i + reach] = Math.exp(-0.5 * i * i / (deviation * deviation));
            sum += p[i + reach];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum * 1.0001;
        }
        return FrequencyTable.of(-reach, p);
    }

    private static int[] drawn(Random random, int count, double deviation) {
        return random.doubles(count)
                .mapToInt(u -> (int) Math.round(random.nextGaussian() * deviation))
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1000, 50_000})
    void givesBackWhatItWasGivenEscapesIncluded(int count) {
        var random = new Random(count);
        FrequencyTable[] tables = {bell(0.3, 2), bell(3, 4), bell(40, 100)};
        int[] values = drawn(random, count, 5);
        for (int i = 0; i < count; i += 97) {
            values[i] = random.nextInt(1 << 24) - (1 << 23);
        }
        byte[] bytes = EntropyCoder.encode(values, i -> tables[i % 3]);
        assertThat(EntropyCoder.decode(bytes, count, i -> tables[i % 3])).containsExactly(values);
        assertThat(EntropyCoder.encode(values, i -> tables[i % 3])).containsExactly(bytes);
    }

    @Test
    void needsHardlyMoreThanTheEntropy() {
        FrequencyTable table = bell(3, 30);
        int[] values = drawn(new Random(1), 100_000, 3);
        double entropy = Arrays.stream(values).mapToDouble(table::bits).sum();
        double bits = 8.0 * EntropyCoder.encode(values, i -> table).length;
        assertThat(bits / entropy).isCloseTo(1, within(0.002));
    }

    @Test
    void aFlippedBitIsNoticedOrDecodesToOtherNumbersButNeverHarms() {
        FrequencyTable table = bell(3, 8);
        int[] values = drawn(new Random(2), 2000, 3);
        byte[] bytes = EntropyCoder.encode(values, i -> table);
        int noticed = 0;
        for (int bit = 0; bit < 8 * bytes.length; bit += 7) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertThat(EntropyCoder.decode(damaged, 2000, i -> table)).isNotEqualTo(values);
            } catch (FormatException e) {
                noticed++;
            }
        }
        assertThat(noticed).isGreaterThan(bytes.length * 8 / 7 * 9 / 10);
    }

    @Test
    void saysWhereDataEndsTooEarly() {
        FrequencyTable table = bell(3, 8);
        byte[] bytes = EntropyCoder.encode(drawn(new Random(3), 100, 3), i -> table);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> EntropyCoder.decode(Arrays.copyOf(bytes, bytes.length - 3), 100, i -> table))
                .withMessage("entropy coder: the data ends too early");
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> EntropyCoder.decode(bytes, 99, i -> table))
                .withMessage("entropy coder: the data is damaged (it does not come out even)");
    }

    @Test
    void everyTableAddsUpAndLeavesRoomForTheEscape() {
        var random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            double[] p = new double[1 + random.nextInt(300)];
            double sum = 0;
            for (int i = 0; i < p.length; i++) {
                p[i] = Math.pow(random.nextDouble(), 9);
                sum += p[i];
            }
            for (int i = 0; i < p.length; i++) {
                p[i] *= random.nextDouble() / sum;
            }
            FrequencyTable table = FrequencyTable.of(-7, p);
            int[] frequencies = table.frequencies();
            assertThat(Arrays.stream(frequencies).min().orElseThrow()).isPositive();
            assertThat(Arrays.stream(frequencies).sum()).isLessThan(FrequencyTable.TOTAL);
            assertThat(FrequencyTable.ofFrequencies(-7, frequencies).frequencies())
                    .containsExactly(frequencies);
            assertThat(table.highest()).isEqualTo(-8 + p.length);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> FrequencyTable.of(0, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> FrequencyTable.ofFrequencies(0, 65_536));
    }
}
