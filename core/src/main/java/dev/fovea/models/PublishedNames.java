package dev.fovea.models;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Weights under the names of other publishers, renamed to a network's own by {@link NameTables}. A file most of whose names
 * are the network's already stays as it is, but for names that its publisher had before.
 */
public final class PublishedNames {

    /**
     * One pattern of whole names and what they become.
     *
     * <p>In {@code becomes}, <code>{1}</code> is the first group, <code>{1*2+1}</code> that number times two plus one. What
     * follows a {@code #} is the place of a part: parts are joined along their first dimension. An empty text drops the
     * tensor.
     */
    record Rule(Pattern pattern, String becomes) {

        private static final Pattern GROUP = Pattern.compile("\\{(\\d)(?:\\*(\\d+))?(?:\\+(\\d+))?\\}");

        static Rule of(String pattern, String becomes) {
            return new Rule(Pattern.compile(pattern), becomes);
        }

        private String rename(MatchResult name) {
            return GROUP.matcher(becomes).replaceAll(place -> {
                String group = name.group(Integer.parseInt(place.group(1)));
                boolean number = place.group(2) != null || place.group(3) != null;
                return Matcher.quoteReplacement(
                        number
                                ? Long.toString(Long.parseLong(group) * or(place.group(2), 1) + or(place.group(3), 0))
                                : group);
            });
        }

        private static int or(String number, int otherwise) {
            return number == null ? otherwise : Integer.parseInt(number);
        }
    }

    /**
     * The names of one publisher for one family.
     *
     * @param publisher for people
     * @param file a name, as a pattern, that only its files have
     * @param net a name that only networks have which the table is for
     * @param rules of which the first that matches renames
     */
    record Table(String publisher, String file, String net, List<Rule> rules) {

        boolean fits(Set<String> names, Set<String> own) {
            return own.contains(net) && names.stream().anyMatch(name -> name.matches(file));
        }

        String rename(String name) {
            for (Rule rule : rules) {
                Matcher matcher = rule.pattern().matcher(name);
                if (matcher.matches()) {
                    return rule.rename(matcher);
                }
            }
            return name;
        }
    }

    private PublishedNames() {}

    /** {@code tensors} by the names of {@code net}, where the names are those of a publisher that is known. */
    public static Map<String, Tensor> of(Module net, Map<String, Tensor> tensors) {
        Map<String, Tensor> own = net.state().undrawn(net.state()::tensors);
        for (Table table : NameTables.OLDER) {
            if (table.fits(tensors.keySet(), own.keySet())) {
                return renamed(table, tensors);
            }
        }
        long known = tensors.keySet().stream().filter(own::containsKey).count();
        if (2 * known >= Math.min(tensors.size(), own.size())) {
            return tensors;
        }
        for (Table table : NameTables.ALL) {
            if (table.fits(tensors.keySet(), own.keySet())) {
                return shaped(renamed(table, tensors), own);
            }
        }
        return tensors;
    }

    /**
     * The tensors of {@code net} under the names of a publisher, so that its programs load them.
     *
     * @param publisher {@code timm} or {@code transformers}
     * @throws IllegalArgumentException if its names for such a network are not known
     */
    public static Map<String, Tensor> published(Module net, String publisher) {
        Map<String, Tensor> own = net.state().tensors();
        return NameTables.ALL.stream()
                .filter(table -> table.publisher().equals(publisher) && own.containsKey(table.net()))
                .filter(table -> !own.containsKey("dist_token")) // which of two classes it is there, no name says
                .findFirst()
                .map(table -> new InverseNames(table).of(own))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the names that %s has for the tensors of such a network are not known".formatted(publisher)));
    }

    private static Map<String, Tensor> renamed(Table table, Map<String, Tensor> tensors) {
        var renamed = new LinkedHashMap<String, Tensor>();
        var parts = new LinkedHashMap<String, TreeMap<String, Tensor>>();
        tensors.forEach((name, tensor) -> {
            String[] place = table.rename(name).split("#", 2);
            if (place.length == 2) {
                parts.computeIfAbsent(place[0], whole -> new TreeMap<>()).put(place[1], tensor);
            } else if (!place[0].isEmpty()) {
                renamed.put(place[0], tensor);
            }
        });
        parts.forEach((name, all) -> renamed.put(name, Tensor.cat(new ArrayList<>(all.values()), 0)));
        return renamed;
    }

    /** With sizes of 1 where the network has them, such as a scale [C] for [C, 1, 1]. */
    private static Map<String, Tensor> shaped(Map<String, Tensor> tensors, Map<String, Tensor> own) {
        tensors.replaceAll((name, tensor) -> {
            Tensor wanted = own.get(name);
            boolean same = wanted == null || Arrays.equals(wanted.shape(), tensor.shape());
            return same || wanted.elements() != tensor.elements() || wanted.dims() == tensor.dims()
                    ? tensor
                    : tensor.reshape(wanted.shape());
        });
        return tensors;
    }
}
