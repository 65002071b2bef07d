package dev.fovea.serve.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The description of the interface by <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a>, made of the routes. */
final class OpenApi {

    private static final String JSON = "application/json";

    private OpenApi() {}

    static Map<String, Object> of(List<Route> routes, Settings settings) {
        var paths = new LinkedHashMap<String, Map<String, Object>>();
        for (Route route : routes) {
            Map<String, Object> path = paths.computeIfAbsent(route.template(), key -> new LinkedHashMap<>());
            for (String method : route.methods()) {
                path.put(method.toLowerCase(Locale.ROOT), operation(route, method));
            }
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("openapi", "3.1.0");
        values.put(
                "info",
                Map.of(
                        "title",
                        "Fovea",
                        "version",
                        settings.version(),
                        "description",
                        "Models for images. Errors are problem+json (RFC 9457), whose `detail` is a sentence."));
        values.put("paths", paths);
        values.put("components", components(settings));
        if (settings.token().isPresent()) {
            values.put("security", List.of(Map.of("token", List.of())));
        }
        return values;
    }

    private static Map<String, Object> components(Settings settings) {
        var values = new LinkedHashMap<String, Object>();
        values.put("schemas", Map.of("Problem", problem()));
        if (settings.token().isPresent()) {
            values.put("securitySchemes", Map.of("token", Map.of("type", "http", "scheme", "bearer")));
        }
        return values;
    }

    private static Map<String, Object> problem() {
        var properties = new LinkedHashMap<String, Object>();
        for (String name : List.of("type", "title", "detail", "instance", "requestId", "error")) {
            properties.put(name, Map.of("type", "string"));
        }
        properties.put("status", Map.of("type", "integer"));
        return Map.of("type", "object", "required", List.of("title", "status", "detail"), "properties", properties);
    }

    private static Map<String, Object> operation(Route route, String method) {
        var values = new LinkedHashMap<String, Object>();
        values.put("operationId", id(route, method));
        values.put("summary", route.summary());
        var parameters = new ArrayList<Map<String, Object>>();
        route.names().forEach(name -> parameters.add(parameter(name, "path", "")));
        route.query().forEach((name, meaning) -> parameters.add(parameter(name, "query", meaning)));
        if (!parameters.isEmpty()) {
            values.put("parameters", parameters);
        }
        if (!route.body().isEmpty()) {
            var content = new LinkedHashMap<String, Object>();
            route.body().forEach(type -> content.put(type, body(type)));
            values.put("requestBody", Map.of("content", content));
        }
        var content = new LinkedHashMap<String, Object>();
        route.answers().forEach(type -> content.put(type, schema(type)));
        var responses = new LinkedHashMap<String, Object>();
        responses.put("200", Map.of("description", route.summary(), "content", content));
        responses.put(
                "default",
                Map.of(
                        "description",
                        "Why not, in a sentence",
                        "content",
                        Map.of(Problem.TYPE, Map.of("schema", Map.of("$ref", "#/components/schemas/Problem")))));
        values.put("responses", responses);
        return values;
    }

    private static String id(Route route, String method) {
        return method.toLowerCase(Locale.ROOT)
                + route.template().replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
    }

    private static Map<String, Object> parameter(String name, String in, String meaning) {
        var values = new LinkedHashMap<String, Object>();
        values.put("name", name);
        values.put("in", in);
        values.put("required", in.equals("path"));
        if (!meaning.isEmpty()) {
            values.put("description", meaning);
        }
        values.put("schema", Map.of("type", "string"));
        return values;
    }

    private static Map<String, Object> body(String type) {
        if (type.equals("multipart/form-data")) {
            Map<String, Object> file = Map.of("type", "string", "contentMediaType", "image/*");
            return Map.of("schema", Map.of("type", "object", "properties", Map.of("image", file)));
        }
        return schema(type);
    }

    private static Map<String, Object> schema(String type) {
        return type.equals(JSON) ? Map.of("schema", Map.of("type", "object")) : Map.of();
    }
}
