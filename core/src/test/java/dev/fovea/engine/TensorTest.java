package dev.fovea.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorTest {

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
}
