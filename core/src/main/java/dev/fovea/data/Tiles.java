package dev.fovea.data;

import dev.fovea.data.BatchTransform.Frames;
import dev.fovea.image.Fill;
import dev.fovea.image.Filter;
import dev.fovea.image.Image;
import dev.fovea.image.Projective;
import dev.fovea.image.Sampler;
import dev.fovea.image.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The images of a batch as they are before mosaics are made of them. */
record Tiles(Frames frames, byte[] pixels, List<Target> targets) {

    /** The point where four meet lies within this share of the image around its middle. */
    private static final double MIDDLE = 0.5;

    private static final double LEAST_VISIBLE = 0.1;

    /**
     * The targets of the images, some of which become mosaics.
     *
     * @param out where these are written
     */
    List<Target> mosaics(BatchTransform.Mosaic mosaic, byte[] out, SplittableRandom random) {
        if (frames.count() > 1) {
            throw new DataException("mosaic: is for images, not for clips. Leave it out of augmentBatch");
        }
        var made = new ArrayList<Target>();
        for (int i = 0; i < targets.size(); i++) {
            if (!(targets.get(i) instanceof Target.Objects)) {
                throw new DataException("mosaic: is for images with boxes of objects. Leave it out of augmentBatch");
            }
            made.add(random.nextDouble() < mosaic.p() ? mosaic(i, mosaic.zoom(), out, random) : targets.get(i));
        }
        return made;
    }

    private Target mosaic(int image, List<Double> zoom, byte[] out, SplittableRandom random) {
        int x = middle(frames.width(), random);
        int y = middle(frames.height(), random);
        var objects = new ArrayList<Target.Objects>();
        for (int corner = 0; corner < 4; corner++) {
            int tile = corner == 0 ? image : random.nextInt(targets.size());
            boolean left = corner % 2 == 0;
            boolean upper = corner < 2;
            var place = new Place(
                    left ? 0 : x, upper ? 0 : y, left ? x : frames.width() - x, upper ? y : frames.height() - y);
            double scale = Transform.within(random, zoom);
            // Its inner corner lies where the four meet, so that what is seen of it is whole there.
            double shiftX = left ? x - scale * frames.width() : 0;
            double shiftY = upper ? y - scale * frames.height() : 0;
            objects.add(tile(
                    tile,
                    place,
                    Projective.affine(1 / scale, 0, -shiftX / scale, 0, 1 / scale, -shiftY / scale),
                    out,
                    image));
        }
        return joined(objects);
    }

    private static int middle(int side, SplittableRandom random) {
        return (int) Math.round(side * (0.5 + MIDDLE * (random.nextDouble() - 0.5)));
    }

    /** A rectangle of the mosaic. */
    private record Place(int left, int top, int width, int height) {}

    /** Writes what a place shows of a tile; returns the tile's objects there. */
    private Target.Objects tile(int tile, Place place, Projective back, byte[] out, int image) {
        var whole = new Size(frames.height(), frames.width());
        var part = new Size(place.height(), place.width());
        Image source = new Image(
                frames.width(),
                frames.height(),
                frames.channels(),
                Arrays.copyOfRange(pixels, tile * frames.bytes(), (tile + 1) * frames.bytes()));
        Image seen = Sampler.bilinear(List.of(new Sampler.Step(back, whole, Fill.CONSTANT, Preprocess.GREY)), part)
                .apply(source);
        int row = place.width() * frames.channels();
        for (int y = 0; y < place.height(); y++) {
            int at = image * frames.bytes() + ((place.top() + y) * frames.width() + place.left()) * frames.channels();
            System.arraycopy(seen.pixels(), y * row, out, at, row);
        }
        Target moved = new Geometry(whole, part, back).apply(targets.get(tile), LEAST_VISIBLE, Filter.BILINEAR);
        return (Target.Objects)
                Geometry.part(part, -place.left(), -place.top(), whole).apply(moved, 0, Filter.BILINEAR);
    }

    private static Target.Objects joined(List<Target.Objects> parts) {
        var boxes = new ArrayList<Box>();
        var masks = new ArrayList<Mask>();
        var keypoints = new ArrayList<Keypoints>();
        int count = parts.stream().mapToInt(part -> part.labels().length).sum();
        int[] labels = new int[count];
        boolean[] ignore = new boolean[count];
        int at = 0;
        for (Target.Objects part : parts) {
            boxes.addAll(part.boxes());
            masks.addAll(part.masks());
            keypoints.addAll(part.keypoints());
            System.arraycopy(part.labels(), 0, labels, at, part.labels().length);
            System.arraycopy(part.ignore(), 0, ignore, at, part.labels().length);
            at += part.labels().length;
        }
        return new Target.Objects(boxes, labels, masks, ignore, keypoints);
    }
}
