package dev.fovea.run.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.run.queue.QueuedRun.State;
import dev.fovea.train.Listener;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunQueueTest {

    @TempDir
    private Path folder;

    private final List<String> trained = new CopyOnWriteArrayList<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch written = new CountDownLatch(1);

    /** Trains until it is stopped, unless the model is quick or fails; what is slow opens its data and writes its report for long. */
    private Listener.End train(QueuedRun entry, BooleanSupplier stop, Milestones told) {
        trained.add(entry.name() + (entry.resumes() ? " again" : ""));
        if (entry.model().equals("slow")) {
            pass(opened);
        }
        told.begins("runs/" + entry.name() + "-1");
        if (entry.model().equals("slow")) {
            told.reports();
            pass(written);
            return Listener.End.FINISHED;
        }
        if (entry.model().equals("fails")) {
            throw new IllegalArgumentException("lr=100 is too high");
        }
        while (!entry.model().equals("quick") && !stop.getAsBoolean()) {
            pause();
        }
        return entry.model().equals("quick") ? Listener.End.FINISHED : Listener.End.STOPPED;
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 2000 && !condition.getAsBoolean(); i++) {
            pause();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private RunQueue queue() {
        return new RunQueue(folder.resolve("queue.json"), this::train, () -> {});
    }

    private static QueuedRun entry(String name, String model) {
        return new QueuedRun(0, name, "shapes", model, "classification", "", "", "", 3, 0, State.WAITING, "", "", "");
    }

    private static List<String> names(RunQueue queue) {
        return queue.entries().stream().map(QueuedRun::name).toList();
    }

    @Test
    void trainsOneAfterTheOtherByPriority() {
        try (var queue = queue()) {
            queue.add(entry("a", "quick"));
            queue.add(entry("b", "quick"));
            int c = queue.add(entry("c", "quick")).id();
            queue.prioritize(c, 1);
            assertThat(names(queue)).containsExactly("c", "a", "b");
            queue.start();
            await(() -> queue.entries().stream().allMatch(QueuedRun::over));
            assertThat(trained).containsExactly("c", "a", "b");
            assertThat(names(queue)).as("the last that ended first").containsExactly("b", "a", "c");
        }
    }

    @Test
    void changesTheOrderOfWhatWaits() {
        try (var queue = queue()) {
            queue.add(entry("a", "quick"));
            queue.add(entry("b", "quick"));
            int c = queue.add(entry("c", "quick")).id();
            queue.move(c, -1);
            assertThat(names(queue)).containsExactly("a", "c", "b");
            queue.move(c, 5);
            assertThat(names(queue)).containsExactly("a", "b", "c");
            queue.remove(c);
            assertThat(names(queue)).containsExactly("a", "b");
        }
    }

    @Test
    void saysWhyARunFailedAndGoesOn() {
        try (var queue = queue()) {
            int bad = queue.add(entry("bad", "fails")).id();
            int good = queue.add(entry("good", "quick")).id();
            queue.start();
            await(() -> queue.of(good).over());
            assertThat(queue.of(bad).state()).isEqualTo(State.FAILED);
            assertThat(queue.of(bad).error()).isEqualTo("lr=100 is too high");
            assertThat(queue.of(good).state()).isEqualTo(State.DONE);
        }
    }

    @Test
    void stopsTheOneUnderWay() {
        try (var queue = queue()) {
            int id = queue.add(entry("a", "long")).id();
            queue.start();
            await(() -> queue.running().isPresent());
            assertThatThrownBy(() -> queue.remove(id)).hasMessage("a: is being trained. Stop it first");
            queue.stop(id);
            await(() -> queue.of(id).over());
            assertThat(queue.of(id).state()).isEqualTo(State.STOPPED);
            assertThat(queue.of(id).run()).isEqualTo("runs/a-1");
        }
    }

    @Test
    void survivesARestartAndGoesOnWithWhatWasUnderWay() {
        int under;
        try (var queue = queue()) {
            under = queue.add(entry("a", "long")).id();
            queue.add(entry("b", "quick"));
            queue.start();
            await(() -> queue.running().filter(QueuedRun::resumes).isPresent());
        }
        try (var queue = queue()) {
            assertThat(names(queue)).containsExactly("a", "b");
            assertThat(queue.of(under).state()).isEqualTo(State.WAITING);
            queue.start();
            await(() -> trained.size() == 2);
            assertThat(trained).containsExactly("a", "a again");
        }
    }

    @Test
    void saysOfARunThatGoesOnWhetherItDoesSoYet() {
        try (var queue = queue()) {
            int id = queue.add(entry("a", "slow")).id();
            assertThat(queue.starts(id)).isFalse();
            queue.start();
            await(() -> queue.starts(id));
            opened.countDown();
            await(() -> queue.of(id).resumes());
            assertThat(queue.starts(id)).isFalse();
            written.countDown();
            await(() -> queue.of(id).over());
            assertThat(queue.starts(id)).isFalse();
        }
    }

    @Test
    void theProgramDoesNotWaitForAReportWhichIsMadeWhenItBeginsAgain() {
        opened.countDown();
        long begin;
        try (var queue = queue()) {
            queue.add(entry("a", "slow"));
            queue.add(entry("b", "quick"));
            queue.start();
            await(() -> queue.running().filter(QueuedRun::resumes).isPresent());
            begin = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        try (var queue = queue()) {
            assertThat(names(queue)).containsExactly("a", "b");
            assertThat(queue.entries().get(0).state()).isEqualTo(State.WAITING);
            assertThat(queue.entries().get(0).run()).isEqualTo("runs/a-1");
        }
        written.countDown();
    }

    @Test
    void whatRanWhenTheProgramCrashedWaitsForAPerson() throws Exception {
        try (var queue = queue()) {
            queue.add(entry("a", "quick"));
        }
        Path file = folder.resolve("queue.json");
        Files.writeString(file, Files.readString(file).replace("WAITING", "RUNNING"));
        try (var queue = queue()) {
            QueuedRun left = queue.entries().get(0);
            assertThat(left.state()).isEqualTo(State.STOPPED);
            assertThat(left.error()).isEqualTo("was running when the program ended unexpectedly");
            int next = queue.add(entry("b", "quick")).id();
            queue.start();
            await(() -> queue.of(next).over());
            assertThat(trained).containsExactly("b");
            queue.again(left.id());
            await(() -> queue.of(left.id()).over());
            assertThat(queue.of(left.id()).state()).isEqualTo(State.DONE);
            assertThat(queue.of(left.id()).error()).isEmpty();
        }
    }

    @Test
    void aListThatCannotBeReadIsMovedAsideAndSaid() throws Exception {
        Path file = folder.resolve("queue.json");
        String newer = "[{\"id\": 1, \"name\": \"a\", \"state\": \"POSTPONED\"}]";
        for (String text : List.of("[{\"id\": ", newer, "[{\"id\": 1, \"state\": \"WAITING\"}]", "[null]")) {
            Files.writeString(file, text);
            try (var queue = queue()) {
                assertThat(queue.entries()).isEmpty();
                assertThat(queue.problems().toString())
                        .contains("is damaged or of a newer version", "queue.json.damaged");
                assertThat(queue.add(entry("a", "quick")).id()).isEqualTo(1);
            }
        }
        assertThat(folder.resolve("queue.json.damaged")).hasContent("[{\"id\": ");
        assertThat(folder.resolve("queue.json.damaged-2")).hasContent(newer);
    }

    @Test
    void trainsOnWhileItsListCannotBeWritten() throws Exception {
        Path own = folder.resolve("own");
        Path file = own.resolve("queue.json");
        try (var queue = new RunQueue(file, this::train, () -> {})) {
            int a = queue.add(entry("a", "quick")).id();
            int b = queue.add(entry("b", "quick")).id();
            Files.delete(file);
            Files.delete(own);
            Files.createFile(own);
            assertThatThrownBy(() -> queue.add(entry("c", "quick")))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(own + ": cannot be made");
            assertThatThrownBy(() -> queue.remove(b)).isInstanceOf(UncheckedIOException.class);
            assertThat(names(queue)).containsExactly("a", "b");
            queue.start();
            await(() -> queue.of(a).over() && queue.of(b).over());
            assertThat(queue.entries()).extracting(QueuedRun::state).containsOnly(State.DONE);
            assertThat(queue.problems().toString()).contains("the queue cannot be kept");
            Files.delete(own);
            queue.add(entry("c", "quick"));
            assertThat(queue.problems()).isEmpty();
        }
    }

    @Test
    void saysWhatDoesNotFitAndChangesNothing() {
        try (var queue = queue()) {
            int a = queue.add(entry("a", "quick")).id();
            assertThatThrownBy(() -> queue.of(9))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("there is no training 9 in the queue");
            assertThatThrownBy(() -> queue.stop(a))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a: is not under way");
            assertThatThrownBy(() -> queue.again(a))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a: was neither stopped nor did it fail");
            assertThatThrownBy(() -> queue.prioritize(a, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("priority: expected -1, 0 or 1, got 2");
            assertThat(queue.of(a)).isEqualTo(queue.entries().get(0));
            assertThat(queue.of(a).priority()).isZero();
        }
    }

    @Test
    void aRunIsResumedOnlyOnceAtATime() {
        try (var queue = queue()) {
            var run = new QueuedRun(
                    0, "a-1", "", "quick", "classification", "", "", "", 3, 0, State.WAITING, "runs/a-1", "", "");
            queue.add(run);
            assertThatThrownBy(() -> queue.add(run))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("runs/a-1: is in the queue already");
        }
    }

    @Test
    void oneThatWaitsAgainIsNoSecondOfItsRun() {
        try (var queue = queue()) {
            int failed = queue.add(entry("a", "fails")).id();
            queue.start();
            await(() -> queue.of(failed).over());
            int under = queue.add(entry("b", "long")).id();
            await(() -> queue.of(under).state() == State.RUNNING);
            queue.add(new QueuedRun(
                    0, "a-1", "", "quick", "classification", "", "", "", 3, 0, State.WAITING, "runs/a-1", "", ""));
            assertThatThrownBy(() -> queue.again(failed))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("runs/a-1: is in the queue already");
        }
    }

    @Test
    void closesAtOnceWhereTheRunUnderWayEndsByItself() {
        var closing = new CountDownLatch(1);
        var queue = new RunQueue(
                folder.resolve("queue.json"),
                (entry, stop, began) -> {
                    trained.add(entry.name());
                    closing.countDown();
                    while (!stop.getAsBoolean()) { // it is past its last step: it ends as it would have
                        pause();
                    }
                    return Listener.End.FINISHED;
                },
                () -> {});
        int last = queue.add(entry("a", "report")).id();
        int next = queue.add(entry("b", "report")).id();
        queue.start();
        await(() -> closing.getCount() == 0);
        long begun = System.nanoTime();
        queue.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(queue.of(last).state()).isEqualTo(State.DONE);
        assertThat(queue.of(next).state()).isEqualTo(State.WAITING);
        assertThat(trained).containsExactly("a");
    }
}
