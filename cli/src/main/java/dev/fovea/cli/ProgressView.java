package dev.fovea.cli;

import dev.fovea.train.Listener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A run on the screen: a bar for each epoch with step, images per second, loss, metric and time left; in a log file,
 * a line a minute.
 */
final class ProgressView implements Listener {

    private static final double SECONDS_BETWEEN_LINES = 60;

    private final Output output;
    private final boolean bar;
    private Start start;
    private ProgressBar current;
    private int shown;
    private double said;

    ProgressView(Output output) {
        this.output = output;
        // The launcher knows whether standard error is a terminal; Java only tells of all three streams together.
        bar = Boolean.parseBoolean(System.getProperty("fovea.terminal", Boolean.toString(System.console() != null)));
    }

    @Override
    public void onStart(Start event) {
        start = event;
        output.say(
                "%,d images, %d %s an epoch, %s, %s on %s",
                event.images(),
                event.stepsPerEpoch(),
                event.stepsPerEpoch() == 1 ? "step" : "steps",
                event.firstEpoch() > event.epochs()
                        ? "no epoch left"
                        : "epochs %s to %s".formatted(event.firstEpoch(), event.epochs()),
                event.precision(),
                event.device());
    }

    @Override
    public void onStep(Step step) {
        shown = step.stepInEpoch() == 1 ? step.images() : shown + step.images();
        String figures = String.format(
                Locale.ROOT,
                "%s img/s  %s%s",
                speed(shown / Math.max(1e-9, step.seconds())),
                step.loss().isPresent()
                        ? String.format(Locale.ROOT, "loss %.4f  ", step.loss().getAsDouble())
                        : "",
                text(step.metrics()));
        if (bar) {
            draw(step, figures);
        } else if (step.seconds() - said > SECONDS_BETWEEN_LINES) {
            said = step.seconds();
            output.say(
                    "epoch %d/%d  step %d/%d  %s",
                    step.epoch(), start.epochs(), step.stepInEpoch(), start.stepsPerEpoch(), figures);
        }
    }

    /** Images a second, with digits behind the point where they are few. */
    static String speed(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%,.0f", value);
    }

    private void draw(Step step, String figures) {
        if (current == null) {
            current = new ProgressBarBuilder()
                    .setTaskName("epoch %s/%s".formatted(step.epoch(), start.epochs()))
                    .setInitialMax(start.stepsPerEpoch())
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new ConsoleProgressBarConsumer(new PrintStream(System.err)))
                    .build();
        }
        current.stepTo(step.stepInEpoch());
        current.setExtraMessage(" " + figures);
    }

    @Override
    public void onEpoch(Epoch epoch) {
        said = 0;
        if (current != null) {
            current.close();
            current = null;
        }
        var line = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d/%d  %s img/s  %s",
                epoch.epoch(),
                start.epochs(),
                speed(epoch.imagesPerSecond()),
                text(epoch.train())));
        if (!epoch.validation().isEmpty()) {
            var same = new LinkedHashMap<>(epoch.validation());
            same.keySet().removeIf(name -> !epoch.train().containsKey(name) && !name.equals(start.criterion()));
            line.append("  |  validation ").append(text(same)).append(epoch.best() ? "  *" : "");
        }
        double left = epoch.seconds() * (start.epochs() - epoch.epoch());
        if (left >= 1) {
            line.append("  |  ")
                    .append(spoken(Duration.ofMillis((long) (left * 1000))))
                    .append(" left");
        }
        output.say("%s", line);
    }

    @Override
    public void onPause(boolean paused) {
        output.say(paused ? "paused, as the run's folder says" : "goes on");
    }

    @Override
    public void onRemark(String text) {
        output.say("%s", text);
    }

    @Override
    public void onEnd(End end) {
        if (current != null) {
            current.close();
        }
        switch (end) {
            case FINISHED -> output.say("evaluating and writing the results");
            case EARLY -> output.say("no longer improving: stopped early; evaluating and writing the results");
            case STOPPED -> output.say("stopped; the checkpoint and the model are saved");
        }
    }

    private static String text(Map<String, Double> metrics) {
        return metrics.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                .collect(Collectors.joining("  "));
    }

    private static String spoken(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart())
                : time.toMinutes() > 0
                        ? String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart())
                        : time.toSeconds() + " s";
    }
}
