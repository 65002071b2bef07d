package dev.fovea.run;

import dev.fovea.data.Dataset;
import dev.fovea.image.Appearance;
import dev.fovea.image.Image;
import dev.fovea.io.FormatException;
import dev.fovea.models.ModelPackage;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.AnswersFile;
import dev.fovea.run.answers.ImageFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * A saved model that is asked about every image of some data whose targets are known.
 *
 * @param model a run folder or a model package
 * @param data the images, counted in any order of classes
 * @param part what they are called among the kept ones, such as validation
 */
public record Survey(TaskTypes.Saved saved, Path model, Dataset data, String part) {

    private static final int BATCH = 32;

    /** How far it is. */
    public interface Progress {

        /** @param done images that were asked about */
        void at(int done, int all);
    }

    /**
     * What came of it.
     *
     * @param answers about the images that could be read
     * @param unreadable images that could not
     */
    public record Result(Answers answers, int unreadable) {}

    /**
     * Those of {@code images} that are asked about, in classes counted as the model counts them: of very many, where so many say no more,
     * some spread over all.
     *
     * @throws IllegalArgumentException if models of this task cannot be asked so, or the data holds clips, or has classes that the model
     *     does not know
     */
    public static Dataset images(TaskTypes.Saved saved, Dataset images) {
        AnswerKeeper keeper = keeper(saved);
        if (images.clips()) {
            throw new IllegalArgumentException(
                    "%s: is a clip, and only images are evaluated one by one. The report of the run has its figures"
                            .formatted(images.name(0)));
        }
        Dataset some = images.size() > keeper.most() ? Subset.evenly(images, keeper.most()) : images;
        return keeper.usesClasses() ? Classes.matched(some, saved.net().config().classes()) : some;
    }

    private static AnswerKeeper keeper(TaskTypes.Saved saved) {
        return saved.type()
                .keeper(saved.net())
                .orElseThrow(
                        () -> new IllegalArgumentException("the answers of a model for %s are not kept image by image"
                                .formatted(saved.type().word())));
    }

    /** Whether models of a task can be asked so. */
    public static boolean possible(TaskTypes.Saved saved) {
        return saved.type().keeper(saved.net()).isPresent();
    }

    /** The answers that are kept in the folder of the run, if they are of this model and this data. */
    public Optional<Result> kept() {
        if (!Runs.isRun(model) || !Files.isRegularFile(file())) {
            return Optional.empty();
        }
        Path file = file();
        try {
            Answers answers = AnswersFile.read(file);
            return Optional.of(
                    new Result(answers, data.size() - answers.images().size()));
        } catch (FormatException e) {
            return Optional.empty(); // of another release, or cut off: asked again
        }
    }

    /**
     * Asks about every image, and keeps the answers in the folder of the run.
     *
     * @param threads that read and predict images, at least 1
     * @param stop asked after each batch
     * @return none if it was stopped
     * @throws IllegalArgumentException if models of this task cannot be asked so, or the data is not for it
     */
    public Optional<Result> ask(int threads, Progress progress, BooleanSupplier stop) {
        AnswerKeeper keeper = keeper(saved);
        Dataset matched = images(saved, data);
        var facts = new ArrayList<ImageFacts>();
        int done = 0;
        var images = new Looked(matched);
        try (var all = new BulkPrediction(keeper.predictor(), images, 0, BATCH, threads)) {
            for (List<BulkPrediction.Outcome> some = all.next(); !some.isEmpty(); some = all.next()) {
                for (BulkPrediction.Outcome one : some) {
                    if (one.answer().isPresent()) {
                        int i = one.index();
                        keeper.keep(
                                matched.name(i), matched.target(i), one.answer().get());
                        facts.add(ImageFacts.of(i, matched.name(i), matched.bytes(i), images.taken(i)));
                    }
                }
                done += some.size();
                progress.at(done, matched.size());
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
            }
        }
        var result = new Result(keeper.answers(facts), matched.size() - facts.size());
        keep(result);
        return Optional.of(result);
    }

    private void keep(Result result) {
        if (Runs.isRun(model)) {
            Path file = file();
            try {
                Files.createDirectories(file.getParent());
                AnswersFile.write(file, result.answers());
            } catch (IOException | UncheckedIOException e) {
                // nothing is lost where the folder cannot be written: they are computed again another time
            }
        }
    }

    private Path file() {
        return model.resolve("answers").resolve(part + "-" + print() + ".safetensors");
    }

    /** Of the model and the data. */
    private String print() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Path folder = SavedNet.folder(model);
            Path weights = folder.resolve(ModelPackage.WEIGHTS);
            digest.update(Files.readAllBytes(folder.resolve(ModelPackage.CONFIG)));
            digest.update("%s %s %s"
                    .formatted(
                            Files.size(weights),
                            Files.getLastModifiedTime(weights).toMillis(),
                            RunFacts.print(data))
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(model + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Images as they are read once, with how they look. */
    private static final class Looked implements BulkPrediction.Images {

        private final Dataset data;
        private final Map<Integer, Appearance> looks = new ConcurrentHashMap<>();

        Looked(Dataset data) {
            this.data = data;
        }

        @Override
        public int count() {
            return data.size();
        }

        @Override
        public Image image(int index) {
            Image image = data.image(index);
            looks.put(index, Appearance.of(image));
            return image;
        }

        Appearance taken(int index) {
            return looks.remove(index);
        }
    }
}
