package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

class BatchNormTest {

    /** As PyTorch: "Expected more than 1 value per channel when training". */
    @Test
    void refusesToLearnFromOneValuePerChannelAndLearnsFromTwo() {
        try (var scope = new Scope()) {
            var norm = new BatchNorm(3);
            for (Tensor one : new Tensor[] {Tensor.ones(1, 3, 1, 1), Tensor.ones(1, 3)}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> norm.forward(one))
                        .withMessageStartingWith(
                                "batchnorm: needs more than one value per channel in training, got [1, 3");
            }
            assertThat(norm.state().notFinite()).isEmpty();
            norm.forward(Tensor.ones(2, 3));
            norm.forward(Tensor.ones(1, 3, 1, 2));
            norm.state().train(false);
            norm.forward(Tensor.ones(1, 3));
            assertThat(norm.state().notFinite()).isEmpty();
        }
    }

    @Test
    void aTensorWithAValueThatIsNoNumberIsNamed() {
        try (var scope = new Scope()) {
            var norm = new BatchNorm(3);
            norm.state().replace(tensor -> tensor.add(0));
            assertThat(norm.state().notFinite()).isEmpty();
            norm.state().get("running_var").fill_(Double.POSITIVE_INFINITY);
            assertThat(norm.state().notFinite()).contains("running_var");
        }
    }
}
