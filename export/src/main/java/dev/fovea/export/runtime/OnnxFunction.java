package dev.fovea.export.runtime;

import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.io.FormatException;
import dev.fovea.nn.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The computation of an ONNX file as a function of images, whatever layout, type and number of images the file wants. */
public final class OnnxFunction {

    private static final String DIGEST = "sha256";
    private static final int BATCH = 0;
    private static final int RED_GREEN_BLUE = 1;

    private final Path file;
    private final OnnxValue input;
    private final ImageLayout layout;
    private final Map<Device, OnnxSession> sessions = new ConcurrentHashMap<>();
    private final State state = State.none();

    /**
     * @param layout of the input
     * @throws dev.fovea.io.FormatException if ONNX Runtime refuses the file
     */
    OnnxFunction(Path file, OnnxValue input, ImageLayout layout) {
        this.file = file;
        this.input = input;
        this.layout = layout;
        state.buffer(DIGEST, FileDigest.of(file));
        state.train(false);
        session(Device.CPU);
    }

    /**
     * How images lie in the input of a file.
     *
     * @param channelsLast whether as {@code [N, H, W, C]}
     * @param blueFirst whether channels are blue, green, red
     */
    record ImageLayout(boolean channelsLast, boolean blueFirst) {}

    /**
     * That of a file which says what it is for.
     *
     * @throws IllegalArgumentException if it does not, or is damaged
     */
    public static OnnxFunction of(Path file) {
        Described described = OnnxFormat.described(file, OnnxHeader.read(file));
        return new OnnxFunction(file, described.input(), described.layout());
    }

    private OnnxSession session(Device device) {
        return sessions.computeIfAbsent(device, where -> {
            if (where.kind() != Device.Kind.CPU) {
                checkUnchanged();
            }
            return new OnnxSession(file, where);
        });
    }

    /** It was checked, and its config read, when it was opened for the processor. */
    private void checkUnchanged() {
        OnnxHeader.read(file);
        if (!FileDigest.of(file).toBytes().equals(state.get(DIGEST).toBytes())) {
            throw new FormatException(
                    "%s: has changed since it was loaded, so it cannot be opened on another device. Load it again"
                            .formatted(file));
        }
    }

    /** A digest of the file and no weights: what is computed here cannot be trained. */
    State state() {
        return state;
    }

    /** Whether it wants whole numbers from 0 to 255. */
    boolean wantsBytes() {
        return input.type() == OnnxType.UINT8;
    }

    /** All outputs for images [N, C, H, W] or clips [N, C, T, H, W], on their device; channels last where those of the input are. */
    public Map<String, Tensor> apply(Tensor images) {
        Device device = images.device();
        Tensor given = arranged(images);
        long most = input.dims().get(BATCH).size();
        if (most < 0 || most == given.size(BATCH)) {
            return on(device, session(device).run(given));
        }
        return on(device, inParts(given, most, session(device)));
    }

    private Tensor arranged(Tensor images) {
        Tensor ordered = layout.blueFirst() ? images.flip(RED_GREEN_BLUE) : images;
        Tensor laid = !layout.channelsLast()
                ? ordered
                : ordered.dims() == 4 ? ordered.permute(0, 2, 3, 1) : ordered.permute(0, 2, 3, 4, 1);
        Tensor host = laid.detach().to(Device.CPU);
        Tensor typed = switch (input.type()) {
            case UINT8 -> host.round().clamp(0, 255).to(DType.UINT8);
            default -> host.to(DType.valueOf(input.type().name()));
        };
        return typed.contiguous();
    }

    /** A file for so many images and no other number: the last part is filled with repetitions. */
    private static Map<String, Tensor> inParts(Tensor images, long most, OnnxSession session) {
        long count = images.size(BATCH);
        var parts = new LinkedHashMap<String, List<Tensor>>();
        for (long from = 0; from < count; from += most) {
            long own = Math.min(most, count - from);
            Tensor part = images.narrow(BATCH, from, own);
            while (part.size(BATCH) < most) {
                part = Tensor.cat(
                        List.of(part, part.narrow(BATCH, 0, Math.min(part.size(BATCH), most - part.size(BATCH)))),
                        BATCH);
            }
            session.run(part.contiguous())
                    .forEach((name, output) -> parts.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(output.size(BATCH) == own ? output : output.narrow(BATCH, 0, own)));
        }
        var joined = new LinkedHashMap<String, Tensor>();
        parts.forEach((name, each) -> joined.put(name, each.size() == 1 ? each.get(0) : Tensor.cat(each, BATCH)));
        return joined;
    }

    private static Map<String, Tensor> on(Device device, Map<String, Tensor> outputs) {
        if (device.kind() == Device.Kind.CPU) {
            return outputs;
        }
        var moved = new LinkedHashMap<String, Tensor>();
        outputs.forEach((name, tensor) -> moved.put(name, tensor.to(device)));
        return moved;
    }
}
