package dev.fovea.serve.http;

import java.time.Duration;

/**
 * What a server refuses, so that no client takes what others need.
 *
 * @param bodyBytes of a request, also after decompression
 * @param pixels of an image, looked at before it is decoded
 * @param images in a request
 * @param generated images in a request for new ones
 * @param jsonDepth how deep JSON may be nested
 * @param headerBytes of a request's line and headers
 * @param connections open at once
 * @param perClient requests that one address may have under way
 * @param idle how long a connection may take for its next request, or between two pieces of one
 * @param heldBytes bodies, images and answers of all requests under way
 */
public record Limits(
        int bodyBytes,
        long pixels,
        int images,
        int generated,
        int jsonDepth,
        int headerBytes,
        int connections,
        int perClient,
        Duration idle,
        long heldBytes) {

    private static final int MEGABYTE = 1 << 20;

    public Limits {
        atLeast("the largest body", bodyBytes, 1);
        atLeast("the most pixels", pixels, 1);
        atLeast("the most images of a request", images, 1);
        atLeast("the most connections", connections, 1);
        atLeast("the most requests of a client", perClient, 1);
    }

    private static void atLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("%s must be at least %s, got %s".formatted(what, least, value));
        }
    }

    /** The usual ones; a third of Java's heap is for requests under way. */
    public static Limits usual() {
        return new Limits(
                32 * MEGABYTE,
                25_000_000,
                64,
                64,
                32,
                16 * 1024,
                4096,
                256,
                Duration.ofSeconds(20),
                Math.max(192L * MEGABYTE, Runtime.getRuntime().maxMemory() / 3));
    }

    public Limits withBodyBytes(int value) {
        return new Limits(
                value, pixels, images, generated, jsonDepth, headerBytes, connections, perClient, idle, heldBytes);
    }

    public Limits withPixels(long value) {
        return new Limits(
                bodyBytes, value, images, generated, jsonDepth, headerBytes, connections, perClient, idle, heldBytes);
    }

    public Limits withConnections(int value) {
        return new Limits(
                bodyBytes, pixels, images, generated, jsonDepth, headerBytes, value, perClient, idle, heldBytes);
    }

    public Limits withPerClient(int value) {
        return new Limits(
                bodyBytes, pixels, images, generated, jsonDepth, headerBytes, connections, value, idle, heldBytes);
    }

    public Limits withIdle(Duration value) {
        return new Limits(
                bodyBytes, pixels, images, generated, jsonDepth, headerBytes, connections, perClient, value, heldBytes);
    }

    public Limits withHeldBytes(long value) {
        return new Limits(
                bodyBytes, pixels, images, generated, jsonDepth, headerBytes, connections, perClient, idle, value);
    }
}
