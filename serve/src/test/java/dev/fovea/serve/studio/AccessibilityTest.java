package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessibilityTest {

    private static final List<Integer> WIDTHS = List.of(360, 1280);

    @TempDir
    private Path folder;

    @Test
    void noViewHasASeriousFaultInAnyColoursOrWidth() throws Exception {
        Path run = sample();
        var faults = new ArrayList<String>();
        try (var served = new StudioServer(folder);
                Browser browser = Browser.open()) {
            String path = served.studio.workspace().relative(run.toRealPath());
            for (URI view : Views.all(served, "shapes-small", "0", path, "runs/other-1")) {
                Views.visit(browser, view);
                look(browser, view.getPath(), faults);
            }
        }
        assertThat(faults).isEmpty();
    }

    private Path sample() throws Exception {
        SampleWorkspace.shapes(folder.resolve("shapes-small"), 60);
        SampleWorkspace.run(folder, "other", "shapes-small");
        return SampleWorkspace.run(folder, "small", "shapes-small");
    }

    private static void look(Browser browser, String view, List<String> faults) {
        for (String theme : List.of("light", "dark")) {
            browser.theme(theme);
            for (int width : WIDTHS) {
                browser.size(width, 900);
                String where = "%s %s %s".formatted(view, theme, width);
                for (Rule rule : new AxeBuilder().analyze(browser.driver()).getViolations()) {
                    if (List.of("serious", "critical").contains(rule.getImpact())) {
                        rule.getNodes()
                                .forEach(node ->
                                        faults.add("%s: %s at %s".formatted(where, rule.getHelp(), node.getTarget())));
                    }
                }
                Number over = (Number) browser.script(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (over.intValue() > 1) {
                    faults.add("%s: the page is %s pixels wider than its window".formatted(where, over));
                }
            }
        }
    }
}
