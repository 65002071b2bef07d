package dev.fovea.export;

/** Writes one operation of a recorded network as nodes of an ONNX graph. */
@FunctionalInterface
interface Conversion {

    /** Adds the nodes for {@code step} to {@code graph}, and says which are its outputs. */
    void write(Step step, GraphBuilder graph);
}
