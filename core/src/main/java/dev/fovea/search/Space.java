package dev.fovea.search;

import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeException;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RecipeReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a search varies.
 *
 * @param settings each of another key
 */
public record Space(List<Setting> settings) {

    private static final double RATE_RANGE = 10;
    private static final String LR = "optimizer.lr";
    private static final String DECAY = "optimizer.weightDecay";
    private static final String AUGMENT = "augment";

    public Space {
        settings = List.copyOf(settings);
        if (settings.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is nothing to vary. Name a key of the recipe with its values, such as optimizer.lr=0.001..0.1");
        }
        long keys = settings.stream().map(Setting::key).distinct().count();
        if (keys < settings.size()) {
            throw new IllegalArgumentException("a key is to be varied twice, got "
                    + settings.stream().map(Setting::key).toList());
        }
    }

    /** Each as {@link Setting#parse} takes it. */
    public static Space parse(List<String> settings) {
        return new Space(settings.stream().map(Setting::parse).toList());
    }

    /**
     * What is worth varying of a classifier's recipe: learning rate, ten times down and up, batch, weight decay where the
     * optimizer has it, label smoothing where the loss has it, augmentation.
     */
    public static Space usual(Recipe recipe) {
        Map<String, String> values = RecipeFile.values(recipe);
        var settings = new ArrayList<Setting>();
        number(values, LR).filter(lr -> lr > 0).ifPresent(lr -> settings.add(
                new Setting.Range(LR, lr / RATE_RANGE, lr * RATE_RANGE, true, false)));
        int batch = recipe.batch();
        settings.add(Setting.parse("batch=%s|%s|%s".formatted(Math.max(1, batch / 2), Math.max(2, batch), Math.max(4, 2 * batch))));
        number(values, DECAY).ifPresent(decay -> settings.add(new Setting.Range(DECAY, 1e-5, 0.1, true, false)));
        number(values, "loss.labelSmoothing")
                .ifPresent(smoothing -> settings.add(new Setting.Range("loss.labelSmoothing", 0, 0.2, false, false)));
        settings.add(new Setting.Choice(AUGMENT, List.of("[]", "[flip]", "[translate]", "[flip,translate]", "[trivial-augment]")));
        return new Space(settings);
    }

    private static Optional<Double> number(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key)).map(Double::parseDouble);
    }

    /**
     * Refuses what cannot be trained before anything is: each end of each range, and each choice.
     *
     * @throws RecipeException which says what the recipe thinks of it
     */
    public void check(RecipeReader reader, Recipe recipe) {
        for (Setting setting : settings) {
            for (String value : setting.ends()) {
                reader.with(recipe, List.of(setting.key() + "=" + value)).checked();
            }
        }
    }

    /** The values at these places, one for each setting, each from 0 to 1. */
    Map<String, String> at(double[] places) {
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < settings.size(); i++) {
            values.put(settings.get(i).key(), settings.get(i).at(places[i]));
        }
        return values;
    }

    /** Where these values lie. */
    double[] places(Map<String, String> values) {
        return settings.stream()
                .mapToDouble(setting -> setting.place(values.get(setting.key())))
                .toArray();
    }

    /** For people: {@code optimizer.lr 0.0031, batch 64}. */
    static String words(Map<String, String> values) {
        return values.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %s", e.getKey(), e.getValue()))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
    }
}
