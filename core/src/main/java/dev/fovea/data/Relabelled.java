package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;
import java.util.Optional;

/**
 * Images or clips with other labels than they had.
 *
 * @param classes that the labels are of
 * @param labels of each, positions in the classes
 */
public record Relabelled(Dataset data, List<String> classes, List<Integer> labels) implements Dataset {

    public Relabelled {
        classes = List.copyOf(classes);
        labels = List.copyOf(labels);
    }

    /** Of the classes that the data has. */
    public Relabelled(Dataset data, List<Integer> labels) {
        this(data, data.classes(), labels);
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
    public String name(int index) {
        return data.name(index);
    }

    @Override
    public Image image(int index) {
        return data.image(index);
    }

    @Override
    public boolean clips() {
        return data.clips();
    }

    @Override
    public int frames(int index) {
        return data.frames(index);
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        return data.frames(index, positions);
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
    public Optional<byte[]> encoded(int index) {
        return data.encoded(index);
    }

    @Override
    public long fingerprint(int index) {
        return data.fingerprint(index);
    }
}
