package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Order;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.io.AtomicFile;
import dev.fovea.io.FormatException;
import dev.fovea.io.RegularFile;
import dev.fovea.models.Provenance;
import dev.fovea.train.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run folder remembers beside the recipe, in {@code run.json}: what was asked for, which data it saw, what it came
 * to.
 *
 * @param format of the file
 */
public record RunFacts(int format, Asked asked, Seen seen, Outcome outcome) {

    private static final int FORMAT = 1;

    /** Images whose content goes into a fingerprint: enough to notice other data, few enough to cost nothing. */
    private static final int LOOKED_AT = 8;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * What the run was asked for.
     *
     * @param started date and time
     * @param command as the user typed it, or empty
     * @param data as the user named it
     * @param weights files that it started from
     * @param classifier that generated images are scored by, or none
     * @param overfit whether dropout was off
     * @param ignoreHead whether the head of the weights was not taken
     */
    public record Asked(
            String started,
            String command,
            DataRequest data,
            List<String> weights,
            List<String> classifier,
            boolean overfit,
            boolean ignoreHead) {
        public Asked {
            weights = List.copyOf(weights);
            classifier = List.copyOf(classifier);
        }
    }

    /** The data that the run was trained and validated on. */
    public record Seen(List<String> classes, Provenance.Part train, Provenance.Part validation) {
        public Seen {
            classes = List.copyOf(classes);
        }

        /** @param inside whether contents count too */
        static Seen of(Splits data, boolean inside) {
            int lookedAt = inside ? LOOKED_AT : 0;
            return new Seen(data.train().classes(), part(data.train(), lookedAt), part(data.validation(), lookedAt));
        }

        private static Provenance.Part part(Dataset data, int lookedAt) {
            return new Provenance.Part(data.size(), print(data, lookedAt));
        }
    }

    /**
     * What it came to.
     *
     * @param end running, finished, early, stopped or failed
     * @param seconds of all processes of the run, without pauses
     * @param epochs done
     * @param criterion the metric that picks the best epoch, or empty
     * @param best its value in the best epoch
     * @param bestEpoch 0 if there is none
     * @param metrics of the saved model, as far as they are known
     */
    public record Outcome(
            String end,
            double seconds,
            int epochs,
            String criterion,
            double best,
            int bestEpoch,
            Map<String, Double> metrics) {

        public Outcome {
            var numbers = new LinkedHashMap<>(metrics);
            numbers.values().removeIf(value -> !Double.isFinite(value)); // JSON knows no NaN
            metrics = Collections.unmodifiableMap(numbers);
        }

        static final String RUNNING = "running";

        /** Of a run of which nothing is known yet. */
        static final Outcome NONE = new Outcome(RUNNING, 0, 0, "", 0, 0, Map.of());

        /** What was known of the run stays known while it goes on, and if that fails. */
        Outcome now(String endNow, double secondsNow, String criterionNow) {
            return new Outcome(endNow, secondsNow, epochs, criterionNow, best, bestEpoch, metrics);
        }
    }

    /** Of a network that is not trained in a run of its own. */
    public static RunFacts none() {
        return begun(
                new Asked("", "", DataRequest.UNKNOWN, List.of(), List.of(), false, false),
                new Seen(List.of(), Provenance.Part.NONE, Provenance.Part.NONE));
    }

    static RunFacts begun(Asked asked, Seen seen) {
        return new RunFacts(FORMAT, asked, seen, Outcome.NONE);
    }

    RunFacts withOutcome(Outcome value) {
        return new RunFacts(format, asked, seen, value);
    }

    void write(RunFolder folder) {
        AtomicFile.write(folder.facts(), JSON.writeValueAsString(this));
    }

    /**
     * Those of a run; none of a run of an early release.
     *
     * @throws FormatException if they are damaged
     */
    public static Optional<RunFacts> read(Path run) {
        Path file = new RunFolder(run).facts();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(RegularFile.text(file));
            if (json.path("format").asInt(FORMAT) > FORMAT) {
                throw new FormatException(
                        "%s: was written by a newer version (format %s, this one reads %s). Read it with that version"
                                .formatted(file, json.path("format").asInt(), FORMAT));
            }
            if (json.at("/asked/data") instanceof ObjectNode data && !data.has("corrections")) {
                data.put("corrections", ""); // runs of earlier versions do not record it
            }
            return Optional.of(JSON.treeToValue(json, RunFacts.class));
        } catch (JacksonException e) {
            throw new FormatException(file + ": damaged, or not written by a training. Remove it to go on without it");
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * @param run for messages
     * @throws DataException if {@code now} is other data than the run has seen
     */
    void checkSame(Path run, Seen now) {
        String again = ". Go on with the same data"
                + (asked.data().data().isEmpty() ? "" : " (" + asked.data().data() + ")");
        if (!now.classes().equals(seen.classes())) {
            throw new DataException("%s: was trained on the classes %s, this data has %s%s"
                    .formatted(run, Classes.shortened(seen.classes()), Classes.shortened(now.classes()), again));
        }
        same(run, "training", seen.train(), now.train(), again);
        same(run, "validation", seen.validation(), now.validation(), again);
    }

    private static void same(Path run, String part, Provenance.Part then, Provenance.Part now, String again) {
        if (then.images() != now.images()) {
            throw new DataException(String.format(
                    Locale.ROOT,
                    "%s: had %,d %s images when it began, this data has %,d%s",
                    run,
                    then.images(),
                    part,
                    now.images(),
                    again));
        }
        if (!then.fingerprint().equals(now.fingerprint())) {
            throw new DataException(
                    "%s: the %s images are not those that it began with: names, labels or contents differ%s"
                            .formatted(run, part, again));
        }
    }

    /** Tells data from other data by names, targets and a few contents. */
    static String print(Dataset data) {
        return print(data, LOOKED_AT);
    }

    /** Does not depend on where the data lies: of a name, only what stands behind the last separator counts. */
    private static String print(Dataset data, int lookedAt) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < data.size(); i++) {
            String name = data.name(i);
            int from = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
            digest.update((key(data, i) + " " + name.substring(from) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        for (int i : Order.spread(data.size(), lookedAt)) {
            digest.update(Long.toHexString(content(data, i)).getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static String key(Dataset data, int index) {
        return data.target(index) instanceof Target.Label label
                ? Integer.toString(label.index())
                : data.targetText(index);
    }

    private static long content(Dataset data, int index) {
        try {
            return data.fingerprint(index);
        } catch (IllegalArgumentException e) {
            return 0; // who reads it next says what is wrong with it
        }
    }
}
