package dev.fovea.explain;

import dev.fovea.data.Mask;
import dev.fovea.engine.Scope;

/**
 * How well a map agrees with where an object is.
 *
 * @param mass share of the map's sum that lies on the object, 0 to 1; of a random map the object's share of the image
 * @param pointing whether the highest value lies on it (Zhang et al. 2016, <a
 *     href="https://arxiv.org/abs/1608.00507">1608.00507</a>)
 */
public record Localization(double mass, boolean pointing) {

    /**
     * Of one map.
     *
     * @param map [rows][columns], spread over what the network sees
     * @param object its pixels there, not 0
     */
    public static Localization of(float[][] map, Mask object) {
        int height = object.size().height();
        int width = object.size().width();
        float[] values;
        try (var scope = new Scope()) {
            values = Grid.stretched(map, height, width).toFloats();
        }
        double inside = 0;
        double all = 0;
        int best = 0;
        for (int i = 0; i < values.length; i++) {
            all += values[i];
            inside += object.values()[i] != 0 ? values[i] : 0;
            best = values[i] > values[best] ? i : best;
        }
        return new Localization(all == 0 ? 0 : inside / all, all > 0 && object.values()[best] != 0);
    }
}
