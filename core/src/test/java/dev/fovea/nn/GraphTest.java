package dev.fovea.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.engine.Tensor;
import org.junit.jupiter.api.Test;

class GraphTest {

    @Test
    void showsEachOperationWithItsLayerAndTheBatchFree() {
        var net = LayerText.build(
                "conv 4 3 stride=2 pad=1, batchnorm, relu, residual(conv 4 1 bias=0), flatten, dropout 0.5, dense classes",
                3,
                8,
                8,
                10);
        assertThat(Graph.of(net, Shape.of(3, 8, 8)).toString().lines())
                .containsExactly(
                        "1 0 conv2d stride=[2, 2] padding=[1, 1] dilation=[1, 1] groups=1 (image, 0.weight, 0.bias) -> [N, 4, 4, 4]",
                        "2 1 batchNorm training=false momentum=0.1 eps=1.0E-5 (1, 1.weight, 1.bias, 1.running_mean, 1.running_var) -> [N, 4, 4, 4]",
                        "3 2 relu (2) -> [N, 4, 4, 4]",
                        "4 3.branch.0 conv2d stride=[1, 1] padding=[0, 0] dilation=[1, 1] groups=1 (3, 3.branch.0.weight, none) -> [N, 4, 4, 4]",
                        "5 3 add (3, 4) -> [N, 4, 4, 4]",
                        "6 4 flatten from=1 to=-1 (5) -> [N, 64]",
                        "7 6 linear (6, 6.weight, 6.bias) -> [N, 10]");
    }

    @Test
    void sizesThatFollowTheBatchAreFree() {
        var net =
                Leaf.of("rows", x -> x.reshape(x.size(0) * x.size(1), x.size(2)).expand(x.size(0) * 3, -1));
        assertThat(Graph.of(net, Shape.of(3, 5)).toString().lines())
                .containsExactly(
                        "1 - reshape shape=[3N, 5] (image) -> [3N, 5]", "2 - expand shape=[3N, -1] (1) -> [3N, 5]");
    }

    @Test
    void whatNoGraphCanShowIsRefused() {
        var shifted = Leaf.of("shifted", x -> x.narrow(1, x.size(0) - 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Graph.of(shifted, Shape.of(5)))
                .withMessage("graph: operation 1 (narrow start) is bound to its batch: 1 for 2 images, 2 for 3. "
                        + "Compute it from sizes of tensors");
        var looping = Leaf.of("looping", x -> {
            Tensor y = x;
            for (int i = 0; i < x.size(0); i++) {
                y = y.relu();
            }
            return y;
        });
        var reading = Leaf.of("reading", x -> x.relu().add(x.sum().item()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Graph.of(reading, Shape.of(5)))
                .withMessageContaining("reads the values of operation 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Graph.of(looping, Shape.of(5)))
                .withMessageContaining("2 operations for a batch of 2 and 3 for one of 3");
    }
}
