package dev.fovea.run;

import dev.fovea.image.Image;
import java.util.List;

/** A model each of whose numbers can be traced to parts of an image, or to frames of a clip. */
public interface Explained {

    NetOutputs outputs();

    /** What its numbers are of, such as labels, in the order of the network's outputs. */
    List<String> names();

    /** The one that is explained where none is named. */
    String usual(Image seen);

    /** The number of that name for a prepared image, as it is predicted. */
    double value(Image seen, String name);
}
