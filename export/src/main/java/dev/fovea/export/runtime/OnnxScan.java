package dev.fovea.export.runtime;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.fovea.export.OnnxType;
import dev.fovea.export.OnnxValue;
import dev.fovea.io.Escaped;
import dev.fovea.io.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One pass over an ONNX file that keeps little, whatever the file holds. The numbers of fields are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
final class OnnxScan {

    /** Graphs within nodes within graphs. */
    private static final int DEEPEST = 64;

    /** Bytes of all names and texts together. */
    private static final int MOST_KEPT = 64 << 20;

    /** What an entry costs beside its text. */
    private static final int ENTRY = 64;

    private static final Set<String> ACTIVATIONS = Set.of("Softmax", "LogSoftmax", "Sigmoid");

    /** What changes no numbers. */
    private static final Set<String> RENAMING = Set.of("Identity", "Cast");

    private final Path file;
    private final CodedInputStream in;
    private final ExternalData external;
    private final Map<String, Long> opsets = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<OnnxValue> inputs = new ArrayList<>();
    private final List<OnnxValue> outputs = new ArrayList<>();
    private final Set<String> initializers = new HashSet<>();
    private final Map<String, String> activations = new HashMap<>();
    private final Map<String, String> renamed = new HashMap<>();
    private long irVersion;
    private int kept = MOST_KEPT;
    private int depth;

    OnnxScan(Path file, InputStream in) {
        this.file = file;
        this.in = CodedInputStream.newInstance(in);
        external = new ExternalData(file);
    }

    /** What one field of a message holds; false if it is of no interest. */
    @FunctionalInterface
    private interface Field {
        boolean read(int number) throws IOException;
    }

    OnnxHeader read() throws IOException {
        fields(field -> switch (field) {
            case 1 -> {
                irVersion = in.readInt64();
                yield true;
            }
            case 7 -> graph(true);
            case 8 -> opset();
            case 14 -> metadata();
            case 20 -> message(inner -> inner <= 2 && graph(false)); // training
            case 25 -> message(inner -> inner == 7 ? node(false) : inner == 11 && attribute()); // functions
            default -> false;
        });
        inputs.removeIf(input -> initializers.contains(input.name()));
        outputs.forEach(output -> activation(output.name()));
        return new OnnxHeader(irVersion, opsets, metadata, inputs, outputs, activations);
    }

    /** An output that is a value under another name is made by what makes that. */
    private void activation(String output) {
        String made = output;
        for (int i = 0; i < DEEPEST && renamed.containsKey(made); i++) {
            made = renamed.get(made);
        }
        if (activations.containsKey(made)) {
            activations.put(output, activations.get(made));
        }
    }

    private boolean graph(boolean top) throws IOException {
        return message(field -> switch (field) {
            case 1 -> node(top);
            case 5 -> tensor().map(name -> !top || initializers.add(keep(name))).isPresent();
            case 11 -> top && value(inputs);
            case 12 -> top && value(outputs);
            case 15 -> sparse();
            default -> false;
        });
    }

    private boolean node(boolean top) throws IOException {
        var taken = new ArrayList<String>();
        var made = new ArrayList<String>();
        var op = new String[] {""};
        message(field -> switch (field) {
            case 1 -> top && taken.size() <= 1 && taken.add(text());
            case 2 -> top && made.size() <= 1 && made.add(text());
            case 4 -> {
                op[0] = text();
                yield true;
            }
            case 5 -> attribute();
            default -> false;
        });
        if (made.size() == 1 && ACTIVATIONS.contains(op[0])) {
            activations.put(keep(made.get(0)), op[0]);
        } else if (made.size() == 1 && taken.size() == 1 && RENAMING.contains(op[0])) {
            renamed.put(keep(made.get(0)), keep(taken.get(0)));
        }
        return true;
    }

    private boolean attribute() throws IOException {
        return message(field -> switch (field) {
            case 5, 10 -> tensor().isPresent();
            case 6, 11 -> graph(false);
            case 22, 23 -> sparse();
            default -> false;
        });
    }

    private boolean sparse() throws IOException {
        return message(field -> field <= 2 && tensor().isPresent());
    }

    /** The name of a tensor, whose data, where it lies in another file, is looked for. */
    private Optional<String> tensor() throws IOException {
        var name = new String[] {""};
        var entries = new HashMap<String, String>();
        message(field -> switch (field) {
            case 8 -> {
                name[0] = text();
                yield true;
            }
            case 13 -> {
                if (entries.size() >= ENTRY) {
                    throw damaged("a tensor has too many entries of external data");
                }
                var entry = entry();
                entries.put(entry.getKey(), entry.getValue());
                yield true;
            }
            default -> false;
        });
        if (!entries.isEmpty()) {
            keep(entries.getOrDefault("location", ""));
            external.check(name[0], entries);
        }
        return Optional.of(name[0]);
    }

    private boolean opset() throws IOException {
        var domain = new String[] {""};
        var version = new long[] {1};
        message(field -> switch (field) {
            case 1 -> {
                domain[0] = text();
                yield true;
            }
            case 2 -> {
                version[0] = in.readInt64();
                yield true;
            }
            default -> false;
        });
        opsets.put(domain[0].equals("ai.onnx") ? "" : keep(domain[0]), version[0]);
        return true;
    }

    private boolean metadata() throws IOException {
        var entry = entry();
        metadata.put(keep(entry.getKey()), keep(entry.getValue()));
        return true;
    }

    private Map.Entry<String, String> entry() throws IOException {
        var both = new String[] {"", ""};
        message(field -> {
            if (field > 2) {
                return false;
            }
            both[field - 1] = text();
            return true;
        });
        return Map.entry(both[0], both[1]);
    }

    /** A value of the graph with its type; one that is no tensor of a type that is read is left out. */
    private boolean value(List<OnnxValue> into) throws IOException {
        var name = new String[] {""};
        var type = new int[1];
        var dims = new ArrayList<OnnxValue.Dim>();
        message(field -> switch (field) {
            case 1 -> {
                name[0] = text();
                yield true;
            }
            case 2 ->
                message(kind -> kind == 1
                        && message(part -> switch (part) {
                            case 1 -> {
                                type[0] = in.readInt32();
                                yield true;
                            }
                            case 2 -> message(one -> one == 1 && dims.add(dim()));
                            default -> false;
                        }));
            default -> false;
        });
        Arrays.stream(OnnxType.values())
                .filter(one -> one.number() == type[0])
                .findFirst()
                .ifPresent(known -> {
                    keep(name[0]);
                    into.add(new OnnxValue(name[0], known, dims));
                });
        return true;
    }

    private OnnxValue.Dim dim() throws IOException {
        var dim = new OnnxValue.Dim[] {OnnxValue.Dim.any("")};
        message(field -> switch (field) {
            case 1 -> {
                long size = in.readInt64();
                dim[0] = size < 0 ? OnnxValue.Dim.any("") : OnnxValue.Dim.of(size);
                yield true;
            }
            case 2 -> {
                dim[0] = OnnxValue.Dim.any(keep(text()));
                yield true;
            }
            default -> false;
        });
        keep("");
        return dim[0];
    }

    /** Reads a message within the one that is read. */
    private boolean message(Field handler) throws IOException {
        if (WireFormat.getTagWireType(in.getLastTag()) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw damaged("a field is of another type");
        }
        if (++depth > DEEPEST * 4) {
            throw new FormatException("%s: its graphs are nested more than %s deep".formatted(file, DEEPEST));
        }
        int outer = in.pushLimit(in.readRawVarint32());
        fields(handler);
        if (in.getBytesUntilLimit() > 0) {
            throw damaged("it ends within a message");
        }
        in.popLimit(outer);
        depth--;
        return true;
    }

    private void fields(Field handler) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!handler.read(WireFormat.getTagFieldNumber(tag))) {
                in.skipField(tag);
            }
        }
    }

    private String text() throws IOException {
        int length = in.readRawVarint32();
        if (length < 0 || length > kept) {
            throw damaged("its names and texts are longer than %s bytes".formatted(MOST_KEPT));
        }
        return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
    }

    /** The same text, of which no more than so much is kept. */
    private String keep(String text) {
        kept -= Math.min(kept, 2 * text.length() + ENTRY);
        if (kept == 0) {
            throw damaged("its names and texts are longer than %s bytes".formatted(MOST_KEPT));
        }
        return text;
    }

    private FormatException damaged(String why) {
        return new FormatException("%s: not an ONNX file, or damaged: %s".formatted(Escaped.of(file), why));
    }
}
