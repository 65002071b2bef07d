package dev.fovea.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against torchvision 0.14 on Pillow images; {@code oracle/operations.py} made the values. */
class OperationTest {

    private static Stream<String> golden() {
        try (var in = OperationTest.class.getResourceAsStream("/golden/operations.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Image image(int channels) {
        byte[] pixels = new byte[12 * 10 * channels];
        int at = 0;
        for (int y = 0; y < 10; y++) {
            for (int x = 0; x < 12; x++) {
                for (int c = 0; c < channels; c++) {
                    pixels[at++] = (byte) ((40 + 13 * x + 7 * y + 31 * c + x * y * (c + 1)) % 211 + 20);
                }
            }
        }
        return new Image(12, 10, channels, pixels);
    }

    private static Operation operation(String name) {
        return Operation.valueOf(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }

    /**
     * Values to the byte and nearest pixels exactly; interpolated ones, which Pillow cuts off and we round, within 1.
     */
    @ParameterizedTest(name = "{index}")
    @MethodSource("golden")
    void equalsTorchvision(String row) {
        String[] fields = row.split(",");
        Operation operation = operation(fields[0]);
        boolean interpolated = fields[3].equals("bilinear");
        Image image = image(Integer.parseInt(fields[2]));
        double magnitude = Double.parseDouble(fields[1]);
        Image made = interpolated || !operation.moves()
                ? operation.apply(image, magnitude, Fill.CONSTANT, 0)
                : operation.geometry(image.size(), magnitude).apply(image, Filter.NEAREST, Fill.CONSTANT, 0);
        byte[] expected = HexFormat.of().parseHex(fields[4]);
        int different = 0;
        for (int i = 0; i < expected.length; i++) {
            int error = Math.abs((expected[i] & 0xFF) - (made.pixels()[i] & 0xFF));
            different += error > (interpolated ? 1 : 0) ? 1 : 0;
        }
        assertThat(different).as(fields[0] + " " + fields[1]).isZero();
    }

    @Test
    void allOperationsAreAmongTheValuesOfTorchvision() {
        assertThat(golden().map(row -> operation(row.split(",")[0])).distinct())
                .containsExactlyInAnyOrder(Operation.values());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyImageHasTheSameSizeAfterwardsHoweverSmall(Operation operation) {
        for (Image image : List.of(
                new Image(1, 1, 1, new byte[] {77}),
                new Image(1, 1, 3, new byte[] {1, 2, 3}),
                new Image(2, 1, 3, new byte[6]),
                new Image(1, 5, 1, new byte[] {0, 0, -1, 5, 0}))) {
            Image made = operation.apply(image, 3, Fill.CONSTANT, 0);
            assertThat(made.size()).isEqualTo(image.size());
            assertThat(made.channels()).isEqualTo(image.channels());
        }
    }

    @Test
    void onlyOperationsThatMoveHaveAGeometry() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Operation.INVERT.geometry(Size.square(4), 0))
                .withMessage("INVERT moves nothing");
    }
}
