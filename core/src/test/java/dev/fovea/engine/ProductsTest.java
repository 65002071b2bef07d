package dev.fovea.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways round what is slow or broken below, each with the numbers of the plain way. */
class ProductsTest {

    @Test
    void denseLayersOfManyRowsAreConvolutionsInSinglePrecisionAlone() {
        Tensor weight = Tensor.ones(3, 8);
        assertThat(Products.isFasterAsConvolution(Tensor.ones(4, 64, 8).handle(), weight.handle()))
                .isTrue();
        assertThat(Products.isFasterAsConvolution(Tensor.ones(255, 8).handle(), weight.handle()))
                .as("too few")
                .isFalse();
        assertThat(Products.isFasterAsConvolution(
                        Tensor.ones(256, 8).to(DType.FLOAT64).handle(),
                        weight.to(DType.FLOAT64).handle()))
                .isFalse();
    }

    @Test
    void aDenseLayerOfManyRowsEqualsItsProductAndHasItsGradients() {
        Random random = Random.of(new Seed(3));
        for (boolean biased : new boolean[] {true, false}) {
            Tensor x = Tensor.randn(random, 5, 70, 24).transpose(0, 1); // not one block of memory
            Tensor weight = Tensor.randn(random, 40, 24);
            Tensor bias = biased ? Tensor.randn(random, 40) : null;
            Tensor factors = Tensor.randn(random, 70, 5, 40);
            List<Tensor> learned = biased ? List.of(x, weight, bias) : List.of(x, weight);
            learned.forEach(tensor -> tensor.requireGrad(true));
            Tensor made = x.linear(weight, bias);
            made.mul(factors).sum().backward();
            List<float[]> gradients =
                    learned.stream().map(tensor -> tensor.grad().toFloats()).toList();
            learned.forEach(Tensor::clearGrad);
            Tensor product = x.matmul(weight.transpose(0, 1));
            Tensor expected = biased ? product.add(bias) : product;
            expected.mul(factors).sum().backward();
            assertThat(made.shape()).containsExactly(70, 5, 40);
            assertThat(made.toFloats()).containsExactly(expected.toFloats(), within(1e-4f));
            for (int i = 0; i < gradients.size(); i++) {
                assertThat(gradients.get(i))
                        .containsExactly(learned.get(i).grad().toFloats(), within(1e-3f));
            }
        }
    }

    @Test
    void aDenseLayerOfManyRowsRefusesAnotherWidth() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> Tensor.zeros(300, 3).linear(Tensor.zeros(4, 5), null))
                .withMessageStartingWith("linear: mat1 and mat2 shapes cannot be multiplied (300x3 and 5x4)");
    }

    @Test
    void aConvolutionWhoseKernelMeetsMostlyPaddingEqualsThatOfThePaddedImage() {
        Random random = Random.of(new Seed(4));
        for (long[] shape :
                new long[][] {{5, 6, 1, 1, 1}, {5, 6, 2, 2, 2}, {300, 6, 1, 1, 2}, {5, 6, 1, 3, 1}, {5, 6, 2, 1, 3}}) {
            long stride = shape[4];
            Tensor x = Tensor.randn(random, shape[0], shape[1], shape[2], shape[3]);
            Tensor weight = Tensor.randn(random, 4, 6, 3, 3);
            Tensor bias = Tensor.randn(random, 4);
            List<Tensor> learned = List.of(x, weight, bias);
            learned.forEach(tensor -> tensor.requireGrad(true));
            Tensor made = x.conv2d(weight, bias, stride, 1, 1, 1);
            Tensor factors = Tensor.randn(random, made.shape());
            made.mul(factors).sum().backward();
            List<float[]> gradients =
                    learned.stream().map(tensor -> tensor.grad().toFloats()).toList();
            learned.forEach(Tensor::clearGrad);
            Tensor expected = x.pad(1, 1, 1, 1).conv2d(weight, bias, stride, 0, 1, 1);
            expected.mul(factors).sum().backward();
            assertThat(made.shape()).containsExactly(expected.shape());
            assertThat(made.toFloats()).containsExactly(expected.toFloats(), within(1e-4f));
            for (int i = 0; i < gradients.size(); i++) {
                assertThat(gradients.get(i))
                        .containsExactly(learned.get(i).grad().toFloats(), within(1e-3f));
            }
        }
    }

    @Test
    void aKernelOfOnePlaceThatMeetsMostlyPaddingIsADenseLayer() {
        assertThat(isDense(1, 3, 1, 1)).isTrue();
        assertThat(isDense(2, 3, 2, 1)).as("four of nine weights").isTrue();
        assertThat(isDense(2, 3, 1, 1)).as("four places").isFalse();
        assertThat(isDense(3, 3, 3, 1)).as("no weight to spare").isFalse();
        assertThat(isDense(1, 1, 1, 0)).as("no padding").isFalse();
    }

    private static boolean isDense(long size, long kernel, long stride, long padding) {
        return Products.meetsPaddingMostly(
                Tensor.zeros(2, 3, size, size).handle(),
                Tensor.zeros(4, 3, kernel, kernel).handle(),
                Attributes.with(new long[] {stride, stride}, new long[] {padding, padding}, new long[] {1, 1}, 1L));
    }

    @Test
    void kernelsOfWideMapsLearnChannelsFirst() {
        Tensor kernels = Tensor.zeros(4, 32, 3, 3).requireGrad(true);
        assertThat(learnsChannelsFirst(lastChannels(32, 96), kernels)).isTrue();
        assertThat(learnsChannelsFirst(lastChannels(32, 95), kernels))
                .as("narrow")
                .isFalse();
        assertThat(learnsChannelsFirst(
                        lastChannels(3, 96), Tensor.zeros(4, 3, 3, 3).requireGrad(true)))
                .as("few channels")
                .isFalse();
        assertThat(learnsChannelsFirst(
                        lastChannels(32, 96), Tensor.zeros(4, 32, 1, 1).requireGrad(true)))
                .as("a product")
                .isFalse();
        assertThat(learnsChannelsFirst(lastChannels(32, 96), Tensor.zeros(4, 32, 3, 3)))
                .as("frozen")
                .isFalse();
        try (var off = new NoGrad()) {
            assertThat(learnsChannelsFirst(lastChannels(32, 96), kernels))
                    .as("evaluation")
                    .isFalse();
        }
    }

    @Test
    void manyChannelsStayInTheLayoutTheyHave() {
        Tensor kernels = Tensor.zeros(128, 128, 3, 3).requireGrad(true);
        assertThat(learnsChannelsFirst(Tensor.zeros(1, 128, 14, 14), kernels)).isTrue();
        assertThat(learnsChannelsFirst(lastChannels(128, 14), kernels)).isFalse();
        assertThat(learnsChannelsFirst(Tensor.zeros(1, 128, 14, 13), kernels))
                .as("narrow")
                .isFalse();
    }

    private static Tensor lastChannels(long channels, long width) {
        return Tensor.zeros(1, channels, 4, width).channelsLast();
    }

    private static boolean learnsChannelsFirst(Tensor x, Tensor kernels) {
        return Products.learnsFasterChannelsFirst(
                x.handle(),
                kernels.handle(),
                Attributes.with(new long[] {1, 1}, new long[] {1, 1}, new long[] {1, 1}, 1L));
    }

    @Test
    void aConvolutionOfAWideMapEqualsThatInDoublePrecision() {
        Random random = Random.of(new Seed(5));
        List<Tensor> single = List.of(
                Tensor.randn(random, 2, 32, 5, 96).channelsLast(),
                Tensor.randn(random, 4, 32, 3, 3).channelsLast(),
                Tensor.randn(random, 4));
        same(single, (x, weight, bias) -> x.conv2d(weight, bias, 1, 1, 1, 1), 1e-5f);
    }

    /** Where oneDNN takes caches for one byte large, planning one of these ends the process. */
    @ParameterizedTest
    @CsvSource({"256, 1024", "512, 1024", "512, 2048", "1024, 512", "1024, 2048", "1024, 256", "2048, 512", "2048, 1024"
    })
    void convolutionsOfOnePixelEqualThoseInDoublePrecision(int in, int out) {
        List<Tensor> single = pixels(in, out, 3);
        same(single, (x, weight, bias) -> x.conv2d(weight, bias, 1, 0, 1, 1), 1e-5f);
        same(pixels(in, out, 5), (x, weight, bias) -> x.conv2d(weight, bias, 2, 0, 1, 1), 1e-5f);
        try (var half = Autocast.of(Precision.BF16, Device.CPU)) {
            same(pixels(in, out, 3), (x, weight, bias) -> x.conv2d(weight, bias, 1, 0, 1, 1), 2e-2f);
        }
        Random random = Random.of(new Seed(6));
        same(
                List.of(Tensor.randn(random, 256, in), Tensor.randn(random, out, in), Tensor.randn(random, out)),
                Tensor::linear,
                1e-5f);
    }

    private static List<Tensor> pixels(int in, int out, int side) {
        Random random = Random.of(new Seed(5));
        return List.of(
                Tensor.randn(random, 2, in, side, side).channelsLast(),
                Tensor.randn(random, out, in, 1, 1).channelsLast(),
                Tensor.randn(random, out));
    }

    /** An operation on an image, weights and a bias. */
    private interface Layer {
        Tensor of(Tensor x, Tensor weight, Tensor bias);
    }

    /** Output and gradients as in double precision. */
    private static void same(List<Tensor> single, Layer layer, float tolerance) {
        List<Tensor> exact = single.stream()
                .map(tensor -> tensor.to(DType.FLOAT64).requireGrad(true))
                .toList();
        single.forEach(tensor -> tensor.requireGrad(true));
        Tensor made = layer.of(single.get(0), single.get(1), single.get(2)).to(DType.FLOAT32);
        Tensor expected;
        try (var off = Autocast.off(Device.CPU)) {
            expected = layer.of(exact.get(0), exact.get(1), exact.get(2));
        }
        close(made, expected, tolerance);
        made.mul(made).sum().backward();
        expected.mul(expected).sum().backward();
        for (int i = 0; i < single.size(); i++) {
            close(single.get(i).grad(), exact.get(i).grad(), tolerance);
        }
    }

    /** By the largest difference: these are millions of numbers. */
    private static void close(Tensor made, Tensor expected, float tolerance) {
        assertThat(made.shape()).containsExactly(expected.shape());
        double most = expected.abs().max().item();
        assertThat(made.to(DType.FLOAT64).sub(expected).abs().max().item()).isLessThan(tolerance * most);
    }
}
