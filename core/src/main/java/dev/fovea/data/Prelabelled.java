package dev.fovea.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An image file with what a model has found in it, to be corrected by hand.
 *
 * @param objects in pixels of the image
 */
public record Prelabelled(Path file, List<Guess> objects) {

    private static final String UNUSED = "unused 0";

    /**
     * An object that a model has found.
     *
     * @param label among the classes of the data, from 0
     * @param score how sure the model is, 0 to 1
     * @param mask of the image's size
     */
    public record Guess(Box box, int label, double score, Optional<RunLengthMask> mask, Optional<Keypoints> keypoints) {

        private Annotation annotation(int place) {
            return new Annotation(
                    box,
                    label,
                    false,
                    mask.filter(own -> own.area() > 0)
                            .<Outline>map(own -> new Outline.Runs(own.counts()))
                            .orElse(Outline.MISSING),
                    keypoints,
                    place,
                    Optional.of(score));
        }
    }

    public Prelabelled {
        objects = List.copyOf(objects);
    }

    /**
     * Writes such images as data, all of them for training, as {@link Conversion#of} does. Images whose file names are numbers,
     * as COCO's, are known by these numbers, others by their position; COCO's form has {@code results.json} too.
     */
    public static Conversion write(List<Prelabelled> images, List<String> classes, String to, Path folder) {
        return Conversion.of(splits(images, classes), to, folder, true);
    }

    private static Splits splits(List<Prelabelled> images, List<String> classes) {
        List<Long> numbers = numbers(images);
        var annotated = new ArrayList<AnnotatedImage>();
        for (int i = 0; i < images.size(); i++) {
            annotated.add(images.get(i).annotated(numbers.get(i)));
        }
        Dataset none = Dataset.empty(classes);
        return new Splits(
                new ObjectFiles(
                        classes,
                        annotated,
                        new TargetKind.Boxes(false, false),
                        Optional.empty(),
                        // Classes that begin with an unused 0, as those of DETR, are numbered as COCO's are.
                        classes.get(0).equals(UNUSED)
                                ? LongStream.range(0, classes.size()).boxed().toList()
                                : fromOne(classes.size())),
                none,
                none,
                List.of());
    }

    private AnnotatedImage annotated(long id) {
        String name = String.valueOf(file.getFileName());
        return new AnnotatedImage(
                FolderFiles.file(List.of(name), file),
                Optional.empty(),
                false,
                file + ": object ",
                id,
                IntStream.range(0, objects.size())
                        .mapToObj(i -> objects.get(i).annotation(i + 1))
                        .toList());
    }

    private static List<Long> numbers(List<Prelabelled> images) {
        List<String> stems = images.stream()
                .map(image -> Voc.stem(String.valueOf(image.file().getFileName())))
                .toList();
        if (stems.stream().allMatch(stem -> stem.matches("[0-9]{1,18}"))) {
            List<Long> numbers = stems.stream().map(Long::valueOf).distinct().toList();
            if (numbers.size() == stems.size()) {
                return numbers;
            }
        }
        return fromOne(images.size());
    }

    private static List<Long> fromOne(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }
}
