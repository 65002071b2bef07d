package dev.fovea.run;

import dev.fovea.image.Image;
import java.nio.file.Path;
import java.util.List;

/** A model each of whose numbers can be explained. */
public interface ExplainedNumbers extends Explained {

    NetOutputs outputs();

    /** What its numbers are of, such as labels, in the order of the network's outputs. */
    List<String> names();

    /** The one that is explained where none is named. */
    String usual(Image seen);

    /** The number of that name for a prepared image, as it is predicted. */
    double value(Image seen, String name);

    @Override
    default OutputExplanation explain(Path file, String method, String name) {
        return OutputExplanation.of(this, file, method, name);
    }
}
