package dev.fovea.run;

import dev.fovea.data.BoxSummary;
import dev.fovea.data.DataRemarks;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.report.ContactSheet;
import dev.fovea.report.MaskDrawing;
import dev.fovea.report.ObjectDrawing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is in a data set.
 *
 * @param kind images or clips
 * @param targets what is to be learned of them, per part
 * @param boxes what the objects of each part are; none where no boxes are known
 * @param sizes images per size, {@code width x height}, and of clips per length
 * @param unreadable what is wrong with each image that cannot be read
 * @param duplicates groups of identical images within a part
 * @param leaked groups of identical images in more than one part
 * @param suspicious images of one colour, far longer than wide, or whose files are suspicious, as {@link Image#notes} says
 * @param remarks what is likely to mislead: uneven classes, few images to validate on, labels that contradict each other
 */
public record Inspection(
        List<String> classes,
        String kind,
        Map<String, TargetSummary> targets,
        Map<String, BoxSummary> boxes,
        Map<String, Integer> sizes,
        List<String> unreadable,
        List<List<String>> duplicates,
        List<List<String>> leaked,
        List<String> suspicious,
        List<String> remarks) {

    private static final int SHEET_ROW = 8;
    private static final int SHEET_CLASSES = 12;

    /** Images with objects are larger, as the objects are to be seen. */
    private static final int OBJECT_SIDE = 220;

    private static final int OBJECT_ROW = 4;
    private static final int OBJECT_TILES = 16;

    /** Reads every image once. */
    public static Inspection of(Splits splits) {
        var targets = new LinkedHashMap<String, TargetSummary>();
        var boxes = new LinkedHashMap<String, BoxSummary>();
        var sizes = new TreeMap<String, Integer>();
        var unreadable = new ArrayList<String>();
        var suspicious = new ArrayList<String>();
        var same = new LinkedHashMap<Long, Map<String, List<String>>>();
        var labels = new HashMap<Long, Map<String, String>>();
        parts(splits).forEach((part, data) -> {
            targets.put(part, TargetSummary.of(data));
            if (BoxSummary.isOf(data)) {
                boxes.put(part, BoxSummary.of(data));
            }
            for (int i = 0; i < data.size(); i++) {
                try {
                    String name = data.name(i);
                    List<Image> frames =
                            data.frames(i, IntStream.range(0, data.frames(i)).toArray());
                    Image image = frames.get(0);
                    String length = data.clips() ? ", " + frames.size() + " frames" : "";
                    sizes.merge(image.width() + "x" + image.height() + length, 1, Integer::sum);
                    suspicion(image).forEach(why -> suspicious.add(name + ": " + why));
                    frames.stream()
                            .flatMap(f -> f.notes().stream())
                            .distinct()
                            .forEach(why -> suspicious.add(name + ": " + why));
                    if (frames.stream().anyMatch(f -> f.width() != image.width() || f.height() != image.height())) {
                        suspicious.add(name + ": frames of different sizes");
                    }
                    long print = data.fingerprint(i);
                    labels.computeIfAbsent(print, f -> new LinkedHashMap<>())
                            .putIfAbsent(data.targetText(i), "%s ('%s')".formatted(name, data.targetText(i)));
                    same.computeIfAbsent(print, f -> new LinkedHashMap<>())
                            .computeIfAbsent(part, p -> new ArrayList<>())
                            .add(data.name(i));
                } catch (ImageException e) {
                    unreadable.add(e.getMessage());
                }
            }
        });
        var duplicates = new ArrayList<List<String>>();
        var leaked = new ArrayList<List<String>>();
        same.values().forEach(group -> {
            if (group.size() > 1) {
                leaked.add(group.values().stream().flatMap(List::stream).toList());
            }
            group.values().stream().filter(names -> names.size() > 1).forEach(duplicates::add);
        });
        var remarks = new ArrayList<>(DataRemarks.of(splits, true, true));
        var contradictory = same.keySet().stream()
                .filter(print -> labels.get(print).size() > 1)
                .toList();
        if (!contradictory.isEmpty()) {
            var first = labels.get(contradictory.get(0));
            remarks.add(DataRemarks.contradiction(contradictory.size(), List.copyOf(first.values())));
        }
        return new Inspection(
                splits.train().classes(),
                splits.train().clips() ? "clips" : "images",
                targets,
                boxes,
                sizes,
                unreadable,
                duplicates,
                leaked,
                suspicious,
                remarks);
    }

    /** Images of each class or label per part. */
    public Map<String, Map<String, Integer>> counts() {
        var counts = new LinkedHashMap<String, Map<String, Integer>>();
        targets.forEach((part, summary) -> counts.put(part, summary.counts()));
        return counts;
    }

    /** A few images of each class; where they have no one class, a few of all. */
    public void writeSheet(Splits splits, Path file) {
        Dataset data = splits.train().size() > 0 ? splits.train() : Subset.only(splits);
        if (BoxSummary.isOf(data)) {
            writeObjects(data, sheetPart(splits), file);
            return;
        }
        if (data.target(0) instanceof Target.PixelLabels) {
            writePixels(data, sheetPart(splits), file);
            return;
        }
        if (!(data.target(0) instanceof Target.Label)) {
            writeSpread(data, sheetPart(splits), file);
            return;
        }
        var shown = new int[classes.size()];
        var tiles = new TreeMap<Integer, ContactSheet.Tile>();
        for (int i = 0; i < data.size(); i++) {
            int label = data.label(i);
            if (label < SHEET_CLASSES && shown[label] < (data.clips() ? 1 : SHEET_ROW)) {
                try {
                    var image = data.image(i).toBufferedImage();
                    tiles.put(
                            label * SHEET_ROW + shown[label]++,
                            new ContactSheet.Tile(List.of(image), List.of(classes.get(label)), ContactSheet.Mark.NONE));
                } catch (ImageException e) {
                    // listed among the unreadable ones
                }
            }
        }
        Image.write(
                file,
                ContactSheet.draw(
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d %s%s, of %d classes",
                                tiles.size(),
                                data.size(),
                                kind,
                                sheetPart(splits),
                                classes.size()),
                        List.copyOf(tiles.values()),
                        data.clips() ? 1 : SHEET_ROW));
    }

    /** Which part a sheet shows, where there are others. */
    private static String sheetPart(Splits splits) {
        long parts =
                parts(splits).values().stream().filter(part -> part.size() > 0).count();
        return parts < 2
                ? ""
                : " of the %s part".formatted(splits.train().size() > 0 ? "training" : Subset.part(splits));
    }

    private static void writeSpread(Dataset data, String part, Path file) {
        var tiles = new ArrayList<ContactSheet.Tile>();
        Dataset some = Subset.evenly(data, SHEET_ROW * SHEET_CLASSES / 2);
        for (int i = 0; i < some.size(); i++) {
            try {
                tiles.add(new ContactSheet.Tile(
                        List.of(some.image(i).toBufferedImage()),
                        List.of(some.targetText(i).split(", ")),
                        ContactSheet.Mark.NONE));
            } catch (ImageException e) {
                // listed among the unreadable ones
            }
        }
        Image.write(
                file,
                ContactSheet.draw(
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d%s, with what is known of them",
                                some.size(),
                                data.size(),
                                part),
                        tiles,
                        data.clips() ? 1 : SHEET_ROW));
    }

    private static void writePixels(Dataset data, String part, Path file) {
        var tiles = new ArrayList<ContactSheet.Tile>();
        Dataset some = Subset.evenly(data, OBJECT_TILES);
        for (int i = 0; i < some.size(); i++) {
            try {
                var image = some.image(i).toRgb().toBufferedImage();
                var labels = (Target.PixelLabels) some.target(i);
                tiles.add(new ContactSheet.Tile(
                        List.of(MaskDrawing.overlay(image, labels.classes(), data.classes())),
                        List.of(some.targetText(i)),
                        ContactSheet.Mark.NONE));
            } catch (ImageException e) {
                // listed among the unreadable ones
            }
        }
        Image.write(
                file,
                ContactSheet.draw(
                        String.format(
                                Locale.ROOT, "%,d of %,d images%s with their masks", some.size(), data.size(), part),
                        tiles,
                        OBJECT_ROW,
                        List.of(),
                        OBJECT_SIDE));
    }

    private static void writeObjects(Dataset data, String part, Path file) {
        var tiles = new ArrayList<ContactSheet.Tile>();
        Dataset some = Subset.evenly(data, OBJECT_TILES);
        for (int i = 0; i < some.size(); i++) {
            try {
                var image = some.image(i).toBufferedImage();
                var objects = (Target.Objects) some.target(i);
                tiles.add(new ContactSheet.Tile(
                        List.of(ObjectDrawing.draw(
                                image, ObjectDrawing.Marked.of(objects, data.classes()), 2 * OBJECT_SIDE)),
                        List.of(some.targetText(i)),
                        ContactSheet.Mark.NONE));
            } catch (ImageException e) {
                // listed among the unreadable ones
            }
        }
        Image.write(
                file,
                ContactSheet.draw(
                        String.format(
                                Locale.ROOT, "%,d of %,d images%s with their objects", some.size(), data.size(), part),
                        tiles,
                        OBJECT_ROW,
                        List.of(),
                        OBJECT_SIDE));
    }

    /** The findings as text. */
    public String text() {
        var out = new StringBuilder();
        targets.forEach((part, summary) ->
                out.append(boxes.containsKey(part) ? boxes.get(part).text(part) : summary.text(part, kind)));
        out.append("sizes         ")
                .append(sizes.size() <= 3 ? sizesInWords() : sizes.size() + " different")
                .append('\n');
        findings(out, "unreadable", unreadable);
        findings(out, "duplicates", duplicates.stream().map(Object::toString).toList());
        findings(out, "leaked", leaked.stream().map(Object::toString).toList());
        findings(out, "suspicious", suspicious);
        remarks.forEach(remark -> out.append(remark).append('\n'));
        return out.toString();
    }

    private String sizesInWords() {
        String each = sizes.entrySet().stream()
                .map(size -> String.format(Locale.ROOT, "%s: %,d %s", size.getKey(), size.getValue(), kind))
                .collect(Collectors.joining(", "));
        return sizes.isEmpty() ? "none" : each + " (width x height)";
    }

    private static void findings(StringBuilder out, String name, List<String> list) {
        out.append(String.format(Locale.ROOT, "%-12s %,8d%n", name, list.size()));
        list.stream().limit(5).forEach(line -> out.append("  ").append(line).append('\n'));
    }

    private static Map<String, Dataset> parts(Splits splits) {
        var parts = new LinkedHashMap<String, Dataset>();
        parts.put("train", splits.train());
        parts.put("validation", splits.validation());
        parts.put("test", splits.test());
        return parts;
    }

    private static List<String> suspicion(Image image) {
        double aspect = image.width() / (double) image.height();
        if (aspect > 5 || aspect < 0.2) {
            return List.of(
                    String.format(Locale.ROOT, "%d x %d pixels, far from square", image.width(), image.height()));
        }
        byte[] pixels = image.pixels();
        for (int i = image.channels(); i < pixels.length; i++) {
            if (pixels[i] != pixels[i - image.channels()]) {
                return List.of();
            }
        }
        return List.of("one colour all over");
    }
}
