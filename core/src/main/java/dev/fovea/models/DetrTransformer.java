package dev.fovea.models;

import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.Dense;
import dev.fovea.nn.Dropout;
import dev.fovea.nn.Init;
import dev.fovea.nn.LayerNorm;
import dev.fovea.nn.MultiHeadAttention;
import dev.fovea.nn.Net;
import java.util.ArrayList;
import java.util.List;

/**
 * The transformer of a {@link Detr}: an encoder in which all places of a map attend to each other, and a decoder in which queries
 * attend to each other and to the places. Norms stand behind each addition; where a place lies, and which query it is, is added
 * to what is compared, never to what is taken over (figure 10 of the paper).
 */
final class DetrTransformer extends Net {

    private static final double EPS = 1e-5;
    private static final double SLOWEST = 10_000;

    private final List<Encoder> encoders = new ArrayList<>();
    private final List<Decoder> decoders = new ArrayList<>();
    private final LayerNorm norm;

    DetrTransformer(Detr.Config config) {
        Group encoder = add("encoder", new Group());
        Group decoder = add("decoder", new Group());
        var encoding = encoder.with("layers", new Group());
        for (int i = 0; i < config.encoders(); i++) {
            encoders.add(encoding.with(Integer.toString(i), new Encoder(config)));
        }
        var decoding = decoder.with("layers", new Group());
        for (int i = 0; i < config.decoders(); i++) {
            decoders.add(decoding.with(Integer.toString(i), new Decoder(config)));
        }
        norm = decoder.with("norm", new LayerNorm(EPS, config.width()));
        state().initializer(Init.GLOROT_UNIFORM, (name, weight) -> weight.dims() > 1); // section 4 of the paper
    }

    /**
     * What the queries become.
     *
     * @param places of the map, [N, H W, D]
     * @param positions of the same places, [1, H W, D]
     * @param queries [N, Q, D]
     * @return behind each layer of the decoder [N, Q, D], the last layer's last
     */
    List<Tensor> decoded(Tensor places, Tensor positions, Tensor queries) {
        Tensor memory = places;
        for (Encoder encoder : encoders) {
            memory = encoder.forward(memory, positions);
        }
        Tensor keys = memory.add(positions);
        Tensor state = queries.detach().mul(0);
        var states = new ArrayList<Tensor>();
        for (Decoder decoder : decoders) {
            state = decoder.forward(state, queries, keys, memory);
            states.add(state);
        }
        return states;
    }

    /** The norm that each of {@link #decoded} is read through. */
    Tensor normed(Tensor state) {
        return norm.forward(state);
    }

    /**
     * Where each place of a map lies, as sines and cosines of its row, then of its column, from above 0 to 2 pi across the map.
     *
     * @param width D, a multiple of 4
     * @return [1, H W, D]
     */
    static Tensor positions(long height, long width, long channels, Device device) {
        Tensor rows = waves(height, channels / 2, device).unsqueeze(1).expand(height, width, channels / 2);
        Tensor columns = waves(width, channels / 2, device).unsqueeze(0).expand(height, width, channels / 2);
        return Tensor.cat(List.of(rows, columns), 2).reshape(1, height * width, channels);
    }

    /** A sine and a cosine in turn, each pair slower than the one before: [count, channels]. */
    private static Tensor waves(long count, long channels, Device device) {
        int pairs = (int) channels / 2;
        float[] angles = new float[(int) count * pairs];
        for (int i = 0; i < angles.length; i++) {
            double place = 2 * Math.PI * (i / pairs + 1) / (count + 1e-6);
            angles[i] = (float) (place / Math.pow(SLOWEST, (i % pairs) / (double) pairs));
        }
        Tensor all = Tensor.of(angles, count, pairs).to(device);
        return Tensor.stack(List.of(all.sin(), all.cos()), 2).flatten(1, 2);
    }

    /** What a layer of the encoder and one of the decoder have in common. */
    private abstract static class Block extends Net {

        final MultiHeadAttention own;
        final Dropout dropout;
        private final Dense in;
        private final Dense out;

        Block(Detr.Config config) {
            own = add("self_attn", new MultiHeadAttention(config.width(), config.heads(), config.dropout()));
            in = add("linear1", new Dense(config.width(), config.hidden(), true));
            out = add("linear2", new Dense(config.hidden(), config.width(), true));
            dropout = add("dropout", new Dropout(Dropout.Unit.ELEMENT, config.dropout()));
        }

        final LayerNorm norm(String name, Detr.Config config) {
            return add(name, new LayerNorm(EPS, config.width()));
        }

        final Tensor perceptron(Tensor x) {
            return out.forward(dropout.forward(in.forward(x).relu()));
        }

        /** {@code x} and what a branch adds to it, normed. */
        final Tensor with(LayerNorm norm, Tensor x, Tensor branch) {
            return norm.forward(x.add(dropout.forward(branch)));
        }
    }

    private static final class Encoder extends Block {

        private final LayerNorm norm1;
        private final LayerNorm norm2;

        Encoder(Detr.Config config) {
            super(config);
            norm1 = norm("norm1", config);
            norm2 = norm("norm2", config);
        }

        Tensor forward(Tensor x, Tensor positions) {
            Tensor placed = x.add(positions);
            Tensor seen = with(norm1, x, own.forward(placed, placed, x));
            return with(norm2, seen, perceptron(seen));
        }
    }

    private static final class Decoder extends Block {

        private final MultiHeadAttention cross;
        private final LayerNorm norm1;
        private final LayerNorm norm2;
        private final LayerNorm norm3;

        Decoder(Detr.Config config) {
            super(config);
            cross = add("multihead_attn", new MultiHeadAttention(config.width(), config.heads(), config.dropout()));
            norm1 = norm("norm1", config);
            norm2 = norm("norm2", config);
            norm3 = norm("norm3", config);
        }

        Tensor forward(Tensor x, Tensor queries, Tensor keys, Tensor values) {
            Tensor asking = x.add(queries);
            Tensor agreed = with(norm1, x, own.forward(asking, asking, x));
            Tensor seen = with(norm2, agreed, cross.forward(agreed.add(queries), keys, values));
            return with(norm3, seen, perceptron(seen));
        }
    }
}
