package dev.fovea.search;

import dev.fovea.task.Tasks;
import dev.fovea.train.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Networks and recipes that suit a data set, by the size, colour and number of its images: a short list, from which measured speed
 * and validation choose.
 *
 * @param look at the data
 * @param cached whether published weights, network and tag, are on this machine
 */
record Candidates(DataLook look, Predicate<String> cached) {

    /** Pixels of the shorter side up to which images are small: networks for 32 pixels see all there is. */
    private static final int SMALL = 40;

    /** With fewer training images, recipes vary images more and take smaller batches. */
    private static final int FEW = 2000;

    private static final int MANY = 20_000;

    /** Training images that a run sees at most, all epochs together, but between 20 and 100 epochs. */
    private static final int SEEN = 2_000_000;

    private static final int LEAST_EPOCHS = 5;
    private static final int LEAST_STEPS = 300;
    private static final int LEAST_EPOCHS_TUNED = 2;
    private static final int LEAST_STEPS_TUNED = 60;
    private static final int MOST_EPOCHS_TUNED = 20;

    /** Networks with published weights, the most accurate first of those that a processor can fine-tune. */
    private static final List<String> PUBLISHED =
            List.of("convnext_tiny", "resnet50", "mobilenet_v3_large", "resnet18", "mobilenet_v3_small");

    private static final int MOST_PUBLISHED = 2;

    private static final String NARROW = "resnet9-small width=16";

    /** The best first where time is no object. */
    List<Candidate> all() {
        var all = new ArrayList<Candidate>();
        if (isLarge() && !look.hasNumbers()) {
            PUBLISHED.stream()
                    .filter(cached)
                    .limit(MOST_PUBLISHED)
                    .map(this::fineTuned)
                    .forEach(all::add);
        }
        all.add(scratch("resnet9-small", residual(), "a residual network of nine layers, accurate and fast"));
        if (look.images() >= MANY) {
            all.add(scratch(
                            NARROW,
                            residual(),
                            "the same with half the channels, which sees the images more often in the same time")
                    .called("resnet9-narrow"));
        }
        if (isLarge()) {
            all.add(scratch(
                    "resnet18", List.of("input.size=112"), "a larger residual network, of images of more pixels"));
            all.add(scratch("folder-cnn", List.of("input.size=64"), "a small network, which learns from few images"));
        } else {
            all.add(scratch("cifar-cnn", List.of(), "a small network, the fastest"));
        }
        return all;
    }

    private boolean isLarge() {
        return Math.min(look.height(), look.width()) > SMALL;
    }

    private boolean areFew() {
        return areFew(look);
    }

    private static boolean areFew(DataLook look) {
        return look.images() < FEW;
    }

    private Candidate fineTuned(String model) {
        var settings = new ArrayList<>(look.taskSettings());
        if (look.grey()) {
            settings.add("augment=[{type: crop, area: [0.5, 1]}]");
        }
        Recipe recipe = Tasks.ALL.fineTune(model, "imagenet", settings);
        return new Candidate(
                model + "-pretrained",
                recipe,
                Optional.of("imagenet"),
                least(recipe, LEAST_EPOCHS_TUNED, LEAST_STEPS_TUNED),
                MOST_EPOCHS_TUNED,
                "starts from weights trained on ImageNet, which need few images of their own");
    }

    private Candidate scratch(String model, List<String> own, String why) {
        var settings = new ArrayList<>(look.taskSettings());
        settings.addAll(List.of(
                "optimizer.type=adamw",
                "optimizer.lr=0.002",
                "optimizer.weightDecay=0.01",
                "schedule={type: cosine, warmup: 50}",
                "batch=" + (areFew() ? 32 : look.images() < MANY ? 64 : 128),
                "augment=" + augment()));
        if (isLarge()) {
            settings.add("input.resize=" + (look.sameSize() ? "stretch" : "crop"));
            settings.add("input.size=64");
        }
        if (look.grey()) {
            settings.add("input.channels=1");
        }
        settings.addAll(own);
        Recipe recipe = Tasks.ALL.recipes().of(model, settings);
        int least = least(recipe, LEAST_EPOCHS, LEAST_STEPS);
        int most = Math.max(Math.max(20, least), Math.min(100, SEEN / look.images()));
        return new Candidate(model, recipe, Optional.empty(), least, most, why);
    }

    /** Epochs that have so many steps, where images are few. */
    private int least(Recipe recipe, int epochs, int steps) {
        int perEpoch = Math.max(1, look.images() / recipe.batch());
        return Math.max(epochs, (steps + perEpoch - 1) / perEpoch);
    }

    /** Of images in batches of thousands, plain SGD at a high rate is what such networks learn best by. */
    private List<String> residual() {
        var settings = new ArrayList<String>();
        if (look.isClassified()) {
            settings.add("loss.labelSmoothing=0.1");
        }
        if (!areFew() && look.isClassified()) {
            settings.add("optimizer={type: sgd, lr: 0.15, momentum: 0.9, nesterov: true, weightDecay: 5.0e-4}");
            settings.add("schedule={type: one-cycle, rise: 0.2, divide: 10}");
        }
        return settings;
    }

    /**
     * Numbers may say where something is, so their images stay as they are. Grey images may be of letters or digits, which are
     * not mirrored.
     */
    private String augment() {
        if (look.hasNumbers()) {
            return "[]";
        }
        if (isLarge() && !look.sameSize()) {
            return look.grey()
                    ? "[{type: crop, area: [0.5, 1]}]"
                    : areFew()
                            ? "[{type: crop, area: [0.35, 1]}, flip, trivial-augment]"
                            : "[{type: crop, area: [0.35, 1]}, flip]";
        }
        String flip = look.grey() ? "" : "flip, ";
        return areFew()
                ? "[" + flip + "translate, trivial-augment]"
                : "[" + flip
                        + "{type: translate, height: 0.125, width: 0.125, fill: reflect}, {type: cutout, size: 0.25}]";
    }

    /** How images are varied and why, for people. */
    static String augmentWords(DataLook look) {
        if (look.hasNumbers()) {
            return "Images are not varied at random, as numbers may say where something is.";
        }
        return "Images are varied at random%s%s."
                .formatted(
                        areFew(look) ? ", strongly, as there are few" : "",
                        look.grey()
                                ? ", not mirrored, as they are grey and may show letters or digits"
                                : ", also mirrored");
    }
}
