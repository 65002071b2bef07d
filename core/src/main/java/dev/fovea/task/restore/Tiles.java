package dev.fovea.task.restore;

import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.RestorationNet;

/**
 * A restoration network over images of any size. Large ones are processed in tiles that overlap by the receptive field,
 * so that the result is that of the whole and memory is that of one tile.
 *
 * @param side of what a part keeps, in pixels of the degraded image; made a multiple of the network's stride
 */
record Tiles(RestorationNet net, int side) {

    /** Large enough that the margin costs little, small enough for any memory. */
    static final int SIDE = 512;

    Tiles {
        side = Math.max(1, side / net.stride()) * net.stride();
    }

    /** Of a part along one side: the output, and the input for it. */
    private record Span(long from, long to, long begin, long end) {}

    /** [N, C, H, W], sides multiples of the network's stride, to [N, C, H scale, W scale]. */
    Tensor forward(Tensor degraded) {
        long height = degraded.size(2);
        long width = degraded.size(3);
        if (height <= side && width <= side) {
            return net.forward(degraded);
        }
        int scale = net.scale();
        long channels = degraded.size(1) - (net.guided() ? 1 : 0);
        Tensor whole = Tensor.zeros(degraded.size(0), channels, height * scale, width * scale)
                .to(degraded.device());
        for (long top = 0; top < height; top += side) {
            Span down = span(top, height);
            for (long left = 0; left < width; left += side) {
                try (var scope = new Scope()) {
                    part(degraded, whole, down, span(left, width));
                }
            }
        }
        return whole;
    }

    private Span span(long from, long size) {
        int stride = net.stride();
        int margin = (net.reach() + stride - 1) / stride * stride;
        long to = Math.min(size, from + side);
        return new Span(from, to, Math.max(0, from - margin), Math.min(size, to + margin));
    }

    private void part(Tensor degraded, Tensor whole, Span down, Span across) {
        Tensor seen = cut(cut(degraded, 2, down.begin(), down.end(), 1), 3, across.begin(), across.end(), 1);
        Tensor kept = cut(net.forward(seen), 2, down.from() - down.begin(), down.to() - down.begin(), net.scale());
        kept = cut(kept, 3, across.from() - across.begin(), across.to() - across.begin(), net.scale());
        Tensor place = cut(whole, 2, down.from(), down.to(), net.scale());
        cut(place, 3, across.from(), across.to(), net.scale()).copy_(kept);
    }

    private static Tensor cut(Tensor x, int dim, long from, long to, int scale) {
        return x.narrow(dim, from * scale, (to - from) * scale);
    }
}
