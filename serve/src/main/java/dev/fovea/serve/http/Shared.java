package dev.fovea.serve.http;

import dev.fovea.serve.ServedModels;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What all requests of a server share.
 *
 * @param guard says who may ask
 * @param decoding threads that read bodies and decode images
 * @param work the thread of what takes long: explanations, generation, restoration
 * @param encoding threads that draw, and write images
 * @param connections of the clients
 * @param respond threads that write responses
 * @param stopping whether the server takes no more requests
 */
record Shared(
        Settings settings,
        Offer offer,
        Guard guard,
        Json json,
        HeldMemory memory,
        AccessLog log,
        BoundedThreads decoding,
        BoundedThreads work,
        BoundedThreads encoding,
        Connections connections,
        Executor respond,
        BooleanSupplier stopping) {

    ServedModels models() {
        return offer.models();
    }
}
