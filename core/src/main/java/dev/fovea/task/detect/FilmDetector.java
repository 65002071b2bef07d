package dev.fovea.task.detect;

import dev.fovea.data.Clip;
import dev.fovea.data.Data;
import dev.fovea.image.Film;
import dev.fovea.image.Image;
import dev.fovea.image.Movie;
import dev.fovea.report.ObjectDrawing;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Follows the objects of an animated GIF or a video from frame to frame, and draws them into a film. */
record FilmDetector(Detector detector, Path file) {

    /** Frames that are decoded together. */
    private static final int AT_ONCE = 16;

    /** Frames without an object after which it is given up. */
    private static final int PATIENCE = 30;

    /** What may carry an object on when it is half hidden: so much of the confidence that begins one. */
    private static final double UNSURE = 0.4;

    FilmObjects objects() {
        var tracker = new Tracker(detector::threshold, PATIENCE);
        Detector all = detector.withConfidence(UNSURE * detector.confidence());
        var frames = new ArrayList<List<TrackedObject>>();
        images().forEachRemaining(
                        image -> frames.add(tracker.next(all.predict(image).objects())));
        return new FilmObjects(frames);
    }

    private Iterator<Image> images() {
        Clip clip = Data.clip(file);
        int count = clip.frames();
        return IntStream.iterate(0, from -> from < count, from -> from + AT_ONCE)
                .boxed()
                .flatMap(from -> clip
                        .frames(IntStream.range(from, Math.min(count, from + AT_ONCE))
                                .toArray())
                        .stream())
                .iterator();
    }

    static Path drawing(Path file, Path folder) {
        String name = String.valueOf(file.getFileName());
        String ending = name.toLowerCase(Locale.ROOT).endsWith(".gif") ? ".gif" : ".avi";
        return folder.resolve(name.replaceFirst("\\.[^.]*$", "") + ending);
    }

    /** Writes the film beside which {@code found} was found; a GIF as a GIF, a video as AVI. */
    Path draw(FilmObjects found, Path folder) {
        Path to = drawing(file, folder);
        Iterator<Image> images = images();
        Iterator<List<TrackedObject>> objects = found.frames().iterator();
        Film.write(
                to,
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return images.hasNext();
                    }

                    @Override
                    public BufferedImage next() {
                        return drawn(images.next(), objects.next());
                    }
                },
                Movie.perSecond(file));
        return to;
    }

    private static BufferedImage drawn(Image image, List<TrackedObject> objects) {
        return ObjectDrawing.draw(
                image.toRgb().toBufferedImage(),
                objects.stream()
                        .map(one -> one.object()
                                .marked(
                                        one.track(),
                                        "%s #%s".formatted(one.object().label(), one.track())))
                        .toList());
    }
}
