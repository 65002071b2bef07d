package dev.fovea.models;

import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of names backwards: what a publisher calls the tensors of a network. Of what a pattern leaves open the first choice
 * is taken, and what may be left out stays.
 */
final class InverseNames {

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)(?:\\*(\\d+))?(?:\\+(\\d+))?\\}");
    private static final Pattern CHOICE = Pattern.compile("\\(\\?:([^()|]*)(?:\\|[^()]*)?\\)\\??");
    private static final Pattern GROUP = Pattern.compile("\\((?!\\?)([^()]*)\\)");

    private final PublishedNames.Table table;

    InverseNames(PublishedNames.Table table) {
        this.table = table;
    }

    /**
     * {@code tensors} under the publisher's names; those that several of its tensors are joined to are cut again.
     *
     * @throws IllegalArgumentException if the publisher has no name for one
     */
    Map<String, Tensor> of(Map<String, Tensor> tensors) {
        var published = new LinkedHashMap<String, Tensor>();
        tensors.forEach((name, tensor) -> {
            List<Named> parts = parts(name);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("%s has no name for '%s' that is known".formatted(table.publisher(), name));
            }
            long rows = parts.size() > 1 ? tensor.size(0) / parts.size() : 0;
            for (int i = 0; i < parts.size(); i++) {
                Tensor part = parts.size() > 1 ? tensor.narrow(0, i * rows, rows) : tensor;
                published.put(parts.get(i).name(), name.endsWith("layer_scale") ? part.reshape(-1) : part);
            }
        });
        return published;
    }

    /** One of the publisher's names, and which part of a tensor it is for. */
    private record Named(String name, String part) {}

    private List<Named> parts(String own) {
        var parts = new ArrayList<Named>();
        for (PublishedNames.Rule rule : table.rules()) {
            String[] becomes = rule.becomes().split("#", 2);
            String part = becomes.length == 2 ? "#" + becomes[1] : "";
            Optional<String> name = name(rule, becomes[0], own);
            if (name.filter(found -> table.rename(found).equals(own + part)).isPresent()) {
                parts.add(new Named(name.get(), part));
                if (part.isEmpty()) {
                    return List.of(parts.get(0));
                }
            }
        }
        parts.sort((a, b) -> a.part().compareTo(b.part()));
        return parts;
    }

    /** What {@code rule} renames to {@code own}, if it does that. */
    private static Optional<String> name(PublishedNames.Rule rule, String becomes, String own) {
        var pattern = new StringBuilder();
        var places = new ArrayList<Matcher>();
        Matcher place = PLACE.matcher(becomes);
        int from = 0;
        while (place.find()) {
            pattern.append(Pattern.quote(becomes.substring(from, place.start())));
            pattern.append(place.group(2) == null && place.group(3) == null ? "(.+?)" : "(\\d+)");
            Matcher kept = PLACE.matcher(place.group());
            kept.matches();
            places.add(kept);
            from = place.end();
        }
        pattern.append(Pattern.quote(becomes.substring(from)));
        Matcher found = Pattern.compile(pattern.toString()).matcher(own);
        if (becomes.isEmpty() || !found.matches()) {
            return Optional.empty();
        }
        var groups = new HashMap<Integer, String>();
        for (int i = 0; i < places.size(); i++) {
            Optional<String> value = before(places.get(i), found.group(i + 1));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            groups.put(Integer.parseInt(places.get(i).group(1)), value.get());
        }
        return filled(rule.pattern().pattern(), groups);
    }

    /** The group before what was multiplied and added; none if there is no such number. */
    private static Optional<String> before(Matcher place, String value) {
        if (place.group(2) == null && place.group(3) == null) {
            return Optional.of(value);
        }
        long factor = place.group(2) == null ? 1 : Long.parseLong(place.group(2));
        long number = Long.parseLong(value) - (place.group(3) == null ? 0 : Long.parseLong(place.group(3)));
        return number < 0 || number % factor != 0 ? Optional.empty() : Optional.of(Long.toString(number / factor));
    }

    private static Optional<String> filled(String pattern, Map<Integer, String> groups) {
        String chosen = pattern;
        for (Matcher choice = CHOICE.matcher(chosen); choice.find(); choice = CHOICE.matcher(chosen)) {
            chosen = choice.replaceFirst("$1");
        }
        var name = new StringBuilder();
        Matcher group = GROUP.matcher(chosen);
        for (int i = 1; group.find(); i++) {
            String value = groups.get(i);
            if (value == null || !value.matches(group.group(1))) {
                return Optional.empty();
            }
            group.appendReplacement(name, Matcher.quoteReplacement(value.replace(".", "\\.")));
        }
        group.appendTail(name);
        return Optional.of(name.toString().replace("\\.", "."));
    }
}
