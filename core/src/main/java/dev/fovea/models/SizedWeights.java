package dev.fovea.models;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import java.util.List;

/** A network some of whose weights belong to one size of images or windows, those of places, and are adapted to another. */
public interface SizedWeights {

    /** Last names of tensors that published files have and the network computes. */
    List<String> COMPUTED = List.of("relative_position_index", "relative_coords_table", "attn_mask");

    /**
     * Weights of a file for the size of this network.
     *
     * @param name of the tensor
     * @param given by the file
     * @param own the network's
     * @return of the shape of {@code own}, or {@code given} as it is where it is of no place or its places form no square
     */
    Tensor resized(String name, Tensor given, Tensor own);

    /**
     * Values at the places of one grid, for those of another: bicubic, with antialiasing where it gets smaller, as timm
     * does it.
     *
     * @param given {@code [side side, D]}
     * @return {@code [height width, D]}; {@code given} where its places form no square
     */
    static Tensor resized(Tensor given, int height, int width) {
        long side = Math.round(Math.sqrt(given.size(0)));
        if (side * side != given.size(0)) {
            return given;
        }
        Tensor map =
                given.to(DType.FLOAT32).reshape(1, side, side, given.size(1)).permute(0, 3, 1, 2);
        return map.upsampleBicubic(height, width, true) // (1, D, height, width)
                .flatten(2, 3)
                .squeeze(0)
                .transpose(0, 1)
                .contiguous();
    }
}
