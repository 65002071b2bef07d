package dev.fovea.run.queue;

import dev.fovea.io.Records;
import dev.fovea.run.queue.QueuedRun.State;
import dev.fovea.train.Listener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Trainings one after the other, as two at once are slower than that. The list is kept in a file: what waits when the program ends
 * waits when it begins again, and a run that was under way goes on first, unless the program ended unexpectedly: it may be what
 * brought it down. Thread-safe.
 *
 * <p>What is asked of it and does not fit where a training stands, such as to remove the one that is under way, is an {@link
 * IllegalStateException}; a number that none has is a {@link NoSuchElementException}. A change that cannot be written down is an
 * {@link java.io.UncheckedIOException} and does not hold.
 */
public final class RunQueue implements AutoCloseable {

    /** Trains. */
    public interface Training {

        /** Trains until the end, or until {@code stop}. */
        Listener.End train(QueuedRun entry, BooleanSupplier stop, Milestones told);
    }

    /** Of those that are over, how many are still listed. */
    private static final int KEPT = 20;

    private static final int MOST_WAITING = 500;

    /** For a step to end, so that what was learned is kept. */
    private static final int PATIENCE_SECONDS = 60;

    /** For what is done again without a loss. */
    private static final int SHORT_SECONDS = 3;

    private static final String CRASHED = "was running when the program ended unexpectedly";

    private final QueueFile file;
    private final Training training;
    private final Runnable changed;
    private final List<QueuedRun> entries = new ArrayList<>();
    private final Thread worker = new Thread(this::work, "studio-training");
    private int next = 1;
    private boolean closing;
    private boolean closed;
    private int stopping;
    private int begun;
    private int reporting;
    private String unsaved = "";

    /**
     * The queue as it was left; it does not work yet.
     *
     * @param file that it is kept in, made with its folder when there is something to keep
     * @param changed told of every change
     */
    public RunQueue(Path file, Training training, Runnable changed) {
        this.file = new QueueFile(file);
        this.training = training;
        this.changed = changed;
        entries.addAll(this.file.entries());
        entries.replaceAll(one -> one.state() == State.RUNNING ? one.stopped(CRASHED) : one);
        next = entries.stream().mapToInt(QueuedRun::id).max().orElse(0) + 1;
        worker.setDaemon(true);
    }

    /** Begins to work, by a thread of its own. */
    public void start() {
        worker.start();
    }

    /** All, in the order in which they are trained; those that are over last, the latest first. */
    public synchronized List<QueuedRun> entries() {
        var ordered = new ArrayList<QueuedRun>();
        entries.stream().filter(one -> one.state() == State.RUNNING).forEach(ordered::add);
        ordered.addAll(waiting());
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).over()) {
                ordered.add(entries.get(i));
            }
        }
        return ordered;
    }

    private List<QueuedRun> waiting() {
        return entries.stream()
                .filter(one -> one.state() == State.WAITING)
                .sorted(Comparator.comparingInt(QueuedRun::priority).reversed())
                .toList();
    }

    /** What is wrong with the file of the queue, in sentences; none where nothing is. */
    public synchronized List<String> problems() {
        return Stream.of(file.problem(), unsaved).filter(one -> !one.isEmpty()).toList();
    }

    /** The one that is trained now. */
    public synchronized Optional<QueuedRun> running() {
        return entries.stream().filter(one -> one.state() == State.RUNNING).findFirst();
    }

    /** Whether it is under way, but its run does not go on yet: until then the folder says how it ended the last time. */
    public synchronized boolean starts(int id) {
        return begun != id && running().filter(one -> one.id() == id).isPresent();
    }

    /**
     * Puts one at the end of those of its priority.
     *
     * @return with its number
     * @throws IllegalStateException if the queue is full, or the run is in it already
     */
    public QueuedRun add(QueuedRun entry) {
        QueuedRun added;
        synchronized (this) {
            if (entries.stream().filter(one -> !one.over()).count() >= MOST_WAITING) {
                throw new IllegalStateException("the queue is full: remove some of what waits in it");
            }
            checkOnce(entry);
            added = Records.with(entry, "id", next++);
            change(() -> entries.add(added));
            notifyAll();
        }
        tell();
        return added;
    }

    /** @throws IllegalStateException if its run is to go on already */
    private void checkOnce(QueuedRun entry) {
        if (entry.resumes()
                && entries.stream().anyMatch(one -> !one.over() && one.run().equals(entry.run()))) {
            throw new IllegalStateException("%s: is in the queue already".formatted(entry.run()));
        }
    }

    /** Removes one that waits or is over; its run folder stays. */
    public void remove(int id) {
        synchronized (this) {
            QueuedRun entry = of(id);
            if (entry.state() == State.RUNNING) {
                throw new IllegalStateException("%s: is being trained. Stop it first".formatted(entry.name()));
            }
            change(() -> entries.remove(entry));
        }
        tell();
    }

    /** Has one wait again that was stopped or failed. */
    public void again(int id) {
        synchronized (this) {
            QueuedRun entry = of(id);
            if (entry.state() != State.STOPPED && entry.state() != State.FAILED) {
                throw new IllegalStateException("%s: was neither stopped nor did it fail".formatted(entry.name()));
            }
            checkOnce(entry);
            change(() -> {
                entries.remove(entry);
                entries.add(entry.again());
            });
            notifyAll();
        }
        tell();
    }

    /** Puts one that waits before ({@code by} below 0) or behind the next one of its priority. */
    public void move(int id, int by) {
        synchronized (this) {
            QueuedRun entry = of(id);
            List<QueuedRun> same = waiting().stream()
                    .filter(one -> one.priority() == entry.priority())
                    .toList();
            int at = same.indexOf(entry);
            int to = Math.max(0, Math.min(same.size() - 1, at + by));
            if (at < 0 || to == at) {
                return;
            }
            int place = entries.indexOf(same.get(to));
            change(() -> {
                entries.remove(entry);
                entries.add(place, entry);
            });
        }
        tell();
    }

    /** @param priority -1, 0 or 1 */
    public void prioritize(int id, int priority) {
        synchronized (this) {
            change(() -> update(id, one -> one.withPriority(priority)));
        }
        tell();
    }

    /** Ends the one that is trained, after the step under way; it can be resumed. */
    public void stop(int id) {
        synchronized (this) {
            if (of(id).state() != State.RUNNING) {
                throw new IllegalStateException("%s: is not under way".formatted(of(id).name()));
            }
            stopping = id;
        }
    }

    private synchronized boolean stops(int id) {
        return closing || stopping == id;
    }

    /** @throws NoSuchElementException if there is none */
    public synchronized QueuedRun of(int id) {
        return entries.stream()
                .filter(one -> one.id() == id)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no training %s in the queue".formatted(id)));
    }

    private synchronized QueuedRun update(int id, UnaryOperator<QueuedRun> change) {
        QueuedRun entry = of(id);
        QueuedRun now = change.apply(entry);
        entries.set(entries.indexOf(entry), now);
        return now;
    }

    /** Of somebody who is told: what cannot be written down does not hold. */
    private void change(Runnable change) {
        List<QueuedRun> before = List.copyOf(entries);
        try {
            change.run();
            save();
        } catch (RuntimeException e) {
            entries.clear();
            entries.addAll(before);
            throw e;
        }
    }

    /** Of the work itself, which goes on where it cannot be written down; the next change tries again. */
    private synchronized void keep() {
        try {
            save();
        } catch (RuntimeException e) {
            unsaved = "the queue cannot be kept, so it would be lost if the program ended now: " + e.getMessage();
        }
    }

    private void tell() {
        try {
            changed.run();
        } catch (RuntimeException e) {
            // who listens asks again; trainings go on
        }
    }

    private void save() {
        long over = entries.stream().filter(QueuedRun::over).count();
        for (int i = 0; over > KEPT; ) {
            if (entries.get(i).over()) {
                entries.remove(i);
                over--;
            } else {
                i++;
            }
        }
        file.write(entries);
        unsaved = "";
    }

    private void work() {
        for (; ; ) {
            Optional<QueuedRun> next = await();
            if (next.isEmpty()) {
                return;
            }
            QueuedRun entry = next.get();
            tell();
            QueuedRun ended = trained(entry);
            synchronized (this) {
                if (closed) { // it was not waited for: the list is of whoever opens it next
                    return;
                }
                if (closing && ended.state() == State.STOPPED) {
                    putFirst(ended);
                    return;
                }
                QueuedRun last = ended;
                entries.removeIf(one -> one.id() == entry.id());
                entries.add(last); // those that are over stand in the order of their end
                keep();
            }
            tell();
        }
    }

    /** It is the first when the program begins again. */
    private void putFirst(QueuedRun entry) {
        entries.removeIf(one -> one.id() == entry.id());
        entries.add(0, entry.withState(State.WAITING).withPriority(1));
        keep();
    }

    /** The next one, begun, once there is one; none when the queue is closed. */
    private synchronized Optional<QueuedRun> await() {
        try {
            while (!closing && waiting().isEmpty()) {
                wait();
            }
        } catch (InterruptedException e) {
            return Optional.empty();
        }
        if (closing) {
            return Optional.empty();
        }
        stopping = 0;
        begun = 0;
        reporting = 0;
        QueuedRun first = update(waiting().get(0).id(), one -> one.withState(State.RUNNING));
        keep();
        return Optional.of(first);
    }

    /** A run that fails says why, and the next goes on. */
    private QueuedRun trained(QueuedRun entry) {
        try {
            Listener.End end = training.train(entry, () -> stops(entry.id()), new Told(entry.id()));
            return of(entry.id()).withState(end == Listener.End.STOPPED ? State.STOPPED : State.DONE);
        } catch (RuntimeException | Error e) {
            String name = e.getClass().getSimpleName();
            String why = e.getMessage() == null ? name : e.getMessage();
            return of(entry.id()).failed(e instanceof Error && !why.equals(name) ? name + ": " + why : why);
        }
    }

    private final class Told implements Milestones {

        private final int id;

        Told(int id) {
            this.id = id;
        }

        @Override
        public void begins(String run) {
            synchronized (RunQueue.this) {
                begun = id;
                update(id, one -> one.withRun(run));
            }
            keep();
            tell();
        }

        @Override
        public void reports() {
            synchronized (RunQueue.this) {
                reporting = id;
            }
        }
    }

    /**
     * The run under way stops resumable, and is the first when the program begins again; so is one that does not end in time, of which
     * nothing is waited for long but a step.
     */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            for (int waited = 0; worker.isAlive() && waited < patience(); waited++) {
                worker.join(TimeUnit.SECONDS.toMillis(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            running().ifPresent(this::putFirst);
            closed = true;
        }
    }

    private synchronized int patience() {
        boolean steps = running()
                .filter(one -> begun == one.id() && reporting != one.id())
                .isPresent();
        return steps ? PATIENCE_SECONDS : SHORT_SECONDS;
    }
}
