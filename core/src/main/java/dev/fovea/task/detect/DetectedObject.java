package dev.fovea.task.detect;

import dev.fovea.data.Box;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object that was found.
 *
 * @param box in pixels of the image, from its upper left corner
 * @param score how sure the model is, 0 to 1
 */
public record DetectedObject(String label, double score, Box box) {

    /** By their names in JSON. */
    Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("label", label);
        values.put("score", score);
        values.put("box", List.of(box.left(), box.top(), box.right(), box.bottom()));
        return values;
    }
}
