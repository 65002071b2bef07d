package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

class ModuleTest {

    /** A function of two tensors. */
    private static class Gate extends Net {

        private final Dense gate = add("gate", new Dense(4, 4, true));

        Tensor of(Tensor x, Tensor conditioning) {
            return within(() -> x.mul(gate.forward(conditioning).sigmoid()));
        }
    }

    /** One that has a gate and is no function of images alone either. */
    private static class Gated extends Net implements Traceable {

        private final Gate first = add("first", new Gate());

        Tensor of(Tensor x, Tensor conditioning) {
            return first.of(x, conditioning).exp();
        }

        @Override
        public Tensor trace(Tensor images) {
            return of(images, images);
        }
    }

    @Test
    void ownsTheWeightsOfItsChildrenWithoutBeingAFunction() {
        assertThat(new Gated().state().parameters()).containsOnlyKeys("first.gate.weight", "first.gate.bias");
    }

    @Test
    void summaryAndGraphOfATraceableModuleNameThePlacesInIt() {
        var summary = Summary.of(new Gated(), 4, 1, 1, 4);
        assertThat(summary.rows()).containsExactly(new Summary.Row("first.gate", "dense", "4x1x4", 20, 4 * 16));
        assertThat(Graph.of(new Gated(), Shape.of(4)).toString().lines())
                .containsExactly(
                        "1 first.gate linear (image, first.gate.weight, first.gate.bias) -> [N, 4]",
                        "2 first sigmoid (1) -> [N, 4]",
                        "3 first mul (image, 2) -> [N, 4]",
                        "4 - exp (3) -> [N, 4]");
    }

    @Test
    void aModuleThatIsNoFunctionIsRefusedWhereOneIsNeeded() {
        String message = "Gate is not a function of one tensor, as a classifier is, so it has no forward pass to call. "
                + "Use the methods of its own interface";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layer.of(new Gate()))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Summary.of(new Gate(), 4, 1, 1))
                .withMessage(message);
        var dense = new Dense(2, 2, true);
        assertThat(Layer.of(dense)).isSameAs(dense);
    }
}
