package dev.fovea.task.detect;

import dev.fovea.data.Box;
import dev.fovea.image.Image;
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

    /** The objects of all tiles, each once: with the mask and the keypoints that the tile shows which it is taken from. */
    List<DetectedObject> found(Function<Image, List<DetectedObject>> detector, DetectionNet.Limits limits) {
        var all = new ArrayList<DetectedObject>();
        var cut = new ArrayList<Boolean>();
        for (int top : starts(image.height())) {
            for (int left : starts(image.width())) {
                Image tile = image.crop(
                        left, top, Math.min(side, image.width() - left), Math.min(side, image.height() - top));
                for (DetectedObject own : detector.apply(tile)) {
                    all.add(own.within(left, top, image.size()));
                    cut.add(isCut(own.box(), left, top, tile));
                }
            }
        }
        return once(
                IntStream.range(0, all.size())
                        .filter(i -> !cut.get(i) || !isPart(all.get(i), all))
                        .mapToObj(all::get)
                        .toList(),
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

    private static List<DetectedObject> once(List<DetectedObject> objects, DetectionNet.Limits limits) {
        float[] edges = new float[4 * objects.size()];
        float[] sure = new float[objects.size()];
        int[] kinds = new int[objects.size()];
        List<String> labels =
                objects.stream().map(DetectedObject::label).distinct().toList();
        for (int i = 0; i < objects.size(); i++) {
            Box box = objects.get(i).box();
            edges[4 * i] = (float) box.left();
            edges[4 * i + 1] = (float) box.top();
            edges[4 * i + 2] = (float) box.right();
            edges[4 * i + 3] = (float) box.bottom();
            sure[i] = (float) objects.get(i).score();
            kinds[i] = labels.indexOf(objects.get(i).label());
        }
        double iou = limits.iou() < 1 ? limits.iou() : SAME;
        return Arrays.stream(Nms.keep(edges, sure, kinds, iou, limits.most()))
                .mapToObj(objects::get)
                .toList();
    }

    private static boolean isPart(DetectedObject object, List<DetectedObject> all) {
        Box box = object.box();
        return all.stream()
                .anyMatch(other -> other != object
                        && other.label().equals(object.label())
                        && other.box().area() > box.area()
                        && box.intersection(other.box()).area() > PART * box.area());
    }
}
