package dev.fovea.run.answers;

import java.util.List;

/**
 * Numbers that were measured of each image, such as how near a restored one is to the clean one.
 *
 * @param classes that the model knows, none of most
 * @param figures at least one
 * @param by the name of the one that the images are looked at by
 */
public record FigureAnswers(List<String> classes, List<ImageFacts> images, List<Figure> figures, String by)
        implements MeasuredAnswers {

    public FigureAnswers {
        classes = List.copyOf(classes);
        images = List.copyOf(images);
        figures = List.copyOf(figures);
        for (Figure figure : figures) {
            if (figure.values().size() != images.size()) {
                throw new IllegalArgumentException("answers: %s images, got %s numbers of %s"
                        .formatted(images.size(), figure.values().size(), figure.name()));
            }
        }
    }

    /** Looked at by the first of the figures. */
    public FigureAnswers(List<String> classes, List<ImageFacts> images, List<Figure> figures) {
        this(classes, images, figures, figures.get(0).name());
    }

    @Override
    public FigureAnswers by(String name) {
        return new FigureAnswers(classes, images, figures, figure(name).name());
    }
}
