package dev.fovea.task.multilabel;

import dev.fovea.run.Predictor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The labels of one image.
 *
 * @param labels all whose probability reaches their threshold, the most probable first; perhaps none
 * @param top the most probable of all labels, best first
 */
public record MultiLabelPrediction(List<Scored> labels, List<Scored> top) implements Predictor.Answer {

    /**
     * One label.
     *
     * @param probability 0 to 1, of each label by itself: they do not sum to 1
     * @param threshold the least probability at which the label is given
     */
    public record Scored(String label, double probability, double threshold) {}

    public MultiLabelPrediction {
        labels = List.copyOf(labels);
        top = List.copyOf(top);
    }

    @Override
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("labels", labels);
        values.put("top", top);
        return values;
    }

    @Override
    public List<Predictor.Confidence> confidences() {
        return labels.stream()
                .map(one -> new Predictor.Confidence(one.label(), one.probability()))
                .toList();
    }

    @Override
    public String text() {
        return labels.isEmpty()
                ? top.stream()
                        .findFirst()
                        .map(one -> "no label (most probable: %s)".formatted(text(one)))
                        .orElse("no label")
                : labels.stream().map(MultiLabelPrediction::text).collect(Collectors.joining("  "));
    }

    private static String text(Scored one) {
        return String.format(Locale.ROOT, "%s %.3f", one.label(), one.probability());
    }
}
