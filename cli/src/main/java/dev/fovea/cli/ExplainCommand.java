package dev.fovea.cli;

import dev.fovea.image.Image;
import dev.fovea.run.Explained;
import dev.fovea.run.OutputExplanation;
import dev.fovea.task.classify.Explanation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea explain}: Grad-CAM and occlusion. */
@Command(
        name = "explain",
        description = "Draws which part of an image, or which frames of a clip, a prediction depends on.",
        footer = {
            "",
            "Examples:",
            "  fovea explain runs/flowers-1 rose.jpg -o rose-why.png",
            "  fovea explain runs/flowers-1 rose.jpg --class tulip -o why-tulip.png",
            "  fovea explain runs/gestures-1 waving.gif -o frames.png",
            "  fovea explain resnet50 cat.jpg --weights imagenet -o cat-why.png"
        })
final class ExplainCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = ModelChoice.MODEL)
    private Path model;

    @Parameters(
            index = "1",
            paramLabel = "IMAGE",
            description = "An image file, or a clip: a folder of numbered images, a gif, a video.")
    private Path image;

    @Option(
            names = "--method",
            description = "grad-cam, the default for images; occlusion, which frames mattered, for clips.")
    private String method = "";

    @Option(names = "--class", paramLabel = "C", description = "The class to explain; by default the predicted one.")
    private String label = "";

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "OUT.png",
            description = "Image file to write, .png or .jpg.")
    private Path out;

    @Option(names = "--device", defaultValue = "auto", description = "Device: auto, cpu or cuda.")
    private String device;

    @Mixin
    private ModelChoice choice;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        var destination = OutputImage.of(out, List.of(image));
        var other = choice.explained(model, device);
        if (other.isPresent()) {
            return explainOutput(other.get());
        }
        var classifier = choice.classifier(model, device, output);
        String chosen = method.isEmpty() ? Explanation.method(classifier) : method;
        Explanation explanation = Explanation.of(classifier, image, chosen, label);
        explanation.write(destination.path());
        var json = new LinkedHashMap<String, Object>();
        json.put("method", chosen);
        json.put("class", explanation.label());
        json.put("probability", explanation.probability());
        json.put("output", out.toString());
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        "%s  %s %.3f  ->  %s%n",
                        chosen,
                        explanation.label(),
                        explanation.probability(),
                        out));
        return 0;
    }

    /** Of a model that predicts something else than one class. */
    private int explainOutput(Explained predictor) {
        OutputExplanation explanation = OutputExplanation.of(predictor, image, method, label);
        Image.write(out, explanation.image());
        var json = new LinkedHashMap<String, Object>();
        json.put("method", explanation.method());
        json.put("class", explanation.name());
        json.put("value", explanation.value());
        json.put("output", out.toString());
        output.print(
                json,
                String.format(
                        Locale.ROOT,
                        "%s  %s %.4f  ->  %s%n",
                        explanation.method(),
                        explanation.name(),
                        explanation.value(),
                        out));
        return 0;
    }
}
