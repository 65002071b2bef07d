package dev.fovea.models;

import dev.fovea.engine.NoValues;
import dev.fovea.engine.Scope;
import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import dev.fovea.nn.Summary;
import java.util.Map;

/**
 * A row of the registry.
 *
 * @param name as recipes and the command line say it
 * @param config of its family, with the options' values where none are given
 * @param paper where it is described
 * @param input the images it was published for
 */
public record ModelEntry(String name, NetConfig config, String paper, Input input) {

    /**
     * Its size.
     *
     * @param parameters of all tensors that are trained
     * @param gmacs billions of multiply-adds for one image
     */
    public record Counts(long parameters, double gmacs) {}

    /**
     * Images or clips.
     *
     * @param frames of a clip, or 1 for images
     * @param height in pixels
     * @param width in pixels
     */
    public record Input(int channels, int frames, int height, int width, int classes) {

        /** Channels, height and width, of clips frames second. */
        public Shape shape() {
            return frames > 1 ? Shape.of(channels, frames, height, width) : Shape.of(channels, height, width);
        }
    }

    /** A row for a grey image of 28x28 pixels and ten classes. */
    static ModelEntry row(String name, NetConfig config, String paper) {
        return new ModelEntry(name, config, paper, new Input(1, 1, 28, 28, 10));
    }

    /** For images of that many channels and pixels. */
    ModelEntry at(int channels, int height, int width) {
        return withInput(new Input(channels, input.frames(), height, width, input.classes()));
    }

    /** For clips of that many frames. */
    ModelEntry frames(int frames) {
        return withInput(new Input(input.channels(), frames, input.height(), input.width(), input.classes()));
    }

    /** For that many classes. */
    ModelEntry classes(int classes) {
        return withInput(new Input(input.channels(), input.frames(), input.height(), input.width(), classes));
    }

    private ModelEntry withInput(Input value) {
        return new ModelEntry(name, config, paper, value);
    }

    /** The options by name, with the values they have where none is given. */
    public Map<String, Object> options() {
        return Options.values(config);
    }

    /** What follows the name to say all options: {@code code=64 width=32}. */
    public String optionText() {
        return Options.text(config);
    }

    /** Its size at its own input, counted by building and running it without values, which costs no memory. */
    public Counts counts() {
        try (var shapes = new NoValues();
                var scope = new Scope()) {
            Module net = create();
            var summary = Summary.of(net, input.channels(), input.frames(), input.height(), input.width());
            return new Counts(summary.parameters(), summary.macs() / 1e9);
        }
    }

    /** The network, at its own options, for images of another shape or number of classes. */
    public Module create(int channels, int height, int width, int classes) {
        return Models.create(name, channels, height, width, classes);
    }

    /** The network at its own options and input. */
    public Module create() {
        return create(input.channels(), input.height(), input.width(), input.classes());
    }
}
