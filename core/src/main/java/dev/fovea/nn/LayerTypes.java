package dev.fovea.nn;

import dev.fovea.io.Escaped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The layers that networks in one expression and as text may name. */
final class LayerTypes {

    static final List<LayerType> ALL = Stream.of(
                    List.of(Conv2d.TYPE, ConvTranspose2d.TYPE),
                    Pool.TYPES,
                    List.of(Dense.TYPE, BatchNorm.TYPE, LayerNorm.TYPE, GroupNorm.TYPE),
                    Dropout.TYPES,
                    Activation.TYPES,
                    Reshape.TYPES,
                    List.of(Upsample.TYPE, Residual.TYPE, Concat.TYPE))
            .flatMap(List::stream)
            .toList();

    private static final Map<String, LayerType> BY_WORD =
            ALL.stream().collect(Collectors.toMap(LayerType::word, Function.identity()));

    private LayerTypes() {}

    static List<String> words() {
        return ALL.stream().map(LayerType::word).toList();
    }

    static Optional<LayerType> find(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** @throws IllegalArgumentException that lists all, if there is none of that name */
    static LayerType get(String word) {
        return find(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown layer '%s', there are %s".formatted(Escaped.of(word), String.join(", ", words()))));
    }
}
