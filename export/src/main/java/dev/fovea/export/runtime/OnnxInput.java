package dev.fovea.export.runtime;

import dev.fovea.data.Preprocess;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.image.Size;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * The one input of a file that is a function of images.
 *
 * @param channelsLast whether it is [N, H, W, C], or [N, T, H, W, C] of clips
 */
record OnnxInput(OnnxValue value, boolean channelsLast) {

    private static final int IMAGES = 4;
    private static final int CLIPS = 5;

    private static final Set<OnnxType> TYPES =
            Set.of(OnnxType.FLOAT32, OnnxType.FLOAT16, OnnxType.FLOAT64, OnnxType.UINT8);

    /**
     * Finds it.
     *
     * @throws FormatException if the file takes something else
     */
    static OnnxInput of(Path file, OnnxHeader header) {
        if (header.inputs().size() != 1
                || header.inputs().get(0).dims().size() < IMAGES
                || header.inputs().get(0).dims().size() > CLIPS
                || !TYPES.contains(header.inputs().get(0).type())) {
            throw new FormatException(
                    "%s: is no function of images: expected one input [N, C, H, W] or [N, H, W, C] of float32, float16 or uint8, got %s"
                            .formatted(
                                    file,
                                    Escaped.of(header.inputs().stream()
                                            .map(value -> value.name() + " " + value.description())
                                            .toList())));
        }
        OnnxValue value = header.inputs().get(0);
        int rank = value.dims().size();
        boolean last = !channels(value.dims().get(1)) && channels(value.dims().get(rank - 1));
        return new OnnxInput(value, last);
    }

    private static boolean channels(OnnxValue.Dim dim) {
        return dim.fixed() && (dim.size() == 1 || dim.size() == 3);
    }

    /** Whether it takes whole numbers from 0 to 255. */
    boolean bytes() {
        return value.type() == OnnxType.UINT8;
    }

    /** Its channels, where they are fixed. */
    Optional<Integer> channels() {
        OnnxValue.Dim dim = value.dims().get(channelsLast ? value.dims().size() - 1 : 1);
        return dim.fixed() ? Optional.of((int) dim.size()) : Optional.empty();
    }

    /** Height and width, where both are fixed. */
    Optional<Size> size() {
        int from = value.dims().size() - (channelsLast ? 3 : 2);
        OnnxValue.Dim height = value.dims().get(from);
        OnnxValue.Dim width = value.dims().get(from + 1);
        return height.fixed() && width.fixed()
                ? Optional.of(new Size((int) height.size(), (int) width.size()))
                : Optional.empty();
    }

    /** {@code shown} with values from 0 to 255, as a file wants them that divides and subtracts itself. */
    static Preprocess ofBytes(Preprocess shown) {
        return shown.withNormalization(
                        Collections.nCopies(shown.channels(), 0.0), Collections.nCopies(shown.channels(), 1 / 255.0))
                .withScaling(Preprocess.Scaling.CHANNEL);
    }
}
