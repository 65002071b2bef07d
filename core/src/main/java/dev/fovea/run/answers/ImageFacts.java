package dev.fovea.run.answers;

import dev.fovea.image.Appearance;
import dev.fovea.image.Size;
import java.util.List;

/**
 * What is known of an image without knowing what it shows.
 *
 * @param index in its data
 * @param name as its data has it
 * @param width pixels
 * @param height pixels
 * @param bytes of its file; 0 where that is not known
 * @param brightness mean, 0 (black) to 255
 * @param contrast standard deviation, 0 (one colour) to about 127
 * @param sharpness variance of the Laplacian; low where nothing has an edge
 */
public record ImageFacts(
        int index,
        String name,
        int width,
        int height,
        long bytes,
        double brightness,
        double contrast,
        double sharpness) {

    public static ImageFacts of(int index, String name, long bytes, Appearance looks) {
        Size size = looks.size();
        return new ImageFacts(
                index,
                name,
                size.width(),
                size.height(),
                bytes,
                looks.brightness(),
                looks.contrast(),
                looks.sharpness());
    }

    /** Of several images, by which they can be told apart; a property that all share is left out. */
    public static List<Column> columns(List<ImageFacts> images) {
        return List.<Column>of(
                        new Column.Numbers(
                                "pixels",
                                images.stream()
                                        .map(one -> one.width() * (double) one.height())
                                        .toList()),
                        new Column.Numbers(
                                "shape",
                                images.stream()
                                        .map(one -> one.width() / (double) one.height())
                                        .toList()),
                        new Column.Numbers(
                                "brightness",
                                images.stream().map(ImageFacts::brightness).toList()),
                        new Column.Numbers(
                                "contrast",
                                images.stream().map(ImageFacts::contrast).toList()),
                        new Column.Numbers(
                                "sharpness",
                                images.stream().map(ImageFacts::sharpness).toList()),
                        new Column.Numbers(
                                "bytes",
                                images.stream().map(one -> (double) one.bytes()).toList()))
                .stream()
                .filter(Column::tellsApart)
                .toList();
    }
}
