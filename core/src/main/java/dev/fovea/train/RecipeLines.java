package dev.fovea.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Where in a recipe's text each key stands: {@code optimizer.lr}, and {@code augment[0].type} in the first of a list. */
final class RecipeLines {

    private RecipeLines() {}

    /**
     * The line of every key, by its path.
     *
     * @throws RecipeException if one stands there twice, of which the parser would silently take the last
     */
    static Map<String, Integer> of(String text, IntFunction<String> place) {
        var lines = new HashMap<String, Integer>();
        var path = new ArrayList<String>();
        try (JsonParser parser = RecipeFile.YAML.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> {
                        if (parser.streamReadContext().getParent().inArray()) {
                            int index = parser.streamReadContext().getParent().getCurrentIndex();
                            path.set(path.size() - 1, "[" + index + "]"); // of a list, each has keys of its own
                            lines.put(
                                    joined(path), parser.currentTokenLocation().getLineNr());
                        }
                        path.add("");
                    }
                    case END_OBJECT, END_ARRAY -> path.remove(path.size() - 1);
                    case PROPERTY_NAME -> {
                        path.set(path.size() - 1, parser.currentName());
                        String key = joined(path);
                        int line = parser.currentTokenLocation().getLineNr();
                        Integer before = lines.put(key, line);
                        if (before != null) {
                            throw new RecipeException("%s: '%s' is given twice%s. Leave one out"
                                    .formatted(
                                            place.apply(line), key, before == line ? "" : ", first in line " + before));
                        }
                    }
                    default -> {}
                }
            }
        }
        return lines;
    }

    private static String joined(List<String> path) {
        return String.join(".", path).replace(".[", "[");
    }
}
