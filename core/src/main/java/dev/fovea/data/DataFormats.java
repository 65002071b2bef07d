package dev.fovea.data;

import java.util.Optional;

/** Reads what lies in a folder or archive in the format that the options name or, where they name none, that is recognised. */
final class DataFormats {

    private DataFormats() {}

    static Splits read(Tree tree, Data.Options options) {
        Splits splits = recognised(tree, options);
        return tree.notes().isEmpty() ? splits : splits.withNotesBefore(tree.notes());
    }

    private static Splits recognised(Tree tree, Data.Options options) {
        String format = options.format();
        if (tree.files().isEmpty()) {
            throw new DataException("%s: %s. Expected one folder per class with images in it"
                    .formatted(
                            tree.source(),
                            tree.notes().isEmpty() ? "is empty" : "holds nothing beside runs and models"));
        }
        Optional<ObjectFormat> objects = ObjectFormat.named(format);
        if (objects.isPresent() && !options.boxes() && !options.pixels()) {
            throw otherThanBoxes(tree, objects.get());
        }
        boolean told = options.targets() instanceof TargetKind.Pixels
                || ObjectFormat.found(tree).isEmpty();
        boolean masks = options.pixels() && format.isEmpty() && told && MaskLayout.matches(tree);
        if (masks || format.equals("masks") && options.pixels()) {
            return MaskLayout.read(tree, options);
        }
        if (format.equals("masks")) {
            throw otherThanMasks(tree);
        }
        if (objects.isEmpty() && format.isEmpty() && (options.boxes() || options.pixels())) {
            objects = ObjectFormat.found(tree);
        }
        if (objects.isPresent() && options.targets() instanceof TargetKind.Pixels) {
            return ObjectPixels.of(tree.source(), objects.get().read(tree, options.withTargets(ObjectPixels.OBJECTS)));
        }
        if (objects.isPresent()) {
            return objects.get().read(tree, options);
        }
        if (format.equals("idx") || (format.isEmpty() && Idx.matches(tree))) {
            return Idx.read(tree);
        }
        if (format.equals("cifar") || (format.isEmpty() && Cifar.matches(tree))) {
            return Cifar.read(tree);
        }
        Cifar.refusePickles(tree);
        if (!options.labelled() && !format.equals("frames")) {
            return Layout.unlabelled(tree, options);
        }
        Splits read;
        try {
            read = Layout.read(tree, options);
        } catch (DataException e) {
            checkBoxes(tree, format);
            throw e;
        }
        if (read.train().classes().size() == 1) {
            checkBoxes(tree, format);
        }
        return read;
    }

    /** Images that lie in no class folders have boxes rather than too few classes. */
    private static void checkBoxes(Tree tree, String format) {
        if (format.isEmpty()) {
            ObjectFormat.found(tree).ifPresent(found -> {
                throw otherThanBoxes(tree, found);
            });
        }
    }

    private static DataException otherThanMasks(Tree tree) {
        return new DataException(
                "%s: masks say the class of every pixel, and something else is to be learned. Train a network for segmentation with them"
                        .formatted(tree.source()));
    }

    private static DataException otherThanBoxes(Tree tree, ObjectFormat format) {
        return new DataException(
                "%s: has boxes of objects (%s), and a class, labels or numbers of each image are to be learned. Expected one folder per class, or a CSV file of path,label"
                        .formatted(tree.source(), format.title()));
    }
}
