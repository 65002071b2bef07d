package dev.fovea.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** YOLO: shares of the image's sides; polygons, if each object has exactly one. */
final class YoloWriter implements ObjectWriter {

    private final Path folder;
    private final List<String> classes;
    private final boolean polygons;
    private final Set<String> parts = new LinkedHashSet<>();

    /** @param polygons whether each object of all images is one polygon, which is written in place of its box */
    YoloWriter(Path folder, List<String> classes, boolean polygons) {
        this.folder = folder;
        this.classes = classes;
        this.polygons = polygons;
    }

    /** Whether an object can be written as a polygon. */
    static boolean onePolygon(Annotation object) {
        return object.outline() instanceof Outline.Polygons shape
                && shape.rings().size() == 1;
    }

    @Override
    public String place(Written image) {
        return "images/" + ObjectWriter.word(image.part()) + "/" + image.fileName();
    }

    @Override
    public void add(Written image, Losses losses) throws IOException {
        parts.add(image.part());
        ObjectWriter.countScores(image.objects(), losses);
        var lines = new ArrayList<String>();
        for (Annotation object : image.objects()) {
            if (object.ignore()) {
                losses.add("objects that are to be ignored (crowds, difficult ones), left out");
                continue;
            }
            object.keypoints().ifPresent(points -> losses.add("keypoints"));
            if (object.outline().drawn() && !polygons) {
                losses.add("masks beside boxes, or of several pieces");
            }
            lines.add(object.label() + (polygons ? polygon(object, image) : box(object.box(), image)));
        }
        Files.write(
                ObjectWriter.made(folder, "labels/" + ObjectWriter.word(image.part()) + "/" + image.stem() + ".txt"),
                lines);
    }

    private static String box(Box box, Written image) {
        double width = image.size().width();
        double height = image.size().height();
        return share((box.left() + box.right()) / 2 / width)
                + share((box.top() + box.bottom()) / 2 / height)
                + share(box.width() / width)
                + share(box.height() / height);
    }

    private static String polygon(Annotation object, Written image) {
        float[] ring = ((Outline.Polygons) object.outline()).rings().get(0);
        var line = new StringBuilder();
        for (int i = 0; i < ring.length; i++) {
            double share =
                    ring[i] / (i % 2 == 0 ? image.size().width() : image.size().height());
            line.append(share(Math.max(0, Math.min(1, share))));
        }
        return line.toString();
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, " %.8f", share);
    }

    @Override
    public void finish() throws IOException {
        Map<String, Object> yaml = new LinkedHashMap<>();
        parts.forEach(part -> yaml.put(ObjectWriter.word(part), "images/" + ObjectWriter.word(part)));
        Map<Integer, String> names = new LinkedHashMap<>();
        classes.forEach(name -> names.put(names.size(), name));
        yaml.put("names", names);
        Files.writeString(folder.resolve("data.yaml"), new YAMLMapper().writeValueAsString(yaml));
    }
}
