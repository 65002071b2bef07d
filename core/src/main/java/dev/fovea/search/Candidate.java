package dev.fovea.search;

import dev.fovea.train.Recipe;
import java.util.Optional;

/**
 * A network with a recipe that could suit a data set.
 *
 * @param name for people and folders
 * @param recipe whose number of epochs is chosen by the time there is
 * @param weights what published weights it starts from are called, or none
 * @param leastEpochs with fewer it is not worth starting
 * @param mostEpochs more are not worth waiting for
 * @param why it is among the candidates, for people
 */
record Candidate(String name, Recipe recipe, Optional<String> weights, int leastEpochs, int mostEpochs, String why) {

    /** Under another name, for people and folders. */
    Candidate called(String value) {
        return new Candidate(value, recipe, weights, leastEpochs, mostEpochs, why);
    }

    Candidate with(Recipe recipe) {
        return new Candidate(name, recipe, weights, leastEpochs, mostEpochs, why);
    }
}
