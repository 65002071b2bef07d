package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.Drawn;
import dev.fovea.data.Targets;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images in which there is nothing, or nothing is found. */
class DetectorsWithoutObjectsTest {

    private static final int CLASSES = 4;

    private static Targets.Objects none() {
        return new Targets.Objects(
                new int[] {0, 0, 0}, new float[0], new long[0], new boolean[0], List.of(), List.of());
    }

    @ParameterizedTest
    @MethodSource("dev.fovea.models.DetectorsTest#reduced")
    void teachToo(ModelEntry entry) {
        int side = ReducedModels.side(entry);
        var net = Drawn.by(7, (DetectionNet) entry.create(3, side, side, CLASSES));
        Tensor images = Tensor.rand(Random.of(new Seed(3)), 2, 3, side, side);
        try (var scope = new Scope()) {
            Map<String, Tensor> losses = net.losses(images, none());
            assertThat(losses.values())
                    .allSatisfy(loss -> assertThat(loss.item()).isFinite());
            losses.values().stream().reduce(Tensor::add).orElseThrow().backward();
        }
        net.state().train(false);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            assertThat(net.detect(images, net.limits().withScore(1)))
                    .hasSize(2)
                    .allSatisfy(found -> assertThat(found.count()).isZero());
        }
    }

    @Test
    void haveNoProposalAndNothingIsFound() {
        String name = "maskrcnn_resnet50_fpn backbone=(resnet18 depths=1,1,1,1 width=8) width=16 hidden=16";
        var net = Drawn.by(1, (DetectionNet) Models.create(name + " objectness=0.999", 3, 64, 64, 2));
        Tensor images = Tensor.zeros(2, 3, 64, 64);
        try (var scope = new Scope()) {
            assertThat(net.losses(images, none()).values())
                    .allSatisfy(loss -> assertThat(loss.item()).isFinite());
            net.state().train(false);
            assertThat(net.detect(images, net.limits()))
                    .allSatisfy(found -> assertThat(found.count()).isZero());
        }
    }
}
