package dev.fovea.serve.studio.evaluate;

import dev.fovea.data.DataException;
import dev.fovea.run.Finding;
import dev.fovea.run.ImagePlaces.Place;
import dev.fovea.serve.http.Refusal;
import dev.fovea.serve.studio.data.OpenData;
import dev.fovea.serve.studio.data.Opened;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where images that a model was asked about lie in their data set, so that their labels can be mended there.
 *
 * @param data none where the data set cannot be opened, or is none of the workspace
 */
record Mending(Optional<Opened> data, Map<Place, Finding> marks) {

    static Mending of(OpenData data, String address) {
        try {
            Optional<Opened> opened = address.isEmpty() ? Optional.empty() : Optional.of(data.open(address));
            return new Mending(opened, opened.map(Opened::marks).orElse(Map.of()));
        } catch (DataException | Refusal e) {
            return new Mending(Optional.empty(), Map.of()); // then they are looked at and not mended
        }
    }

    /** The place of an image in this version of the data, and what is said about it already; empty where it is not found. */
    Map<String, Object> of(String part, String name) {
        var values = new LinkedHashMap<String, Object>();
        data.flatMap(opened -> opened.places().findAnywhere(part, name, opened.place()))
                .ifPresent(place -> {
                    values.put("version", data.get().version());
                    values.put("part", place.part());
                    values.put("index", place.index());
                    Finding mark = marks.get(place);
                    if (mark != null) {
                        values.put("mark", mark.action().word());
                        values.put("to", mark.proposed());
                    }
                });
        return values;
    }
}
