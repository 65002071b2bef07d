package dev.fovea.task.embed;

import dev.fovea.data.Batch;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.models.EmbeddingNet;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Embeddings by identities: those of the training have centres, or are compared with each other in a batch. */
record EmbeddingObjective(Embedding task, Pixels pixels) implements Objective {

    static final String CRITERION = "eer";

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor embeddings = Layer.of(net).forward(pixels.images(batch)); // [N, D]
        Tensor labels = pixels.labels(batch);
        var loss = new EmbeddingLoss(task);
        EmbeddingLoss.Outcome outcome = task.loss().hasCentres()
                ? loss.ofCentres(embeddings, ((EmbeddingNet) net).centres(), labels)
                : loss.ofTriplets(embeddings, labels);
        return new Outcome(outcome.loss(), outcome.metrics());
    }

    /** Each image with all others of the part. */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var embeddings = new ArrayList<float[]>();
        var labels = new ArrayList<Integer>();
        while (batches.hasNext()) {
            Batch batch = batches.next();
            try (var scope = new Scope()) {
                embeddings.addAll(rows(Layer.of(net).forward(pixels.images(batch))));
            }
            for (long label : batch.labels()) {
                labels.add((int) label);
            }
        }
        int[] identities = labels.stream().mapToInt(Integer::intValue).toArray();
        return EmbeddingEvaluation.amongThemselves(embeddings, identities).metrics();
    }

    private static List<float[]> rows(Tensor embeddings) {
        float[] all = embeddings.toFloats();
        int width = (int) embeddings.size(1);
        var rows = new ArrayList<float[]>();
        for (int i = 0; i < embeddings.size(0); i++) {
            rows.add(Arrays.copyOfRange(all, i * width, (i + 1) * width));
        }
        return rows;
    }

    @Override
    public String criterion() {
        return CRITERION;
    }

    @Override
    public boolean largerIsBetter() {
        return false;
    }
}
