package dev.fovea.serve.http;

import dev.fovea.image.Image;
import dev.fovea.io.Escaped;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of the Open Inference Protocol, in JSON or with the binary tensor extension.
 *
 * @param id of the client, empty for none
 * @param outputs that are wanted; all where there are none
 * @param binary whether outputs are wanted as bytes, where one does not say so itself
 */
record InferRequest(
        String id, List<SentImage> images, List<Output> outputs, boolean binary, Optional<Duration> timeout) {

    /** The one input there is. */
    static final String INPUT = "image";

    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    /** An output that is wanted. */
    record Output(String name, boolean binary) {}

    /**
     * Reads a body.
     *
     * @param headerLength of its JSON, where tensors follow it as bytes
     * @throws Refusal if it is not of the protocol, or this server cannot use it
     */
    static InferRequest of(byte[] body, Optional<String> headerLength, Json json, Limits limits) {
        int length = headerLength.map(said -> length(said, body.length)).orElse(body.length);
        if (headerLength.isPresent() && length == 0) {
            return new InferRequest("", List.of(new SentImage("image[0]", body)), List.of(), true, Optional.empty());
        }
        if (headerLength.isEmpty() && binary(body)) {
            throw Refusal.wrong(
                    "the body is no JSON alone, and the header %s does not say how many bytes of it are JSON: 0 where all of it is an image file"
                            .formatted(HEADER_LENGTH));
        }
        ObjectNode object = json.object(body, 0, length);
        Json.check(object, "the request", List.of("id", "parameters", "inputs", "outputs"));
        ByteBuffer rest =
                ByteBuffer.wrap(body, length, body.length - length).slice().order(ByteOrder.LITTLE_ENDIAN);
        JsonNode parameters = object.path("parameters");
        boolean binary = parameters.path("binary_data_output").asBoolean(false);
        List<SentImage> images = images(input(object), rest, limits);
        SentImages.check(images, limits);
        long micros = parameters.path("timeout").asLong(0);
        return new InferRequest(
                object.path("id").asString(""),
                images,
                outputs(object, binary),
                binary,
                micros > 0 ? Optional.of(Duration.ofNanos(1000 * Math.min(micros, 1L << 40))) : Optional.empty());
    }

    /** Whether there is a byte that no JSON has. */
    private static boolean binary(byte[] body) {
        for (byte one : body) {
            if (one == 0) {
                return true;
            }
        }
        return false;
    }

    private static int length(String said, int whole) {
        if (!said.matches("\\d{1,9}") || Integer.parseInt(said) > whole) {
            throw Refusal.wrong("%s: expected a number of bytes up to the %s of the body, got '%s'"
                    .formatted(HEADER_LENGTH, whole, Escaped.of(said)));
        }
        return Integer.parseInt(said);
    }

    private static JsonNode input(ObjectNode object) {
        JsonNode inputs = object.path("inputs");
        if (!inputs.isArray() || inputs.size() != 1 || !inputs.get(0).isObject()) {
            throw Refusal.wrong("inputs: expected a list of one input, 'image', got %s"
                    .formatted(inputs.isArray() ? "a list of " + inputs.size() : Json.kind(inputs)));
        }
        String name = inputs.get(0).path("name").asString("");
        if (!name.equals(INPUT)) {
            throw Refusal.wrong(
                    "inputs: unknown input '%s', the one there is is called 'image'".formatted(Escaped.of(name)));
        }
        return inputs.get(0);
    }

    private static List<Output> outputs(ObjectNode object, boolean binary) {
        JsonNode asked = object.path("outputs");
        if (!asked.isMissingNode() && !asked.isArray()) {
            throw Refusal.wrong("outputs: expected a list, got %s".formatted(Json.kind(asked)));
        }
        var outputs = new ArrayList<Output>();
        for (JsonNode one : asked) {
            String name = one.path("name").asString("");
            outputs.add(
                    new Output(name, one.path("parameters").path("binary_data").asBoolean(binary)));
        }
        return outputs;
    }

    private static List<SentImage> images(JsonNode input, ByteBuffer rest, Limits limits) {
        List<Integer> shape = shape(input);
        String type = input.path("datatype").asString("");
        Optional<ByteBuffer> bytes = binary(input, rest);
        JsonNode data = input.path("data");
        if (bytes.isEmpty() && !data.isArray()) {
            throw Refusal.wrong("input 'image': expected a list 'data' or the parameter binary_data_size, got neither");
        }
        return switch (type) {
            case "BYTES" -> {
                long count = count(shape, limits);
                List<SentImage> files = bytes.isPresent() ? files(bytes.get()) : files(data, limits);
                if (files.size() != count) {
                    throw Refusal.wrong("input 'image': the shape %s means %s files, the data has %s"
                            .formatted(shape, count, files.size()));
                }
                yield files;
            }
            case "UINT8" -> pixels(shape, data, bytes, limits);
            case "FP16", "FP32", "FP64" ->
                throw Refusal.wrong(
                        "input 'image' is %s: this server resizes and normalises images itself. Send files as BYTES [N], or pixels as UINT8 [N, H, W, 3]"
                                .formatted(type));
            default ->
                throw Refusal.wrong(
                        "input 'image': the datatype must be BYTES or UINT8, got '%s'".formatted(Escaped.of(type)));
        };
    }

    /** Stops where there are too many, before numbers overflow. */
    private static long count(List<Integer> shape, Limits limits) {
        long count = 1;
        for (int side : shape) {
            count *= side;
            if (count > limits.images()) {
                throw Refusal.tooLarge("input 'image': the shape %s means more files than the %s images allowed"
                        .formatted(shape, limits.images()));
            }
        }
        return count;
    }

    private static List<Integer> shape(JsonNode input) {
        JsonNode node = input.path("shape");
        var shape = new ArrayList<Integer>();
        boolean valid = node.isArray() && node.size() > 0 && node.size() <= 4;
        for (JsonNode side : node) {
            valid &= side.isInt() && side.intValue() >= 1 && side.intValue() <= 100_000;
            shape.add(side.asInt(0));
        }
        if (!valid) {
            throw Refusal.wrong("input 'image': shape: expected a list of 1 to 4 numbers from 1 to 100000");
        }
        return shape;
    }

    /** What belongs to an input of the bytes behind the JSON. */
    private static Optional<ByteBuffer> binary(JsonNode input, ByteBuffer rest) {
        JsonNode size = input.path("parameters").path("binary_data_size");
        if (size.isMissingNode()) {
            return Optional.empty();
        }
        if (!size.isIntegralNumber() || size.longValue() < 0 || size.longValue() != rest.remaining()) {
            throw Refusal.wrong("input 'image': binary_data_size is %s, %s bytes follow the JSON"
                    .formatted(Escaped.of(size.asString()), rest.remaining()));
        }
        return Optional.of(rest);
    }

    private static List<SentImage> files(ByteBuffer bytes) {
        var files = new ArrayList<SentImage>();
        while (bytes.hasRemaining()) {
            int length = bytes.remaining() < 4 ? -1 : bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                throw Refusal.wrong("input 'image': the bytes end within element %s".formatted(files.size()));
            }
            byte[] file = new byte[length];
            bytes.get(file);
            files.add(new SentImage("image[%s]".formatted(files.size()), file));
        }
        return files;
    }

    private static List<SentImage> files(JsonNode data, Limits limits) {
        var flat = new ArrayList<JsonNode>();
        flatten(data, flat, limits.images() + 1L);
        var files = new ArrayList<SentImage>();
        for (JsonNode one : flat) {
            String name = "image[%s]".formatted(files.size());
            files.add(new SentImage(name, SentImages.base64(name, one)));
        }
        return files;
    }

    private static List<SentImage> pixels(
            List<Integer> shape, JsonNode data, Optional<ByteBuffer> binary, Limits limits) {
        int sides = shape.size();
        int channels = sides < 3 ? 0 : shape.get(sides - 1);
        if (channels != 1 && channels != 3) {
            throw Refusal.wrong(
                    "input 'image': pixels are UINT8 [N, H, W, 3] or [N, H, W, 1], got %s. Channels come last"
                            .formatted(shape));
        }
        int count = sides == 4 ? shape.get(0) : 1;
        long height = shape.get(sides - 3);
        long width = shape.get(sides - 2);
        if (height * width > limits.pixels()
                || height * width * channels > limits.bodyBytes()
                || count > limits.images()) {
            throw Refusal.tooLarge("input 'image': %s images of %s x %s pixels are more than the %s of %s allowed"
                    .formatted(count, height, width, limits.images(), limits.pixels()));
        }
        int each = Math.toIntExact(height * width * channels);
        byte[] all = binary.map(InferRequest::bytes).orElseGet(() -> bytes(data, (long) each * count));
        if (all.length != (long) each * count) {
            throw Refusal.wrong("input 'image': the shape %s means %s values, the data has %s"
                    .formatted(shape, (long) each * count, all.length));
        }
        var images = new ArrayList<SentImage>();
        for (int i = 0; i < count; i++) {
            byte[] own = Arrays.copyOfRange(all, i * each, (i + 1) * each);
            images.add(new SentImage("image[%s]".formatted(i), new Image((int) width, (int) height, channels, own)));
        }
        return images;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] bytes(JsonNode data, long expected) {
        var flat = new ArrayList<JsonNode>();
        flatten(data, flat, expected + 1);
        byte[] bytes = new byte[flat.size()];
        for (int i = 0; i < bytes.length; i++) {
            JsonNode value = flat.get(i);
            if (!value.isInt() || value.intValue() < 0 || value.intValue() > 255) {
                throw Refusal.wrong("input 'image': pixels are whole numbers from 0 to 255, got %s at %s"
                        .formatted(Json.kind(value), i));
            }
            bytes[i] = (byte) value.intValue();
        }
        return bytes;
    }

    /** The values of lists in lists, as the protocol allows them; no more than are of use. */
    private static void flatten(JsonNode node, List<JsonNode> flat, long most) {
        if (!node.isArray()) {
            flat.add(node);
            return;
        }
        for (JsonNode one : node) {
            if (flat.size() >= most) {
                return;
            }
            flatten(one, flat, most);
        }
    }
}
