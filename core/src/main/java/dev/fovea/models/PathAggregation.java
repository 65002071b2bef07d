package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Net;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A neck: what coarse maps know goes down to the fine ones, and what these make of it up again (PANet, Liu et al. 2018, <a
 * href="https://arxiv.org/abs/1803.01534">1803.01534</a>).
 */
final class PathAggregation extends Net {

    private final List<Layer> narrowed = new ArrayList<>();
    private final List<Layer> down = new ArrayList<>();
    private final List<Layer> halved = new ArrayList<>();
    private final List<Layer> up = new ArrayList<>();
    private final List<Integer> channels = new ArrayList<>();

    /** @param in channels of the maps, the finest first */
    PathAggregation(List<Integer> in, int width, int depth) {
        int levels = in.size();
        for (int i = 0; i < levels; i++) {
            channels.add(width << (i + 2));
        }
        for (int i = 0; i < levels; i++) {
            narrowed.add(add("narrowed" + i, FoveaDet.conv(1).layer(in.get(i), channels.get(i))));
        }
        for (int i = 0; i < levels - 1; i++) {
            int fine = channels.get(i);
            int coarse = channels.get(i + 1);
            down.add(add("down" + i, new CspStage(fine + coarse, fine, depth, false)));
            halved.add(add("halved" + i, FoveaDet.conv(3).stride(2).layer(fine, fine)));
            up.add(add("up" + i, new CspStage(fine + coarse, coarse, depth, false)));
        }
    }

    List<Integer> channels() {
        return channels;
    }

    /** Maps of the same sizes, the finest first. */
    List<Tensor> apply(List<Tensor> maps) {
        int last = maps.size() - 1;
        var fine = new ArrayList<Tensor>(Collections.nCopies(maps.size(), maps.get(last)));
        fine.set(last, narrowed.get(last).forward(maps.get(last)));
        for (int i = last - 1; i >= 0; i--) {
            Tensor own = narrowed.get(i).forward(maps.get(i));
            Tensor coarse = fine.get(i + 1).upsampleNearest(own.size(2), own.size(3));
            fine.set(i, down.get(i).forward(Tensor.cat(List.of(own, coarse), 1)));
        }
        var out = new ArrayList<Tensor>();
        out.add(fine.get(0));
        for (int i = 0; i < last; i++) {
            Tensor half = halved.get(i).forward(out.get(i));
            out.add(up.get(i).forward(Tensor.cat(List.of(half, fine.get(i + 1)), 1)));
        }
        return out;
    }
}
