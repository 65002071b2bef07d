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

    /** Points of a person between which a line is drawn, as COCO has them. */
    private static final List<List<String>> JOINED = List.of(
            List.of("left_ankle", "left_knee"),
            List.of("left_knee", "left_hip"),
            List.of("right_ankle", "right_knee"),
            List.of("right_knee", "right_hip"),
            List.of("left_hip", "right_hip"),
            List.of("left_shoulder", "left_hip"),
            List.of("right_shoulder", "right_hip"),
            List.of("left_shoulder", "right_shoulder"),
            List.of("left_shoulder", "left_elbow"),
            List.of("right_shoulder", "right_elbow"),
            List.of("left_elbow", "left_wrist"),
            List.of("right_elbow", "right_wrist"),
            List.of("left_eye", "right_eye"),
            List.of("nose", "left_eye"),
            List.of("nose", "right_eye"),
            List.of("left_eye", "left_ear"),
            List.of("right_eye", "right_ear"),
            List.of("left_ear", "left_shoulder"),
            List.of("right_ear", "right_shoulder"));

    /**
     * A line between two points.
     *
     * @param from position of one point
     * @param to position of the other
     */
    public record Bone(int from, int to) {}

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

    /** Lines between points that are called as a person's; none between others. */
    public List<Bone> bones() {
        return JOINED.stream()
                .filter(names::containsAll)
                .map(pair -> new Bone(names.indexOf(pair.get(0)), names.indexOf(pair.get(1))))
                .toList();
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
