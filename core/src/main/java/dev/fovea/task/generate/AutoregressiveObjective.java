package dev.fovea.task.generate;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.NoGrad;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Image;
import dev.fovea.models.TokenTransformer;
import dev.fovea.models.TokenTransformer.Choice;
import dev.fovea.models.VqVae;
import dev.fovea.nn.Module;
import dev.fovea.train.ImageTensors;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts the next token of an image from those before it; the tokenizer is frozen.
 *
 * @param classes of the images
 */
record AutoregressiveObjective(int classes, Pixels pixels) implements Objective {

    @Override
    public List<Phase> phases() {
        return List.of(new Phase("transformer."));
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        var transformer = (TokenTransformer) net;
        Tensor tokens = tokens(transformer, batch);
        Tensor logits = logits(transformer, tokens, batch);
        Tensor hits = logits.detach()
                .argmax(1)
                .eq(tokens.reshape(-1))
                .to(DType.FLOAT32)
                .mean();
        return new Outcome(logits.crossEntropy(tokens.reshape(-1), List.of(), 0), Map.of("accuracy", hits));
    }

    /** As the trained tokenizer gives them: its norms do not follow the batch. */
    private Tensor tokens(TokenTransformer transformer, Batch batch) {
        transformer.tokenizer().state().train(false);
        try (var noGrad = new NoGrad()) {
            return transformer.tokenizer().tokens(pixels.images(batch));
        }
    }

    /** [N L, codes]. */
    private Tensor logits(TokenTransformer transformer, Tensor tokens, Batch batch) {
        return transformer
                .logits(tokens, pixels.labels(batch))
                .to(DType.FLOAT32)
                .flatten(0, 1);
    }

    /**
     * Cross-entropy in nats per token, and in bits per value of the image: where tokens are pixels, {@code
     * bitsPerDimension} of the image in its levels.
     */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var transformer = (TokenTransformer) net;
        double loss = 0;
        double hits = 0;
        double count = 0;
        double values = 0;
        while (batches.hasNext()) {
            try (var scope = new Scope()) {
                Batch batch = batches.next();
                Tensor tokens = tokens(transformer, batch);
                Tensor logits = logits(transformer, tokens, batch);
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
                transformer.tokenizer() instanceof VqVae ? "tokenBitsPerDimension" : "bitsPerDimension",
                loss / count / Math.log(2) * transformer.tokenizer().length() / values);
        return metrics;
    }

    @Override
    public List<Image> samples(Module net, int from, int count) {
        var transformer = (TokenTransformer) net;
        Tensor asked = pixels.inTurn(from, count, classes);
        Tensor tokens = transformer.generate(asked, 0, asked, Choice.plain(), true);
        return ImageTensors.of(transformer.tokenizer().ofTokens(tokens));
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
