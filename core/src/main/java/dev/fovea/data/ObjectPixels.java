package dev.fovea.data;

import dev.fovea.image.Size;
import java.util.List;

/**
 * Images whose objects have masks, told as the class of every pixel: the background first, then the classes of the objects.
 * Where objects overlap, and in crowds and difficult objects, pixels are ignored, as torchvision's reference has it.
 */
final class ObjectPixels implements DerivedDataset {

    /** What is to be read of the objects. */
    static final TargetKind.Boxes OBJECTS = new TargetKind.Boxes(true, false);

    private static final byte NOT_KNOWN = (byte) Target.IGNORED;

    private final Dataset objects;
    private final List<String> classes;

    private ObjectPixels(Dataset objects) {
        this.objects = objects;
        classes = MaskCode.withBackground(objects.classes());
    }

    /** @throws DataException if there are more classes than a mask can tell apart, or nobody has drawn masks */
    static Splits of(String source, Splits objects) {
        int classes = objects.train().classes().size();
        if (classes + 1 > Target.IGNORED) {
            throw new DataException(
                    "%s: has %s classes of objects, masks tell at most %s apart beside the background. Use fewer"
                            .formatted(source, classes, Target.IGNORED - 1));
        }
        return new Splits(
                new ObjectPixels(objects.train()),
                new ObjectPixels(objects.validation()),
                new ObjectPixels(objects.test()),
                objects.notes(),
                objects.files());
    }

    @Override
    public Dataset data() {
        return objects;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Target target(int index) {
        var own = (Target.Objects) objects.target(index);
        if (own.masks().isEmpty() && !own.boxes().isEmpty()) {
            throw new DataException(
                    "%s: its objects have no masks. Expected polygons, run lengths or SegmentationObject"
                            .formatted(name(index)));
        }
        Size size = own.masks().isEmpty() ? size(index) : own.masks().get(0).size();
        byte[] values = new byte[size.height() * size.width()];
        for (int i = 0; i < own.masks().size(); i++) {
            byte[] mask = own.masks().get(i).values();
            for (int p = 0; p < values.length; p++) {
                if (mask[p] != 0) {
                    values[p] = own.ignore()[i] || values[p] != 0 ? NOT_KNOWN : (byte) (own.labels()[i] + 1);
                }
            }
        }
        return new Target.PixelLabels(new Mask(size, values));
    }

    private Size size(int index) {
        return objects instanceof Annotated annotated
                ? annotated.imageSize(index)
                : objects.image(index).size();
    }

    @Override
    public int stratum(int index) {
        return objects.stratum(index);
    }

    /** Images with objects of each class; all have a background. */
    @Override
    public int[] counts() {
        int[] counts = new int[classes.size()];
        counts[0] = size();
        System.arraycopy(objects.counts(), 0, counts, 1, counts.length - 1);
        return counts;
    }

    @Override
    public String targetText(int index) {
        return objects.targetText(index);
    }

    @Override
    public String toString() {
        return objects + ", told by pixels";
    }
}
