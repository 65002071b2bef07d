package dev.fovea.task.detect;

import dev.fovea.data.Conversion;
import dev.fovea.data.DataException;
import dev.fovea.data.Keypoints;
import dev.fovea.data.Prelabelled;
import dev.fovea.run.Predictor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a detector finds in image files, to be written as data with boxes. */
final class FoundLabels implements Predictor.Labels {

    private final List<String> classes;
    private final String to;
    private final Path folder;
    private final List<Prelabelled> images = new ArrayList<>();

    FoundLabels(List<String> classes, String to, Path folder) {
        Conversion.check(to, folder);
        this.classes = classes;
        this.to = to;
        this.folder = folder;
    }

    @Override
    public void add(Path file, Predictor.Answer answer) {
        images.add(new Prelabelled(
                file,
                ((DetectedObjects) answer).objects().stream().map(this::guess).toList()));
    }

    /** Points that the model is not sure of are hidden ones, which keep their places. */
    private Prelabelled.Guess guess(DetectedObject object) {
        return new Prelabelled.Guess(
                object.box(),
                classes.indexOf(object.label()),
                object.score(),
                object.mask(),
                object.points(Keypoints.HIDDEN));
    }

    @Override
    public Conversion write() {
        if (images.isEmpty()) {
            throw new DataException(folder + ": is not written, as no image could be read");
        }
        return Prelabelled.write(images, classes, to, folder);
    }
}
