package dev.fovea.nn;

import dev.fovea.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The parameters of a network in groups from its input to its head, as layer-wise learning rates and gradual unfreezing
 * see it: what stands before the first block, then block by block, the head last.
 *
 * <p>A block is what a number in the names tells apart, {@code layer1.0} or {@code encoder.layers.encoder_layer_3}; scales
 * and shifts that stand alone, as those of a norm behind a convolution, belong to the block before them.
 *
 * @param group by full name of a parameter, from 0
 * @param groups the number of groups; the head is the last of them
 */
public record LayerOrder(Map<String, Integer> group, int groups) {

    /** A part of a name that tells blocks apart: {@code 3}, {@code layer1}, {@code block1-0}, {@code inception3a}. */
    private static final Pattern NUMBERED = Pattern.compile(".*\\d[a-z]?");

    /** A block within a stage: {@code 0}, {@code block1-0}, {@code denselayer3}. */
    private static final Pattern WITHIN = Pattern.compile("\\d+|.*(block|layer)\\d+.*");

    public LayerOrder {
        group = Map.copyOf(group);
    }

    /** Of the network as it is built. */
    public static LayerOrder of(Module net) {
        Map<String, Tensor> parameters = net.state().undrawn(net.state()::parameters);
        return of(parameters, net instanceof FeatureMaps maps && maps.hasMaps() ? maps.headNames() : List.of());
    }

    /**
     * Of parameters in the order in which they work.
     *
     * @param headNames modules that make up the head; none for the last block
     */
    static LayerOrder of(Map<String, Tensor> parameters, List<String> headNames) {
        var names = new ArrayList<>(parameters.keySet());
        var blocks = new Blocks(names);
        var head = new ArrayList<String>();
        names.stream()
                .filter(name -> headNames.stream().anyMatch(module -> name.startsWith(module + ".")))
                .forEach(head::add);
        if (head.isEmpty() && !names.isEmpty()) {
            String last = blocks.of(names.get(names.size() - 1));
            names.stream().filter(name -> blocks.of(name).equals(last)).forEach(head::add);
        }
        names.removeAll(head);
        var number = new LinkedHashMap<String, Integer>();
        var group = new LinkedHashMap<String, Integer>();
        for (var members : blocks.of(names).entrySet()) {
            boolean flat = members.getValue().stream()
                    .allMatch(name -> parameters.get(name).dims() < 2);
            int next = number.isEmpty() ? 0 : number.size() - (flat ? 1 : 0);
            if (number.isEmpty() || !flat) {
                number.put(members.getKey(), next);
            }
            members.getValue().forEach(name -> group.put(name, next));
        }
        head.forEach(name -> group.put(name, number.size()));
        return new LayerOrder(group, number.size() + 1);
    }

    /** Names of the parameters of the head. */
    public Set<String> head() {
        return group.keySet().stream().filter(name -> distance(name) == 0).collect(Collectors.toUnmodifiableSet());
    }

    /** Names of the parameters of the first group and of the head. */
    public Set<String> ends() {
        return group.keySet().stream()
                .filter(name -> distance(name) == 0 || distance(name) == groups - 1)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Groups between the parameter and the head: 0 of the head, 1 of the group before it. */
    public int distance(String name) {
        return groups - 1 - group.getOrDefault(name, groups - 1);
    }

    /**
     * Which block a parameter is in.
     *
     * @param holders full names of modules that hold others
     */
    private record Blocks(Set<String> holders) {

        Blocks(List<String> names) {
            this(new HashSet<>());
            for (String name : names) {
                String module = name;
                for (int up = 0; module.indexOf('.') > 0; up++) {
                    module = module.substring(0, module.lastIndexOf('.'));
                    if (up > 0) {
                        holders.add(module);
                    }
                }
            }
        }

        /** Names by block, in their order; all that stand before the first block are one. */
        Map<String, List<String>> of(List<String> names) {
            var blocks = new LinkedHashMap<String, List<String>>();
            boolean begun = false;
            for (String name : names) {
                begun |= Arrays.stream(name.split("\\.")).anyMatch(Blocks::numbered);
                blocks.computeIfAbsent(begun ? of(name) : "", key -> new ArrayList<>())
                        .add(name);
            }
            return blocks;
        }

        /** The beginning of a name that says which block it is in; without numbers, the outermost module. */
        String of(String name) {
            List<String> parts = List.of(name.split("\\."));
            int modules = parts.size() - 1;
            int end = 0;
            while (end < modules && !numbered(parts.get(end))) {
                end++;
            }
            if (end == modules) {
                return parts.get(0);
            }
            end++;
            while (end < modules
                    && WITHIN.matcher(parts.get(end)).matches()
                    && holders.contains(String.join(".", parts.subList(0, end + 1)))) {
                end++;
            }
            return String.join(".", parts.subList(0, end));
        }

        private static boolean numbered(String part) {
            return NUMBERED.matcher(part).matches();
        }
    }
}
