package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.data.Target;
import dev.fovea.image.Image;
import java.util.List;

/**
 * Images with other labels than they had.
 *
 * @param labels of each image, positions in the classes
 */
record Relabelled(Dataset data, List<Integer> labels) implements Dataset {

    Relabelled {
        labels = List.copyOf(labels);
    }

    @Override
    public List<String> classes() {
        return data.classes();
    }

    @Override
    public int size() {
        return data.size();
    }

    @Override
    public Target target(int index) {
        return new Target.Label(labels.get(index));
    }

    @Override
    public int stratum(int index) {
        return labels.get(index);
    }

    @Override
    public String name(int index) {
        return data.name(index);
    }

    @Override
    public Image image(int index) {
        return data.image(index);
    }

    @Override
    public void check(int index) {
        data.check(index);
    }

    @Override
    public long bytes(int index) {
        return data.bytes(index);
    }

    @Override
    public long fingerprint(int index) {
        return data.fingerprint(index);
    }
}
