package dev.fovea.metrics.detect;

/** A detection of which is known what it is worth. */
sealed interface Judged {

    /** No class: once put right, it is gone. */
    int NOWHERE = -1;

    /** The class that it names. */
    int label();

    double score();

    /** Of an object that counts. */
    record Right(int label, double score) implements Judged {}

    /** @param repaired the class of which it is a right one once its error is put right, or {@link #NOWHERE} */
    record Wrong(int label, double score, DetectionError error, int repaired) implements Judged {}
}
