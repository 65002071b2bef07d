package dev.fovea.cli;

import dev.fovea.data.Dataset;
import dev.fovea.data.VerificationPairs;
import dev.fovea.run.Evaluated;
import dev.fovea.task.embed.Embedder;
import dev.fovea.task.embed.EmbeddingEvaluation;
import dev.fovea.task.embed.PairEvaluation;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** How embeddings are evaluated, where it is not each image among all others. */
final class IdentityOptions {

    @Option(
            names = "--pairs",
            paramLabel = "PAIRS.txt",
            description =
                    "Of embeddings, pairs of images to be told to be of one identity or two, listed as for Labeled Faces in "
                            + "the Wild, with or without folds.")
    private Path pairs;

    @Option(
            names = "--gallery",
            paramLabel = "N",
            description =
                    "Of embeddings, the first N images of each identity are those that the others are identified among "
                            + "(default: each image among all others).")
    private Integer gallery;

    boolean given() {
        return pairs != null || gallery != null;
    }

    /** What no option alone can know to be wrong. */
    void check() {
        if (pairs != null && gallery != null) {
            throw new IllegalArgumentException(
                    "--pairs: are verified, a --gallery is for identification. Leave one of them out");
        }
    }

    Evaluated evaluate(Path model, Dataset images, String device) {
        var embedder = Embedder.load(model, device);
        if (pairs == null) {
            EmbeddingEvaluation evaluation = embedder.evaluate(images, gallery);
            return evaluation.evaluated(images);
        }
        PairEvaluation evaluation = embedder.evaluate(images, VerificationPairs.read(pairs, images));
        return new Evaluated(evaluation.metrics(), evaluation.details(), evaluation.text(), List::of);
    }
}
