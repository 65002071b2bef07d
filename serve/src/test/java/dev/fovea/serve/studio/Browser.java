package dev.fovea.serve.studio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Debian's Chromium without a window, with a camera that shows a test image. */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<Path> CHROMIUM = List.of(
            Path.of("/usr/bin/chromium"),
            Path.of("/usr/bin/chromium-browser"),
            Path.of("/usr/bin/google-chrome"),
            Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"));
    private static final List<Path> DRIVER = List.of(
            Path.of("/usr/bin/chromedriver"),
            Path.of("/usr/lib/chromium/chromedriver"),
            Path.of("/usr/local/bin/chromedriver"));

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    public static Browser open() {
        return open("en");
    }

    /** One that keeps all requests of its pages, in the log {@link LogType#PERFORMANCE}. */
    static Browser recording() {
        return open("en", true);
    }

    /** @param language that the reader has chosen in the browser, such as de */
    public static Browser open(String language) {
        return open(language, false);
    }

    private static Browser open(String language, boolean recording) {
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
        var options = new ChromeOptions();
        options.setBinary(found("chromium", "CHROMIUM", CHROMIUM).toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                "--lang=" + language,
                "--accept-lang=" + language,
                "--window-size=1280,900");
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        if (recording) {
            logs.enable(LogType.PERFORMANCE, Level.ALL);
        }
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(
                        found("chromedriver", "CHROMEDRIVER", DRIVER).toFile())
                .usingAnyFreePort()
                .build();
        var driver = new ChromeDriver(service, options);
        // What moves is at its end at once: nothing is looked at half way.
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return new Browser(driver);
    }

    /** A test that could not be run would say that all is well. */
    private static Path found(String what, String variable, List<Path> places) {
        String named = System.getenv(variable);
        if (named != null) {
            return Path.of(named);
        }
        return places.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "%s is missing, which the tests of the studio's page need. Install it (Debian: apt-get install chromium chromium-driver), or name it in the environment variable %s"
                                .formatted(what, variable)));
    }

    public ChromeDriver driver() {
        return driver;
    }

    /** Opens an address and waits until its view has a heading. */
    public Browser visit(Object address) {
        driver.get(address.toString());
        await("main h1");
        return this;
    }

    public Browser size(int width, int height) {
        // Windows have a least width: below it only the viewport is that narrow.
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** @param theme light or dark, as the page's own switch has it */
    public Browser theme(String theme) {
        script(
                "localStorage.setItem('fovea-theme', arguments[0]); document.documentElement.dataset.theme ="
                        + " arguments[0];window.dispatchEvent(new Event('fovea-theme'));",
                theme);
        return this;
    }

    public Object script(String code, Object... values) {
        return ((JavascriptExecutor) driver).executeScript(code, values);
    }

    /** Waits for something that is shown. */
    public WebElement await(String css) {
        return await(
                "an element '" + css + "'",
                browser -> driver.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** Waits until the page shows such a text, in whatever element. */
    public Browser awaitText(String text) {
        await("the text '" + text + "'", browser -> text().contains(text) ? Boolean.TRUE : null);
        return this;
    }

    /** Waits until {@code condition} gives something. */
    public <T> T await(String what, Function<Browser, T> condition) {
        return await(what, PATIENCE, condition);
    }

    public <T> T await(String what, Duration patience, Function<Browser, T> condition) {
        return new WebDriverWait(driver, patience, Duration.ofMillis(50))
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> "%s, on a page that shows: %s".formatted(what, text()))
                .until(own -> condition.apply(this));
    }

    /** All that is shown. */
    public String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Clicks a button or a link by what it says, once it is there. */
    public Browser click(String label) {
        await("a button or link '" + label + "'", browser -> {
            for (WebElement one : all("button, a, [role=button], summary, label")) {
                String said = one.getText().strip();
                if (one.isDisplayed()
                        && one.isEnabled()
                        && (said.equals(label) || label.equals(one.getAttribute("aria-label")))) {
                    script("arguments[0].scrollIntoView({block: 'center'})", one);
                    one.click();
                    return Boolean.TRUE;
                }
            }
            return null;
        });
        return this;
    }

    /** Drops files or folders on an element, as from the desktop. */
    public Browser drop(String css, Path... files) {
        WebElement target = await(css);
        script("arguments[0].scrollIntoView({block: 'center'})", target);
        var middle = (List<?>) script(
                "const box = arguments[0].getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height /"
                        + " 2]",
                target);
        var data = Map.of(
                "items",
                List.of(),
                "files",
                List.of(files).stream()
                        .map(file -> file.toAbsolutePath().toString())
                        .toList(),
                "dragOperationsMask",
                1);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            driver.executeCdpCommand(
                    "Input.dispatchDragEvent",
                    Map.of("type", type, "x", middle.get(0), "y", middle.get(1), "data", data));
        }
        return this;
    }

    /** Types into a field instead of what stands there, and leaves it. */
    public Browser fill(String css, String text) {
        WebElement field = await(css);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text, Keys.TAB);
        return this;
    }

    /** Presses a key while others are held, wherever the focus is. */
    public Browser press(String key, Keys... held) {
        var keys = new Actions(driver);
        for (Keys one : held) {
            keys.keyDown(one);
        }
        keys.sendKeys(key);
        for (Keys one : held) {
            keys.keyUp(one);
        }
        keys.perform();
        return this;
    }

    /** Gives files to the input that takes them. */
    public Browser choose(String css, Path... files) {
        WebElement input = driver.findElement(By.cssSelector(css));
        var names = new StringBuilder();
        for (Path file : files) {
            names.append(names.isEmpty() ? "" : "\n").append(file.toAbsolutePath());
        }
        input.sendKeys(names);
        return this;
    }

    /** What the page has complained about: errors of scripts, refused by its policy, missing files. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .toList();
    }

    public void screenshot(Path file) {
        try {
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Browser window(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        return this;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
