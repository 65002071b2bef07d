package dev.fovea.run.job;

import dev.fovea.run.Predictor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is written of one image.
 *
 * @param index of the image in the data, from 0
 * @param file where it comes from
 * @param best the class that the answer is most sure of; none where it names none
 * @param answer as JSON; an empty object where there is none
 * @param error why there is none, empty where there is one
 */
record ResultRow(long index, String file, Optional<Predictor.Confidence> best, ObjectNode answer, String error) {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String INDEX = "index";
    private static final String FILE = "file";
    private static final String LABEL = "label";
    private static final String CONFIDENCE = "confidence";
    private static final String ANSWER = "answer";
    private static final String ERROR = "error";

    /** The names of the columns of a table. */
    static final List<String> COLUMNS = List.of(INDEX, FILE, LABEL, CONFIDENCE, ANSWER, ERROR);

    static ResultRow of(long index, String file, Predictor.Answer answer) {
        return new ResultRow(
                index,
                file,
                answer.confidences().stream().max(Comparator.comparingDouble(Predictor.Confidence::value)),
                JSON.valueToTree(answer.values()),
                "");
    }

    static ResultRow broken(long index, String file, String error) {
        return new ResultRow(index, file, Optional.empty(), JSON.createObjectNode(), error);
    }

    /** As a line of the journal. */
    String line() {
        ObjectNode row = JSON.createObjectNode();
        row.put(INDEX, index);
        row.put(FILE, file);
        best.ifPresent(one -> row.put(LABEL, one.label()).put(CONFIDENCE, one.value()));
        row.set(ANSWER, answer);
        row.put(ERROR, error);
        return JSON.writeValueAsString(row);
    }

    /** @throws RuntimeException if it is no whole line of a journal */
    static ResultRow read(String line) {
        JsonNode row = JSON.readTree(line);
        Optional<Predictor.Confidence> best = row.has(LABEL)
                ? Optional.of(new Predictor.Confidence(
                        row.required(LABEL).stringValue(),
                        row.required(CONFIDENCE).doubleValue()))
                : Optional.empty();
        return new ResultRow(
                row.required(INDEX).longValue(),
                row.required(FILE).stringValue(),
                best,
                (ObjectNode) row.required(ANSWER),
                row.required(ERROR).stringValue());
    }

    /** As one object, the answer's parts among the others. */
    String object() {
        ObjectNode row = JSON.createObjectNode();
        row.put(INDEX, index);
        row.put(FILE, file);
        row.setAll(answer);
        if (!error.isEmpty()) {
            row.put(ERROR, error);
        }
        return JSON.writeValueAsString(row);
    }

    /** By column; those without a value are not there. */
    Map<String, Object> cells() {
        var cells = new LinkedHashMap<String, Object>();
        cells.put(INDEX, index);
        cells.put(FILE, file);
        best.ifPresent(one -> {
            cells.put(LABEL, one.label());
            cells.put(CONFIDENCE, one.value());
        });
        if (error.isEmpty()) {
            cells.put(ANSWER, JSON.writeValueAsString(answer));
        } else {
            cells.put(ERROR, error);
        }
        return cells;
    }
}
