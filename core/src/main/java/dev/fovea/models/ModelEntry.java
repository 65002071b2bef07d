package dev.fovea.models;

import dev.fovea.nn.Module;
import dev.fovea.nn.Shape;
import java.util.Map;

/**
 * A row of the registry.
 *
 * @param name as recipes and the command line say it
 * @param config of its family, with the options' values where none are given
 * @param paper where it is described
 * @param counts of parameters and multiply-adds
 * @param input the images it was published for
 */
public record ModelEntry(String name, NetConfig config, String paper, Counts counts, Input input) {

    /**
     * Its size at its own input.
     *
     * @param published whether the parameters are those that its authors or torchvision give, and not our own count
     * @param gmacs billions of multiply-adds for one image
     */
    public record Counts(long parameters, boolean published, double gmacs) {}

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

    /** A row without counts, for a grey image of 28x28 pixels and ten classes. */
    static ModelEntry row(String name, NetConfig config, String paper) {
        return new ModelEntry(name, config, paper, new Counts(0, false, 0), new Input(1, 1, 28, 28, 10));
    }

    /** With the number of parameters that others give: a test against the world. */
    ModelEntry published(long parameters, double gmacs) {
        return new ModelEntry(name, config, paper, new Counts(parameters, true, gmacs), input);
    }

    /** With the number of parameters counted here, of a network that nobody else has quite like this. */
    ModelEntry counted(long parameters, double gmacs) {
        return new ModelEntry(name, config, paper, new Counts(parameters, false, gmacs), input);
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
        return new ModelEntry(name, config, paper, counts, value);
    }

    /** The options by name, with the values they have where none is given. */
    public Map<String, Object> options() {
        return Options.values(config);
    }

    /** What follows the name to say all options: {@code code=64 width=32}. */
    public String optionText() {
        return Options.text(config);
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
