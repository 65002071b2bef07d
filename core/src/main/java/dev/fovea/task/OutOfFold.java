package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.data.Folds;
import dev.fovea.data.Splits;
import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.metrics.LinearProbe;
import dev.fovea.metrics.NeighbourDistances;
import dev.fovea.metrics.Softmax;
import dev.fovea.run.FeatureExtractor;
import dev.fovea.run.ProgressWatch;
import dev.fovea.run.RunSettings;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TemporaryFolder;
import dev.fovea.train.Listener;
import dev.fovea.train.Recipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Out-of-fold predictions: of each image how probable every class is, by what was learned on other images. */
public interface OutOfFold {

    /** Pixels of the shorter side up to which images are small. */
    int SMALL = 48;

    /**
     * What it says.
     *
     * @param probabilities of each image, one for each class
     * @param embeddings of each image
     * @param remarks what a reader should know, in sentences
     */
    record Predictions(List<float[]> probabilities, List<float[]> embeddings, List<String> remarks) {}

    /** How it predicts, in a few words. */
    String method();

    /**
     * Predicts the classes of the images of each fold by what is learned on the others.
     *
     * @param say told what is being done and how long it will take
     */
    Predictions predict(Dataset data, Folds folds, Consumer<String> say);

    /** The softmax regression that is trained on the features of a network that is there already. */
    static OutOfFold probe(SavedNet network, String name) {
        return new Probe(new FeatureExtractor(network), name);
    }

    /**
     * The labels of the images whose features are nearest, in a network that is there already: one look at each image, no training.
     *
     * @param progress told how many images were looked at
     */
    static OutOfFold neighbours(SavedNet network, String name, ProgressWatch progress) {
        return new Neighbours(new FeatureExtractor(network), name, progress);
    }

    /** A network that is trained anew for each fold. */
    static OutOfFold training(Recipe recipe, String device) {
        return training(recipe, device, () -> false, ProgressWatch.NONE);
    }

    /**
     * The same, watched.
     *
     * @param stop asked after every step; true ends the training, and whoever listens what is said ends the rest
     * @param progress told how many of the epochs of all folds are done
     */
    static OutOfFold training(Recipe recipe, String device, BooleanSupplier stop, ProgressWatch progress) {
        Recipe.Selection selection = recipe.selection();
        return new Training(
                recipe.withSelection(new Recipe.Selection(0, 0, Recipe.Keep.LAST, selection.sampling())),
                device,
                stop,
                progress);
    }

    /** What is taken where the user names no network: a small one for images of this size. */
    static Recipe usual(Dataset data) {
        boolean small = IntStream.range(0, data.size())
                .mapToObj(i -> readable(data, i))
                .flatMap(Optional::stream)
                .findFirst()
                .filter(image -> Math.min(image.width(), image.height()) <= SMALL)
                .isPresent();
        return Tasks.ALL.recipe(small ? "cifar-cnn" : "folder-cnn");
    }

    private static Optional<Image> readable(Dataset data, int index) {
        try {
            return Optional.of(data.image(index));
        } catch (ImageException e) {
            return Optional.empty(); // an audit lists it
        }
    }

    /** By features and a linear classifier. */
    record Probe(FeatureExtractor extractor, String name) implements OutOfFold {

        @Override
        public String method() {
            return "a linear probe on the features of " + name;
        }

        @Override
        public Predictions predict(Dataset data, Folds folds, Consumer<String> say) {
            say.accept("labels: features of %s, then %s linear probes".formatted(name, folds.count()));
            long began = System.nanoTime();
            List<float[]> features = extractor.features(data);
            say.accept(String.format(Locale.ROOT, "features took %.0f s", (System.nanoTime() - began) / 1e9));
            float[][] probabilities = new float[data.size()][];
            for (int fold = 0; fold < folds.count(); fold++) {
                long start = System.nanoTime();
                int[] known = folds.others(fold);
                int[] asked = folds.held(fold);
                var probe = LinearProbe.fit(
                        Arrays.stream(known).mapToObj(features::get).toList(),
                        Arrays.stream(known).map(data::label).toArray(),
                        data.classes().size());
                List<float[]> found = probe.probabilities(
                        Arrays.stream(asked).mapToObj(features::get).toList());
                IntStream.range(0, asked.length).forEach(i -> probabilities[asked[i]] = found.get(i));
                OutOfFold.left(say, fold + 1, folds.count(), start);
            }
            return new Predictions(
                    List.of(probabilities),
                    features,
                    List.of("labels are checked by the features of " + name
                            + "; if it was trained on these very labels, it may have memorised wrong ones"));
        }
    }

    private static void left(Consumer<String> say, int done, int all, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        String rest = done < all ? String.format(Locale.ROOT, ", about %.0f s left", seconds * (all - done)) : "";
        say.accept(String.format(Locale.ROOT, "fold %d of %d took %.0f s%s", done, all, seconds, rest));
    }

    /** By a vote of the nearest images of other folds, each weighing as much as it is alike (Cover and Hart 1967). */
    record Neighbours(FeatureExtractor extractor, String name, ProgressWatch progress) implements OutOfFold {

        private static final int VOTERS = 10;

        /** Nearest ones that are looked at: some are of the same fold. */
        private static final int LOOKED_AT = 4 * VOTERS;

        private static final double TEMPERATURE = 0.07;

        @Override
        public String method() {
            return "the nearest images by the features of " + name;
        }

        @Override
        public Predictions predict(Dataset data, Folds folds, Consumer<String> say) {
            say.accept("labels: features of %s, then their neighbours".formatted(name));
            List<float[]> features = extractor.features(data, progress).stream()
                    .map(NeighbourDistances::unit)
                    .toList();
            List<List<NeighbourDistances.Neighbour>> nearest =
                    new NeighbourDistances(features).amongThemselves(Math.min(LOOKED_AT, data.size() - 1));
            List<float[]> probabilities = IntStream.range(0, data.size())
                    .mapToObj(i -> vote(data, folds, i, nearest.get(i)))
                    .toList();
            return new Predictions(
                    probabilities,
                    features,
                    List.of(
                            "labels are compared with those of the images that %s finds most alike; if it was trained on these very labels, it may have memorised wrong ones"
                                    .formatted(name)));
        }

        private static float[] vote(Dataset data, Folds folds, int index, List<NeighbourDistances.Neighbour> nearest) {
            float[] votes = new float[data.classes().size()];
            Arrays.fill(votes, 1e-3f); // a class that no neighbour has is not impossible
            List<NeighbourDistances.Neighbour> voters = nearest.stream()
                    .filter(other ->
                            !folds.of().get(other.index()).equals(folds.of().get(index)))
                    .limit(VOTERS)
                    .toList();
            voters.forEach(other -> votes[data.label(other.index())] +=
                    (float) Math.exp((voters.get(0).distance() - other.distance()) / TEMPERATURE));
            float sum = 0;
            for (float vote : votes) {
                sum += vote;
            }
            for (int c = 0; c < votes.length; c++) {
                votes[c] /= sum;
            }
            return votes;
        }
    }

    /** By networks of one recipe. */
    record Training(Recipe recipe, String device, BooleanSupplier stop, ProgressWatch progress) implements OutOfFold {

        @Override
        public String method() {
            return String.format(
                    Locale.ROOT,
                    "%s, trained for %d %s",
                    recipe.model(),
                    recipe.epochs(),
                    recipe.epochs() == 1 ? "epoch" : "epochs");
        }

        @Override
        public Predictions predict(Dataset data, Folds folds, Consumer<String> say) {
            say.accept("labels: %s trainings of %s, one for each fold".formatted(folds.count(), method()));
            float[][] probabilities = new float[data.size()][];
            List<float[]> embeddings = new ArrayList<>();
            for (int fold = 0; fold < folds.count(); fold++) {
                long start = System.nanoTime();
                int[] asked = folds.held(fold);
                try (var folder = TemporaryFolder.create()) {
                    var trained = train(data.subset(folds.others(fold)), folder, fold, folds.count(), say);
                    List<float[]> logits = trained.logits(data.subset(asked));
                    IntStream.range(0, asked.length)
                            .forEach(i -> probabilities[asked[i]] = Softmax.of(logits.get(i), 1));
                    if (fold == 0) {
                        embeddings.addAll(trained.features(data));
                    }
                }
                OutOfFold.left(say, fold + 1, folds.count(), start);
            }
            return new Predictions(
                    List.of(probabilities),
                    embeddings,
                    List.of(
                            "outliers and images that look alike are found by the features of the network of the first fold, which was trained on most of the images"));
        }

        private FeatureExtractor train(
                Dataset train, TemporaryFolder folder, int fold, int folds, Consumer<String> say) {
            var none = Dataset.empty(train.classes());
            var listeners = new ArrayList<Listener>();
            listeners.add(new Epochs(recipe.epochs(), fold, folds, progress));
            if (fold == 0) {
                listeners.add(new Estimate(recipe.epochs(), folds, say));
            }
            var settings = RunSettings.in(folder.path(), "fold")
                    .withDevice(device)
                    .withStop(stop)
                    .withListeners(listeners);
            var run = Tasks.ALL.train(recipe, new Splits(train, none, none, List.of()), settings);
            if (stop.getAsBoolean()) {
                say.accept("stopped in fold " + (fold + 1));
            }
            return new FeatureExtractor(SavedNet.load(run.folder(), device));
        }
    }

    /** Counts the epochs of all folds. */
    record Epochs(int epochs, int fold, int folds, ProgressWatch progress) implements Listener {
        @Override
        public void onEpoch(Epoch epoch) {
            progress.at(fold * epochs + epoch.epoch(), folds * epochs);
        }
    }

    /** Says after the first epoch how long all will take. */
    record Estimate(int epochs, int folds, Consumer<String> say) implements Listener {
        @Override
        public void onEpoch(Epoch epoch) {
            if (epoch.epoch() == 1) {
                say.accept(String.format(
                        Locale.ROOT,
                        "an epoch takes %.1f s, all folds about %.0f s",
                        epoch.seconds(),
                        epoch.seconds() * epochs * folds));
            }
        }
    }
}
