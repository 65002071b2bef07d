package dev.fovea.run;

import dev.fovea.data.DataException;
import dev.fovea.data.Dataset;
import dev.fovea.data.Relabelled;
import dev.fovea.data.Splits;
import dev.fovea.image.Appearance;
import dev.fovea.image.ImageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * All images of a data set, whatever their part, each of which was read once.
 *
 * @param data those that can be read, in the order of the parts
 * @param parts the part of each of these
 * @param looks how each of these looks
 * @param unreadable a finding for each of the others
 */
public record Examined(Dataset data, List<String> parts, List<Appearance> looks, List<Finding> unreadable) {

    public Examined {
        parts = List.copyOf(parts);
        looks = List.copyOf(looks);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads every image, with as many threads as there are cores.
     *
     * @throws DataException if these are clips, or images without one class each
     */
    public static Examined of(Splits data) {
        return of(data, ProgressWatch.NONE);
    }

    /** The same, watched. */
    public static Examined of(Splits data, ProgressWatch progress) {
        var parts = new LinkedHashMap<String, Dataset>();
        parts.put("train", data.train());
        parts.put("validation", data.validation());
        parts.put("test", data.test());
        Set<String> classes = new LinkedHashSet<>();
        parts.values().forEach(part -> classes.addAll(part.classes()));
        List<String> names = List.copyOf(classes);
        Dataset all = Dataset.empty(names);
        List<String> of = new ArrayList<>();
        for (Map.Entry<String, Dataset> part : parts.entrySet()) {
            if (part.getValue().clips()) {
                throw new DataException("an audit looks at images, these are clips");
            }
            if (part.getValue().size() > 0) {
                all = all.and(
                        part.getValue().classes().equals(names)
                                ? part.getValue()
                                : Classes.counted(part.getValue(), names));
                of.addAll(java.util.Collections.nCopies(part.getValue().size(), part.getKey()));
            }
        }
        return read(all, of, progress);
    }

    /** Of images of any data, whose labels, where they have one, are not looked at. */
    public static Examined ofImages(Splits data, ProgressWatch progress) {
        return of(
                new Splits(plain(data.train()), plain(data.validation()), plain(data.test()), data.notes()), progress);
    }

    private static Dataset plain(Dataset part) {
        return new Relabelled(part, List.of(""), java.util.Collections.nCopies(part.size(), 0));
    }

    private static Examined read(Dataset all, List<String> parts, ProgressWatch progress) {
        Appearance[] looks = new Appearance[all.size()];
        String[] faults = new String[all.size()];
        var done = new AtomicInteger();
        IntStream.range(0, all.size()).parallel().forEach(i -> {
            try {
                looks[i] = Appearance.of(all.image(i));
            } catch (ImageException e) {
                faults[i] = e.getMessage();
            }
            progress.at(done.incrementAndGet(), all.size());
        });
        int[] readable =
                IntStream.range(0, all.size()).filter(i -> looks[i] != null).toArray();
        List<Finding> unreadable = IntStream.range(0, all.size())
                .filter(i -> looks[i] == null)
                .mapToObj(i -> new Finding(
                        all.name(i),
                        parts.get(i),
                        Finding.Kind.UNREADABLE,
                        1,
                        all.classes().get(all.label(i)),
                        "",
                        Finding.Action.REMOVE,
                        faults[i]))
                .toList();
        return new Examined(
                all.subset(readable),
                Arrays.stream(readable).mapToObj(parts::get).toList(),
                Arrays.stream(readable).mapToObj(i -> looks[i]).toList(),
                unreadable);
    }

    /** The labels of all readable images. */
    public int[] labels() {
        return IntStream.range(0, data.size()).map(data::label).toArray();
    }

    /** The same images with other labels. */
    public Examined withLabels(List<Integer> labels) {
        return new Examined(new Relabelled(data, labels), parts, looks, unreadable);
    }

    /**
     * A finding about one image.
     *
     * @param proposed the class it should perhaps have, or -1
     * @param other the image that it is like, or -1
     */
    public Finding finding(Finding.Kind kind, int index, double score, int proposed, Finding.Action action, int other) {
        return new Finding(
                data.name(index),
                parts.get(index),
                kind,
                score,
                data.classes().get(data.label(index)),
                proposed < 0 ? "" : data.classes().get(proposed),
                action,
                other < 0 ? "" : data.name(other));
    }

    /** All that looking at the images finds, without any network: of each kind the worst first. */
    public List<Finding> findings() {
        var findings = new ArrayList<>(unreadable);
        findings.addAll(copies(List.of()));
        findings.addAll(qualityIssues());
        findings.sort((a, b) -> a.kind().compareTo(b.kind())); // stable: within a kind the order stays
        return findings;
    }

    /** Dark, bright, flat, blurred images, and those of unusual shape or size. */
    public List<Finding> qualityIssues() {
        return QualityIssues.of(looks).stream()
                .map(issue -> finding(issue.kind(), issue.index(), issue.value(), -1, Finding.Action.KEEP, -1))
                .toList();
    }

    /**
     * Images that are the same or look alike, within a part or in two.
     *
     * @param nearest of each image the positions of those with the nearest embeddings; empty where there are none
     */
    public List<Finding> copies(List<List<Integer>> nearest) {
        var findings = new ArrayList<Finding>();
        var seen = new boolean[data.size()];
        Map<Long, Map<String, Integer>> firsts = new HashMap<>(); // of each content, the first of each part
        for (int i = 0; i < data.size(); i++) {
            Map<String, Integer> copies = firsts.computeIfAbsent(data.fingerprint(i), f -> new LinkedHashMap<>());
            seen[i] = !copies.isEmpty();
            Integer own = copies.get(parts.get(i));
            for (int first : own == null ? List.copyOf(copies.values()) : List.of(own)) {
                if (data.label(i) != data.label(first)) {
                    findings.add(
                            finding(Finding.Kind.CONTRADICTION, i, 1, data.label(first), Finding.Action.REMOVE, first));
                    findings.add(
                            finding(Finding.Kind.CONTRADICTION, first, 1, data.label(i), Finding.Action.REMOVE, i));
                } else {
                    findings.add(copy(Finding.Kind.DUPLICATE, first, i, 1, Finding.Action.REMOVE));
                }
            }
            copies.putIfAbsent(parts.get(i), i);
        }
        for (NearDuplicates.Pair pair : NearDuplicates.of(looks, parts, nearest)) {
            if (!seen[pair.second()]) {
                findings.add(copy(
                        Finding.Kind.NEAR_DUPLICATE,
                        pair.first(),
                        pair.second(),
                        pair.similarity(),
                        Finding.Action.KEEP));
            }
        }
        return findings;
    }

    /** In two parts it is a leak, and the one that is trained on is the one to go. */
    private Finding copy(Finding.Kind kind, int first, int second, double similarity, Finding.Action action) {
        boolean leak = !parts.get(first).equals(parts.get(second));
        return leak
                ? finding(Finding.Kind.LEAK, first, similarity, -1, action, second)
                : finding(kind, second, similarity, -1, action, first);
    }
}
