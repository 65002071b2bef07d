package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import dev.fovea.serve.ServedModels.Description;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/**
 * The <a href="https://github.com/kserve/open-inference-protocol">Open Inference Protocol</a>, version 2 over HTTP, as KServe,
 * Triton and their clients speak it. Every model has one input, {@code image}; the outputs follow from what its task answers.
 */
final class OpenInference {

    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";

    private OpenInference() {}

    static List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.add(Route.get("/v2", "What this server is", OpenInference::server));
        routes.add(Route.get("/v2/health/live", "Whether the server lives", call -> call.json(Map.of("live", true))));
        routes.add(Route.get("/v2/health/ready", "Whether all models are ready", OpenInference::ready));
        routes.add(Route.post(
                "/v2/repository/index", "All models and versions, and whether they are ready", OpenInference::index));
        for (String path : List.of(MODEL, VERSION)) {
            routes.add(Route.get(path, "What a model takes and gives", OpenInference::metadata));
            routes.add(Route.get(path + "/ready", "Whether a model is ready", OpenInference::modelReady));
            routes.add(Route.post(path + "/infer", "What a model answers, as tensors", OpenInference::infer)
                    .taking("application/json", "application/octet-stream")
                    .giving("application/json", "application/octet-stream"));
        }
        return routes;
    }

    private static void server(Call call) {
        call.json(Map.of(
                "name",
                "fovea",
                "version",
                call.shared().settings().version(),
                "extensions",
                List.of("binary_tensor_data", "model_repository(index)")));
    }

    private static void ready(Call call) {
        boolean ready = !call.shared().stopping().getAsBoolean()
                && call.shared().models().ready();
        call.json(ready ? 200 : 503, Map.of("ready", ready));
    }

    private static void index(Call call) {
        call.answer(
                call.body(),
                body -> call.json(call.shared().models().all().stream()
                        .map(one -> Map.of(
                                "name", one.name(),
                                "version", one.version(),
                                "state", one.ready() ? "READY" : "UNAVAILABLE",
                                "reason", one.failure()))
                        .toList()));
    }

    private static void modelReady(Call call) {
        Answering.served(call, call.name("model"), call.optionalName("version"));
        call.json(Map.of("name", call.name("model"), "ready", true));
    }

    /** Also of a model that is not ready, with what is wrong. */
    private static void metadata(Call call) {
        String model = call.name("model");
        List<Description> named = Answering.named(call, model, call.optionalName("version"));
        Description shown =
                named.stream().filter(Description::ready).findFirst().orElse(named.get(0));
        var values = new LinkedHashMap<String, Object>();
        values.put("name", model);
        values.put(
                "versions",
                Answering.named(call, model, Optional.empty()).stream()
                        .filter(Description::ready)
                        .map(Description::version)
                        .toList());
        values.put("platform", "fovea");
        values.put("inputs", List.of(tensor(InferRequest.INPUT, "BYTES", List.of(-1))));
        values.put("outputs", outputs(call, shown));
        var parameters = new LinkedHashMap<String, Object>();
        parameters.put("state", shown.ready() ? "READY" : "UNAVAILABLE");
        parameters.put("failure", shown.failure());
        parameters.put("task", shown.task());
        parameters.put("classes", shown.classes());
        parameters.put("channels", shown.channels());
        parameters.put("height", shown.height());
        parameters.put("width", shown.width());
        values.put("parameters", parameters);
        call.json(values);
    }

    private static List<Map<String, Object>> outputs(Call call, Description shown) {
        if (!shown.ready()) {
            return List.of();
        }
        var chosen = call.shared().models().chosen(shown.name(), Optional.of(shown.version()));
        return new AnswerSchema(call.shared().json(), chosen.example())
                .tensors(List.of()).stream()
                        .map(one -> tensor(one.name(), one.type().name(), open(one.shape())))
                        .toList();
    }

    /** How many images and how many of what was found: as many as there are. */
    private static List<Integer> open(List<Integer> shape) {
        var open = new ArrayList<>(shape);
        open.set(0, -1);
        if (open.size() > 1) {
            open.set(1, -1);
        }
        return open;
    }

    private static Map<String, Object> tensor(String name, String type, List<Integer> shape) {
        var values = new LinkedHashMap<String, Object>();
        values.put("name", name);
        values.put("datatype", type);
        values.put("shape", shape);
        return values;
    }

    private static void infer(Call call) {
        String model = call.name("model");
        Optional<String> version = call.optionalName("version");
        Shared shared = call.shared();
        var request = new CompletableFuture<InferRequest>();
        var answered = Answering.ask(call, model, version, false, body -> {
            var read = call.memory()
                    .during(
                            (long) SentImages.PARSED * body.length,
                            () -> InferRequest.of(
                                    body,
                                    call.header(InferRequest.HEADER_LENGTH),
                                    shared.json(),
                                    shared.settings().limits()));
            read.timeout().ifPresent(call::within);
            request.complete(read);
            return read.images();
        });
        call.answer(answered, answers -> {
            List<JsonNode> trees = answers.answers().stream()
                    .map(answer -> shared.json().tree(answer.values()))
                    .toList();
            var schema = new AnswerSchema(shared.json(), answers.chosen().example());
            respond(call, model, answers.chosen().version(), request.join(), schema.tensors(trees));
        });
    }

    private static void respond(
            Call call, String model, String version, InferRequest request, List<AnswerTensor> tensors) {
        List<InferRequest.Output> wanted = request.outputs().isEmpty()
                ? tensors.stream()
                        .map(one -> new InferRequest.Output(one.name(), request.binary()))
                        .toList()
                : request.outputs();
        var outputs = new ArrayList<Map<String, Object>>();
        var bytes = new ByteArrayOutputStream();
        for (InferRequest.Output one : wanted) {
            AnswerTensor tensor = named(tensors, one.name());
            Map<String, Object> values = tensor(tensor.name(), tensor.type().name(), tensor.shape());
            if (one.binary()) {
                byte[] own = tensor.type().binary(tensor.values());
                values.put("parameters", Map.of("binary_data_size", own.length));
                bytes.writeBytes(own);
            } else {
                values.put("data", tensor.values());
            }
            outputs.add(values);
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("model_name", model);
        values.put("model_version", version);
        if (!request.id().isEmpty()) {
            values.put("id", request.id());
        }
        values.put("outputs", outputs);
        if (wanted.stream().noneMatch(InferRequest.Output::binary)) {
            call.json(values);
            return;
        }
        byte[] header = call.shared().json().bytes(values);
        var whole = new ByteArrayOutputStream(header.length + bytes.size());
        whole.writeBytes(header);
        whole.writeBytes(bytes.toByteArray());
        call.put(InferRequest.HEADER_LENGTH, String.valueOf(header.length));
        call.bytes(200, "application/octet-stream", whole.toByteArray());
    }

    private static AnswerTensor named(List<AnswerTensor> tensors, String name) {
        return tensors.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.wrong("outputs: unknown output '%s', there are %s"
                        .formatted(
                                Escaped.of(name),
                                tensors.stream().map(AnswerTensor::name).toList())));
    }
}
