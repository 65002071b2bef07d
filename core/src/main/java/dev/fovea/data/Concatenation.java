package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;
import java.util.Optional;

/** The images of one data set and then those of another, of the same classes. */
record Concatenation(Dataset first, Dataset second) implements Dataset {

    Concatenation {
        if (!first.classes().equals(second.classes())) {
            throw new DataException("two data sets must have the same classes to be one, got %s and %s"
                    .formatted(first.classes(), second.classes()));
        }
    }

    @Override
    public List<String> classes() {
        return first.classes();
    }

    @Override
    public int size() {
        return first.size() + second.size();
    }

    @Override
    public Target target(int index) {
        return of(index).target(at(index));
    }

    @Override
    public int label(int index) {
        return of(index).label(at(index));
    }

    @Override
    public int stratum(int index) {
        return of(index).stratum(at(index));
    }

    @Override
    public String name(int index) {
        return of(index).name(at(index));
    }

    @Override
    public Image image(int index) {
        return of(index).image(at(index));
    }

    @Override
    public boolean clips() {
        return first.clips();
    }

    @Override
    public int frames(int index) {
        return of(index).frames(at(index));
    }

    @Override
    public List<Image> frames(int index, int... positions) {
        return of(index).frames(at(index), positions);
    }

    @Override
    public void check(int index) {
        of(index).check(at(index));
    }

    @Override
    public long bytes(int index) {
        return of(index).bytes(at(index));
    }

    @Override
    public Optional<byte[]> encoded(int index) {
        return of(index).encoded(at(index));
    }

    @Override
    public long fingerprint(int index) {
        return of(index).fingerprint(at(index));
    }

    private Dataset of(int index) {
        return index < first.size() ? first : second;
    }

    private int at(int index) {
        return index < first.size() ? index : index - first.size();
    }
}
