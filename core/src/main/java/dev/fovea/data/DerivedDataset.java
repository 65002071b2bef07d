package dev.fovea.data;

import dev.fovea.image.Image;
import java.util.List;
import java.util.Optional;

/** The images of another data set, in its order: what is not said here is as it is there. */
public interface DerivedDataset extends Dataset {

    /** The other data set. */
    Dataset data();

    @Override
    default List<String> classes() {
        return data().classes();
    }

    @Override
    default int size() {
        return data().size();
    }

    @Override
    default Target target(int index) {
        return data().target(index);
    }

    @Override
    default String name(int index) {
        return data().name(index);
    }

    @Override
    default Image image(int index) {
        return data().image(index);
    }

    @Override
    default boolean clips() {
        return data().clips();
    }

    @Override
    default int frames(int index) {
        return data().frames(index);
    }

    @Override
    default List<Image> frames(int index, int... positions) {
        return data().frames(index, positions);
    }

    @Override
    default void check(int index) {
        data().check(index);
    }

    @Override
    default long bytes(int index) {
        return data().bytes(index);
    }

    @Override
    default Optional<byte[]> encoded(int index) {
        return data().encoded(index);
    }

    @Override
    default long fingerprint(int index) {
        return data().fingerprint(index);
    }
}
