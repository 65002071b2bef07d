package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * From bytes to what a network sees: {@code (pixel / 255 - mean) / deviation} per channel, on the device.
 *
 * <p>Batches travel as uint8 [N, H, W, C]; their permuted view is [N, C, H, W] in channels-last layout without
 * a copy.
 */
public final class Pixels {

    private final Device device;
    private final Tensor scale;
    private final Tensor shift;

    /**
     * @param mean per channel, in fractions of 255
     * @param deviation per channel, in fractions of 255, above 0
     */
    public Pixels(List<Double> mean, List<Double> deviation, Device device) {
        this.device = device;
        int channels = mean.size();
        float[] factors = new float[channels];
        float[] offsets = new float[channels];
        for (int c = 0; c < channels; c++) {
            factors[c] = (float) (1 / (255 * deviation.get(c)));
            offsets[c] = (float) (-mean.get(c) / deviation.get(c));
        }
        scale = Tensor.of(factors, 1, channels, 1, 1).to(device);
        shift = Tensor.of(offsets, 1, channels, 1, 1).to(device);
    }

    /** The pictures of {@code batch} as float32 [N, C, H, W], channels-last. */
    public Tensor images(Batch batch) {
        return Tensor.over(batch.pixels(), DType.UINT8, batch.size(), batch.height(), batch.width(), batch.channels())
                .to(device)
                .permute(0, 3, 1, 2)
                .to(DType.FLOAT32)
                .mul(scale)
                .add(shift);
    }

    /** The labels of {@code batch}, int64 [N]. */
    public Tensor labels(Batch batch) {
        return Tensor.of(batch.labels(), batch.size()).to(device);
    }
}
