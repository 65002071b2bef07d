package dev.fovea.engine;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/**
 * Optimizer updates as single kernels over lists of tensors of equal shapes; the binding has no methods for
 * them, so they go through libtorch's dispatcher.
 */
public final class Fused {

    private Fused() {}

    /**
     * One Adam or AdamW step on every parameter (Kingma and Ba 2014; Loshchilov and Hutter 2017).
     *
     * @param decoupled AdamW's weight decay, apart from the gradient; otherwise L2 in the gradient
     * @param steps float32 scalars on the parameters' device: the steps taken so far, this one included. The CUDA kernel
     *     reads them there, as PyTorch's own optimizer makes them where it is fused
     */
    public static void adam(
            boolean decoupled,
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> means,
            List<Tensor> squares,
            List<Tensor> steps,
            double lr,
            double beta1,
            double beta2,
            double weightDecay,
            double eps) {
        call(
                decoupled ? "aten::_fused_adamw_" : "aten::_fused_adam_",
                list(parameters),
                list(gradients),
                list(means),
                list(squares),
                list(List.of()),
                list(steps),
                new IValue(lr),
                new IValue(beta1),
                new IValue(beta2),
                new IValue(weightDecay),
                new IValue(eps),
                new IValue(false),
                new IValue(false),
                new IValue(),
                new IValue());
    }

    /**
     * One step of stochastic gradient descent on every parameter.
     *
     * @param velocities momentum buffers, or none where {@code momentum} is 0
     * @param first whether the buffers are to be filled with the gradients instead of read
     */
    public static void sgd(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> velocities,
            double weightDecay,
            double momentum,
            double lr,
            boolean nesterov,
            boolean first) {
        call(
                "aten::_fused_sgd_",
                list(parameters),
                list(gradients),
                list(velocities),
                new IValue(weightDecay),
                new IValue(momentum),
                new IValue(lr),
                new IValue(0.0),
                new IValue(nesterov),
                new IValue(false),
                new IValue(first),
                new IValue(),
                new IValue());
    }

    private static void call(String operator, IValue... arguments) {
        try (var scope = new Scope()) {
            var stack = new IValueVector();
            for (IValue argument : arguments) {
                stack.push_back(argument);
            }
            handle(operator).callBoxed(stack);
        } catch (EngineException e) {
            throw e;
        } catch (RuntimeException e) {
            throw EngineException.of(operator, e);
        }
    }

    private static OperatorHandle handle(String operator) {
        return Dispatcher.singleton().findSchemaOrThrow(operator, "");
    }

    private static IValue list(List<Tensor> tensors) {
        var list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor.handle()));
        }
        return new IValue(list);
    }
}
