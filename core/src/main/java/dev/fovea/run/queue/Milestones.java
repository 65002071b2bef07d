package dev.fovea.run.queue;

/** What a training of the queue tells on its way. */
public interface Milestones {

    /** @param run its folder, by the name that the list is to keep; empty once that is gone again */
    void begins(String run);

    /** All steps are made. What is left, as its report, is made again where the program ends before. */
    default void reports() {}
}
