package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.Tensor;
import dev.fovea.io.Safetensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/** The batch at which training diverged, kept for whoever looks for the reason. */
final class DivergedBatch {

    private DivergedBatch() {}

    /** Writes {@code batch} to {@code file}; the failure then says where it is, or why it could not be written. */
    static DivergedException saved(Batch batch, Path file, DivergedException failure) {
        try {
            Safetensors.write(file, Map.of("images", images(batch), "labels", targets(batch)), Map.of());
            return failure.withBatch(file);
        } catch (RuntimeException e) {
            return failure.withoutBatch(e.getMessage());
        }
    }

    private static Tensor targets(Batch batch) {
        if (batch.targets() instanceof Targets.MultiLabels several) {
            return Tensor.of(several.present(), batch.size(), several.labels());
        }
        if (batch.targets() instanceof Targets.Values values) {
            return Tensor.of(values.numbers(), batch.size(), values.columns());
        }
        return Tensor.of(batch.labels(), batch.size());
    }

    /** Bytes as the network was shown them: [N, H, W, C], of clips [N, T, H, W, C]. */
    private static Tensor images(Batch batch) {
        ByteBuffer pixels = batch.pixels();
        return batch.frames() > 1
                ? Tensor.over(
                        pixels,
                        DType.UINT8,
                        batch.size(),
                        batch.frames(),
                        batch.height(),
                        batch.width(),
                        batch.channels())
                : Tensor.over(pixels, DType.UINT8, batch.size(), batch.height(), batch.width(), batch.channels());
    }
}
