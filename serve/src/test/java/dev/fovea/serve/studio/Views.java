package dev.fovea.serve.studio;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The addresses of all views of a workspace that has a data set and two runs. */
final class Views {

    private Views() {}

    /**
     * @param data path of the data set
     * @param image its number in the data set, for the editor
     * @param run path of a run
     * @param other path of another
     */
    static List<URI> all(StudioServer served, String data, String image, String run, String other) {
        var all = new ArrayList<URI>();
        for (String view : Pages.VIEWS) {
            all.add(
                    switch (view) {
                        case "/data/view", "/data/map", "/data/problems", "/train" ->
                            served.address(view, "path", data);
                        case "/data/edit" -> served.address(view, "path", data, "image", image);
                        case "/run", "/evaluate", "/export" -> served.address(view, "run", run);
                        case "/compare" -> served.address(view, "run", run, "run", other);
                        case "/try" -> served.address(view, "model", run);
                        default -> served.address(view);
                    });
        }
        return all;
    }

    /** Opens a view, and waits until nothing of it is being loaded any more. */
    static void visit(Browser browser, URI view) {
        browser.visit(view);
        browser.await(
                "all of " + view.getPath(),
                own -> own.all(".skeleton, [aria-busy=true]").isEmpty()
                                && own.all(".jobs .job").isEmpty()
                        ? Boolean.TRUE
                        : null);
    }
}
