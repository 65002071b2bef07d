package dev.fovea.serve.studio.models;

import dev.fovea.data.Data;
import dev.fovea.data.Dataset;
import dev.fovea.data.Splits;
import dev.fovea.data.Target;
import dev.fovea.io.Escaped;
import dev.fovea.run.DataRequest;
import dev.fovea.run.RunData;
import dev.fovea.run.RunFacts;
import dev.fovea.run.Runs;
import dev.fovea.run.SavedNet;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.RunPlaces;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import dev.fovea.train.RunFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The images that models of the workspace are looked at with, for all views: those that a run was trained and validated on, or others. A
 * few are kept open; what has changed is opened anew.
 */
public final class RunImages {

    private static final int KEPT = 4;

    /** In the order in which a part is chosen where none is. */
    private static final List<String> PARTS = List.of("validation", "test", "train");

    /** @param data as the page names it; empty for that of the run */
    private record Key(Path run, String data) {}

    private record Open(Watched watched, RunData data) {}

    private final RunPlaces places;
    private final Map<Key, Open> opened = new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Open> eldest) {
            return size() > KEPT;
        }
    };

    public RunImages(Workspace workspace) {
        places = new RunPlaces(workspace);
    }

    /**
     * Those of a run.
     *
     * @throws IllegalArgumentException if the run does not say what it was trained on, or that is not there any more
     */
    Splits of(Path run) {
        return of(run, "").data();
    }

    /**
     * Those that a model is looked at with.
     *
     * @param data a data set of the workspace or a built-in one; empty for that of the run
     * @throws IllegalArgumentException if there is none, or it cannot be read
     */
    public synchronized RunData of(Path run, String data) {
        var key = new Key(run, data);
        Open there = opened.get(key);
        if (there == null || !there.watched().unchanged()) {
            Watched watched = Watched.of(identity(run), place(run, data)); // before anything is read
            there = new Open(
                    watched,
                    data.isEmpty() ? RunData.of(Tasks.ALL, run, places::of) : new RunData(read(run, data), ""));
            opened.put(key, there);
        }
        return there.data();
    }

    /**
     * A data set read as the model needs it, and not kept.
     *
     * @param named in the workspace, or a built-in one
     * @throws IllegalArgumentException if it cannot be read so
     */
    public Splits read(Path run, String named) {
        return Data.open(
                places.data(named),
                Data.Options.of()
                        .withLabelled(Tasks.ALL.labelled(run))
                        .withNewClasses(Tasks.ALL.newClasses(run))
                        .withContent(Data.Content.IMAGES)
                        .withTargets(Tasks.ALL.targetKind(run)));
    }

    /** Other than before wherever its images are others, as those of another run of the same name. */
    public String stamp(Path run) {
        return Watched.of(identity(run), place(run, "")).stamp();
    }

    /** What a run begins with; of other models all that there is. */
    private static Path identity(Path model) {
        return Runs.isRun(model) ? new RunFolder(model).recipe() : SavedNet.weights(model);
    }

    /** Where they lie, as {@link Data#open} takes it; empty where the run does not say. */
    public String place(Path run, String data) {
        String named = data.isEmpty() ? own(run) : data;
        return named.isEmpty() ? "" : data.isEmpty() ? places.of(named) : places.data(named);
    }

    /** What the run calls its own, from the workspace on where they lie in it; empty where it does not say. */
    public String shown(Path run) {
        return places.shown(own(run));
    }

    /** As addresses of the page name them; empty where they are none of the workspace. */
    public String address(Path run, String data) {
        String named = data.isEmpty() ? own(run) : data;
        return named.isEmpty() ? "" : places.address(named);
    }

    /** The data of a run as the run records it; empty where it does not. */
    public static String own(Path run) {
        return RunFacts.read(run)
                .map(facts -> facts.asked().data())
                .map(DataRequest::data)
                .orElse("");
    }

    /**
     * A part of some data.
     *
     * @param part its name; empty for the first that there is of validation, test and train
     * @throws Refusal if there is no such part
     */
    public static Dataset part(Splits all, String part) {
        if (!part.isEmpty() && !PARTS.contains(part)) {
            throw Refusal.wrong("part: expected train, validation or test, got '%s'".formatted(Escaped.of(part)));
        }
        Dataset images = all.part(partName(all, part));
        if (images.size() == 0) {
            throw Refusal.wrong("the data has no %s part. Choose another part".formatted(partName(all, part)));
        }
        return images;
    }

    /** The name of the part that is meant. */
    public static String partName(Splits all, String part) {
        return part.isEmpty()
                ? PARTS.stream()
                        .filter(one -> all.part(one).size() > 0)
                        .findFirst()
                        .orElse(PARTS.get(0))
                : part;
    }

    /** The class of an image; empty where it has none. */
    public static String label(Dataset images, int index) {
        return images.target(index) instanceof Target.Label label
                        && images.classes().size() > 1
                ? images.classes().get(label.index())
                : "";
    }
}
