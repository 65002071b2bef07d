package dev.fovea.task;

import dev.fovea.models.ModelEntry;
import dev.fovea.models.Models;
import dev.fovea.nn.Graph;
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
        return Models.all().stream().map(Registry::row).toList();
    }

    private static Row row(ModelEntry e) {
        ModelEntry.Counts counts = e.counts();
        return new Row(
                e.name(),
                Tasks.ALL.ofModel(e.name()).word(),
                counts.parameters(),
                counts.gmacs(),
                e.input().shape().toString(),
                e.optionText());
    }

    /**
     * The layers of one, as a table.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static String summary(String name) {
        ModelEntry e = Models.get(name);
        var in = e.input();
        return Summary.of(e.create(), in.channels(), in.frames(), in.height(), in.width())
                .toString();
    }

    /**
     * The operations of one, a line each: number, layer, operation with its attributes, what goes in, the shape of what
     * comes out; N stands for the batch.
     *
     * @throws IllegalArgumentException if there is none of that name, or what it does depends on the batch
     */
    public static String graph(String name) {
        ModelEntry e = Models.get(name);
        return Graph.of(e.create(), e.input().shape()).toString();
    }
}
