package dev.fovea.export.runtime;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.fovea.export.OnnxAttribute;
import dev.fovea.export.OnnxGraph;
import dev.fovea.export.OnnxModel;
import dev.fovea.export.OnnxNode;
import dev.fovea.export.OnnxTensor;
import dev.fovea.export.OnnxType;
import dev.fovea.io.FormatException;
import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an ONNX file whole, with its weights, to write another of it. Graphs within nodes, weights in other files and rare types of
 * elements are refused.
 */
public final class OnnxReader {

    private static final int FLOATS = 4;
    private static final int LONGS = 7;

    private final Path file;
    private final CodedInputStream in;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxTensor> initializers = new ArrayList<>();

    private OnnxReader(Path file, byte[] bytes) {
        this.file = file;
        in = CodedInputStream.newInstance(ByteBuffer.wrap(bytes));
        in.enableAliasing(true);
    }

    /** Reads a field of that number; false if it is of no interest. */
    @FunctionalInterface
    private interface Field {
        boolean read(int number) throws IOException;
    }

    /** @throws FormatException if it is damaged, or holds what is not read */
    public static OnnxModel read(Path file) {
        OnnxHeader header = OnnxHeader.read(file);
        try {
            return new OnnxReader(file, RegularFile.read(file, Integer.MAX_VALUE)).model(header);
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException(
                    "%s: not an ONNX file, or cut off: its parts do not end where they say".formatted(file));
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException("%s: %s".formatted(file, e.getMessage()));
        }
    }

    private OnnxModel model(OnnxHeader header) throws IOException {
        fields(field -> {
            if (field == 25) {
                throw unread("functions of its own");
            }
            return field == 7
                    && message(part -> switch (part) {
                        case 1 -> nodes.add(node());
                        case 5 -> initializers.add(tensor());
                        case 15 -> throw unread("sparse weights");
                        default -> false;
                    });
        });
        var graph = new OnnxGraph("graph", nodes, initializers, header.inputs(), header.outputs());
        return new OnnxModel(header.irVersion(), "fovea", "", header.opsets(), graph, header.metadata());
    }

    private OnnxNode node() throws IOException {
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        var texts = new String[] {"", "", ""};
        var attributes = new LinkedHashMap<String, OnnxAttribute>();
        message(field -> switch (field) {
            case 1 -> inputs.add(in.readStringRequireUtf8());
            case 2 -> outputs.add(in.readStringRequireUtf8());
            case 3 -> text(texts, 0);
            case 4 -> text(texts, 1);
            case 7 -> text(texts, 2);
            case 5 -> attribute(attributes);
            default -> false;
        });
        return new OnnxNode(texts[0], texts[1], texts[2], inputs, outputs, attributes);
    }

    private boolean text(String[] into, int place) throws IOException {
        into[place] = in.readStringRequireUtf8();
        return true;
    }

    private boolean attribute(Map<String, OnnxAttribute> into) throws IOException {
        var name = new String[] {""};
        var single = new OnnxAttribute[1];
        var floats = new ArrayList<Float>();
        var wholes = new ArrayList<Long>();
        var texts = new ArrayList<String>();
        var type = new int[1];
        message(field -> switch (field) {
            case 1 -> text(name, 0);
            case 2 -> one(single, new OnnxAttribute.Real(in.readFloat()));
            case 3 -> one(single, new OnnxAttribute.Whole(in.readInt64()));
            case 4 -> one(single, new OnnxAttribute.Text(in.readStringRequireUtf8()));
            case 5 -> one(single, new OnnxAttribute.Values(tensor()));
            case 6, 11, 10, 22, 23 -> throw unread("graphs within nodes, or lists of tensors");
            case 7 -> repeated(() -> floats.add(in.readFloat()));
            case 8 -> repeated(() -> wholes.add(in.readInt64()));
            case 9 -> texts.add(in.readStringRequireUtf8());
            case 20 -> {
                type[0] = in.readInt32();
                yield true;
            }
            default -> false;
        });
        OnnxAttribute value = switch (type[0]) {
            case 6 -> new OnnxAttribute.Reals(floats);
            case 7 -> new OnnxAttribute.Wholes(wholes);
            case 8 -> new OnnxAttribute.Texts(texts);
            default -> single[0] == null ? usual(type[0]) : single[0];
        };
        into.put(name[0], value);
        return true;
    }

    /** A value of zero is not written. */
    private OnnxAttribute usual(int type) {
        return switch (type) {
            case 1 -> new OnnxAttribute.Real(0);
            case 2 -> new OnnxAttribute.Whole(0);
            case 3 -> new OnnxAttribute.Text("");
            default -> throw unread("attributes of type " + type);
        };
    }

    private static boolean one(OnnxAttribute[] into, OnnxAttribute value) {
        into[0] = value;
        return true;
    }

    private OnnxTensor tensor() throws IOException {
        var name = new String[] {""};
        var dims = new ArrayList<Long>();
        var type = new int[1];
        var data = new ByteBuffer[1];
        var floats = new ArrayList<Float>();
        var longs = new ArrayList<Long>();
        message(field -> switch (field) {
            case 1 -> repeated(() -> dims.add(in.readInt64()));
            case 2 -> {
                type[0] = in.readInt32();
                yield true;
            }
            case FLOATS -> repeated(() -> floats.add(in.readFloat()));
            case LONGS -> repeated(() -> longs.add(in.readInt64()));
            case 8 -> text(name, 0);
            case 9 -> {
                data[0] = in.readByteBuffer();
                yield true;
            }
            case 5, 6, 10, 11 -> throw unread("weights as lists of rare types");
            case 13 -> throw unread("weights in other files");
            default -> false;
        });
        ByteBuffer bytes = data[0] != null ? data[0] : floats.isEmpty() ? bytes(longs) : floats(floats);
        return new OnnxTensor(name[0], OnnxType.ofNumber(type[0]), dims, bytes);
    }

    private static ByteBuffer floats(List<Float> values) {
        var data = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(data::putFloat);
        return data.flip();
    }

    private static ByteBuffer bytes(List<Long> values) {
        var data = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(data::putLong);
        return data.flip();
    }

    /** One number of a list. */
    @FunctionalInterface
    private interface Number {
        void read() throws IOException;
    }

    /** A number of a list, or all of them packed together. */
    private boolean repeated(Number number) throws IOException {
        if (WireFormat.getTagWireType(in.getLastTag()) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            number.read();
            return true;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            number.read();
        }
        in.popLimit(outer);
        return true;
    }

    private boolean message(Field handler) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        fields(handler);
        in.popLimit(outer);
        return true;
    }

    private void fields(Field handler) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!handler.read(WireFormat.getTagFieldNumber(tag))) {
                in.skipField(tag);
            }
        }
    }

    private FormatException unread(String what) {
        return new FormatException("%s: has %s, which are not read".formatted(file, what));
    }
}
