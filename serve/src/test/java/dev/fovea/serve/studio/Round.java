package dev.fovea.serve.studio;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private static final String AXE = axe();

    private static final String RUN = """
            const [rules, done] = arguments;
            const asked = { resultTypes: ['violations'], ...(rules.length ? { runOnly: rules } : {}) };
            axe.run(document, asked).then(
              found => done(found.violations.flatMap(rule => rule.nodes.map(node => `${rule.impact}, ${rule.help} at ${node.target}`))),
              error => done([String(error)]),
            );
            """;

    /** Rules whose answer goes by colours and widths; the others are asked once. */
    private static final List<String> BY_LOOKS = List.of(
            "color-contrast",
            "scrollable-region-focusable",
            "target-size",
            "button-name",
            "link-name",
            "label",
            "select-name");

    private final Set<URI> known = new HashSet<>();
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
        browser.size(1280, 900).visit(view.address()).theme("light");
        Views.idle(browser);
        if (known.add(view.address())) {
            shifted(view);
            TabWalk.faults(browser).forEach(fault -> keys.add(view.name() + " " + fault));
            look(view);
        }
        if (!view.plain()) {
            browser.size(1280, 900);
            view.opened().accept(browser);
            Views.idle(browser);
            look(view);
        }
    }

    /** Looks at what is open. */
    void look(Views.View view) {
        browser.theme("light");
        barriers(view, "light 1280", List.of());
        measure(view);
        browser.theme("dark");
        barriers(view, "dark 360", BY_LOOKS);
        listen(view);
    }

    private void barriers(Views.View view, String where, List<String> rules) {
        if ((Boolean) browser.script("return !window.axe")) {
            browser.script(AXE);
        }
        var found = (List<?>) browser.driver().executeAsyncScript(RUN, rules);
        found.forEach(one -> barriers.add("%s %s: %s".formatted(view.name(), where, one)));
    }

    private static String axe() {
        try (InputStream script = AxeBuilder.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the window narrower, and looks whether the view still fits. */
    void measure(Views.View view) {
        for (int width : List.of(1280, 800, 360)) {
            long over = tooWide(browser.size(width, 900));
            for (int wait = 0; over > 1 && wait < 20; wait++) { // charts follow their window
                idle(100);
                over = tooWide(browser);
            }
            if (over > 1) {
                tooWide.add("%s at %s: %s pixels wider than its window".formatted(view.name(), width, over));
            }
        }
    }

    private static void idle(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Pixels that lie beyond what is seen. */
    static long tooWide(Browser browser) {
        return (Long) browser.script("const page = document.documentElement;"
                + "return Math.round(page.scrollWidth - page.getBoundingClientRect().width)");
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
                .filter(line -> !view.fails()
                        || !line.matches("(?s).*(status of (4|503)|ERR_CONNECTION|ERR_INCOMPLETE).*")) // it says so
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
