package dev.fovea.serve.pool;

import dev.fovea.run.Predictor;
import java.util.List;
import java.util.concurrent.Executor;

/** Computes the batches of a queue one after another, until it is closed and empty. */
final class BatchWorker implements Runnable {

    private final BatchQueue queue;
    private final Predictor predictor;
    private final ServiceTime time;
    private final VersionMetrics metrics;
    private final Executor answers;
    private volatile int computing;

    /** @param answers runs what is done with an answer, so that the network need not wait for it */
    BatchWorker(BatchQueue queue, Predictor predictor, ServiceTime time, VersionMetrics metrics, Executor answers) {
        this.queue = queue;
        this.predictor = predictor;
        this.time = time;
        this.metrics = metrics;
        this.answers = answers;
    }

    /** Images of the batch that is computed now. */
    int computing() {
        return computing;
    }

    @Override
    public void run() {
        boolean open = true;
        while (open) {
            try {
                open = turn();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                open = false;
            } catch (RuntimeException | Error e) { // such as a lack of memory, which passes
                Thread.onSpinWait();
            }
        }
    }

    /** Whether there may be another one. */
    private boolean turn() throws InterruptedException {
        List<Request> batch = queue.take();
        try {
            List<Request> wanted =
                    batch.stream().filter(one -> !one.answer().isDone()).toList();
            if (!wanted.isEmpty()) {
                computing = wanted.size();
                compute(wanted);
            }
        } catch (RuntimeException | Error e) {
            batch.forEach(one -> one.answer().completeExceptionally(e));
        } finally {
            computing = 0;
        }
        return !batch.isEmpty();
    }

    private void compute(List<Request> batch) {
        long begin = System.nanoTime();
        List<Predictor.Answer> found;
        try {
            found = predictor.predictPrepared(batch.stream().map(Request::image).toList());
            if (found.size() != batch.size()) {
                throw new IllegalStateException(
                        "the model gave %s answers about %s images".formatted(found.size(), batch.size()));
            }
        } catch (RuntimeException | Error e) { // whatever a request does, the next is answered
            failed(batch, e);
            return;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        time.saw(batch.size(), seconds);
        metrics.batch(batch, begin, seconds);
        answers.execute(() -> {
            for (int i = 0; i < batch.size(); i++) {
                answer(batch.get(i), found.get(i));
            }
        });
    }

    private void answer(Request request, Predictor.Answer found) {
        try {
            if (request.answer().complete(found)) {
                metrics.answer(found);
            }
        } catch (RuntimeException | Error e) { // of what somebody does with it; the others wait for theirs
            request.answer().completeExceptionally(e);
        }
    }

    /** One image that cannot be answered fails no other. */
    private void failed(List<Request> batch, Throwable failure) {
        if (batch.size() == 1) {
            answers.execute(() -> batch.get(0).answer().completeExceptionally(failure));
        } else {
            batch.forEach(one -> compute(List.of(one)));
        }
    }
}
