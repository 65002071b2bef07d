package dev.fovea.data;

import java.util.List;
import java.util.Map;

/**
 * Images with the class of every pixel, over which objects were painted, one after the other; one that is to be ignored makes its
 * pixels so.
 *
 * @param classes those of the data, and perhaps more
 * @param painted the objects of corrected images
 */
record Repainted(Dataset data, List<String> classes, Map<Integer, List<Annotation>> painted) implements DerivedDataset {

    Repainted {
        classes = List.copyOf(classes);
        painted = Map.copyOf(painted);
    }

    @Override
    public Target target(int index) {
        var before = (Target.PixelLabels) data.target(index);
        if (!painted.containsKey(index)) {
            return before;
        }
        byte[] values = before.classes().values().clone();
        for (Annotation object : painted.get(index)) {
            byte value = (byte) (object.ignore() ? Target.IGNORED : object.label());
            byte[] where =
                    object.outline().mask(before.classes().size(), object.box()).values();
            for (int i = 0; i < values.length; i++) {
                values[i] = where[i] != 0 ? value : values[i];
            }
        }
        return new Target.PixelLabels(new Mask(before.classes().size(), values));
    }

    @Override
    public int stratum(int index) {
        return painted.containsKey(index) ? target(index).stratum() : data.stratum(index);
    }
}
