package dev.fovea.serve.studio.data;

import dev.fovea.run.Finding;
import dev.fovea.serve.studio.Workspace;
import java.util.List;
import java.util.Optional;

/** What was found about data sets, of each what the last check found. Thread-safe. */
public final class KeptProblems {

    /**
     * What a check found.
     *
     * @param check images, labels, train or boxes
     * @param by the model it was done with; empty of none
     */
    public record Checked(String check, String by, List<Finding> findings, List<String> remarks) {

        public Checked {
            findings = List.copyOf(findings);
            remarks = List.copyOf(remarks);
        }
    }

    private final Workspace workspace;
    private final KeptResults<Checked> checked;

    KeptProblems(Workspace workspace) {
        this.workspace = workspace;
        checked = new KeptResults<>(workspace, "problems", Checked.class);
    }

    /** Keeps what was found about a data set, which knows it from then on. */
    public void put(Opened data, Checked found) {
        checked.put(data, found);
        data.takeProblems(found.findings(), workspace.root());
    }

    /** What was found; empty where nothing was looked for, or the images are others now. */
    public Optional<Checked> of(Opened data) {
        return checked.of(data);
    }
}
