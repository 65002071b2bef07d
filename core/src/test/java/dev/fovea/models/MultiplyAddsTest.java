package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.nn.Module;
import dev.fovea.nn.Summary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiplyAddsTest {

    private static long counted(String model) {
        ModelEntry entry = Models.get(model);
        Module net = entry.create();
        return Summary.of(
                        net,
                        entry.input().channels(),
                        entry.input().frames(),
                        entry.input().height(),
                        entry.input().width())
                .macs();
    }

    /** Layer by layer: positions of the output, its channels, and the values that each is a sum of. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cifar-cnn       | 30*30*32*27 + 13*13*64*288 + 4*4*64*576 + 1024*64 + 64*10",
                "mnist-cnn       | 26*26*32*9 + 11*11*64*288 + 3*3*64*576 + 576*64 + 64*10",
                "lenet5          | 28*28*6*25 + 10*10*16*150 + 400*120 + 120*84 + 84*10",
                "row-rnn         | 28*128*28 + 28*128*128 + 128*10",
                "row-lstm        | 28*512*28 + 28*512*128 + 128*10",
                "row-gru         | 28*384*28 + 28*384*128 + 128*10",
                "row-transformer | 28*28*64 + 28*64*192 + 2*28*28*64 + 28*64*64 + 28*64*256 + 28*256*64 + 28*64*192 + 2*28*28*64 + 28*64*64 + 28*64*256 + 28*256*64 + 64*10",
                "dense-autoencoder | 784*512 + 512*512 + 512*784",
                "dncnn           | 4096*64*9 + 4096*64*576*15 + 4096*576",
                "ffdnet          | 1024*64*45 + 1024*64*576*13 + 1024*4*576"
            })
    void areThoseOfAPencil(String model, String sums) {
        long expected = 0;
        for (String sum : sums.split(" \\+ ")) {
            long product = 1;
            for (String factor : sum.split("\\*")) {
                product *= Long.parseLong(factor);
            }
            expected += product;
        }
        assertThat(counted(model)).isEqualTo(expected);
    }

    /** Billions, as torchvision 0.20 gives them in {@code weights.meta["_ops"]}. */
    @ParameterizedTest
    @CsvSource({
        "resnet18, 1.814",
        "resnet34, 3.664",
        "resnet50, 4.089",
        "inception_v3, 5.713",
        "r3d18, 40.697",
        "r2plus1d18, 40.519"
    })
    void areThoseThatTorchvisionGives(String model, double billions) {
        assertThat(counted(model) / 1e9).isCloseTo(billions, within(0.0005));
    }
}
