package dev.fovea.serve.studio;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.logging.LogType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A round through views, in which everything is written down that holds for none of them. */
final class Round {

    /** The most that a view may shift while it comes, see <a href="https://web.dev/articles/cls">web.dev/articles/cls</a>. */
    private static final double MOST_SHIFT = 0.1;

    private static final String SHIFTS = """
        const done = arguments[0];
        const seen = [];
        const name = node => node?.nodeType === 1 ? node.tagName.toLowerCase() + [...node.classList].map(one => '.' + one).join('') : '';
        const take = list => seen.push(...list.getEntries().filter(one => !one.hadRecentInput));
        new PerformanceObserver(take).observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done([
          seen.reduce((sum, one) => sum + one.value, 0),
          seen.flatMap(one => one.sources.map(source => name(source.node) + ' ' + one.value.toFixed(3))).join(', '),
        ]), 50);
        """;

    /** In the page itself, which has no frames: a window of its own for every look takes longer than the look. */
    @SuppressWarnings("deprecation")
    private static final AxeBuilder AXE = new AxeBuilder().setLegacyMode(true);

    final List<String> barriers = new ArrayList<>();
    final List<String> tooWide = new ArrayList<>();
    final List<String> shifts = new ArrayList<>();
    final List<String> complaints = new ArrayList<>();

    /** What the Tab key does not come to, or where nobody sees that it is. */
    final List<String> keys = new ArrayList<>();

    /** Addresses that were asked for. */
    final List<String> requests = new ArrayList<>();

    private final Browser browser;

    Round(Browser browser) {
        this.browser = browser;
    }

    /** Opens a view that was not open before, and looks at it in the colours and the widths that people have. */
    void visit(Views.View view) {
        browser.driver().executeCdpCommand("Network.clearBrowserCache", Map.of());
        browser.size(1280, 900).visit(view.address());
        Views.idle(browser);
        shifted(view);
        TabWalk.faults(browser).forEach(fault -> keys.add(view.name() + " " + fault));
        view.opened().accept(browser);
        Views.idle(browser);
        look(view);
    }

    /** Looks at what is open. */
    void look(Views.View view) {
        browser.theme("light");
        barriers(view, "light 1280");
        measure(view);
        browser.theme("dark");
        barriers(view, "dark 360");
        listen(view);
    }

    private void barriers(Views.View view, String where) {
        for (Rule rule : AXE.analyze(browser.driver()).getViolations()) {
            rule.getNodes()
                    .forEach(node -> barriers.add("%s %s: %s, %s at %s"
                            .formatted(view.name(), where, rule.getImpact(), rule.getHelp(), node.getTarget())));
        }
    }

    /** Makes the window narrower, and looks whether the view still fits. */
    void measure(Views.View view) {
        for (int width : List.of(1280, 800, 360)) {
            Number over = (Number) browser.size(width, 900)
                    .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (over.intValue() > 1) {
                tooWide.add("%s at %s: %s pixels wider than its window".formatted(view.name(), width, over));
            }
        }
    }

    private void shifted(Views.View view) {
        var shift = (List<?>) browser.driver().executeAsyncScript(SHIFTS);
        if (((Number) shift.get(0)).doubleValue() > MOST_SHIFT) {
            shifts.add("%s: %s by %s".formatted(view.name(), shift.get(0), shift.get(1)));
        }
    }

    /** What the page has complained about and asked for since somebody listened last. */
    void listen(Views.View view) {
        browser.complaints().stream()
                .filter(line -> !view.fails() || !line.contains("status of 4")) // a sentence that the view shows
                .forEach(line -> complaints.add(view.name() + ": " + line));
        requests.addAll(requested());
    }

    private List<String> requested() {
        var logs = browser.driver().manage().logs();
        if (!logs.getAvailableLogTypes().contains(LogType.PERFORMANCE)) {
            return List.of(); // this browser keeps none
        }
        return logs.get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> new JsonMapper().readTree(entry.getMessage()).path("message"))
                .filter(event -> event.path("method").asString().equals("Network.requestWillBeSent"))
                .map(event -> event.at("/params/request/url"))
                .map(JsonNode::asString)
                .toList();
    }
}
