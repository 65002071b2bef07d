package dev.fovea.task.autoencode;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.PrincipalComponents;
import dev.fovea.report.Charts;
import dev.fovea.report.RunReport.Figure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The codes of images projected to their first two principal components, as a figure of a report.
 *
 * @param images whose classes were not used in training
 * @param codes of the images, in their order
 */
record CodeScatter(Dataset images, List<float[]> codes) {

    /** As many as there are colours that can be told apart. */
    private static final int MOST = 10;

    /** @param what is drawn, the beginning of its caption */
    Figure figure(String what) {
        List<float[]> flat = PrincipalComponents.of(codes, 2).project(codes);
        var points = new LinkedHashMap<String, List<double[]>>();
        for (int label : shown()) {
            points.put(
                    images.classes().get(label),
                    IntStream.range(0, images.size())
                            .filter(i -> images.label(i) == label)
                            .mapToObj(i -> point(flat.get(i)))
                            .toList());
        }
        return new Figure(
                "codes",
                "Codes in two dimensions",
                caption(what),
                Charts.scatter("Codes of validation images", "first main direction", "second main direction", points));
    }

    String caption(String what) {
        String caption = what + "; one colour for each class; the network was trained without labels.";
        int classes = present().size();
        return classes <= MOST
                ? caption
                : caption
                        + " Of %s classes the first %s are drawn: %s."
                                .formatted(
                                        classes,
                                        MOST,
                                        String.join(
                                                ", ",
                                                shown().stream()
                                                        .map(images.classes()::get)
                                                        .toList()));
    }

    private List<Integer> shown() {
        return present().stream().limit(MOST).toList();
    }

    private List<Integer> present() {
        return IntStream.range(0, images.size())
                .map(images::label)
                .distinct()
                .sorted()
                .boxed()
                .toList();
    }

    /** Codes that are alike, or two of them, have fewer directions than the image. */
    private static double[] point(float[] along) {
        return new double[] {along.length > 0 ? along[0] : 0, along.length > 1 ? along[1] : 0};
    }
}
