package dev.fovea.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodedImageTest {

    @TempDir
    Path folder;

    private static CodedImage image() {
        byte[] code = new byte[100];
        new Random(1).nextBytes(code);
        return new CodedImage(0x1234_5678_9ABC_DEF0L, 500, 333, code);
    }

    private static void refused(byte[] bytes, String message) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> CodedImage.of(bytes, "x.fvc"))
                .withMessage(message);
    }

    @Test
    void comesBackFromItsFile() {
        Path file = folder.resolve("x.fvc");
        image().write(file);
        CodedImage back = CodedImage.read(file);
        assertThat(back.model()).isEqualTo(image().model());
        assertThat(back.width()).isEqualTo(500);
        assertThat(back.height()).isEqualTo(333);
        assertThat(back.code()).containsExactly(image().code());
    }

    @Test
    void everyFlippedBitIsDetected() {
        byte[] bytes = image().toBytes();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatExceptionOfType(FormatException.class)
                    .as("bit " + bit)
                    .isThrownBy(() -> CodedImage.of(damaged, "x.fvc"));
        }
    }

    @Test
    void refusesSidesThatNoImageHas() {
        for (int[] sides : new int[][] {{65_536, 65_536}, {0, 9}, {9, -1}, {Integer.MAX_VALUE, 1}}) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> new CodedImage(1, sides[0], sides[1], new byte[9]))
                    .withMessageContaining("got %dx%d", sides[0], sides[1]);
        }
    }

    @Test
    void refusesOtherFilesOtherVersionsAndCutOffOnes() {
        byte[] bytes = image().toBytes();
        refused(new byte[0], "x.fvc: not an image that `fovea compress` wrote");
        refused("<!DOCTYPE html>".getBytes(), "x.fvc: not an image that `fovea compress` wrote");
        byte[] newer = bytes.clone();
        newer[3] = 3;
        refused(newer, "x.fvc: version 3 of the format, this release reads 1 and 2");
        for (int length : new int[] {4, 20, 60, bytes.length - 1}) {
            refused(Arrays.copyOf(bytes, length), "x.fvc: the file is cut off or has something after its end");
        }
        refused(Arrays.copyOf(bytes, bytes.length + 1), "x.fvc: the file is cut off or has something after its end");
    }
}
