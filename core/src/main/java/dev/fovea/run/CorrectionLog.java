package dev.fovea.run;

import dev.fovea.io.FileStamp;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Corrections while somebody makes them: each change is written at once, and can be undone and done again. A list that another
 * program has written meanwhile is read anew; what was done before is then no longer undone.
 */
public final class CorrectionLog {

    private static final int MOST_STEPS = 1000;

    /** What was said about the images of a change before it and after. */
    private record Step(String id, List<Finding> before, List<Finding> after) {
        Step reversed() {
            return new Step(id, after, before);
        }
    }

    private final Path list;
    private final Deque<Step> done = new ArrayDeque<>();
    private final Deque<Step> undone = new ArrayDeque<>();
    private Corrections now;
    /** By which another program's writing shows. */
    private FileStamp stamp;

    /** @throws dev.fovea.data.DataException if there is a file of that name that is no list of findings */
    public CorrectionLog(Path list) {
        this.list = list;
        readAnew();
    }

    private void readAnew() {
        FileStamp before = FileStamp.of(list);
        now = Corrections.read(list); // of one that is damaged nothing is taken, and nothing written over it
        stamp = before;
    }

    /** As they are. */
    public synchronized Corrections now() {
        if (!FileStamp.of(list).equals(stamp)) {
            readAnew();
            done.clear();
            undone.clear();
        }
        return now;
    }

    /** How many changes can be undone. */
    public synchronized int undoable() {
        return done.size();
    }

    /** How many changes that were undone can be done again. */
    public synchronized int redoable() {
        return undone.size();
    }

    /**
     * Says something about some images, and nothing any more about others, in one step.
     *
     * @param cleared findings about images that are to be as in the data again
     * @return by which this change is undone, and no other, also of another program
     */
    public synchronized String change(List<Finding> said, List<Finding> cleared) {
        List<Finding> touched = Stream.concat(said.stream(), cleared.stream()).toList();
        var step = new Step(UUID.randomUUID().toString(), now().about(touched), List.copyOf(said));
        take(touched, said);
        undone.clear();
        done.push(step);
        while (done.size() > MOST_STEPS) {
            done.removeLast();
        }
        return step.id();
    }

    /** Undoes the last change; nothing where there is none. */
    public synchronized List<Finding> undo() {
        return move(done, undone);
    }

    /**
     * Undoes a change, if it is the last.
     *
     * @param step as {@link #change} gave it
     * @return what {@link #undo()} returns; none, with nothing undone, if another change is the last or there is none
     */
    public synchronized Optional<List<Finding>> undo(String step) {
        now();
        return done.isEmpty() || !done.peek().id().equals(step) ? Optional.empty() : Optional.of(undo());
    }

    /** Does again what was undone last; nothing where there is none. */
    public synchronized List<Finding> redo() {
        return move(undone, done);
    }

    /** @return what is about the images that changed, before or after */
    private List<Finding> move(Deque<Step> from, Deque<Step> to) {
        now();
        if (from.isEmpty()) {
            return List.of();
        }
        Step back = from.pop().reversed();
        take(back.before(), back.after());
        to.push(back);
        var touched = new ArrayList<>(back.before());
        touched.addAll(back.after());
        return touched;
    }

    private void take(Collection<Finding> cleared, List<Finding> said) {
        Corrections next = now.without(cleared).with(said);
        next.write();
        now = next;
        stamp = FileStamp.of(list);
    }
}
