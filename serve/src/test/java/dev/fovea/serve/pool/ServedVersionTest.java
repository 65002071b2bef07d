package dev.fovea.serve.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import dev.fovea.serve.ServedModels;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ServedVersionTest {

    private static final int WARM_UP = 4;

    private final GatedPredictor predictor = new GatedPredictor(0);
    private final PoolMetrics metrics = new PoolMetrics(new PrometheusRegistry(), 0.5);
    private ServedVersion served;

    @AfterEach
    void end() {
        predictor.let(1000);
        served.retire();
    }

    private void start(int size, int queue) {
        predictor.let(WARM_UP);
        served = ServedVersion.start(
                "m", "1", predictor.model(), new Batching(size, Duration.ZERO, queue, 1), metrics, Runnable::run);
        IntStream.range(0, WARM_UP).forEach(i -> predictor.awaitBegun());
    }

    private static long in(double seconds) {
        return System.nanoTime() + (long) (seconds * 1e9);
    }

    private CompletableFuture<Predictor.Answer> ask(Image image) {
        return served.predict(image, in(15));
    }

    private static int number(CompletableFuture<Predictor.Answer> answer) {
        return ((GatedPredictor.Value) answer.join()).number();
    }

    @Test
    void isWarmedUpWithOneImageAndWithAFullBatch() {
        start(8, 16);
        assertThat(predictor.sizes()).containsExactly(1, 1, 8, 8);
    }

    @Test
    void whatComesWhileABatchIsComputedIsTheNextBatch() {
        start(8, 16);
        var first = ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        var others = IntStream.rangeClosed(2, 6)
                .mapToObj(i -> ask(GatedPredictor.image(i)))
                .toList();
        predictor.let(2);
        assertThat(number(first)).isEqualTo(1);
        assertThat(others.stream().map(ServedVersionTest::number)).containsExactly(2, 3, 4, 5, 6);
        assertThat(predictor.sizes()).endsWith(1, 5);
    }

    @Test
    void oneBrokenImageFailsNoOther() {
        start(8, 16);
        var first = ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        var good = ask(GatedPredictor.image(2));
        var broken = ask(GatedPredictor.image(GatedPredictor.BROKEN));
        var last = ask(GatedPredictor.image(3));
        predictor.let(20);
        assertThat(List.of(number(first), number(good), number(last))).containsExactly(1, 2, 3);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(broken::join)
                .withMessageContaining("cannot answer about 255");
    }

    @Test
    void aModelThatGivesTooFewAnswersFailsItsImagesAndGoesOn() {
        start(8, 16);
        var first = ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        var second = ask(GatedPredictor.image(GatedPredictor.UNANSWERED));
        var third = ask(GatedPredictor.image(3));
        predictor.let(20);
        assertThat(number(first)).isEqualTo(1);
        assertThatThrownBy(second::join).hasMessageContaining("the model gave 0 answers about 1 images");
        assertThat(number(third)).isEqualTo(3);
        assertThat(number(ask(GatedPredictor.image(4)))).isEqualTo(4);
    }

    @Test
    void anErrorOfWhatIsDoneWithAnAnswerEndsNoWorker() {
        start(8, 16);
        ask(GatedPredictor.image(1)).thenAccept(answer -> {});
        predictor.awaitBegun();
        var broken = ask(GatedPredictor.image(GatedPredictor.UNCOUNTABLE));
        predictor.let(20);
        assertThat(number(broken)).isEqualTo(GatedPredictor.UNCOUNTABLE);
        assertThat(number(ask(GatedPredictor.image(2)))).isEqualTo(2);
        assertThat(served.ended()).isFalse();
    }

    @Test
    void cancellingFreesAPlaceInAFullQueue() {
        start(8, 2);
        ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        var second = ask(GatedPredictor.image(2));
        ask(GatedPredictor.image(3));
        assertThatExceptionOfType(ServedModels.OverloadedException.class)
                .isThrownBy(() -> ask(GatedPredictor.image(4)))
                .withMessage("m: 2 requests wait already, which is the most. Try again later")
                .satisfies(e -> assertThat(e.retryAfter()).isPositive());
        assertThatExceptionOfType(ServedModels.OverloadedException.class).isThrownBy(() -> served.admit(in(15)));
        second.cancel(true);
        served.admit(in(15));
        var fourth = ask(GatedPredictor.image(4));
        predictor.let(20);
        assertThat(number(fourth)).isEqualTo(4);
        assertThat(predictor.sizes()).endsWith(1, 2);
    }

    @Test
    void whatExpiresIsNotComputed() {
        start(8, 16);
        ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        var late = served.predict(GatedPredictor.image(2), in(0.5));
        var patient = ask(GatedPredictor.image(3));
        while (!late.isDone()) {
            served.expire();
        }
        assertThat(late).isCompletedExceptionally();
        assertThatThrownBy(late::join).hasCauseInstanceOf(ServedModels.DeadlineException.class);
        predictor.let(20);
        assertThat(number(patient)).isEqualTo(3);
        assertThat(predictor.sizes()).endsWith(1, 1);
    }

    @Test
    void aDeadlineThatHasPassedIsAnsweredAtOnce() {
        start(8, 16);
        assertThatThrownBy(served.predict(GatedPredictor.image(1), in(-1))::join)
                .hasCauseInstanceOf(ServedModels.DeadlineException.class)
                .hasMessageContaining("m: the deadline had passed when the request came");
    }

    @Test
    void refusesAtOnceWhatCannotBeAnsweredInTime() {
        start(1, 10_000);
        ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        assertThatExceptionOfType(ServedModels.OverloadedException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        served.predict(GatedPredictor.image(2), in(0.0001));
                    }
                })
                .withMessageMatching(
                        "m: \\d+ requests wait, an answer would take about \\d+ ms and is wanted in 0 ms\\..*");
    }

    @Test
    void whatIsTooMuchIsRefusedAtOnceAndAllIsAnsweredAgainAfterwards() {
        start(4, 8);
        ask(GatedPredictor.image(0));
        predictor.awaitBegun();
        var taken = new ArrayList<CompletableFuture<Predictor.Answer>>();
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            try {
                taken.add(ask(GatedPredictor.image(i)));
            } catch (ServedModels.OverloadedException e) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(92);
        predictor.let(1000);
        assertThat(taken.stream().map(ServedVersionTest::number)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        for (int i = 0; i < 20; i++) {
            assertThat(number(ask(GatedPredictor.image(i)))).isEqualTo(i);
        }
    }

    @Test
    void answersWhatIsQueuedWhenItIsRetired() {
        start(8, 16);
        var first = ask(GatedPredictor.image(1));
        predictor.awaitBegun();
        var second = ask(GatedPredictor.image(2));
        served.retire();
        assertThatExceptionOfType(ServedModels.RetiredException.class).isThrownBy(() -> ask(GatedPredictor.image(3)));
        assertThat(served.ended()).isFalse();
        predictor.let(20);
        assertThat(List.of(number(first), number(second))).containsExactly(1, 2);
        while (!served.ended()) {
            Thread.onSpinWait();
        }
    }
}
