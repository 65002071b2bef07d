package dev.fovea.data;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.image.Size;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Image files with boxes of objects. Masks are drawn when asked for, as all of them would not find room. */
final class ObjectFiles implements Dataset, Annotated {

    private final List<String> classes;
    private final List<AnnotatedImage> images;
    private final TargetKind.Boxes wanted;
    private final Optional<Skeleton> skeleton;
    private final List<Long> categories;

    /** Sizes of images whose annotations do not say them, once they are known. */
    private final AtomicReferenceArray<Size> sizes;

    /**
     * @param wanted masks and keypoints, which all parts have or none
     * @param skeleton of objects without keypoints, where keypoints are wanted
     * @param categories numbers that the data gives its classes, or none
     */
    ObjectFiles(
            List<String> classes,
            List<AnnotatedImage> images,
            TargetKind.Boxes wanted,
            Optional<Skeleton> skeleton,
            List<Long> categories) {
        this.classes = List.copyOf(classes);
        this.images = List.copyOf(images);
        this.wanted = wanted;
        this.skeleton = skeleton;
        this.categories = List.copyOf(categories);
        sizes = new AtomicReferenceArray<>(images.size());
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public List<Annotation> annotations(int index) {
        return images.get(index).within(imageSize(index));
    }

    @Override
    public Size imageSize(int index) {
        Optional<Size> said = images.get(index).size();
        if (said.isPresent()) {
            return said.get();
        }
        Size known = sizes.get(index);
        if (known == null) {
            TreeFile file = images.get(index).file();
            known = Image.size(file.bytes().get(), file.name());
            sizes.set(index, known);
        }
        return known;
    }

    @Override
    public int clipped(int index) {
        return images.get(index).clipped(imageSize(index));
    }

    @Override
    public long id(int index) {
        return images.get(index).id();
    }

    @Override
    public List<Long> categories() {
        return categories;
    }

    /** The size of the image is looked for only where places depend on it. */
    @Override
    public Target target(int index) {
        if (images.get(index).objects().isEmpty()) {
            return Target.Objects.of(List.of(), new int[0]);
        }
        List<Annotation> objects = annotations(index);
        boolean[] ignore = new boolean[objects.size()];
        for (int i = 0; i < ignore.length; i++) {
            ignore[i] = objects.get(i).ignore();
        }
        return new Target.Objects(
                objects.stream().map(Annotation::box).toList(),
                objects.stream().mapToInt(Annotation::label).toArray(),
                wanted.masks() ? masks(index, objects) : List.of(),
                ignore,
                wanted.keypoints() && skeleton.isPresent()
                        ? objects.stream()
                                .map(object ->
                                        object.keypoints().orElseGet(() -> Keypoints.unknown(skeleton.orElseThrow())))
                                .toList()
                        : List.of());
    }

    private List<Mask> masks(int index, List<Annotation> objects) {
        Size size = imageSize(index);
        return objects.stream()
                .map(object -> object.outline().mask(size, object.box()))
                .toList();
    }

    @Override
    public int stratum(int index) {
        return somewhere(index).stratum();
    }

    @Override
    public String targetText(int index) {
        return somewhere(index).text(classes);
    }

    /** What is to be known of the classes of objects needs no image. */
    private Target.Objects somewhere(int index) {
        int[] labels =
                images.get(index).objects().stream().mapToInt(Annotation::label).toArray();
        return Target.Objects.of(Collections.nCopies(labels.length, new Box(0, 0, 0, 0)), labels);
    }

    @Override
    public int[] counts() {
        int[] counts = new int[classes.size()];
        for (AnnotatedImage image : images) {
            image.objects().stream().mapToInt(Annotation::label).distinct().forEach(label -> counts[label]++);
        }
        return counts;
    }

    @Override
    public String name(int index) {
        return images.get(index).file().name();
    }

    /** @throws ImageException also if its objects do not lie within it */
    @Override
    public Image image(int index) {
        AnnotatedImage annotated = images.get(index);
        TreeFile file = annotated.file();
        Image image = Image.decode(file.bytes().get(), file.name());
        annotated.check(image.size());
        sizes.set(index, image.size());
        annotated.within(image.size());
        return image;
    }

    @Override
    public Optional<byte[]> encoded(int index) {
        return Optional.of(images.get(index).file().bytes().get());
    }

    @Override
    public long bytes(int index) {
        return images.get(index).file().size();
    }

    @Override
    public long fingerprint(int index) {
        return Fingerprint.of(images.get(index).file().bytes().get());
    }

    @Override
    public String toString() {
        return images.size() + " images with boxes";
    }
}
