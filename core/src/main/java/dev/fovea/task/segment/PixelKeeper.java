package dev.fovea.task.segment;

import dev.fovea.data.DataException;
import dev.fovea.data.Target;
import dev.fovea.metrics.segment.SegmentationMetrics;
import dev.fovea.run.AnswerKeeper;
import dev.fovea.run.Predictor;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.ImageFacts;
import dev.fovea.run.answers.PixelAnswers;
import java.util.ArrayList;
import java.util.List;

/** Counts which classes pixels have and are told to have. */
final class PixelKeeper implements AnswerKeeper {

    private final Segmenter segmenter;
    private final SegmentationMetrics metrics;
    private final List<List<PixelAnswers.Count>> counts = new ArrayList<>();

    PixelKeeper(Segmenter segmenter) {
        this.segmenter = segmenter;
        metrics = new SegmentationMetrics(segmenter.classes(), false);
    }

    @Override
    public Predictor predictor() {
        return segmenter.with(1, "fp32");
    }

    @Override
    public void keep(String name, Target target, Predictor.Answer answer) {
        if (!(target instanceof Target.PixelLabels labels)) {
            throw new DataException("%s: has no mask. Expected the class of every pixel".formatted(name));
        }
        counts.add(PixelAnswers.counts(metrics.add(labels.classes(), ((SegmentedImage) answer).mask())));
    }

    @Override
    public Answers answers(List<ImageFacts> images) {
        return new PixelAnswers(segmenter.classes(), images, counts);
    }
}
