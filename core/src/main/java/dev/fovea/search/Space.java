package dev.fovea.search;

import dev.fovea.models.Models;
import dev.fovea.train.Recipe;
import dev.fovea.train.RecipeFile;
import dev.fovea.train.RecipeReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a search varies.
 *
 * @param settings each of another key
 */
public record Space(List<Setting> settings) {

    /** Ranges reach from a tenth of the recipe's value to ten times it. */
    private static final double AROUND = 10;

    private static final double USUAL_DECAY = 1e-3;

    private static final String LR = "optimizer.lr";
    private static final String DECAY = "optimizer.weightDecay";
    private static final String SMOOTHING = "loss.labelSmoothing";
    private static final String AUGMENT = "augment";
    private static final List<String> AUGMENTATIONS =
            List.of("[]", "[flip]", "[translate]", "[flip,translate]", "[flip,trivial-augment]");

    private static final Pattern TYPED = Pattern.compile("\\{\"type\":\"([^\"]+)\"[^}]*}");

    public Space {
        settings = List.copyOf(settings);
        if (settings.isEmpty()) {
            throw new IllegalArgumentException(
                    "a search needs a key to vary, got none. Name one with its values, such as optimizer.lr=0.001..0.1");
        }
        if (settings.stream().anyMatch(setting -> setting.key().equals("epochs"))) {
            throw new IllegalArgumentException(
                    "epochs: is the length of a whole training, which successive halving shares out, and cannot be varied");
        }
        long keys = settings.stream().map(Setting::key).distinct().count();
        if (keys < settings.size()) {
            throw new IllegalArgumentException("a search varies each key once, got "
                    + settings.stream().map(Setting::key).toList());
        }
    }

    /** Each as {@link Setting#parse} takes it. */
    public static Space parse(List<String> settings) {
        return new Space(settings.stream().map(Setting::parse).toList());
    }

    /**
     * What is worth varying of most recipes: learning rate, batch, weight decay, of tasks with classes also label smoothing and
     * augmentation.
     */
    public static Space usual(Recipe recipe) {
        Map<String, String> values = RecipeFile.values(recipe);
        var settings = new ArrayList<Setting>();
        double lr = recipe.optimizer().lr();
        settings.add(new Setting.Range(LR, lr / AROUND, lr * AROUND, true, false));
        int batch = recipe.batch();
        settings.add(new Setting.Choice(
                "batch",
                IntStream.of(Math.max(1, batch / 2), Math.max(2, batch), Math.max(4, 2 * batch))
                        .mapToObj(Integer::toString)
                        .toList()));
        number(values, DECAY).ifPresent(decay -> {
            double middle = decay > 0 ? decay : USUAL_DECAY;
            settings.add(new Setting.Range(DECAY, middle / AROUND, middle * AROUND, true, false));
        });
        if (recipe.task().labelled()) {
            number(values, SMOOTHING)
                    .ifPresent(smoothing -> settings.add(new Setting.Range(SMOOTHING, 0, 0.2, false, false)));
            var augment = new LinkedHashSet<String>();
            augment.add(values.get(AUGMENT));
            augment.addAll(AUGMENTATIONS);
            settings.add(new Setting.Choice(AUGMENT, List.copyOf(augment)));
        }
        return new Space(settings);
    }

    /** For trainings much shorter than the one that follows: they learn most from images as they are, which that would overfit. */
    Space withoutAugmentation() {
        return new Space(settings.stream()
                .filter(setting -> !setting.key().equals(AUGMENT))
                .toList());
    }

    private static Optional<Double> number(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key)).map(Double::parseDouble);
    }

    /**
     * Refuses what cannot be trained before anything is: each end of each range, and each choice.
     *
     * @throws IllegalArgumentException that says which value and why
     */
    public void check(RecipeReader reader, Recipe recipe) {
        for (Setting setting : settings) {
            for (String value : setting.ends()) {
                try {
                    Recipe changed = reader.with(recipe, List.of(setting.key() + "=" + value));
                    Models.input(changed.checked().model()); // refuses an unknown network
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "%s: %s cannot be trained: %s"
                                    .formatted(
                                            setting.text(),
                                            value,
                                            e.getMessage().replaceFirst("^recipe: ", "")),
                            e);
                }
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
                .map(e -> e.getKey() + " " + shown(e.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** A value for people: of a list of transforms their types, {@code [flip,translate]}. */
    static String shown(String value) {
        return TYPED.matcher(value).replaceAll("$1");
    }
}
