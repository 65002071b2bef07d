package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The images of a request on their way to a model: decoded and queued one after another, given up together. */
final class Asking {

    /**
     * What a model answered.
     *
     * @param chosen the version that answered, and draws
     * @param images that the answers are about, where they are to be drawn
     */
    record Answered(
            ServedModels.Chosen chosen, List<String> names, List<Image> images, List<Predictor.Answer> answers) {}

    private final Call call;
    private final boolean drawn;
    private final List<CompletableFuture<Predictor.Answer>> coming = new ArrayList<>();
    private boolean over;

    /** @param drawn whether the images are of use once they are answered about */
    Asking(Call call, boolean drawn) {
        this.call = call;
        this.drawn = drawn;
        call.onHangUp(this::giveUp);
    }

    /** All by one version: where it is exchanged in the middle, its successor is asked about all of them. */
    CompletableFuture<Answered> ask(String model, Optional<String> version, List<SentImage> sent) {
        try {
            while (true) {
                ServedModels.Chosen chosen = call.shared().models().chosen(model, version);
                try {
                    return together(chosen, sent, queued(chosen, sent));
                } catch (ServedModels.RetiredException e) {
                    withdraw();
                }
            }
        } catch (RuntimeException | Error e) {
            giveUp();
            throw e;
        }
    }

    private List<Image> queued(ServedModels.Chosen chosen, List<SentImage> sent) {
        var images = new ArrayList<Image>();
        for (SentImage one : sent) {
            call.checkWanted();
            checkNoneFailed();
            Image image = one.decoded(call);
            if (drawn) {
                images.add(image);
            }
            CompletableFuture<Predictor.Answer> answer = chosen.predict(image, call.deadline());
            if (!drawn) {
                answer.whenComplete((found, failure) -> call.memory().remove(image.pixels().length));
            }
            add(answer);
        }
        return images;
    }

    private void add(CompletableFuture<Predictor.Answer> answer) {
        boolean late;
        synchronized (coming) {
            late = over;
            coming.add(answer);
        }
        if (late) {
            answer.cancel(false);
            throw new CancellationException("nobody waits any more");
        }
    }

    private void checkNoneFailed() {
        all().stream().filter(CompletableFuture::isCompletedExceptionally).forEach(CompletableFuture::join);
    }

    private CompletableFuture<Answered> together(ServedModels.Chosen chosen, List<SentImage> sent, List<Image> images) {
        List<CompletableFuture<Predictor.Answer>> answers = all();
        List<String> names = sent.stream().map(SentImage::name).toList();
        var first = new CompletableFuture<Answered>();
        answers.forEach(one -> one.exceptionally(failure -> {
            first.completeExceptionally(ofModel(failure));
            giveUp();
            return null;
        }));
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenAccept(done -> first.complete(new Answered(
                        chosen,
                        names,
                        images,
                        answers.stream().map(CompletableFuture::join).toList())));
        return first;
    }

    /** What a network finds wrong once an image is prepared for it is no mistake of the client. */
    private static Throwable ofModel(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IllegalArgumentException && !(cause instanceof ImageException)
                ? new IllegalStateException("the model failed", cause)
                : cause;
    }

    private List<CompletableFuture<Predictor.Answer>> all() {
        synchronized (coming) {
            return List.copyOf(coming);
        }
    }

    private void withdraw() {
        List<CompletableFuture<Predictor.Answer>> before = all();
        synchronized (coming) {
            coming.clear();
        }
        before.forEach(one -> one.cancel(false));
    }

    private void giveUp() {
        synchronized (coming) {
            over = true;
        }
        all().forEach(one -> one.cancel(false));
    }
}
