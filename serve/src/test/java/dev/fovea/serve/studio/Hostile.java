package dev.fovea.serve.studio;

import java.util.List;

/** Names that files, classes and runs may have, and that a page must show as they are. */
public final class Hostile {

    public static final String SCRIPT = "<script>window.hurt=1<!-- script>";
    public static final String IMAGE = "<img src=x onerror=window.hurt=1>";

    /** None longer than the 255 bytes that file systems allow. */
    public static final List<String> NAMES = List.of(
            SCRIPT,
            IMAGE,
            "\"><svg onload=window.hurt=1>",
            "it's \"quoted\" & `ticked` ${window.hurt=1} {{hurt}}",
            "long-" + "x".repeat(245),
            "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627",
            "\u202egnp.exe",
            "\ud83d\udc31\u200d\ud83d\udc64 \ud83c\uddea\ud83c\uddfa",
            "%2e%2e%2f?a=b#c&d+e;f",
            "javascript:window.hurt=1",
            "constructor",
            "__proto__");

    /** Drawn data in which everything is called so. */
    static final DrawnData DATA = new DrawnData(NAMES.subList(2, 12), Hostile::named);

    private Hostile() {}

    /** One of the names, and {@code word} behind it, so that no two are the same. */
    static String named(String word) {
        String name = NAMES.get(Math.floorMod(word.hashCode(), NAMES.size()));
        return name.substring(0, Math.min(200, name.length())) + " " + word;
    }
}
