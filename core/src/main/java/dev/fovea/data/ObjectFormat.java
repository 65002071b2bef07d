package dev.fovea.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Forms of data sets with boxes that are folders or archives, in the order in which they are tried. */
enum ObjectFormat {
    VOC("Pascal VOC", Voc::matches, Voc::read),
    WIDER("WIDER FACE", Wider::matches, Wider::read),
    COCO("COCO", Coco::matches, Coco::read),
    YOLO("YOLO", Yolo::matches, Yolo::read);

    private final String title;
    private final Predicate<Tree> matches;
    private final BiFunction<Tree, Data.Options, Splits> reader;

    ObjectFormat(String title, Predicate<Tree> matches, BiFunction<Tree, Data.Options, Splits> reader) {
        this.title = title;
        this.matches = matches;
        this.reader = reader;
    }

    /** As people call it. */
    String title() {
        return title;
    }

    Splits read(Tree tree, Data.Options options) {
        return reader.apply(tree, options);
    }

    /** The one of an option's word. */
    static Optional<ObjectFormat> named(String word) {
        return Arrays.stream(values())
                .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    /** The one that lies there. */
    static Optional<ObjectFormat> found(Tree tree) {
        return Arrays.stream(values())
                .filter(format -> format.matches.test(tree))
                .findFirst();
    }
}
