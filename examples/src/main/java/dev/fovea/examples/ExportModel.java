package dev.fovea.examples;

import dev.fovea.data.Shapes;
import dev.fovea.data.Splits;
import dev.fovea.export.Exported;
import dev.fovea.export.OnnxExport;
import dev.fovea.task.Tasks;
import dev.fovea.task.classify.Classifier;
import java.nio.file.Path;
import java.util.List;

/** Trains a classifier and writes it as an ONNX file that takes pixels and gives probabilities. */
public final class ExportModel {

    private ExportModel() {}

    public static void main(String... args) {
        var shapes = new Splits(new Shapes(1, 8, 32), new Shapes(2, 2, 32), new Shapes(3, 2, 32), List.of());
        var recipe = Tasks.ALL.recipe("cifar-cnn").withEpochs(1);
        Classifier.train("cifar-cnn", shapes, recipe).save(Path.of("shape-model"));

        Exported exported = OnnxExport.load(Path.of("shape-model"))
                .withPreprocessing() // uint8 [N, H, W, C] goes in
                .withPostprocessing() // probabilities come out
                .write(Path.of("shapes.onnx"));

        System.out.println(exported.outputs().get(0).description() + " " + exported.difference());
    }
}
