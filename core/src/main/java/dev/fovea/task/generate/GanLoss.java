package dev.fovea.task.generate;

import java.util.Locale;

/** The losses of generator and discriminator. */
public enum GanLoss {
    /** Goodfellow et al. 2014, with the non-saturating loss of the generator. */
    NON_SATURATING,
    /** Lim and Ye 2017. */
    HINGE,
    /** Arjovsky et al. 2017; needs a gradient penalty. */
    WGAN,
    /** Mao et al. 2017. */
    LSGAN;

    /** Its word in recipes, {@code non-saturating}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
