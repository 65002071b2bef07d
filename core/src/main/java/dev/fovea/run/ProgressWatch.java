package dev.fovea.run;

/** Told how far long work is; what it throws ends the work. */
@FunctionalInterface
public interface ProgressWatch {

    /** Nobody watches. */
    ProgressWatch NONE = (done, all) -> {};

    /**
     * So much is done.
     *
     * @param all how much there is in the same unit; 0 where that is not known
     */
    void at(long done, long all);
}
