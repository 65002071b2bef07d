package dev.fovea.task.segment;

import dev.fovea.data.Batch;
import dev.fovea.data.DataException;
import dev.fovea.data.Mask;
import dev.fovea.data.Target;
import dev.fovea.data.Targets;
import dev.fovea.engine.DType;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Size;
import dev.fovea.metrics.segment.SegmentationMetrics;
import dev.fovea.metrics.segment.SegmentationResult;
import dev.fovea.models.SegmentationNet;
import dev.fovea.nn.Loss;
import dev.fovea.nn.Module;
import dev.fovea.train.Objective;
import dev.fovea.train.Pixels;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Segmentation: the loss of the pixels, with that of the network's other heads; answers are measured in the size that the network is shown.
 *
 * @param names of the classes
 * @param loss of pixels, class weights and all
 * @param presenceWeight what the loss of a head for whole images counts for
 */
record SegmentationObjective(List<String> names, Loss loss, double presenceWeight, Pixels pixels) implements Objective {

    SegmentationObjective {
        names = List.copyOf(names);
    }

    @Override
    public Outcome step(Module net, Batch batch) {
        byte[] wanted = classes(batch);
        SegmentationNet.Outputs outputs = ((SegmentationNet) net).outputs(pixels.images(batch));
        Tensor classes = tensor(wanted, batch);
        boolean known = known(wanted);
        Tensor sum = of(outputs.logits(), classes, known);
        Tensor right = share(outputs.logits().detach().argmax(1), classes);
        if (outputs.auxiliary().isPresent()) {
            sum = sum.add(of(outputs.auxiliary().get(), classes, known).mul(((SegmentationNet) net).auxiliaryWeight()));
        }
        if (outputs.presence().isPresent() && presenceWeight > 0) {
            Tensor logits = outputs.presence().get().to(DType.FLOAT32);
            Tensor there = Tensor.of(presence(wanted, batch.size()), batch.size(), names.size())
                    .to(logits.device());
            sum = sum.add(logits.binaryCrossEntropy(there).mul(presenceWeight));
        }
        return new Outcome(sum, Map.of("pixelAccuracy", right));
    }

    /** A batch in which no pixel counts has nothing to say. */
    private Tensor of(Tensor logits, Tensor classes, boolean known) {
        Tensor exact = logits.to(DType.FLOAT32);
        return known ? loss.ofPixels(exact, classes) : exact.mul(0).sum();
    }

    /** Of the pixels that count, those that are right. */
    private static Tensor share(Tensor told, Tensor classes) {
        Tensor right = told.sub(classes).eq(0).to(DType.FLOAT32).sum();
        return right.div(classes.ge(0).to(DType.FLOAT32).sum().add(1e-9));
    }

    private static byte[] classes(Batch batch) {
        if (batch.targets() instanceof Targets.PixelLabels labels) {
            return labels.classes();
        }
        throw new DataException("the images have no masks, which segmentation learns from");
    }

    private static boolean known(byte[] classes) {
        for (byte label : classes) {
            if (label != (byte) Target.IGNORED) {
                return true;
            }
        }
        return false;
    }

    private Tensor tensor(byte[] classes, Batch batch) {
        long[] indices = new long[classes.length];
        for (int i = 0; i < indices.length; i++) {
            int label = classes[i] & 0xFF;
            indices[i] = label == Target.IGNORED ? Loss.NO_CLASS : label;
        }
        return Tensor.of(indices, batch.size(), batch.height(), batch.width()).to(pixels.device());
    }

    /** 1 where a class is anywhere in an image. */
    private float[] presence(byte[] classes, int images) {
        float[] there = new float[images * names.size()];
        int each = classes.length / images;
        for (int i = 0; i < classes.length; i++) {
            int label = classes[i] & 0xFF;
            if (label != Target.IGNORED) {
                there[i / each * names.size() + label] = 1;
            }
        }
        return there;
    }

    @Override
    public Map<String, Double> evaluate(Module net, Iterator<Batch> batches) {
        var metrics = new SegmentationMetrics(names, false);
        while (batches.hasNext()) {
            Batch batch = batches.next();
            byte[] wanted = classes(batch);
            long[] told;
            try (var scope = new Scope()) {
                told = ((SegmentationNet) net)
                        .forward(pixels.images(batch))
                        .argmax(1)
                        .toLongs();
            }
            var size = new Size(batch.height(), batch.width());
            int each = size.height() * size.width();
            for (int i = 0; i < batch.size(); i++) {
                byte[] own = new byte[each];
                for (int p = 0; p < each; p++) {
                    own[p] = (byte) told[i * each + p];
                }
                metrics.add(new Mask(size, Arrays.copyOfRange(wanted, i * each, (i + 1) * each)), new Mask(size, own));
            }
        }
        SegmentationResult result = metrics.result();
        var all = new LinkedHashMap<>(result.values());
        all.keySet().retainAll(List.of("miou", "pixelAccuracy", "dice"));
        return all;
    }

    @Override
    public String criterion() {
        return "miou";
    }

    @Override
    public boolean largerIsBetter() {
        return true;
    }
}
