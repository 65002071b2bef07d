package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SequentialTest {

    @Test
    void aReluAfterMaxPoolingGivesTheVeryValuesAndGradientsOfOneBeforeIt() {
        var random = Random.of(new Seed(5));
        for (String pool : new String[] {"maxpool 2", "maxpool 3 stride=2 pad=1"}) {
            Sequential layers = LayerText.build("relu, " + pool, 3, 9, 9, 10);
            Sequential relu = LayerText.build("relu", 3, 9, 9, 10);
            Sequential pooling = LayerText.build(pool, 3, 9, 9, 10);
            Tensor values = Tensor.randn(random, 4, 3, 9, 9).sub(1); // most of them below 0, and whole windows
            Tensor factors = Tensor.randn(random, layers.forward(values).shape());
            List<float[]> swapped = gradients(values, factors, layers::forward);
            List<float[]> inOrder = gradients(values, factors, x -> pooling.forward(relu.forward(x)));
            assertThat(swapped.get(0)).containsExactly(inOrder.get(0));
            assertThat(swapped.get(1)).containsExactly(inOrder.get(1));
        }
    }

    private static List<float[]> gradients(Tensor values, Tensor factors, UnaryOperator<Tensor> net) {
        Tensor x = values.copy().requireGrad(true);
        Tensor y = net.apply(x);
        y.mul(factors).sum().backward();
        return List.of(y.toFloats(), x.grad().toFloats());
    }
}
