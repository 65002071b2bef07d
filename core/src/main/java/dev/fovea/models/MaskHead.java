package dev.fovea.models;

import dev.fovea.data.Mask;
import dev.fovea.engine.DType;
import dev.fovea.engine.Device;
import dev.fovea.engine.Scope;
import dev.fovea.engine.Tensor;
import dev.fovea.image.Size;
import dev.fovea.nn.BatchNorm;
import dev.fovea.nn.Conv2d;
import dev.fovea.nn.ConvTranspose2d;
import dev.fovea.nn.Init;
import dev.fovea.nn.Layer;
import dev.fovea.nn.Module;
import dev.fovea.nn.detect.Regions;
import dev.fovea.nn.detect.RoiAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Which pixels of a region are the object's, for each class on its own (Mask R-CNN, He et al. 2017, <a
 * href="https://arxiv.org/abs/1703.06870">1703.06870</a>): [R, C, 14, 14] to [R, K + 1, 28, 28].
 */
final class MaskHead {

    static final int SIDE = 14;

    private static final int MASK = 2 * SIDE;
    private static final int CONVOLUTIONS = 4;
    private static final RoiAlign ALIGN = new RoiAlign(SIDE, SIDE, 2, false);
    private static final RoiAlign TARGET = new RoiAlign(MASK, MASK, 0, false);

    private final int columns;
    private final Layer head;
    private final Layer larger;
    private final Layer logits;

    /** @param columns classes and the background */
    MaskHead(int width, boolean norms, int columns) {
        this.columns = columns;
        IntFunction<Layer> norm = BatchNorm::new;
        head = HeadParts.blocks(CONVOLUTIONS, width, width, norms ? Optional.of(norm) : Optional.empty());
        larger = new ConvTranspose2d(width, width, Conv2d.Window.of(2, 2, 0), 0);
        logits = HeadParts.conv(width, columns, 1);
        for (Layer layer : List.of(head, larger, logits)) {
            Init.HE_NORMAL_FAN_OUT.ofConvolutions(layer.state());
        }
    }

    /** By torchvision's names. */
    Map<String, Module> parts() {
        var parts = new LinkedHashMap<String, Module>();
        parts.put("mask_head", head);
        parts.put("mask_predictor", new Parts(Map.of("conv5_mask", larger, "mask_fcn_logits", logits)));
        return parts;
    }

    Tensor logits(Tensor pooled) {
        return logits.forward(larger.forward(head.forward(pooled)).relu()).to(DType.FLOAT32);
    }

    /** Of each region the logits of one class, [R, 28, 28]. */
    private Tensor of(List<Tensor> maps, double[] scales, Regions regions, int[] labels) {
        Tensor all = logits(ALIGN.of(maps, scales, regions)).reshape(-1, MASK, MASK);
        long[] rows = new long[labels.length];
        Arrays.setAll(rows, i -> (long) i * columns + labels[i]);
        return all.indexSelect(0, Tensor.of(rows, rows.length).to(all.device()));
    }

    /** @param regions those of {@code chosen} that learn an object */
    Tensor loss(
            List<Tensor> maps,
            double[] scales,
            Regions regions,
            RegionHeads.Chosen chosen,
            List<ObjectsOfImage> objects) {
        if (objects.stream().anyMatch(own -> own.masks().size() != own.labels().length)) {
            throw new IllegalArgumentException(
                    "Mask R-CNN learns from the masks of objects, and the data has none. Use a model without masks, such as fasterrcnn_resnet50_fpn");
        }
        int[] positives = chosen.positives();
        if (positives.length == 0) {
            return maps.get(0).sum().mul(0);
        }
        float[] wanted = new float[positives.length * MASK * MASK];
        int[] labels = new int[positives.length];
        for (int i = 0; i < positives.length; i++) {
            Mask mask = objects.get(chosen.image(positives[i])).masks().get(chosen.object(positives[i]));
            float[] own = TARGET.of(mask.values(), mask.size().width(), regions.boxes(), i);
            System.arraycopy(own, 0, wanted, i * own.length, own.length);
            labels[i] = chosen.label(positives[i]);
        }
        Tensor found = of(maps, scales, regions, labels);
        Device device = found.device();
        return found.binaryCrossEntropy(
                Tensor.of(wanted, positives.length, MASK, MASK).to(device));
    }

    /** With masks in the size of the images. */
    List<DetectionNet.Found> found(List<Tensor> maps, double[] scales, List<DetectionNet.Found> found, Tensor images) {
        var size = new Size((int) images.size(2), (int) images.size(3));
        Regions regions =
                Regions.of(found.stream().map(DetectionNet.Found::boxes).toList());
        if (regions.count() == 0) {
            return found;
        }
        int[] labels = found.stream()
                .flatMapToInt(own -> Arrays.stream(own.labels()).map(label -> label + 1))
                .toArray();
        Tensor soft = of(maps, scales, regions, labels).sigmoid().to(Device.CPU);
        var masked = new ArrayList<DetectionNet.Found>();
        int at = 0;
        for (DetectionNet.Found own : found) {
            var masks = new ArrayList<Mask>();
            for (int i = 0; i < own.count(); i++) {
                masks.add(pasted(soft.narrow(0, at, 1), regions.boxes(), at, size));
                at++;
            }
            masked.add(own.withMasks(masks));
        }
        return masked;
    }

    /** Where {@code soft} [1, 28, 28], a pixel of zeros around it, is above one half when it is laid over its box. */
    static Mask pasted(Tensor soft, float[] boxes, int box, Size size) {
        int[] edges = larger(boxes, box);
        int width = Math.max(1, edges[2] - edges[0] + 1);
        int height = Math.max(1, edges[3] - edges[1] + 1);
        byte[] values = new byte[size.height() * size.width()];
        float[] laid;
        try (var scope = new Scope()) {
            laid = soft.unsqueeze(0)
                    .pad(1, 1, 1, 1)
                    .upsampleBilinear(height, width)
                    .toFloats();
        }
        for (int y = Math.max(edges[1], 0); y < Math.min(edges[1] + height, size.height()); y++) {
            for (int x = Math.max(edges[0], 0); x < Math.min(edges[0] + width, size.width()); x++) {
                float value = laid[(y - edges[1]) * width + x - edges[0]];
                values[y * size.width() + x] = (byte) (value > 0.5f ? 1 : 0);
            }
        }
        return new Mask(size, values);
    }

    /** A box in whole pixels, larger by the share that the pixel of zeros adds. */
    private static int[] larger(float[] boxes, int box) {
        float scale = (MASK + 2) / (float) MASK;
        int[] edges = new int[4];
        for (int direction = 0; direction < 2; direction++) {
            float low = boxes[4 * box + direction];
            float high = boxes[4 * box + 2 + direction];
            float half = (high - low) * 0.5f * scale;
            float middle = (high + low) * 0.5f;
            edges[direction] = (int) (middle - half);
            edges[2 + direction] = (int) (middle + half);
        }
        return edges;
    }
}
