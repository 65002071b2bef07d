package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks a model about the images of a request. */
final class Answering {

    /** Answers with the images they are about. */
    record Answered(List<String> names, List<Image> images, List<Predictor.Answer> answers) {}

    private Answering() {}

    /**
     * What a model answers about the images of a request; one that cannot be answered ends all.
     *
     * @param images finds them in the body
     */
    static CompletableFuture<Answered> ask(
            Call call, String model, Optional<String> version, Function<byte[], List<SentImage>> images) {
        served(call, model, version);
        call.shared().models().admit(model, version, call.deadline());
        return call.body()
                .thenCompose(
                        body -> call.shared().decoding().submit(() -> queued(call, model, version, images.apply(body))))
                .thenCompose(coming -> coming);
    }

    private static CompletableFuture<Answered> queued(
            Call call, String model, Optional<String> version, List<SentImage> sent) {
        var coming = new ArrayList<CompletableFuture<Predictor.Answer>>();
        call.onHangUp(() -> cancel(coming));
        var images = new ArrayList<Image>();
        try {
            for (SentImage one : sent) {
                Image image = one.decoded(call);
                images.add(image);
                CompletableFuture<Predictor.Answer> answer =
                        call.shared().models().predict(model, version, image, call.deadline());
                synchronized (coming) {
                    coming.add(answer);
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            cancel(coming);
            throw e;
        }
        var answers = List.copyOf(coming);
        List<String> names = sent.stream().map(SentImage::name).toList();
        var first = new CompletableFuture<Answered>();
        answers.forEach(one -> one.exceptionally(failure -> {
            first.completeExceptionally(failure);
            cancel(coming);
            return null;
        }));
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenAccept(done -> first.complete(new Answered(
                        names,
                        images,
                        answers.stream().map(CompletableFuture::join).toList())));
        return first;
    }

    private static void cancel(List<CompletableFuture<Predictor.Answer>> coming) {
        List<CompletableFuture<Predictor.Answer>> all;
        synchronized (coming) {
            all = List.copyOf(coming);
        }
        all.forEach(one -> one.cancel(false));
    }

    /**
     * The model that a request is about.
     *
     * @throws Refusal if it is not ready
     * @throws ServedModels.UnknownModelException if there is none
     */
    static ServedModels.Description served(Call call, String model, Optional<String> version) {
        List<ServedModels.Description> named = call.shared().models().all().stream()
                .filter(one -> one.name().equals(model))
                .filter(one -> version.isEmpty() || one.version().equals(version.get()))
                .toList();
        if (named.isEmpty()) {
            throw new ServedModels.UnknownModelException(unknown(call, model, version));
        }
        return named.stream()
                .filter(ServedModels.Description::ready)
                .findFirst()
                .orElseThrow(() -> Refusal.busy("model '%s' is not ready%s"
                        .formatted(
                                model,
                                named.get(0).failure().isEmpty()
                                        ? ", it is being loaded"
                                        : " (%s)".formatted(named.get(0).failure()))));
    }

    private static String unknown(Call call, String model, Optional<String> version) {
        List<String> names = call.shared().models().all().stream()
                .map(ServedModels.Description::name)
                .distinct()
                .toList();
        if (names.contains(model)) {
            List<String> versions = call.shared().models().all().stream()
                    .filter(one -> one.name().equals(model))
                    .map(ServedModels.Description::version)
                    .toList();
            return "model '%s' has no version '%s', it has %s"
                    .formatted(model, version.orElse(""), String.join(", ", versions));
        }
        return "no model '%s' answers here%s there are %s"
                .formatted(
                        model,
                        dev.fovea.io.Nearest.hint(model, names, ","),
                        names.isEmpty() ? "none" : String.join(", ", names));
    }
}
