package dev.fovea.metrics.detect;

import dev.fovea.data.Box;

/** By their boxes. */
record BoxPairs(GroundTruth truths, Detections founds) implements Pairs {

    @Override
    public double overlap(int found, int truth) {
        Box a = founds.boxes().get(found);
        Box b = truths.boxes().get(truth);
        double width = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
        double height = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top());
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double both = width * height;
        return both / (truths.ignore().get(truth) ? a.area() : a.area() + b.area() - both);
    }

    @Override
    public double area(int found) {
        return founds.boxes().get(found).area();
    }

    @Override
    public boolean ignored(int truth) {
        return truths.ignore().get(truth);
    }
}
