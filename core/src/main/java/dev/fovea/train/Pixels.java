package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.data.Preprocess;
import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import java.util.List;

/**
 * From bytes to the input of a network: {@code (pixel / 255 - mean) / deviation} per channel, on the device.
 *
 * <p>Batches travel as uint8 [N, H, W, C]; their permuted view is [N, C, H, W] in channels-last layout without
 * a copy. Where {@link Preprocess.Scaling} says so, each image then gets zero mean and unit variance of its own.
 */
public final class Pixels {

    private final Device device;
    private final Tensor scale;
    private final Tensor shift;
    private final boolean perImage;

    public Pixels(Preprocess preprocess, Device device) {
        this.device = device;
        perImage = preprocess.scaling() == Preprocess.Scaling.IMAGE;
        List<Double> mean = preprocess.mean();
        List<Double> deviation = preprocess.std();
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

    /** Where its tensors are. */
    public Device device() {
        return device;
    }

    /** The images of {@code batch} as float32 [N, C, H, W], channels-last; clips as [N, C, T, H, W]. */
    public Tensor images(Batch batch) {
        if (batch.frames() > 1) {
            return clips(batch);
        }
        return images(Tensor.over(
                batch.pixels(), DType.UINT8, batch.size(), batch.height(), batch.width(), batch.channels()));
    }

    private Tensor clips(Batch batch) {
        return images(Tensor.over(
                batch.pixels(),
                DType.UINT8,
                batch.size(),
                batch.frames(),
                batch.height(),
                batch.width(),
                batch.channels()));
    }

    /** The same of images as bytes, uint8 [N, H, W, C], or of clips, [N, T, H, W, C]. */
    public Tensor images(Tensor bytes) {
        if (bytes.dims() == 4) {
            Tensor images = bytes.to(device)
                    .permute(0, 3, 1, 2)
                    .to(DType.FLOAT32)
                    .mul(scale)
                    .add(shift);
            return perImage ? standardized(images) : images;
        }
        Tensor clips = bytes.to(device)
                .permute(0, 4, 1, 2, 3)
                .to(DType.FLOAT32)
                .mul(scale.unsqueeze(4))
                .add(shift.unsqueeze(4));
        return perImage ? standardized(clips.flatten(2, 3)).reshape(clips.shape()) : clips;
    }

    private static Tensor standardized(Tensor images) {
        Tensor centred = images.sub(images.mean(1, 2, 3).reshape(-1, 1, 1, 1));
        Tensor deviation = centred.mul(centred).mean(1, 2, 3).sqrt().add(1e-6);
        return centred.div(deviation.reshape(-1, 1, 1, 1));
    }

    /**
     * What is to be learned: labels, int64 [N]; shares of classes of mixed images, whether each of several labels is
     * there, or numbers in the units of the data, float32 [N, K].
     */
    public Tensor targets(Batch batch) {
        Targets targets = batch.targets();
        if (targets instanceof Targets.SoftLabels soft) {
            return Tensor.of(soft.shares(), batch.size(), soft.classes()).to(device);
        }
        if (targets instanceof Targets.MultiLabels several) {
            return Tensor.of(several.present(), batch.size(), several.labels()).to(device);
        }
        if (targets instanceof Targets.Values values) {
            return Tensor.of(values.numbers(), batch.size(), values.columns()).to(device);
        }
        return labels(batch);
    }

    /** The labels of {@code batch}, int64 [N]. */
    public Tensor labels(Batch batch) {
        return Tensor.of(batch.labels(), batch.size()).to(device);
    }

    /** Labels [N] of classes in turn, {@code from} of which have been before. */
    public Tensor inTurn(int from, int count, int classes) {
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (from + i) % classes;
        }
        return Tensor.of(labels, count).to(device);
    }
}
