package dev.fovea.metrics.detect;

import java.util.List;

/**
 * What errors cost.
 *
 * @param averagePrecision50 as it is: COCO's AP50, 0 to 1; NaN where nothing is true
 * @param costs one for each {@link DetectionError}, in their order
 * @param falsePositives by how much it would rise were nothing found that is not there; 0 to 1
 * @param falseNegatives by how much it would rise were only asked for what is found; about 0 to 1
 */
public record TideResult(double averagePrecision50, List<Cost> costs, double falsePositives, double falseNegatives) {

    /**
     * Of one kind of error. The costs of all do not add up to what is missing, as errors put right together gain more.
     *
     * @param count errors, with those for an object that another one settles
     * @param gain by how much AP50 would rise were all of them put right, 0 to 1
     */
    public record Cost(DetectionError error, long count, double gain) {}

    public TideResult {
        costs = List.copyOf(costs);
    }

    /** Of one kind. */
    public Cost cost(DetectionError error) {
        return costs.get(error.ordinal());
    }
}
