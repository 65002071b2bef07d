package dev.fovea.task;

import dev.fovea.data.Dataset;
import dev.fovea.metrics.PrincipalComponents;
import dev.fovea.report.Charts;
import dev.fovea.report.RunReport.Figure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The codes of pictures along their two main directions, as a figure of a report.
 *
 * @param pictures of classes that the network was never told
 * @param codes of the pictures, in their order
 */
record CodeScatter(Dataset pictures, List<float[]> codes) {

    /** As many as there are colours that can be told apart. */
    private static final int MOST = 10;

    /** @param what is drawn, the beginning of its caption */
    Figure figure(String what) {
        List<float[]> flat = PrincipalComponents.of(codes, 2).project(codes);
        var points = new LinkedHashMap<String, List<double[]>>();
        for (int label : shown()) {
            points.put(
                    pictures.classes().get(label),
                    IntStream.range(0, pictures.size())
                            .filter(i -> pictures.label(i) == label)
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
        String caption = what + "; one colour for each class, which the network was never told.";
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
                                                        .map(pictures.classes()::get)
                                                        .toList()));
    }

    private List<Integer> shown() {
        return present().stream().limit(MOST).toList();
    }

    private List<Integer> present() {
        return IntStream.range(0, pictures.size())
                .map(pictures::label)
                .distinct()
                .sorted()
                .boxed()
                .toList();
    }

    /** Codes that are alike, or two of them, have fewer directions than the picture. */
    private static double[] point(float[] along) {
        return new double[] {along.length > 0 ? along[0] : 0, along.length > 1 ? along[1] : 0};
    }
}
