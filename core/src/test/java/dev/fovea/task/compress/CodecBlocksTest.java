package dev.fovea.task.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.Drawn;
import dev.fovea.engine.Device;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.io.CodedImage;
import dev.fovea.io.EntropyCoder;
import dev.fovea.io.FormatException;
import dev.fovea.models.TransformCodec;
import dev.fovea.train.ImageTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecBlocksTest {

    @TempDir
    private Path folder;

    private static CodecBlocks blocks() {
        var net = Drawn.by(5, new TransformCodec(3, 6, 4));
        net.prior().freeze();
        net.state().train(false);
        return new CodecBlocks(net, net.prior().tables(), 3, Device.CPU);
    }

    private static Image noise(int width, int height) {
        byte[] pixels = new byte[width * height * 3];
        new SplittableRandom(3).nextBytes(pixels);
        return new Image(width, height, 3, pixels);
    }

    /** Latents [4, rows, columns] of the whole, rounded. */
    private static Tensor whole(CodecBlocks blocks, Image image) {
        return blocks.net().latents(ImageTensors.of(List.of(image))).round();
    }

    @ParameterizedTest
    @CsvSource({"1040, 528", "528, 1072"})
    void largeImagesHaveNoSeams(int width, int height) {
        var blocks = blocks();
        Image image = noise(width, height);
        CodedImage coded = blocks.encode(image, 9);
        assertThat(coded.side()).isEqualTo(CodecBlocks.SIDE);
        coded.write(folder.resolve("large.fvc"));
        Image made = blocks.decode(CodedImage.read(folder.resolve("large.fvc")));
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor latents = whole(blocks, image);
            assertThat(latents.abs().sum().item()).isGreaterThan(1000);
            Image wanted = ImageTensors.of(blocks.net().image(latents)).get(0);
            int different = 0;
            for (int i = 0; i < wanted.pixels().length; i++) {
                different += Math.abs((wanted.pixels()[i] & 0xFF) - (made.pixels()[i] & 0xFF)) > 1 ? 1 : 0;
            }
            // A latent that lies halfway may be rounded otherwise; a seam would be thousands of pixels.
            assertThat(different).isLessThan(wanted.pixels().length / 1000);
        }
    }

    @Test
    void oddSizesComeBack() {
        var blocks = blocks();
        Image made = blocks.decode(blocks.encode(noise(1025, 17), 9));
        assertThat(List.of(made.width(), made.height())).containsExactly(1025, 17);
        assertThat(blocks.encode(noise(512, 17), 9).side()).isZero();
    }

    @Test
    void aLargeImageThatWasCodedWholeIsStillRead() {
        var blocks = blocks();
        Image image = noise(1040, 32);
        int[] values;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            float[] all = whole(blocks, image).toFloats();
            values = new int[all.length];
            Arrays.setAll(values, i -> Math.round(all[i]));
        }
        byte[] code = EntropyCoder.encode(values, i -> blocks.tables().get(i / (65 * 2)));
        Image old = blocks.decode(new CodedImage(9, 1040, 32, code));
        Image fresh = blocks.decode(blocks.encode(image, 9));
        int different = 0;
        for (int i = 0; i < old.pixels().length; i++) {
            different += Math.abs((old.pixels()[i] & 0xFF) - (fresh.pixels()[i] & 0xFF)) > 1 ? 1 : 0;
        }
        assertThat(different).isLessThan(old.pixels().length / 100);
    }

    @Test
    void damagedBlocksAreRefused() {
        var blocks = blocks();
        CodedImage coded = blocks.encode(noise(600, 20), 9);
        byte[] code = coded.code();
        for (byte[] damaged : List.of(
                Arrays.copyOf(code, code.length - 1),
                Arrays.copyOf(code, code.length + 1),
                new byte[] {0, 0, 0},
                new byte[] {(byte) 255, 1, 1, 1})) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> blocks.decode(new CodedImage(9, 600, 20, coded.side(), damaged)));
        }
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> blocks.decode(new CodedImage(9, 600, 20, 500, code)))
                .withMessageContaining("multiple of 16");
    }
}
