package dev.fovea.serve.studio.models;

import dev.fovea.image.Image;
import dev.fovea.image.ImageException;
import dev.fovea.run.Trial;
import dev.fovea.serve.http.Refusal;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Images in JSON: as they come from the page, and as it shows them. */
public final class Pictures {

    private static final String DATA_URL = "data:";
    private static final long MOST_PIXELS = 25_000_000;

    private Pictures() {}

    /** An image as an address that holds it. */
    public static String address(BufferedImage image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Image.png(image));
    }

    static String address(Image image) {
        return address(image.toBufferedImage());
    }

    /** What came of an image, by names in JSON. */
    public static Map<String, Object> view(Trial.Outcome outcome) {
        var images = new LinkedHashMap<String, Object>();
        outcome.images().forEach((role, image) -> images.put(role.name().toLowerCase(Locale.ROOT), address(image)));
        var view = new LinkedHashMap<String, Object>();
        view.put("text", outcome.text());
        view.put("values", outcome.values());
        view.put("images", images);
        return view;
    }

    /**
     * The image under {@code key}, a file in base64 or as a data address.
     *
     * @throws Refusal if there is none
     */
    static Image required(ObjectNode body, String key) {
        return optional(body, key)
                .orElseThrow(() -> Refusal.wrong("%s: expected an image file in base64, got none".formatted(key)));
    }

    /** @throws dev.fovea.image.ImageException if it is no image, or too large */
    static Optional<Image> optional(ObjectNode body, String key) {
        JsonNode node = body.get(key);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isString()) {
            throw Refusal.wrong("%s: expected an image file in base64".formatted(key));
        }
        String text = node.asString();
        String plain = text.startsWith(DATA_URL) ? text.substring(text.indexOf(',') + 1) : text;
        try {
            return Optional.of(Image.decode(Base64.getDecoder().decode(plain), key, MOST_PIXELS));
        } catch (ImageException e) {
            String why = e.getMessage().replace(". Delete it, or skip broken images", "");
            throw Refusal.wrong("the file cannot be used (%s). Choose a JPEG, PNG or other image".formatted(why));
        } catch (IllegalArgumentException e) {
            throw Refusal.wrong("%s: expected an image file in base64 (%s)".formatted(key, e.getMessage()));
        }
    }
}
