package dev.fovea.task.segment;

import dev.fovea.data.Mask;
import dev.fovea.data.RunLengthMask;
import dev.fovea.run.Predictor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The classes of an image's pixels.
 *
 * @param mask of the image's size, a class for every pixel
 * @param classes their names
 */
public record SegmentedImage(Mask mask, List<String> classes) implements Predictor.Answer {

    private static final int SAID = 5;

    public SegmentedImage {
        classes = List.copyOf(classes);
    }

    /**
     * Where a class is seen.
     *
     * @param label of the class
     * @param share of the image's pixels, 0 to 1
     * @param mask where
     */
    public record Region(String label, double share, RunLengthMask mask) {

        private Map<String, Object> values() {
            var runs = new LinkedHashMap<String, Object>();
            runs.put("size", List.of(mask.size().height(), mask.size().width()));
            runs.put("counts", mask.counts());
            var values = new LinkedHashMap<String, Object>();
            values.put("label", label);
            values.put("share", share);
            values.put("mask", runs);
            return values;
        }
    }

    /** Of the classes that are seen, the largest first. */
    public List<Region> regions() {
        var regions = new ArrayList<Region>();
        for (int label = 0; label < classes.size(); label++) {
            Mask own = only(label);
            int pixels = own.count();
            if (pixels > 0) {
                regions.add(
                        new Region(classes.get(label), pixels / (double) own.values().length, RunLengthMask.of(own)));
            }
        }
        regions.sort(Comparator.comparingDouble(region -> -region.share()));
        return regions;
    }

    private Mask only(int label) {
        byte[] values = new byte[mask.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) ((mask.values()[i] & 0xFF) == label ? 1 : 0);
        }
        return new Mask(mask.size(), values);
    }

    /** The regions with their masks in COCO's run lengths. */
    @Override
    public Map<String, Object> values() {
        return Map.of("regions", regions().stream().map(Region::values).toList());
    }

    @Override
    public String text() {
        List<Region> regions = regions();
        return regions.stream()
                        .limit(SAID)
                        .map(region -> String.format(Locale.ROOT, "%s %.1f %%", region.label(), 100 * region.share()))
                        .collect(Collectors.joining(", "))
                + (regions.size() > SAID ? ", %s more".formatted(regions.size() - SAID) : "");
    }
}
