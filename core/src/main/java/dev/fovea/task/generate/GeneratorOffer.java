package dev.fovea.task.generate;

import dev.fovea.models.DiffusionNet;
import dev.fovea.models.TokenTransformer;
import dev.fovea.nn.Module;
import java.util.ArrayList;
import java.util.List;

/**
 * What a generator can be asked for.
 *
 * @param ways to make images
 * @param settings of a request that change them, beside their number and the seed
 */
public record GeneratorOffer(List<Way> ways, List<Setting> settings) {

    /** A way to make images. */
    public enum Way {
        /** New ones of noise, or token by token. */
        NEW,
        /** From one noise to another. */
        INTERPOLATE,
        /** Variations of an image. */
        VARY,
        /** What is masked of an image. */
        INPAINT,
        /** The lower part of an image. */
        COMPLETE
    }

    /** A component of {@link Generator.Request}, or of its {@link Generator.Choice}. */
    public enum Setting {
        LABEL,
        STEPS,
        METHOD,
        GUIDANCE,
        TEMPERATURE,
        TOP_K,
        TOP_P
    }

    public GeneratorOffer {
        ways = List.copyOf(ways);
        settings = List.copyOf(settings);
    }

    /** @param guided whether it was trained with and without classes, as guidance needs it */
    static GeneratorOffer of(Module net, boolean classConditional, boolean guided) {
        var settings = new ArrayList<Setting>();
        if (classConditional) {
            settings.add(Setting.LABEL);
        }
        if (net instanceof TokenTransformer) {
            settings.addAll(List.of(Setting.TEMPERATURE, Setting.TOP_K, Setting.TOP_P));
            return new GeneratorOffer(List.of(Way.NEW, Way.COMPLETE), settings);
        }
        if (!(net instanceof DiffusionNet)) {
            return new GeneratorOffer(List.of(Way.NEW, Way.INTERPOLATE), settings);
        }
        settings.addAll(List.of(Setting.STEPS, Setting.METHOD));
        if (guided) {
            settings.add(Setting.GUIDANCE);
        }
        return new GeneratorOffer(List.of(Way.NEW, Way.INTERPOLATE, Way.VARY, Way.INPAINT), settings);
    }

    /** Whether a setting changes anything. */
    public boolean heeds(Setting setting) {
        return settings.contains(setting);
    }
}
