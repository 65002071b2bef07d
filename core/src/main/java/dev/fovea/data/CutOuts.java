package dev.fovea.data;

import dev.fovea.data.BatchTransform.Frames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The images of a batch as they are before objects of one are pasted into another. */
record CutOuts(Frames frames, byte[] pixels, List<Target> targets) {

    /** Of each object of the other image. */
    private static final double PASTED = 0.5;

    private static final double LEAST_VISIBLE = 0.1;

    /**
     * The targets of the images after some of them got objects.
     *
     * @param p share of images that get some
     * @param out where these are written
     */
    List<Target> pasted(double p, byte[] out, SplittableRandom random) {
        if (frames.count() > 1) {
            throw new DataException("copy-paste: is for images, not for clips. Leave it out of augmentBatch");
        }
        var made = new ArrayList<Target>();
        for (int i = 0; i < targets.size(); i++) {
            Target.Objects own = masked(targets.get(i));
            int other = BatchTransform.before(i, targets.size());
            boolean gets = other != i && random.nextDouble() < p;
            made.add(gets ? pasted(i, own, other, out, random) : own);
        }
        return made;
    }

    private static Target.Objects masked(Target target) {
        if (target instanceof Target.Objects objects
                && (objects.boxes().isEmpty() || !objects.masks().isEmpty())) {
            return objects;
        }
        throw new DataException(
                "copy-paste: is for images whose objects have masks, read with task.masks=true. Leave it out of augmentBatch");
    }

    private Target.Objects pasted(int image, Target.Objects own, int other, byte[] out, SplittableRandom random) {
        Target.Objects all = masked(targets.get(other));
        Target.Objects chosen = taken(
                all,
                IntStream.range(0, all.boxes().size())
                        .filter(i -> !all.ignore()[i] && random.nextDouble() < PASTED)
                        .toArray());
        byte[] covered = new byte[frames.height() * frames.width()];
        for (Mask mask : chosen.masks()) {
            for (int place = 0; place < covered.length; place++) {
                covered[place] |= mask.values()[place];
            }
        }
        for (int place = 0; place < covered.length; place++) {
            if (covered[place] != 0) {
                int at = place * frames.channels();
                System.arraycopy(
                        pixels, other * frames.bytes() + at, out, image * frames.bytes() + at, frames.channels());
            }
        }
        return Target.Objects.joined(List.of(uncovered(own, covered), chosen));
    }

    private static Target.Objects taken(Target.Objects objects, int[] positions) {
        List<Integer> places = IntStream.of(positions).boxed().toList();
        return objects.taken(
                positions,
                places.stream().map(objects.boxes()::get).toList(),
                places.stream().map(objects.masks()::get).toList(),
                objects.keypoints().isEmpty()
                        ? List.of()
                        : places.stream().map(objects.keypoints()::get).toList());
    }

    /** What is still seen of objects; boxes are those of what is. */
    private static Target.Objects uncovered(Target.Objects objects, byte[] covered) {
        var kept = new ArrayList<Integer>();
        var boxes = new ArrayList<Box>();
        var masks = new ArrayList<Mask>();
        for (int i = 0; i < objects.boxes().size(); i++) {
            Mask before = objects.masks().get(i);
            Mask seen = without(before, covered);
            Optional<Box> box = seen.box();
            if (box.isPresent() && seen.count() >= LEAST_VISIBLE * before.count()) {
                kept.add(i);
                masks.add(seen);
                boxes.add(seen.count() == before.count() ? objects.boxes().get(i) : box.get());
            }
        }
        int[] positions = kept.stream().mapToInt(Integer::intValue).toArray();
        return objects.taken(
                positions,
                boxes,
                masks,
                objects.keypoints().isEmpty()
                        ? List.of()
                        : kept.stream().map(objects.keypoints()::get).toList());
    }

    private static Mask without(Mask mask, byte[] covered) {
        byte[] values = mask.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = covered[i] != 0 ? 0 : values[i];
        }
        return new Mask(mask.size(), values);
    }
}
