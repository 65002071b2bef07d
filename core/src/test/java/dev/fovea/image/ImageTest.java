package dev.fovea.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.Golden;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ImageTest {

    static Stream<JsonNode> resized() {
        return StreamSupport.stream(Golden.read("resize.json").spliterator(), false);
    }

    private static Image wave(int height, int width) {
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((i * 37 + i / 7 * 11) % 256);
        }
        return new Image(width, height, 3, pixels);
    }

    @ParameterizedTest
    @MethodSource("resized")
    void resizesAndGreysAsPilDoes(JsonNode golden) {
        Image image = wave(golden.get("h").asInt(), golden.get("w").asInt());
        Image result = golden.get("filter").asString().equals("GRAY")
                ? image.toGray()
                : image.resize(
                        golden.get("nw").asInt(),
                        golden.get("nh").asInt(),
                        Filter.valueOf(golden.get("filter").asString()));
        assertThat(largestDifference(result.pixels(), Golden.array(golden.get("values"))))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void laysTransparentPixelsOnWhite() {
        Image image = Image.decode(Golden.bytes("alpha.png"), "alpha.png");
        double[] expected = Golden.array(Golden.read("image.json").get("rgb"));
        for (int i = 0; i < expected.length; i++) {
            boolean opaque = i / 3 % 24 < 12;
            assertThat(image.pixels()[i] & 0xFF).isEqualTo(opaque ? (int) expected[i] : 255);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"grey.png", "grey16.png"})
    void readsGreyOfEightAndSixteenBits(String file) {
        Image image = Image.decode(Golden.bytes(file), file);
        assertThat(image.channels()).isEqualTo(3);
        assertThat(largestDifference(image.toGray().pixels(), Golden.array(Golden.read("grey.json"))))
                .isZero();
    }

    @Test
    void readsPalettesAndCmyk() {
        double[] expected = Golden.array(Golden.read("image.json").get("rgb"));
        assertThat(meanDifference(
                        Image.decode(Golden.bytes("palette.png"), "palette.png").pixels(), expected))
                .isLessThan(3);
        assertThat(meanDifference(
                        Image.decode(Golden.bytes("cmyk.jpg"), "cmyk.jpg").pixels(), expected))
                .isLessThan(12);
    }

    @Test
    void turnsAsExifSays() {
        Image image = Image.decode(Golden.bytes("orientation6.jpg"), "orientation6.jpg");
        assertThat(image.width()).isEqualTo(16);
        assertThat(image.height()).isEqualTo(24);
    }

    @Test
    void refusesTextNamedAsAnImage() {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() ->
                        Image.decode("<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8), "rose/img_0412.jpg"))
                .withMessage(
                        "rose/img_0412.jpg: not an image (starts with \"<!DOCTYPE\"). Delete it, or skip broken images");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(new byte[0], "a.png"))
                .withMessage("a.png: an empty file. Delete it, or skip broken images");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orientation6.jpg", "grey.png"})
    void refusesAnImageThatIsCutOff(String file) {
        byte[] whole = Golden.bytes(file);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(Arrays.copyOf(whole, whole.length * 2 / 3), file))
                .withMessageContaining("is cut off before its end");
    }

    @Test
    void refusesAHugeImageBeforeDecodingIt() throws IOException {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> Image.decode(pngHeader(20_000, 20_000), "bomb.png"))
                .withMessage(
                        "bomb.png: 20000 x 20000 pixels are more than the 100 million allowed. Scale it down, or skip broken images");
    }

    @Test
    void cropsWithBlackOutside() {
        Image image = new Image(2, 1, 1, new byte[] {5, 6});
        assertThat(image.crop(-1, 0, 4, 2).pixels()).containsExactly(0, 5, 6, 0, 0, 0, 0, 0);
    }

    private static byte[] pngHeader(int width, int height) throws IOException {
        var out = new ByteArrayOutputStream();
        var data = new DataOutputStream(out);
        data.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        var chunk = new ByteArrayOutputStream();
        var header = new DataOutputStream(chunk);
        header.writeBytes("IHDR");
        header.writeInt(width);
        header.writeInt(height);
        header.write(new byte[] {8, 2, 0, 0, 0});
        var crc = new CRC32();
        crc.update(chunk.toByteArray());
        data.writeInt(13);
        data.write(chunk.toByteArray());
        data.writeInt((int) crc.getValue());
        return out.toByteArray();
    }

    private static double largestDifference(byte[] found, double[] expected) {
        assertThat(found).hasSize(expected.length);
        double most = 0;
        for (int i = 0; i < found.length; i++) {
            most = Math.max(most, Math.abs((found[i] & 0xFF) - expected[i]));
        }
        return most;
    }

    private static double meanDifference(byte[] found, double[] expected) {
        assertThat(found).hasSize(expected.length);
        double sum = 0;
        for (int i = 0; i < found.length; i++) {
            sum += Math.abs((found[i] & 0xFF) - expected[i]);
        }
        return sum / found.length;
    }
}
