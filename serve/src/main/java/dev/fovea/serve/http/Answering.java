package dev.fovea.serve.http;

import dev.fovea.serve.ServedModels;
import dev.fovea.serve.http.Asking.Answered;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Asks a model about the images of a request. */
final class Answering {

    private Answering() {}

    /**
     * What a model answers about the images of a request; one that cannot be answered ends all.
     *
     * @param drawn whether the images are of use once they are answered about
     * @param images finds them in the body
     */
    static CompletableFuture<Answered> ask(
            Call call,
            String model,
            Optional<String> version,
            boolean drawn,
            Function<byte[], List<SentImage>> images) {
        served(call, model, version);
        admit(call, model, version);
        var asking = new Asking(call, drawn);
        return call.body()
                .thenCompose(body -> call.shared().decoding().submit(() -> {
                    call.checkWanted();
                    return asking.ask(model, version, images.apply(body));
                }))
                .thenCompose(coming -> coming);
    }

    /** Where each of several versions has its share, only the one that will be asked is looked at, when it is asked. */
    private static void admit(Call call, String model, Optional<String> version) {
        List<ServedModels.Description> ready = named(call, model, version).stream()
                .filter(ServedModels.Description::ready)
                .toList();
        if (ready.size() == 1) {
            call.shared().models().chosen(model, version).admit(call.deadline());
        }
    }

    /**
     * The model that a request is about.
     *
     * @throws Refusal if it is not ready
     * @throws ServedModels.UnknownModelException if there is none
     */
    static ServedModels.Description served(Call call, String model, Optional<String> version) {
        List<ServedModels.Description> named = named(call, model, version);
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

    /**
     * The versions of a model, or the one that a request names.
     *
     * @throws ServedModels.UnknownModelException if there is none
     */
    static List<ServedModels.Description> named(Call call, String model, Optional<String> version) {
        List<ServedModels.Description> named = call.shared().models().all().stream()
                .filter(one -> one.name().equals(model))
                .filter(one -> version.isEmpty() || one.version().equals(version.get()))
                .toList();
        if (named.isEmpty()) {
            throw new ServedModels.UnknownModelException(unknown(call, model, version));
        }
        return named;
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
        return "no model '%s' answers here%s there %s %s"
                .formatted(
                        model,
                        dev.fovea.io.Nearest.hint(model, names, ","),
                        names.size() > 1 ? "are" : "is",
                        names.isEmpty() ? "none" : String.join(", ", names));
    }
}
