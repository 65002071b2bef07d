package dev.fovea.train;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fovea.nn.Loss;
import dev.fovea.optim.Optimizer;
import dev.fovea.task.Tasks;
import dev.fovea.task.autoencode.Variational;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTest {

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static void assertRefused(String key, org.assertj.core.api.ThrowableAssert.ThrowingCallable making) {
        assertThatIllegalArgumentException()
                .isThrownBy(making)
                .withMessage("%s must be a finite number, got %s=Infinity", key, key);
    }

    @Test
    void numbersThatAreInfiniteAreRefused() {
        Recipe recipe = Tasks.ALL.recipe("cifar-cnn");
        assertRefused("update.gradientClip", () -> recipe.withUpdate(new Recipe.Update(INFINITE, 1, 0, 0, 0)));
        assertRefused("transfer.lr", () -> recipe.withTransfer(new Transfer(0, 0, INFINITE, 1, false)));
        assertRefused("update.l1", () -> recipe.withUpdate(new Recipe.Update(0, 1, 0, INFINITE, 0)));
        assertRefused("optimizer.weightDecay", () -> recipe.withOptimizer(new Optimizer.Sgd(1, 0, false, INFINITE)));
        assertRefused("loss.classWeights", () -> recipe.withLoss(new Loss.CrossEntropy(0, List.of(1.0, INFINITE))));
        assertRefused("task.beta", () -> recipe.withTask(new Variational(INFINITE)));
    }
}
