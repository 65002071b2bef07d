package dev.fovea.serve.http;

import dev.fovea.serve.ServedModels;
import java.util.List;
import java.util.Optional;

/** Where no model is served. */
final class NoModels implements ServedModels {

    @Override
    public List<Description> all() {
        return List.of();
    }

    @Override
    public Chosen chosen(String model, Optional<String> version) {
        throw new UnknownModelException("no model is served here");
    }

    @Override
    public void close() {}
}
