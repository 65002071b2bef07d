package dev.fovea.train;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.AuxiliaryHeads;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a network of images gives in training, float32.
 *
 * @param last of the last head, {@code [N, K]}: its answer
 * @param others of the auxiliary heads, as many values each; mostly none
 * @param weight what the loss of each of these counts for, where that of the last counts 1
 */
public record HeadOutputs(Tensor last, List<Tensor> others, double weight) {

    /** @param images {@code [N, C, H, W]}, of clips {@code [N, C, T, H, W]} */
    public static HeadOutputs of(Module net, Tensor images) {
        if (net instanceof AuxiliaryHeads heads) {
            List<Tensor> all = heads.allLogits(images).stream()
                    .map(one -> one.to(DType.FLOAT32))
                    .toList();
            return new HeadOutputs(all.get(0), all.subList(1, all.size()), heads.auxiliaryWeight());
        }
        return new HeadOutputs(Layer.of(net).forward(images).to(DType.FLOAT32), List.of(), 0);
    }

    /** The weighted sum over the heads of {@code each}, a scalar. */
    public Tensor loss(UnaryOperator<Tensor> each) {
        Tensor sum = each.apply(last);
        for (Tensor other : others) {
            sum = sum.add(each.apply(other).mul(weight));
        }
        return sum;
    }
}
