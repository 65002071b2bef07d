package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.DataSets;
import dev.fovea.data.DataStamp;
import dev.fovea.data.Dataset;
import dev.fovea.io.Escaped;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Survey;
import dev.fovea.run.TaskTypes;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.data.FoundData;
import dev.fovea.serve.studio.models.RunImages;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which data sets of the workspace a model can be asked about. Each is opened once to find out, and looked at again only when it or the
 * model has changed. Thread-safe.
 */
final class FittingData {

    private static final int MOST = 1000;
    private static final int LONGEST = 120;

    private record Asked(Path model, String data) {}

    /** @param why it does not fit; empty where it does */
    private record Known(DataStamp model, DataStamp data, String why) {}

    private final Studio studio;
    private final FoundData found;
    private final Map<Asked, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Known> eldest) {
            return size() > MOST;
        }
    };

    FittingData(Studio studio) {
        this.studio = studio;
        found = new FoundData(studio.workspace());
    }

    /** All but that of the run itself, each with why it does not fit, which is empty where it does. */
    List<Map<String, String>> of(Path model) {
        String own = studio.images().address(model, "");
        TaskTypes.Saved saved = studio.loaded().of(model).saved();
        return found.sets().stream()
                .filter(one -> !found.shown(one.path()).equals(own))
                .map(one -> Map.of("path", found.shown(one.path()), "why", why(model, saved, one)))
                .toList();
    }

    /** An archive lies in memory whole once it is opened: whoever chooses it is told. */
    private String why(Path model, TaskTypes.Saved saved, DataSets.Found data) {
        return data.kind().equals("archive") ? "" : looked(model, saved, data.path());
    }

    private String looked(Path model, TaskTypes.Saved saved, Path data) {
        String path = found.shown(data);
        var asked = new Asked(model, path);
        DataStamp ofModel = DataStamp.of(SavedNet.weights(model)); // before anything is read
        DataStamp ofData = DataStamp.of(data);
        Known before;
        synchronized (known) {
            before = known.get(asked);
        }
        if (before != null && before.model().equals(ofModel) && before.data().equals(ofData)) {
            return before.why();
        }
        String why = objection(model, saved, path);
        synchronized (known) {
            known.put(asked, new Known(ofModel, ofData, why));
        }
        return why;
    }

    private String objection(Path model, TaskTypes.Saved saved, String path) {
        try {
            Dataset images = RunImages.part(studio.images().read(model, path), "");
            Survey.images(saved, images);
            return "";
        } catch (IllegalArgumentException | Refusal | UncheckedIOException e) {
            return first(path, String.valueOf(e.getMessage()));
        }
    }

    /** The first sentence, without the name of the data before it. */
    private String first(String path, String message) {
        String plain = Escaped.line(message).replace(studio.workspace().root() + "/", "");
        String own = plain.startsWith(path + ": ") ? plain.substring(path.length() + 2) : plain;
        String sentence = own.split("\\. ", 2)[0];
        return sentence.length() > LONGEST ? sentence.substring(0, LONGEST) + "…" : sentence;
    }
}
