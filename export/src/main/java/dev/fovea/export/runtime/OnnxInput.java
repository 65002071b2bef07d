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
 * @param channelsLast whether it is [N, H, W, C]
 */
record OnnxInput(OnnxValue value, boolean channelsLast) {

    private static final Set<OnnxType> TYPES =
            Set.of(OnnxType.FLOAT32, OnnxType.FLOAT16, OnnxType.FLOAT64, OnnxType.UINT8);

    /**
     * Finds it.
     *
     * @throws FormatException if the file takes something else
     */
    static OnnxInput of(Path file, OnnxHeader header) {
        if (header.inputs().size() != 1
                || header.inputs().get(0).dims().size() != 4
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
        boolean last = !channels(value.dims().get(1)) && channels(value.dims().get(3));
        return new OnnxInput(value, last);
    }

    private static boolean channels(OnnxValue.Dim dim) {
        return dim.fixed() && dim.size() >= 1 && dim.size() <= 4;
    }

    /** Whether it takes whole numbers from 0 to 255. */
    boolean bytes() {
        return value.type() == OnnxType.UINT8;
    }

    private OnnxValue.Dim dim(int ofChannelsFirst) {
        int[] places = channelsLast ? new int[] {0, 3, 1, 2} : new int[] {0, 1, 2, 3};
        return value.dims().get(places[ofChannelsFirst]);
    }

    /** Its channels, where they are fixed. */
    Optional<Integer> channels() {
        return dim(1).fixed() ? Optional.of((int) dim(1).size()) : Optional.empty();
    }

    /** Height and width, where both are fixed. */
    Optional<Size> size() {
        return dim(2).fixed() && dim(3).fixed()
                ? Optional.of(new Size((int) dim(2).size(), (int) dim(3).size()))
                : Optional.empty();
    }

    /** {@code shown} with values from 0 to 255, as a file wants them that divides and subtracts itself. */
    static Preprocess ofBytes(Preprocess shown) {
        return shown.withNormalization(
                        Collections.nCopies(shown.channels(), 0.0), Collections.nCopies(shown.channels(), 1 / 255.0))
                .withScaling(Preprocess.Scaling.CHANNEL);
    }
}
