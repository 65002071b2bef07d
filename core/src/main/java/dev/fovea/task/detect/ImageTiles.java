package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.image.Image;
import dev.fovea.metrics.detect.Detections;
import dev.fovea.models.DetectionNet;
import dev.fovea.nn.detect.Nms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A large image in tiles that overlap, so that an object which one of them cuts lies whole in another.
 *
 * @param side of a tile in pixels
 */
record ImageTiles(Image image, int side) {

    /** Share of a tile that the next one shows again. */
    private static final double OVERLAP = 0.2;

    /** A box this near to an edge that is not the image's is probably cut there. */
    private static final double CUT = 2;

    /** A cut box of which so much lies in another box of its class is a part of that. */
    private static final double PART = 0.8;

    /** Overlap above which boxes of two tiles are of one object, where a network has no duplicates of its own. */
    private static final double SAME = 0.65;

    /** The objects of all tiles, each once. */
    Detections found(Function<Image, Detections> detector, DetectionNet.Limits limits) {
        var boxes = new ArrayList<Box>();
        var labels = new ArrayList<Integer>();
        var scores = new ArrayList<Double>();
        var cut = new ArrayList<Boolean>();
        for (int top : starts(image.height())) {
            for (int left : starts(image.width())) {
                Image tile = image.crop(
                        left, top, Math.min(side, image.width() - left), Math.min(side, image.height() - top));
                Detections own = detector.apply(tile);
                for (int i = 0; i < own.size(); i++) {
                    Box box = own.boxes().get(i);
                    boxes.add(new Box(box.left() + left, box.top() + top, box.right() + left, box.bottom() + top));
                    labels.add(own.labels().get(i));
                    scores.add(own.scores().get(i));
                    cut.add(isCut(box, left, top, tile));
                }
            }
        }
        List<Integer> whole = IntStream.range(0, boxes.size())
                .filter(i -> !cut.get(i) || !isPart(i, boxes, labels))
                .boxed()
                .toList();
        return once(
                whole.stream().map(boxes::get).toList(),
                whole.stream().map(labels::get).toList(),
                whole.stream().map(scores::get).toList(),
                limits);
    }

    /** Where tiles begin along a side, evenly spread. */
    List<Integer> starts(int length) {
        int count = length <= side ? 1 : 1 + (int) Math.ceil((length - side) / (side * (1 - OVERLAP)));
        var starts = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            starts.add(count == 1 ? 0 : (int) Math.round((length - side) * (double) i / (count - 1)));
        }
        return starts;
    }

    private boolean isCut(Box box, int left, int top, Image tile) {
        return box.left() < CUT && left > 0
                || box.top() < CUT && top > 0
                || box.right() > tile.width() - CUT && left + tile.width() < image.width()
                || box.bottom() > tile.height() - CUT && top + tile.height() < image.height();
    }

    private static Detections once(
            List<Box> boxes, List<Integer> labels, List<Double> scores, DetectionNet.Limits limits) {
        float[] edges = new float[4 * boxes.size()];
        float[] sure = new float[boxes.size()];
        for (int i = 0; i < boxes.size(); i++) {
            Box box = boxes.get(i);
            edges[4 * i] = (float) box.left();
            edges[4 * i + 1] = (float) box.top();
            edges[4 * i + 2] = (float) box.right();
            edges[4 * i + 3] = (float) box.bottom();
            sure[i] = scores.get(i).floatValue();
        }
        int[] kinds = labels.stream().mapToInt(Integer::intValue).toArray();
        double iou = limits.iou() < 1 ? limits.iou() : SAME;
        List<Integer> kept = Arrays.stream(Nms.keep(edges, sure, kinds, iou, limits.most()))
                .boxed()
                .toList();
        return Detections.of(
                kept.stream().map(boxes::get).toList(),
                kept.stream().map(labels::get).toList(),
                kept.stream().map(scores::get).toList());
    }

    private static boolean isPart(int index, List<Box> boxes, List<Integer> labels) {
        Box box = boxes.get(index);
        for (int i = 0; i < boxes.size(); i++) {
            Box other = boxes.get(i);
            if (i != index
                    && labels.get(i).equals(labels.get(index))
                    && other.area() > box.area()
                    && box.intersection(other).area() > PART * box.area()) {
                return true;
            }
        }
        return false;
    }
}
