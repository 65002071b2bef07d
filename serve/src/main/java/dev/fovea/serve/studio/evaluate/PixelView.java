package dev.fovea.serve.studio.evaluate;

import dev.fovea.metrics.PrecisionRecall;
import dev.fovea.metrics.segment.SegmentationResult;
import dev.fovea.run.answers.Answers;
import dev.fovea.run.answers.PixelAnswers;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Of a segmenter. */
final class PixelView extends View {

    private final PixelAnswers answers;

    PixelView(Study study, PixelAnswers answers) {
        super(study);
        this.answers = answers;
    }

    @Override
    Map<String, Object> summary() {
        SegmentationResult result = answers.result();
        Map<String, Object> summary = head();
        summary.put(
                "perClass",
                result.perClass().stream()
                        .map(SegmentationResult.PerClass::values)
                        .toList());
        summary.put("confusion", result.confusion());
        return summary;
    }

    @Override
    Map<String, Object> at(OptionalDouble threshold) {
        throw new IllegalArgumentException("threshold: every pixel has a class, so there is none");
    }

    @Override
    PrecisionRecall curve(int label) {
        throw new IllegalArgumentException("curve: every pixel has a class, so there is none");
    }

    @Override
    List<Integer> pick(Pick pick) {
        return switch (pick.of()) {
            case "worst" -> answers.worst();
            case "cell" ->
                answers.cell(
                        pick.number("truth", answers.classes().size()),
                        pick.number("told", answers.classes().size()));
            default -> super.pick(pick);
        };
    }

    @Override
    Answers answers(OptionalDouble threshold) {
        return answers;
    }

    @Override
    Map<String, Object> item(int answer, OptionalDouble threshold) {
        SegmentationResult result = answers.result(answer);
        Map<String, Object> item = base(answer);
        item.put("miou", result.miou());
        item.put("pixelAccuracy", result.pixelAccuracy());
        item.put(
                "perClass",
                result.perClass().stream()
                        .filter(one -> one.pixels() + one.told() > 0)
                        .map(one -> Map.of(
                                "label", answers.classes().indexOf(one.name()),
                                "iou", one.iou(),
                                "pixels", one.pixels(),
                                "told", one.told()))
                        .toList());
        return item;
    }
}
