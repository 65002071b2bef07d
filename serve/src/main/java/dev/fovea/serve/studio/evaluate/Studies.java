package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.CsvColumns;
import dev.fovea.data.Dataset;
import dev.fovea.run.RunData;
import dev.fovea.run.SavedNet;
import dev.fovea.run.Survey;
import dev.fovea.run.TaskTypes;
import dev.fovea.run.Threads;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.Job;
import dev.fovea.serve.studio.Studio;
import dev.fovea.serve.studio.models.LoadedModel;
import dev.fovea.serve.studio.models.RunImages;
import dev.fovea.serve.studio.models.Watched;
import dev.fovea.task.Tasks;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What is looked at, the latest of them kept open. */
final class Studies {

    private static final int MOST = 4;

    private final Studio studio;
    private final BooleanSupplier busy;
    private final Map<StudyKey, View> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<StudyKey, CompletableFuture<View>> coming = new ConcurrentHashMap<>();

    /** @param busy whether a run is being trained beside */
    Studies(Studio studio, BooleanSupplier busy) {
        this.studio = studio;
        this.busy = busy;
    }

    /** One that is open, as long as neither the model nor the data has changed since. */
    Optional<View> known(StudyKey key) {
        View view;
        synchronized (open) {
            view = open.get(key);
        }
        if (view != null && !view.study().watched().unchanged()) {
            forget(key);
            return Optional.empty();
        }
        return Optional.ofNullable(view);
    }

    /**
     * One that is open, or whose answers are kept in the folder of the run.
     *
     * @throws Refusal if the model is to be asked first
     */
    View of(StudyKey key) {
        return known(key).orElseGet(() -> once(key));
    }

    /** A page asks for many images at once: the first opens model and data, the others wait for it. */
    private View once(StudyKey key) {
        var own = new CompletableFuture<View>();
        CompletableFuture<View> first = coming.putIfAbsent(key, own);
        if (first != null) {
            try {
                return first.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        try {
            own.complete(opened(key));
        } catch (RuntimeException | Error e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            coming.remove(key);
        }
        return own.join();
    }

    private View opened(StudyKey key) {
        Asked asked = asked(key);
        return keep(asked.study(asked.survey()
                .kept()
                .orElseThrow(() -> Refusal.of(
                        409, "not-evaluated", "this model was not asked about these images yet. Evaluate it"))));
    }

    /** Beside a training as many as do not slow it down much. */
    private int threads() {
        return Math.max(1, busy.getAsBoolean() ? Threads.used() / 4 : Threads.used());
    }

    /** Asks the model about all images, unless its answers are kept. */
    View ask(StudyKey key, Job job) {
        job.progress(0, 0);
        Asked asked = asked(key);
        Survey survey = asked.survey();
        Survey.Result result = survey.kept()
                .orElseGet(() -> survey.ask(threads(), job::progress, job::stopped)
                        .orElseThrow(() -> new CancellationException("stopped")));
        return keep(asked.study(result));
    }

    /** As if it had not been looked at: the data or the model has changed. */
    void forget(StudyKey key) {
        synchronized (open) {
            open.remove(key);
        }
    }

    private View keep(Study study) {
        View view = View.of(study);
        synchronized (open) {
            open.put(study.key(), view);
            for (Iterator<View> oldest = open.values().iterator(); open.size() > MOST; ) {
                oldest.next();
                oldest.remove();
            }
        }
        return view;
    }

    /** What is to be asked, about which data. */
    private record Asked(
            Survey survey, Watched watched, Data data, Optional<CsvColumns> columns, Supplier<LoadedModel> model) {

        /** @param all images of the part */
        private record Data(StudyKey key, String part, int all, String address, String changed) {}

        Study study(Survey.Result result) {
            return new Study(
                    data.key(),
                    survey.saved().type().kind(),
                    model.get().explanationMethods(),
                    model,
                    survey.data(),
                    data.all(),
                    watched,
                    data.part(),
                    data.address(),
                    data.changed(),
                    columns,
                    result);
        }
    }

    private Asked asked(StudyKey key) {
        Path model = studio.workspace().existing(key.run());
        String place = studio.images().place(model, key.data());
        Watched watched = Watched.of(SavedNet.weights(model), place); // before anything is read
        TaskTypes.Saved saved = studio.loaded().of(model).saved();
        if (!Survey.possible(saved)) {
            throw Refusal.wrong("what a model for %s makes is not measured image by image. Its report shows its figures"
                    .formatted(saved.type().word()));
        }
        if (place.isEmpty()) {
            throw Refusal.wrong("%s: does not say what data it was trained on. Choose a data set".formatted(key.run()));
        }
        RunData opened = studio.images().of(model, key.data());
        String part = RunImages.partName(opened.data(), key.part());
        Dataset all = RunImages.part(opened.data(), part);
        Dataset images = Survey.images(saved, all);
        String kept = key.data().isEmpty() ? part : part + "-" + fileName(key.data());
        return new Asked(
                new Survey(saved, model, images, kept),
                watched,
                new Asked.Data(key, part, all.size(), studio.images().address(model, key.data()), opened.changed()),
                CsvColumns.of(place, Tasks.ALL.targetKind(model)),
                () -> studio.loaded().of(model));
    }

    private static String fileName(String data) {
        String plain = data.replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.substring(Math.max(0, plain.length() - 60));
    }
}
