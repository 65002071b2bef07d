package dev.fovea.task.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fovea.Drawn;
import dev.fovea.engine.Engine;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Random;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Seed;
import dev.fovea.engine.Tensor;
import dev.fovea.models.Models;
import dev.fovea.models.RestorationNet;
import dev.fovea.nn.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilesTest {

    private static RestorationNet network(String model) {
        var net = Drawn.by(4, (RestorationNet) Models.create(model, 1, 48, 48, 1));
        net.state().train(false);
        return net;
    }

    private static Tensor pixels(RestorationNet net, int height, int width) {
        var random = Random.of(new Seed(1));
        return Tensor.rand(random, 1, net.guided() ? 2 : 1, height, width);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dncnn depth=6 width=8",
                "ffdnet depth=4 width=8",
                "ffdnet depth=3 width=8 shuffle=3",
                "unet-restorer width=4 guide=1",
                "subpixel width=8 blocks=2 scale=3"
            })
    void partsEqualTheWholeAcrossTheirSeams(String model) {
        RestorationNet net = network(model);
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor degraded = pixels(net, 72, 96); // three parts of 32 along each side
            Tensor whole = net.forward(degraded);
            Tensor parts = new Tiles(net, 32).forward(degraded);
            assertThat(parts.shape()).isEqualTo(whole.shape());
            assertThat(parts.sub(whole).abs().max().item()).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dncnn depth=17 width=8",
                "ffdnet depth=15 width=8",
                "unet-restorer width=4",
                "subpixel width=8 blocks=8"
            })
    void nothingBeyondTheReachChangesAPixel(String model) {
        RestorationNet net = network(model);
        int stride = net.stride();
        int margin = (net.reach() + stride - 1) / stride * stride;
        int side = 2 * margin + stride;
        try (var scope = new Scope();
                var noGrad = new NoGrad()) {
            Tensor near = pixels(net, side, side);
            Tensor wide = pixels(net, side + 16 * stride, side + 16 * stride);
            wide.narrow(2, 8 * stride, side).narrow(3, 8 * stride, side).copy_(near);
            float[] alone = middle(net, near);
            assertThat(middle(net, wide)).containsExactly(alone, within(1e-5f));
        }
    }

    private static float[] middle(RestorationNet net, Tensor degraded) {
        int kept = net.stride() * net.scale();
        long from = (degraded.size(2) - net.stride()) / 2 * net.scale();
        return net.forward(degraded)
                .narrow(2, from, kept)
                .narrow(3, from, kept)
                .contiguous()
                .toFloats();
    }

    /** Needs 40 MB for every part. */
    private record Hungry() implements RestorationNet {
        @Override
        public Tensor apply(Tensor degraded) {
            return degraded.mul(Tensor.ones(10, 1_000_000).mean().item());
        }

        @Override
        public boolean guided() {
            return false;
        }

        @Override
        public int scale() {
            return 1;
        }

        @Override
        public int stride() {
            return 1;
        }

        @Override
        public int reach() {
            return 1;
        }

        @Override
        public State state() {
            return State.none();
        }
    }

    @Test
    void whatAPartNeedsIsFreedBeforeTheNext() {
        var random = Random.of(new Seed(1));
        try (var scope = new Scope()) {
            Tensor degraded = Tensor.rand(random, 1, 1, 80, 80);
            long before = Engine.residentBytes();
            Tensor made = new Tiles(new Hungry(), 8).forward(degraded);
            assertThat(Engine.residentBytes() - before).as("of 4 GB in all").isLessThan(600L << 20);
            assertThat(made.sub(degraded).abs().max().item()).isLessThan(1e-6);
        }
    }
}
