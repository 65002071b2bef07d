package dev.fovea.data;

import java.util.List;

/**
 * Images or clips with other labels than they had.
 *
 * @param classes that the labels are of
 * @param labels of each, positions in the classes
 */
public record Relabelled(Dataset data, List<String> classes, List<Integer> labels) implements DerivedDataset {

    public Relabelled {
        classes = List.copyOf(classes);
        labels = List.copyOf(labels);
    }

    /** Of the classes that the data has. */
    public Relabelled(Dataset data, List<Integer> labels) {
        this(data, data.classes(), labels);
    }

    @Override
    public Target target(int index) {
        return new Target.Label(labels.get(index));
    }
}
