package dev.fovea.train;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.TokenTransformer.Choice;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Layer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The next token of a picture from those before it; the tokenizer stays as it is.
 *
 * @param classes of the pictures
 */
public record TokenWriting(int classes, Pixels pixels) implements Objective {

    @Override
    public List<Phase> phases() {
        return List.of(new Phase("transformer."));
    }

    @Override
    public Outcome step(Layer net, Batch batch) {
        var writer = (TokenTransformer) net;
        Tensor tokens = tokens(writer, batch);
        Tensor logits = logits(writer, tokens, batch);
        Tensor hits = logits.detach()
                .argmax(1)
                .eq(tokens.reshape(-1))
                .to(DType.FLOAT32)
                .mean();
        return new Outcome(logits.crossEntropy(tokens.reshape(-1), List.of(), 0), Map.of("accuracy", hits));
    }

    /** As the trained tokenizer gives them: its norms do not follow the batch. */
    private Tensor tokens(TokenTransformer writer, Batch batch) {
        writer.tokenizer().state().train(false);
        try (var noGrad = new NoGrad()) {
            return writer.tokenizer().tokens(pixels.images(batch));
        }
    }

    /** [N L, codes]. */
    private Tensor logits(TokenTransformer writer, Tensor tokens, Batch batch) {
        return writer.logits(tokens, pixels.labels(batch)).to(DType.FLOAT32).flatten(0, 1);
    }

    /**
     * Cross-entropy in nats a token, and bits for each value of the picture that the tokens of it cost: where tokens are
     * pixels, {@code bitsPerDimension} of the picture in its levels.
     */
    @Override
    public Map<String, Double> evaluate(Layer net, Iterator<Batch> batches) {
        var writer = (TokenTransformer) net;
        double loss = 0;
        double hits = 0;
        double count = 0;
        double values = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor tokens = tokens(writer, batch);
                Tensor logits = logits(writer, tokens, batch);
                loss += logits.crossEntropy(tokens.reshape(-1), List.of(), 0).item() * batch.size();
                hits += logits.argmax(1)
                                .eq(tokens.reshape(-1))
                                .to(DType.FLOAT32)
                                .mean()
                                .item()
                        * batch.size();
                count += batch.size();
                values = batch.height() * batch.width() * (double) batch.channels();
            }
        }
        var metrics = new LinkedHashMap<String, Double>();
        metrics.put("loss", loss / count);
        metrics.put("accuracy", hits / count);
        metrics.put(
                writer.tokenizer() instanceof VqVae ? "tokenBitsPerDimension" : "bitsPerDimension",
                loss / count / Math.log(2) * writer.tokenizer().length() / values);
        return metrics;
    }

    @Override
    public List<Image> samples(Layer net, int from, int count) {
        var writer = (TokenTransformer) net;
        Tensor asked = pixels.inTurn(from, count, classes);
        Tensor tokens = writer.write(asked, 0, asked, Choice.plain(), true);
        return Pictures.of(writer.tokenizer().ofTokens(tokens));
    }

    @Override
    public String criterion() {
        return "loss";
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
