package dev.fovea.task;

import dev.fovea.models.Models;
import dev.fovea.nn.Graph;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Summary;
import java.util.List;

/** The networks that can be trained. */
public final class Registry {

    /**
     * One of them.
     *
     * @param parameters at the published number of classes
     * @param gmacs billions of multiply-adds for one image
     * @param input channels, height and width, as {@code 3x224x224}; of networks for clips, frames second
     * @param options what may follow the name, with the values it has where it does not, as {@code code=64 width=32}
     */
    public record Row(String name, String task, long parameters, double gmacs, String input, String options) {}

    private Registry() {}

    /** All of them. */
    public static List<Row> rows() {
        return Models.all().stream()
                .map(e -> new Row(
                        e.name(),
                        Tasks.ALL.ofModel(e.name()).word(),
                        e.parameters(),
                        e.gmacs(),
                        e.frames() > 1
                                ? "%sx%sx%sx%s".formatted(e.channels(), e.frames(), e.height(), e.width())
                                : "%sx%sx%s".formatted(e.channels(), e.height(), e.width()),
                        e.options()))
                .toList();
    }

    /**
     * The layers of one, as a table.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static String summary(String name) {
        Models.Entry e = Models.get(name);
        var net = e.create(e.channels(), e.height(), e.width(), e.classes());
        return Summary.of(net, e.channels(), e.frames(), e.height(), e.width()).toString();
    }

    /**
     * The operations of one, a line each: number, layer, operation with its attributes, what goes in, the shape of what
     * comes out; N stands for the batch.
     *
     * @throws IllegalArgumentException if there is none of that name, or what it does depends on the batch
     */
    public static String graph(String name) {
        Models.Entry e = Models.get(name);
        var net = e.create(e.channels(), e.height(), e.width(), e.classes());
        return Graph.of(
                        net,
                        e.frames() > 1
                                ? Shape.of(e.channels(), e.frames(), e.height(), e.width())
                                : Shape.of(e.channels(), e.height(), e.width()))
                .toString();
    }
}
