package dev.fovea.explain;

import dev.fovea.io.Nearest;
import java.util.List;

/** The methods of explanation; a new one is a file and a line here. */
public final class Explainers {

    /** All of them; the first that fits is the default. */
    public static final List<Explainer> ALL = List.of(new GradCam(), new FrameOcclusion());

    private Explainers() {}

    /**
     * The one of that word.
     *
     * @param word empty for the default
     * @param clips whether it is to explain clips
     * @throws IllegalArgumentException if there is none, or it explains something else
     */
    public static Explainer of(String word, boolean clips) {
        List<String> words = ALL.stream().map(Explainer::word).toList();
        List<Explainer> fitting =
                ALL.stream().filter(one -> one.clips() == clips).toList();
        if (word.isEmpty()) {
            return fitting.get(0);
        }
        Explainer named = ALL.stream()
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("method: expected %s, got '%s'%s"
                        .formatted(String.join(" or ", words), word, Nearest.hint(word, words))));
        if (named.clips() != clips) {
            throw new IllegalArgumentException("explain: %s is for networks that see %s; for %s there is %s"
                    .formatted(
                            word,
                            clips ? "images" : "clips",
                            clips ? "clips" : "images",
                            fitting.get(0).word()));
        }
        return named;
    }
}
