package dev.fovea.task.embed;

import dev.fovea.data.Batch;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.nn.FeatureMaps;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Two views of each image, the first half of a batch and its second, embedded alike. Where images have labels, these serve to
 * watch how the features come to tell classes apart, and nothing else.
 *
 * @param classes of the data; fewer than two where there are no labels
 */
record SelfSupervisedObjective(SelfSupervised task, Pixels pixels, int classes) implements Objective {

    static final String CRITERION = "knnAccuracy";

    @Override
    public Outcome step(Module net, Batch batch) {
        Tensor embeddings = Layer.of(net).forward(pixels.images(batch)).to(DType.FLOAT32); // [2N, D]
        long images = embeddings.size(0) / 2;
        Tensor a = embeddings.narrow(0, 0, images);
        Tensor b = embeddings.narrow(0, embeddings.size(0) - images, images);
        return new Outcome(new TwoViewLoss(task).of(a, b), Map.of("similarity", similarity(a.detach(), b.detach())));
    }

    /** Mean cosine of the two views of an image. */
    private static Tensor similarity(Tensor a, Tensor b) {
        return TwoViewLoss.normalized(a).mul(TwoViewLoss.normalized(b)).sum(1).mean();
    }

    @Override
    public boolean validates() {
        return classes > 1;
    }

    /** By the features before the head, as those who start from the network have them. */
    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var features = new ArrayList<float[]>();
        var labels = new ArrayList<Integer>();
        while (batches.hasNext()) {
            Batch batch = batches.next();
            features.addAll(features(net, pixels.images(batch)));
            for (long label : batch.labels()) {
                labels.add((int) label);
            }
        }
        return Map.of(
                CRITERION,
                FeatureQuality.knnAccuracy(
                        features, labels.stream().mapToInt(i -> i).toArray(), classes));
    }

    private static List<float[]> features(Module net, Tensor images) {
        try (var scope = new Scope()) {
            Tensor rows = net instanceof FeatureMaps maps && maps.hasMaps()
                    ? maps.embedding(images)
                    : Layer.of(net).forward(images);
            float[] values = rows.toFloats();
            int width = values.length / (int) rows.size(0);
            var list = new ArrayList<float[]>();
            for (int i = 0; i < rows.size(0); i++) {
                list.add(Arrays.copyOfRange(values, i * width, (i + 1) * width));
            }
            return list;
        }
    }

    @Override
    public List<String> remarks(Map<String, Double> means) {
        double similarity = means.getOrDefault("similarity", 0.0);
        return similarity > 0.999
                ? List.of(
                        "all images are embedded alike (the views of an image have a similarity of 1): the network tells nothing apart. Lower optimizer.lr, or raise batch")
                : List.of();
    }

    @Override
    public String criterion() {
        return CRITERION;
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }
}
