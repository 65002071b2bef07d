package dev.fovea.train;

import dev.fovea.engine.Tensor;
import dev.fovea.nn.LayerOrder;
import dev.fovea.nn.Module;
import dev.fovea.optim.Roles;
import java.util.List;
import java.util.Map;

/** Which weights learn in an epoch, and at what rate beside that of the schedule, as a recipe's {@link Transfer} says. */
final class Learning {

    private final Recipe recipe;
    private final LayerOrder order;
    private final Map<String, Tensor> weights;

    /** Has norms stay in evaluation mode, if the recipe says so. */
    Learning(Recipe recipe, Module net) {
        this.recipe = recipe;
        order = LayerOrder.of(net);
        weights = net.state().learning();
        if (recipe.transfer().fixedNorms()) {
            net.state().keepStatistics();
        }
    }

    Roles roles() {
        return recipe.transfer().roles(order);
    }

    /** Several phases take gradients from each other's weights in turn, which leaves no room for weights that join later. */
    void check(List<ParameterGroup> groups) {
        if (groups.size() > 1 && !recipe.transfer().equals(Transfer.OFF)) {
            throw new IllegalArgumentException(
                    "transfer: is for networks that learn as one, those for task %s learn in parts. Leave it out"
                            .formatted(recipe.task().word()));
        }
    }

    /** The gradient goes back as far as weights learn, and no further. */
    void begin(int epoch) {
        if (recipe.transfer().later()) {
            weights.forEach((name, weight) ->
                    weight.requireGrad(recipe.transfer().learns(order.distance(name), epoch, recipe.epochs())));
        }
    }

    /** Of the base learning rate at the next update. */
    double factor(Progress progress, Steps steps) {
        return recipe.transfer().factor(recipe.schedule(), progress.step(), steps.perEpoch(), recipe.epochs());
    }
}
