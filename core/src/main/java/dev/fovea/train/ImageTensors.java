package dev.fovea.train;

import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Converts images to tensors [N, C, H, W] of values from 0 to 1, and back. */
public final class ImageTensors {

    private ImageTensors() {}

    /** Values beyond 0 and 1 are cut off. */
    public static List<Image> of(Tensor tensor) {
        int count = (int) tensor.size(0);
        int channels = (int) tensor.size(1);
        int height = (int) tensor.size(2);
        int width = (int) tensor.size(3);
        ByteBuffer bytes = tensor.to(DType.FLOAT32)
                .clamp(0, 1)
                .mul(255)
                .round()
                .to(DType.UINT8)
                .permute(0, 2, 3, 1)
                .contiguous()
                .toBytes();
        var list = new ArrayList<Image>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[channels * height * width];
            bytes.get(pixels);
            list.add(new Image(width, height, channels, pixels));
        }
        return list;
    }

    /** Images of one size as [N, C, H, W]. */
    public static Tensor of(List<Image> images) {
        return bytes(images).to(DType.FLOAT32).mul(1.0 / 255);
    }

    /** The same as bytes from 0 to 255, a quarter as large. */
    public static Tensor bytes(List<Image> images) {
        Image first = images.get(0);
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(first.pixels().length, images.size()));
        images.forEach(image -> bytes.put(image.pixels()));
        return Tensor.over(bytes.flip(), DType.UINT8, images.size(), first.height(), first.width(), first.channels())
                .permute(0, 3, 1, 2);
    }
}
