package dev.fovea.optim;

import java.util.Map;
import java.util.Set;

/**
 * What an optimizer is told about weights beside their shapes.
 *
 * @param factors of the learning rate, by name; 1 where there is none
 * @param ends names of the weights that take the network's input or give its output
 */
public record Roles(Map<String, Double> factors, Set<String> ends) {

    /** All weights are alike. */
    public static final Roles ALIKE = new Roles(Map.of(), Set.of());

    public Roles {
        factors = Map.copyOf(factors);
        ends = Set.copyOf(ends);
    }

    double factor(String name) {
        return factors.getOrDefault(name, 1.0);
    }
}
