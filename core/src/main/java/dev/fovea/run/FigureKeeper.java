package dev.fovea.run;

import dev.fovea.data.Target;
import dev.fovea.image.Image;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.Figure;
import dev.fovea.run.answers.FigureAnswers;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.Scale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Keeps numbers that are measured of what a model does with images, such as how near a restored one is to the clean one. */
public final class FigureKeeper implements AnswerKeeper.OfSome {

    /**
     * A number that is measured.
     *
     * @param name among the measured ones
     * @param threshold of the model, where it has one
     */
    public record Kind(String name, Scale scale, OptionalDouble threshold) {

        /** Without a threshold. */
        public Kind(String name, Scale scale) {
            this(name, scale, OptionalDouble.empty());
        }
    }

    /** What was measured of an image. */
    private record Measured(Map<String, Object> values) implements Predictor.Answer {

        @Override
        public String text() {
            return values.toString();
        }

        double number(String name) {
            return values.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }

    private final List<Kind> kinds;
    private final Function<Image, Map<String, Object>> measure;
    private final List<Measured> measured = new ArrayList<>();

    /** @param measure the numbers of an image by name */
    public FigureKeeper(List<Kind> kinds, Function<Image, Map<String, Object>> measure) {
        this.kinds = List.copyOf(kinds);
        this.measure = measure;
    }

    /** Of what there is to say of the images that a trial makes. */
    public static FigureKeeper of(Trial trial, List<Kind> kinds) {
        return new FigureKeeper(kinds, image -> trial.example(image).values());
    }

    @Override
    public Predictor predictor() {
        return new Predictor() {
            @Override
            public Answer predict(Image image) {
                return new Measured(measure.apply(image));
            }

            @Override
            public Answer predict(Path file) {
                return predict(Image.read(file));
            }
        };
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        measured.add((Measured) answer);
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        return new FigureAnswers(
                List.of(), images, kinds.stream().map(this::figure).toList());
    }

    private Figure figure(Kind kind) {
        return new Figure(
                kind.name(),
                kind.scale(),
                kind.threshold(),
                measured.stream().map(one -> one.number(kind.name())).toList());
    }
}
