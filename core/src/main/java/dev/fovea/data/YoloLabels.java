package dev.fovea.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Label files of YOLO: a line for each object, with its class's number and shares of the image's width and height. */
final class YoloLabels {

    /** Rounding, and what hands draw beyond an edge; more is no share. */
    private static final double BEYOND = 0.01;

    private static final int BOX = 4;

    private final YoloNames names;
    private final AnnotationFaults faults;
    private final boolean masks;
    private final List<String> notes;

    YoloLabels(YoloNames names, AnnotationFaults faults, boolean masks, List<String> notes) {
        this.names = names;
        this.faults = faults;
        this.masks = masks;
        this.notes = notes;
    }

    List<Annotation> read(TreeFile file) {
        var objects = new ObjectList(file.name() + ":", Optional.of(BoxChecks.WHOLE), faults);
        List<String> lines =
                CsvTable.decoded(file.name(), file.bytes().get(), notes).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                add(objects, line.split("[\\s,]+"), i + 1);
            }
        }
        return objects.objects();
    }

    private void add(ObjectList objects, String[] words, int line) {
        double[] numbers = new double[words.length];
        for (int i = 0; i < words.length; i++) {
            Optional<Double> number = BoxChecks.parsed(words[i]);
            if (number.isEmpty()) {
                objects.fault(line, "'%s' is no number. Expected class, x, y, width and height".formatted(words[i]));
                return;
            }
            numbers[i] = number.get();
        }
        double label = numbers[0];
        double[] shares = Arrays.copyOfRange(numbers, 1, numbers.length);
        String fault = fault(label, shares);
        if (!fault.isEmpty()) {
            objects.fault(line, fault);
            return;
        }
        boolean points = names.skeleton().isPresent();
        boolean polygon = !points && shares.length > BOX;
        objects.add(
                polygon ? around(shares) : box(shares),
                (int) label,
                false,
                polygon && masks ? new Outline.Polygons(List.of(floats(shares))) : Outline.MISSING,
                points ? keypoints(shares) : Optional.empty(),
                line);
    }

    private String fault(double label, double[] shares) {
        int classes = names.classes().size();
        if (label != Math.rint(label) || label < 0) {
            return "the class %s is no number from 0. Expected class, x, y, width and height"
                    .formatted(BoxChecks.number(label));
        }
        if (label >= classes) {
            return "the class %s, but %s names %s, from 0 to %s. Correct it, or add its name"
                    .formatted(BoxChecks.number(label), names.file().fileName(), classes, classes - 1);
        }
        int points = names.skeleton().map(skeleton -> skeleton.names().size()).orElse(0);
        boolean counted = points > 0
                ? shares.length == BOX + points * names.perPoint()
                : shares.length == BOX || shares.length >= 6 && shares.length % 2 == 0;
        if (!counted) {
            return points > 0
                    ? "%s numbers behind the class. Expected x, y, width, height and %s of each of %s points"
                            .formatted(shares.length, names.perPoint(), points)
                    : "%s numbers behind the class. Expected x, y, width and height, or x and y of three corners or more"
                            .formatted(shares.length);
        }
        return faultOfShares(points > 0 ? Arrays.copyOf(shares, BOX) : shares);
    }

    private static String faultOfShares(double[] shares) {
        for (double share : shares) {
            if (!Double.isFinite(share)) {
                return "a number that is not finite. Correct or remove the line";
            }
            if (share > 1 + BEYOND || share < -BEYOND) {
                return "%s is no share of the image. Expected numbers from 0 to 1: divide pixels by the image's width and height"
                        .formatted(BoxChecks.number(share));
            }
        }
        return "";
    }

    private static BoxChecks.Checked box(double[] shares) {
        return BoxChecks.shares(
                shares[0] - shares[2] / 2,
                shares[1] - shares[3] / 2,
                shares[0] + shares[2] / 2,
                shares[1] + shares[3] / 2);
    }

    private static BoxChecks.Checked around(double[] corners) {
        double[] x = new double[corners.length / 2];
        double[] y = new double[corners.length / 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = corners[2 * i];
            y[i] = corners[2 * i + 1];
        }
        Arrays.sort(x);
        Arrays.sort(y);
        return BoxChecks.shares(x[0], y[0], x[x.length - 1], y[y.length - 1]);
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    /** Of two numbers a point, one at (0, 0) is not known. */
    private Optional<Keypoints> keypoints(double[] shares) {
        Skeleton skeleton = names.skeleton().orElseThrow();
        int count = skeleton.names().size();
        double[] x = new double[count];
        double[] y = new double[count];
        int[] visibility = new int[count];
        for (int i = 0; i < count; i++) {
            int at = BOX + i * names.perPoint();
            x[i] = shares[at];
            y[i] = shares[at + 1];
            boolean known = names.perPoint() > 2 ? shares[at + 2] > 0 : x[i] != 0 || y[i] != 0;
            boolean hidden = names.perPoint() > 2 && shares[at + 2] == 1;
            visibility[i] = !known ? Keypoints.UNKNOWN : hidden ? Keypoints.HIDDEN : Keypoints.VISIBLE;
        }
        boolean finite =
                Arrays.stream(x).allMatch(Double::isFinite) && Arrays.stream(y).allMatch(Double::isFinite);
        return finite ? Optional.of(new Keypoints(skeleton, x, y, visibility)) : Optional.empty();
    }

    /** Where the label file of an image may lie: labels in place of images among its folders, or beside it. */
    static List<List<String>> placesOf(List<String> image) {
        var places = new ArrayList<List<String>>();
        String name = Voc.stem(image.get(image.size() - 1)) + ".txt";
        int folder = image.subList(0, image.size() - 1).lastIndexOf("images");
        for (boolean replaced : new boolean[] {true, false}) {
            if (!replaced || folder >= 0) {
                var place = new ArrayList<>(image);
                place.set(place.size() - 1, name);
                if (replaced) {
                    place.set(folder, "labels");
                }
                places.add(place);
            }
        }
        return places;
    }
}
