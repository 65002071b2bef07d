package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ImageFacts;
import java.util.List;

/** Keeps what a model of a task answers about images whose targets are known, one after another. */
public interface AnswerKeeper {

    /** Images of which so many are enough, spread over all; by default every image is asked about. */
    default int most() {
        return Integer.MAX_VALUE;
    }

    /** Whether targets are counted in the classes of the model, so that the data must have no others. */
    default boolean usesClasses() {
        return true;
    }

    /** The model, which answers with all that is kept, in float32. */
    Predictor predictor();

    /**
     * Takes an answer in.
     *
     * @param target counted in the classes of the model
     * @param name of the image, for messages
     * @throws DataException if the target is of another kind
     */
    void keep(String name, Target target, Predictor.Answer answer);

    /** @param images of all answers that were taken in, in the order in which they were */
    Answers answers(List<ImageFacts> images);

    /** One that is asked about some images of many, whatever their classes: its figures are no more exact of more, and take long. */
    interface OfSome extends AnswerKeeper {

        @Override
        default int most() {
            return 2000;
        }

        @Override
        default boolean usesClasses() {
            return false;
        }
    }
}
