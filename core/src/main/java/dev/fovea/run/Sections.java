package dev.fovea.run;

import dev.fovea.report.RunReport.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a report shows, section by section: one that cannot be drawn is left out with a line that says so. */
public final class Sections {

    private final List<Figure> figures = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** @param title of the figure, for the line where it cannot be drawn */
    public void add(String title, Supplier<Figure> figure) {
        addAll(title, () -> List.of(figure.get()));
    }

    /** Figures that are drawn together. */
    public void addAll(String title, Supplier<List<Figure>> section) {
        try {
            figures.addAll(section.get());
        } catch (RuntimeException | Error e) { // whatever it was: hours of training are not to end without a report
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            remarks.add("'%s' is not in this report: %s"
                    .formatted(title, reason.lines().findFirst().orElse(reason)));
        }
    }

    /** Something its reader should know, in a sentence. */
    public void remark(String text) {
        remarks.add(text);
    }

    public void remarks(List<String> texts) {
        remarks.addAll(texts);
    }

    public List<Figure> figures() {
        return List.copyOf(figures);
    }

    public List<String> remarks() {
        return List.copyOf(remarks);
    }
}
