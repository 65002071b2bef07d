package dev.fovea.serve.pool;

import dev.fovea.image.Image;
import dev.fovea.run.Predictor;
import java.util.Collections;
import java.util.List;

/** Blank images that a model answers about before anybody else's, so that the first requests are as fast as the next. */
final class WarmUp {

    private static final int TWICE = 2;

    /** A full batch that would take longer is not tried. */
    private static final double LONGEST_SECONDS = 5;

    private WarmUp() {}

    /** Warms up and says how long batches up to {@code size} take. */
    static ServiceTime of(LoadedModel model, int size) {
        if (!model.images()) {
            return new ServiceTime(1, size, size);
        }
        var blank = new Image(
                model.width(),
                model.height(),
                model.channels(),
                new byte[model.width() * model.height() * model.channels()]);
        Predictor.Prepared prepared = model.predictor().prepare(blank);
        double one = seconds(model.predictor(), List.of(prepared));
        double full = one * size > LONGEST_SECONDS
                ? one * size
                : seconds(model.predictor(), Collections.nCopies(size, prepared));
        return new ServiceTime(one, full, size);
    }

    /** Of the last of two times: the first builds what all others use. */
    private static double seconds(Predictor predictor, List<Predictor.Prepared> images) {
        double seconds = 0;
        for (int i = 0; i < TWICE; i++) {
            long begin = System.nanoTime();
            predictor.predictPrepared(images);
            seconds = (System.nanoTime() - begin) / 1e9;
        }
        return Math.max(seconds, 1e-9);
    }
}
