package dev.fovea.export;

import dev.fovea.io.AtomicFile;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes ONNX files. The numbers of fields are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3">onnx.proto3</a>.
 */
public final class OnnxWriter {

    /** What protobuf can hold. */
    private static final long LARGEST = Integer.MAX_VALUE;

    private OnnxWriter() {}

    /**
     * Writes {@code model}; an older file stays until the new one is complete.
     *
     * @throws IllegalArgumentException if it takes more than 2 GB, which no protobuf message holds
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public static void write(Path file, OnnxModel model) {
        ProtoMessage message = message(model);
        if (message.size() > LARGEST) {
            throw new IllegalArgumentException(
                    "%s: the model takes %s bytes, an ONNX file holds at most %s. Export it in half precision"
                            .formatted(file, message.size(), LARGEST));
        }
        AtomicFile.write(file, message::writeTo);
    }

    private static ProtoMessage message(OnnxModel model) {
        var message = new ProtoMessage()
                .whole(1, model.irVersion())
                .text(2, model.producer())
                .text(3, model.producerVersion())
                .message(7, graph(model.graph()));
        model.opsets()
                .forEach((domain, version) ->
                        message.message(8, new ProtoMessage().text(1, domain).whole(2, version)));
        model.metadata()
                .forEach((key, value) ->
                        message.message(14, new ProtoMessage().text(1, key).text(2, value)));
        return message;
    }

    private static ProtoMessage graph(OnnxGraph graph) {
        var message = new ProtoMessage();
        graph.nodes().forEach(node -> message.message(1, node(node)));
        message.text(2, graph.name());
        graph.initializers().forEach(tensor -> message.message(5, tensor(tensor)));
        graph.inputs().forEach(value -> message.message(11, value(value)));
        graph.outputs().forEach(value -> message.message(12, value(value)));
        return message;
    }

    private static ProtoMessage node(OnnxNode node) {
        var message = new ProtoMessage();
        node.inputs().forEach(input -> message.element(1, input));
        node.outputs().forEach(output -> message.element(2, output));
        message.text(3, node.name()).text(4, node.op());
        for (Map.Entry<String, OnnxAttribute> entry : node.attributes().entrySet()) {
            message.message(5, attribute(entry.getKey(), entry.getValue()));
        }
        return message.text(7, node.domain());
    }

    private static ProtoMessage attribute(String name, OnnxAttribute attribute) {
        var message = new ProtoMessage().text(1, name);
        if (attribute instanceof OnnxAttribute.Real real) {
            message.real(2, real.value()).whole(20, 1);
        } else if (attribute instanceof OnnxAttribute.Whole whole) {
            message.whole(3, whole.value()).whole(20, 2);
        } else if (attribute instanceof OnnxAttribute.Text text) {
            message.element(4, text.value()).whole(20, 3);
        } else if (attribute instanceof OnnxAttribute.Values values) {
            message.message(5, tensor(values.value())).whole(20, 4);
        } else if (attribute instanceof OnnxAttribute.Reals reals) {
            message.reals(7, reals.values()).whole(20, 6);
        } else if (attribute instanceof OnnxAttribute.Wholes wholes) {
            message.wholes(8, wholes.values()).whole(20, 7);
        } else if (attribute instanceof OnnxAttribute.Texts texts) {
            texts.values().forEach(text -> message.element(9, text));
            message.whole(20, 8);
        }
        return message;
    }

    private static ProtoMessage tensor(OnnxTensor tensor) {
        return new ProtoMessage()
                .wholes(1, tensor.dims())
                .whole(2, tensor.type().number())
                .text(8, tensor.name())
                .bytes(9, tensor.data());
    }

    private static ProtoMessage value(OnnxValue value) {
        var shape = new ProtoMessage();
        for (OnnxValue.Dim dim : value.dims()) {
            shape.message(
                    1, dim.fixed() ? new ProtoMessage().whole(1, dim.size()) : new ProtoMessage().text(2, dim.name()));
        }
        var tensor = new ProtoMessage().whole(1, value.type().number()).message(2, shape);
        return new ProtoMessage().text(1, value.name()).message(2, new ProtoMessage().message(1, tensor));
    }
}
