package dev.fovea.task.classify;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.fovea.train.Task;

/**
 * Classes known by a few images each, told apart by the features of a trained network; nothing is trained. What comes of it is a
 * classifier like any other.
 *
 * @param backbone a run or model package of a classifier or of a self-supervised network, trained on any images, or a network of
 *     the registry with {@code weights}
 * @param weights published weights of the backbone: {@code imagenet}, a tag or a file; empty where it is a run or package
 */
@JsonTypeName(FewShot.WORD)
public record FewShot(String backbone, String weights) implements Task {

    static final String WORD = "few-shot";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean labelled() {
        return true;
    }

    /** Every class has one prototype, however few its images. */
    @Override
    public boolean balances() {
        return true;
    }
}
