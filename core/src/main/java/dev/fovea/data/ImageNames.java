package dev.fovea.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Image files by their names, with and without endings. */
final class ImageNames {

    private final Map<String, TreeFile> byName = new HashMap<>();
    private final Map<String, TreeFile> byStem = new HashMap<>();
    private final int size;

    ImageNames(List<TreeFile> files) {
        size = files.size();
        for (TreeFile file : files) {
            byName.putIfAbsent(file.fileName(), file);
            byStem.putIfAbsent(Voc.stem(file.fileName()), file);
        }
    }

    int size() {
        return size;
    }

    /**
     * The image of an annotation.
     *
     * @param name that the annotation gives, perhaps with folders that are no longer there
     * @param stem the annotation's own name without its ending: counts before the other, as people copy annotations
     */
    Optional<TreeFile> of(String name, String stem) {
        TreeFile own = byStem.get(stem);
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        TreeFile given = byName.get(last);
        boolean both = own != null && given != null && Voc.stem(last).equals(stem);
        return Optional.ofNullable(both || own == null ? given : own);
    }
}
