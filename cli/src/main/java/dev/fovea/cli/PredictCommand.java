package dev.fovea.cli;

import dev.fovea.task.Classifier;
import dev.fovea.task.Prediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fovea predict}: what a model sees in pictures. */
@Command(
        name = "predict",
        description = "Says what a model sees in picture files.",
        footer = {
            "",
            "Examples:",
            "  fovea predict runs/flowers-1 rose.jpg",
            "  fovea predict runs/flowers-1 *.jpg --json",
            "  fovea predict runs/gestures-1 waving.gif"
        })
final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "A run folder or a model package.")
    private Path model;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "Picture files, or clips: folders of numbered pictures, gifs, videos.")
    private List<Path> images;

    @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or cuda.")
    private String device;

    @Mixin
    private Output output;

    @Override
    public Integer call() {
        var classifier = Classifier.load(model, device);
        List<Prediction> predictions = classifier.predict(images);
        var json = new ArrayList<Map<String, Object>>();
        var text = new StringBuilder();
        for (int i = 0; i < images.size(); i++) {
            Prediction prediction = predictions.get(i);
            json.add(Map.of("file", images.get(i).toString(), "top", prediction.top()));
            text.append(images.get(i)).append("  ");
            for (var ranked : prediction.top()) {
                text.append(String.format(Locale.ROOT, "%s %.3f  ", ranked.label(), ranked.probability()));
            }
            text.append(System.lineSeparator());
        }
        output.print(Map.of("predictions", json), text.toString());
        return 0;
    }
}
