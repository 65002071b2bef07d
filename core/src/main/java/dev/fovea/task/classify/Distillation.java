package dev.fovea.task.classify;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a classifier, the student, learns from the answers of another, the teacher, beside the labels.
 *
 * @param teacher a run or model package, or a network of the registry with {@code weights}; empty for no teacher
 * @param weights published weights of the teacher: {@code imagenet}, a tag or a file; empty where it is a run or package
 * @param method how the answers are compared
 * @param temperature that logits of both are divided by before they are compared, above 0: the higher, the more the classes
 *     that are not the answer count
 * @param weight share of the loss that the teacher has, above 0 and at most 1; the labels have the rest
 * @param features factor of the difference between the features of both, by their similarities within a batch (Tung &amp; Mori
 *     2019, <a href="https://arxiv.org/abs/1907.09682">1907.09682</a>), which may be of any two lengths; 0 for none
 */
public record Distillation(
        String teacher, String weights, Method method, double temperature, double weight, double features) {

    /** How answers are compared. */
    public enum Method {
        /** The divergence of probabilities (Hinton et al. 2015, <a href="https://arxiv.org/abs/1503.02531">1503.02531</a>). */
        SOFT,
        /**
         * The correlation of probabilities, over the classes of each image and over the images of each class (Huang et al.
         * 2022, <a href="https://arxiv.org/abs/2205.10536">2205.10536</a>).
         */
        CORRELATION;

        /** As in recipes. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Of all. */
        public static List<String> words() {
            return Arrays.stream(values()).map(Method::word).toList();
        }
    }

    /** Without a teacher. */
    public static final Distillation NONE = new Distillation("", "", Method.SOFT, 4, 0.9, 0);

    public Distillation {
        check(temperature > 0, "task.distill.temperature must be above 0", "temperature", temperature);
        check(weight > 0 && weight <= 1, "task.distill.weight must be above 0 and at most 1", "weight", weight);
        check(features >= 0, "task.distill.features must be 0 (off) or more", "features", features);
        if (teacher.isEmpty() && !weights.isEmpty()) {
            throw new IllegalArgumentException(
                    "task.distill.weights are those of task.distill.teacher, which is not given; got task.distill.weights="
                            + weights);
        }
    }

    private static void check(boolean condition, String rule, String key, double value) {
        if (!condition) {
            throw new IllegalArgumentException("%s, got task.distill.%s=%s".formatted(rule, key, value));
        }
    }

    /** From this teacher: a run or model package. */
    public static Distillation from(String teacher) {
        return new Distillation(teacher, "", NONE.method, NONE.temperature, NONE.weight, 0);
    }

    /** Whether there is a teacher. */
    public boolean on() {
        return !teacher.isEmpty();
    }
}
