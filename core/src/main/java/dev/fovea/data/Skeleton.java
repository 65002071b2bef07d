package dev.fovea.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What the points of a kind of object are called, and which of them are each other's mirror image.
 *
 * @param names of the points, in their order
 * @param mirrored for each point, the position of that which takes its place in a mirrored image; its own where none does
 */
public record Skeleton(List<String> names, List<Integer> mirrored) {

    /** COCO's seventeen points of a person. */
    public static final Skeleton COCO_PERSON = of(List.of(
            "nose",
            "left_eye",
            "right_eye",
            "left_ear",
            "right_ear",
            "left_shoulder",
            "right_shoulder",
            "left_elbow",
            "right_elbow",
            "left_wrist",
            "right_wrist",
            "left_hip",
            "right_hip",
            "left_knee",
            "right_knee",
            "left_ankle",
            "right_ankle"));

    public Skeleton {
        names = List.copyOf(names);
        mirrored = List.copyOf(mirrored);
        List<Integer> other = mirrored;
        boolean pairs = mirrored.size() == names.size()
                && IntStream.range(0, mirrored.size())
                        .allMatch(
                                i -> other.get(i) >= 0 && other.get(i) < other.size() && other.get(other.get(i)) == i);
        if (!pairs) {
            throw new IllegalArgumentException(
                    "skeleton: mirrored names for each of the %s points the one that takes its place, and for that one it, got %s"
                            .formatted(names.size(), mirrored));
        }
    }

    /** Points whose names differ in left and right alone are pairs. */
    public static Skeleton of(List<String> names) {
        return new Skeleton(
                names,
                IntStream.range(0, names.size())
                        .map(i -> other(names, i))
                        .boxed()
                        .toList());
    }

    private static int other(List<String> names, int point) {
        String name = names.get(point);
        List<String> others = List.of(
                name.replace("left", "right"),
                name.replace("right", "left"),
                name.replace("Left", "Right"),
                name.replace("Right", "Left"),
                name.replaceFirst("^l_", "r_"),
                name.replaceFirst("^r_", "l_"));
        return others.stream()
                .filter(other -> !other.equals(name) && names.contains(other))
                .mapToInt(names::indexOf)
                .filter(other -> names.indexOf(name) == point)
                .findFirst()
                .orElse(point);
    }
}
