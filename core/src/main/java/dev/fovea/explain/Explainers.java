package dev.fovea.explain;

import dev.fovea.io.Nearest;
import dev.fovea.nn.Layer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The methods of explanation; a new one is a file and a line here. */
public final class Explainers {

    /** All of them, the best first (docs/decisions/0009); the first that fits a network is its default. */
    public static final List<Explainer> ALL = List.of(
            new IntegratedGradients(),
            new LayerCam(),
            new HiResCam(),
            new GradCam(),
            new GradCamPlusPlus(),
            new AttentionRelevance(),
            new AttentionRollout(),
            new Saliency(),
            new Occlusion(),
            new Rise(),
            new FrameOcclusion());

    private Explainers() {}

    /** Those that can explain {@code net}, the default first. */
    public static List<Explainer> fitting(Layer net, boolean clips) {
        return of(clips).stream().filter(one -> one.fits(net)).toList();
    }

    /** The first that can explain {@code net}, which sees images, in one pass. */
    public static Optional<Explainer> quick(Layer net) {
        return fitting(net, false).stream().filter(Explainer::quick).findFirst();
    }

    /**
     * The one of that word.
     *
     * @param word empty for the default
     * @param net that is to be explained
     * @param clips whether it is shown clips
     * @throws IllegalArgumentException if there is none, or it explains something else, or the network lacks what it needs
     */
    public static Explainer of(String word, Layer net, boolean clips) {
        Explainer named = word.isEmpty() ? fitting(net, clips).get(0) : named(word, clips);
        if (!named.fits(net)) {
            throw new IllegalArgumentException("%s: needs a network with %s, this has none; %s would do"
                    .formatted(word, named.needs(), words(fitting(net, clips))));
        }
        return named;
    }

    private static Explainer named(String word, boolean clips) {
        List<String> words = ALL.stream().map(Explainer::word).distinct().toList();
        if (!words.contains(word)) {
            throw new IllegalArgumentException(
                    "method: expected %s, got '%s'%s".formatted(words(ALL), word, Nearest.hint(word, words)));
        }
        return of(clips).stream()
                .filter(one -> one.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("explain: %s is for networks that see %s; for %s there is %s"
                                .formatted(word, seen(!clips), seen(clips), words(of(clips)))));
    }

    private static List<Explainer> of(boolean clips) {
        return ALL.stream().filter(one -> one.clips() == clips).toList();
    }

    private static String seen(boolean clips) {
        return clips ? "clips" : "images";
    }

    private static String words(List<Explainer> explainers) {
        List<String> words = explainers.stream().map(Explainer::word).distinct().toList();
        String last = words.get(words.size() - 1);
        return words.size() == 1
                ? last
                : words.stream().limit(words.size() - 1L).collect(Collectors.joining(", ")) + " or " + last;
    }
}
