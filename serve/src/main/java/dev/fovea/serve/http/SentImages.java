package dev.fovea.serve.http;

import dev.fovea.io.Escaped;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Images as people send them: a file as the body itself, a form with files, or JSON with base64.
 *
 * @param images in their order
 * @param named what a form or JSON also holds: other images, such as a mask, by name
 */
record SentImages(List<SentImage> images, Map<String, SentImage> named) {

    private static final List<String> KEYS = List.of("image", "images", "instances", "mask");
    private static final String DATA_URL = "data:";
    private static final int PART_HEADERS = 8192;

    /** Times the length of JSON that is needed beside it while it is read: its characters, its values, and their bytes. */
    static final int PARSED = 3;

    private static final int FORM_PARSED = 2;

    /** @throws Refusal if there are none, or more than allowed */
    static SentImages of(Call call, byte[] body) {
        String type = call.header(HttpHeader.CONTENT_TYPE.asString()).orElse("");
        SentImages sent;
        if (type.startsWith("multipart/form-data")) {
            sent = call.memory().during((long) FORM_PARSED * body.length, () -> form(call, type, body));
        } else if (type.startsWith("application/json") || (body.length > 0 && body[0] == '{')) {
            sent = call.memory().during((long) PARSED * body.length, () -> json(call, body));
        } else {
            // curl --data-binary calls everything a form: what it is, its first bytes say.
            sent = new SentImages(List.of(new SentImage("image", body)), Map.of());
        }
        check(sent.images(), call.shared().settings().limits());
        return sent;
    }

    static void check(List<SentImage> images, Limits limits) {
        if (images.isEmpty()) {
            throw Refusal.wrong("there is no image in the request");
        }
        if (images.size() > limits.images()) {
            throw Refusal.tooLarge("%s images in one request, more than the %s allowed. Send them in several"
                    .formatted(images.size(), limits.images()));
        }
    }

    private static SentImages form(Call call, String type, byte[] body) {
        String boundary = MultiPart.extractBoundary(type);
        if (boundary == null || boundary.isEmpty()) {
            throw Refusal.wrong("the form names no boundary in its Content-Type");
        }
        Limits limits = call.shared().settings().limits();
        var parser = new MultiPartFormData.Parser(boundary);
        parser.setUseFilesForPartsWithoutFileName(false);
        parser.setMaxMemoryFileSize(-1);
        parser.setMaxFileSize(limits.bodyBytes());
        parser.setMaxLength(limits.bodyBytes());
        parser.setMaxParts(limits.images() + 8L);
        parser.setPartHeadersMaxLength(PART_HEADERS);
        try (MultiPartFormData.Parts parts =
                parser.parse(new ByteBufferContentSource(ByteBuffer.wrap(body))).join()) {
            var images = new ArrayList<SentImage>();
            var named = new LinkedHashMap<String, SentImage>();
            for (MultiPart.Part part : parts) {
                byte[] bytes = bytes(part, limits);
                if ("mask".equals(part.getName())) {
                    named.put("mask", new SentImage("mask", bytes));
                } else {
                    String name = part.getFileName() == null ? String.valueOf(part.getName()) : part.getFileName();
                    images.add(new SentImage(Escaped.of(name), bytes));
                }
            }
            return new SentImages(images, named);
        } catch (java.util.concurrent.CompletionException | IllegalStateException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof Refusal refusal
                    ? refusal
                    : Refusal.wrong("the form cannot be read (%s)".formatted(Escaped.of(cause.getMessage())));
        }
    }

    private static byte[] bytes(MultiPart.Part part, Limits limits) {
        try {
            ByteBuffer buffer = Content.Source.asByteBuffer(part.createContentSource());
            if (buffer.remaining() > limits.bodyBytes()) {
                throw Refusal.tooLarge("a part of the form is larger than allowed");
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw Refusal.wrong("a part of the form cannot be read (%s)".formatted(Escaped.of(e.getMessage())));
        }
    }

    private static SentImages json(Call call, byte[] body) {
        ObjectNode object = call.shared().json().object(body, 0, body.length);
        Json.check(object, "the body", KEYS);
        var images = new ArrayList<SentImage>();
        if (object.has("image")) {
            images.add(new SentImage("image", base64("image", object.get("image"))));
        }
        for (String list : List.of("images", "instances")) {
            if (object.has(list)) {
                images.addAll(
                        list(list, object.get(list), call.shared().settings().limits()));
            }
        }
        Map<String, SentImage> named = object.has("mask")
                ? Map.of("mask", new SentImage("mask", base64("mask", object.get("mask"))))
                : Map.of();
        return new SentImages(images, named);
    }

    static List<SentImage> list(String key, JsonNode list, Limits limits) {
        if (!list.isArray()) {
            throw Refusal.wrong("%s: expected a list of images in base64, got %s".formatted(key, Json.kind(list)));
        }
        if (list.size() > limits.images()) {
            throw Refusal.tooLarge("%s: %s images in one request, more than the %s allowed. Send them in several"
                    .formatted(key, list.size(), limits.images()));
        }
        var images = new ArrayList<SentImage>();
        for (int i = 0; i < list.size(); i++) {
            String name = "%s[%s]".formatted(key, i);
            images.add(new SentImage(name, base64(name, list.get(i))));
        }
        return images;
    }

    /** As text, as {@code {"b64": text}}, or that under one more name, as clients of the first protocol send it. */
    static byte[] base64(String name, JsonNode node) {
        if (node.isObject() && node.size() == 1) {
            return base64(name, node.iterator().next());
        }
        if (!node.isString()) {
            throw Refusal.wrong("%s: expected an image file in base64, got %s".formatted(name, Json.kind(node)));
        }
        return base64(name, node.asString());
    }

    static byte[] base64(String name, String text) {
        if (text.startsWith("http://") || text.startsWith("https://")) {
            throw Refusal.wrong("%s: images are sent, not fetched. Expected an image file in base64".formatted(name));
        }
        String plain = text.startsWith(DATA_URL) ? text.substring(text.indexOf(',') + 1) : text;
        try {
            return Base64.getMimeDecoder().decode(plain.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw Refusal.wrong("%s: expected an image file in base64, got other text".formatted(name));
        }
    }

    /** The one image where one is asked for. */
    SentImage only() {
        if (images.size() != 1) {
            throw Refusal.wrong("expected one image, got %s".formatted(images.size()));
        }
        return images.get(0);
    }

    Optional<SentImage> mask() {
        return Optional.ofNullable(named.get("mask"));
    }
}
