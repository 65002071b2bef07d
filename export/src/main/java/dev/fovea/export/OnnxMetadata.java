package dev.fovea.export;

import dev.fovea.models.ModelPackage;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an exported file says of itself beside its graph. */
final class OnnxMetadata {

    static final String PRODUCER = "fovea";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OnnxMetadata() {}

    /** The version of the file format that belongs to a version of operators. */
    static long format(int opset) {
        if (opset >= 23) {
            return 11;
        }
        return opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : 7;
    }

    static String version() {
        String version = OnnxMetadata.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    /** All of {@code config.json}, and by themselves what most ask for: the task, the classes and the preprocessing. */
    static Map<String, String> of(ModelPackage.Config config) {
        JsonNode tree = JSON.readTree(config.text());
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("task", config.task().type());
        metadata.put("classes", tree.get("classes").toString());
        metadata.put("preprocess", tree.get("preprocess").toString());
        metadata.put("config", config.text());
        return metadata;
    }
}
