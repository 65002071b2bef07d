package dev.fovea.data;

import java.util.List;
import java.util.stream.IntStream;

/** Names of the classes of masks that are numbers alone, where no file says what each stands for. */
public final class UnnamedClasses {

    private UnnamedClasses() {}

    static List<String> of(int count) {
        return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
    }

    /** Whether these are such names, in the order of their numbers. */
    public static boolean are(List<String> classes) {
        return classes.equals(of(classes.size()));
    }
}
