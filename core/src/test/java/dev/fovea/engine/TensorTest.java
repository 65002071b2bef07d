package dev.fovea.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

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
    void keepsArraysInRowMajorOrder() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(x.shape()).containsExactly(2, 3);
        assertThat(x.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void readsADirectBufferAsPixels() {
        ByteBuffer pixels = ByteBuffer.allocateDirect(4).put(new byte[] {0, 1, (byte) 200, (byte) 255});
        assertThat(Tensor.over(pixels, DType.UINT8, 2, 2).to(DType.FLOAT32).toFloats())
                .containsExactly(0, 1, 200, 255);
    }

    @Test
    void refusesAHeapBuffer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.over(ByteBuffer.allocate(4), DType.UINT8, 4))
                .withMessage("over: needs a direct buffer of at least 4 bytes, got a heap one of 4 bytes");
    }

    @Test
    void refusesAShapeThatDoesNotHoldTheValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.of(new float[5], 2, 3))
                .withMessage("of: shape [2, 3] holds 6 elements, got 5 values");
    }

    @Test
    void saysInOneLineWhatLibtorchRefused() {
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> Tensor.zeros(2, 3).matmul(Tensor.zeros(4, 5)))
                .withMessage(
                        "matmul: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5). Got float32[2, 3] and float32[4, 5]");
    }

    @Test
    void differentiates() {
        Tensor x = Tensor.of(new float[] {1, 2, 3}, 3).requireGrad(true);
        x.mul(x).sum().backward();
        assertThat(x.grad().toFloats()).containsExactly(2, 4, 6);
        x.clearGrad();
        assertThat(x.hasGrad()).isFalse();
    }

    @Test
    void aGradientIsStillThereAfterItsTensorForgotIt() {
        Tensor x = Tensor.of(new float[] {1, 2, 3}, 3).requireGrad(true);
        x.mul(x).sum().backward();
        Tensor gradient = x.grad();
        x.clearGrad();
        assertThat(gradient.toFloats()).containsExactly(2, 4, 6);
    }

    @Test
    void whatATupleHeldOutlivesIt() {
        for (int i = 0; i < 50; i++) {
            Tensor x = Tensor.full(i, 1, 2, 4, 4);
            Tensor largest = Scope.only(() -> x.adaptiveMaxPool2d(1, 1));
            Tensor.full(-1, 1, 2, 1, 1); // takes the place of what was freed
            assertThat(largest.toFloats()).containsExactly(i, i);
        }
    }

    @Test
    void aScopeKeepsSeveralTensorsForTheOneAroundIt() {
        Tensor kept;
        try (var outer = new Scope()) {
            List<Tensor> both = Scope.onlyThese(() -> List.of(Tensor.full(2, 3), Tensor.full(5, 1)));
            assertThat(both.get(0).toFloats()).containsExactly(2, 2, 2);
            assertThat(both.get(1).toFloats()).containsExactly(5);
            kept = both.get(1);
        }
        assertThat(kept.handle().isNull()).isTrue();
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.of(new float[1], 1L << 40, 1L << 40))
                .withMessage("no tensor has the shape [1099511627776, 1099511627776]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.over(ByteBuffer.allocateDirect(4), DType.FLOAT64, 1L << 61))
                .withMessage("no tensor has the shape [2305843009213693952]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.full(1, 1).expand(3_000_000_000L).toFloats())
                .withMessage("float32[3000000000] is more than one array can hold");
    }

    @Test
    void recordsNothingWhileNoGradIsOpen() {
        Tensor x = Tensor.ones(2).requireGrad(true);
        try (var noGrad = new NoGrad()) {
            assertThat(x.mul(2).requiresGrad()).isFalse();
        }
        assertThat(x.mul(2).requiresGrad()).isTrue();
    }

    @Test
    void computesInBfloat16OnlyInsideAutocast() {
        Tensor x = Tensor.ones(2, 2);
        try (var autocast = Autocast.of(Precision.BF16, Device.CPU)) {
            assertThat(x.matmul(x).type()).isEqualTo(DType.BFLOAT16);
        }
        assertThat(x.matmul(x).type()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void oneSeedGivesOneStream() {
        float[] first = Tensor.rand(Random.of(new Seed(7).derive(1, 2)), 5).toFloats();
        var random = Random.of(new Seed(7).derive(2, 1));
        assertThat(Tensor.rand(random, 5).toFloats()).isNotEqualTo(first);
        Tensor.rand(Random.fresh(), 5); // another stream changes nothing
        random.restart(new Seed(7).derive(1, 2));
        assertThat(Tensor.rand(random, 5).toFloats()).containsExactly(first);
    }

    @Test
    void aScopeFreesWhatWasMadeInIt() {
        long before = 0;
        for (int i = 0; i < 300; i++) {
            try (var scope = new Scope()) {
                Tensor.zeros(5_000_000).add(1);
            }
            before = i == 50 ? Engine.residentBytes() : before;
        }
        assertThat(Engine.residentBytes() - before).isLessThan(200L << 20);
    }

    @Test
    void onlyWhatAStepGivesOutlivesIt() {
        try (var scope = new Scope()) {
            long before = Engine.residentBytes();
            Tensor sum = Tensor.zeros(1);
            for (int i = 0; i < 40; i++) {
                Tensor last = sum;
                sum = Scope.only(() -> Tensor.ones(10, 1_000_000).mean().add(last)); // 40 MB on the way
            }
            assertThat(sum.item()).isEqualTo(40);
            assertThat(Engine.residentBytes() - before).as("of 1.6 GB in all").isLessThan(400L << 20);
        }
    }

    @Test
    void whatAStepGivesIsFreedWithTheScopeAroundIt() {
        long before = Engine.residentBytes();
        for (int i = 0; i < 40; i++) {
            try (var scope = new Scope()) {
                assertThat(Scope.only(() -> Tensor.ones(10, 1_000_000)).size(0)).isEqualTo(10);
            }
        }
        assertThat(Engine.residentBytes() - before).as("of 1.6 GB in all").isLessThan(400L << 20);
    }

    @Test
    void aKeptTensorOutlivesItsScope() {
        Tensor kept;
        try (var scope = new Scope()) {
            kept = scope.keep(Tensor.ones(3).mul(4));
        }
        assertThat(kept.toFloats()).containsExactly(4, 4, 4);
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
        List<Tensor> exact = single.stream()
                .map(tensor -> tensor.to(DType.FLOAT64).requireGrad(true))
                .toList();
        single.forEach(tensor -> tensor.requireGrad(true));
        Tensor made = single.get(0).conv2d(single.get(1), single.get(2), 1, 1, 1, 1);
        Tensor expected = exact.get(0).conv2d(exact.get(1), exact.get(2), 1, 1, 1, 1);
        made.mul(made).sum().backward();
        expected.mul(expected).sum().backward();
        assertThat(made.toFloats()).containsExactly(expected.toFloats(), within(1e-3f));
        for (int i = 0; i < single.size(); i++) {
            float[] gradient = exact.get(i).grad().toFloats();
            float most = 0;
            for (float value : gradient) {
                most = Math.max(most, Math.abs(value));
            }
            assertThat(single.get(i).grad().toFloats()).containsExactly(gradient, within(1e-5f * most));
        }
    }
}
