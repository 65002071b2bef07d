package dev.fovea.export;

import java.util.List;

/** What a node of an ONNX graph is told beside its inputs; its name is the key of {@link OnnxNode#attributes}. */
public sealed interface OnnxAttribute {

    /** A number, float32. */
    record Real(float value) implements OnnxAttribute {}

    /** A whole number. */
    record Whole(long value) implements OnnxAttribute {}

    /** A word. */
    record Text(String value) implements OnnxAttribute {}

    /** Values with a shape. */
    record Values(OnnxTensor value) implements OnnxAttribute {}

    /** Numbers. */
    record Reals(List<Float> values) implements OnnxAttribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    /** Whole numbers. */
    record Wholes(List<Long> values) implements OnnxAttribute {
        public Wholes {
            values = List.copyOf(values);
        }
    }

    /** Words. */
    record Texts(List<String> values) implements OnnxAttribute {
        public Texts {
            values = List.copyOf(values);
        }
    }
}
