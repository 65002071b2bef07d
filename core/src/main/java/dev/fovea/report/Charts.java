package dev.fovea.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts on two axes: learning curves, learning rates, the reliability diagram, what is compared with what. */
public final class Charts {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int SCALE = 2;
    private static final double NARROW = 1e-6;

    private Charts() {}

    /**
     * One quantity over the epochs, in training and in validation.
     *
     * @param quantity axis title with its unit, such as {@code accuracy (0 to 1)}
     * @param series values per epoch by name, NaN where an epoch has none; {@code train} and {@code validation} have colours of their own
     */
    public static BufferedImage curves(String title, String quantity, Map<String, List<Double>> series) {
        var points = new Points();
        XYChart chart = chart(title, "epoch", quantity);
        series.forEach((name, values) -> {
            double[] measured = IntStream.range(0, values.size())
                    .filter(i -> !Double.isNaN(values.get(i)))
                    .mapToDouble(i -> i + 1)
                    .toArray();
            double[] there = values.stream()
                    .filter(value -> !Double.isNaN(value))
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            line(chart, name, points.drawable(measured, there));
        });
        int epochs = series.values().stream().mapToInt(List::size).max().orElse(1);
        chart.getStyler().setXAxisMin(epochs <= 1 ? 0.5 : 1).setXAxisMax(epochs <= 1 ? 1.5 : (double) epochs);
        chart.getStyler().setxAxisTickLabelsFormattingFunction(Charts::whole);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(Charts::shortened);
        return draw(chart, points);
    }

    /**
     * Accuracy against confidence; on the diagonal confidence can be taken at its word.
     *
     * @param points {@code [confidence, accuracy]} of each bin, by what the line is of
     */
    public static BufferedImage reliability(String title, Map<String, List<double[]>> points) {
        XYChart chart = chart(title, "confidence (probability of the answer)", "accuracy (0 to 1)");
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        XYSeries ideal = chart.addSeries("ideal", new double[] {0, 1}, new double[] {0, 1});
        ideal.setMarker(SeriesMarkers.NONE);
        ideal.setLineColor(Palette.FAINT);
        ideal.setLineStyle(
                new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 5}, 0));
        var all = new Points();
        addLines(chart, points, all);
        return draw(chart, all);
    }

    /** Loss against learning rate, with the suggested rate. */
    public static BufferedImage rates(List<Double> rates, List<Double> losses, double suggestion) {
        XYChart chart = chart(
                String.format(Locale.ROOT, "Learning-rate range test (suggested: %.1e)", suggestion),
                "learning rate (log scale)",
                "loss (smoothed)");
        var points = new Points();
        Points.Drawable drawn = points.positive(array(rates), array(losses));
        line(chart, "loss", drawn);
        if (drawn.size() > 0) { // of no point an axis of powers has no ends
            chart.getStyler().setXAxisLogarithmic(true);
        }
        if (drawn.size() > 0 && Double.isFinite(suggestion) && suggestion > 0) {
            double low = Arrays.stream(drawn.y()).min().orElseThrow();
            double high = Arrays.stream(drawn.y()).max().orElseThrow();
            double[] there = {suggestion, suggestion};
            XYSeries mark = chart.addSeries("suggestion", there, new double[] {low, high});
            mark.setMarker(SeriesMarkers.NONE);
            mark.setLineColor(Palette.VALIDATION);
        }
        return draw(chart, points);
    }

    /** Several lines through points {@code [x, y]}; a single point is a mark. */
    public static BufferedImage lines(String title, String x, String y, Map<String, List<double[]>> points) {
        return lines(chart(title, x, y), points);
    }

    /** The same with an upright axis that begins at 0, so that small differences look small. */
    public static BufferedImage fromZero(String title, String x, String y, Map<String, List<double[]>> points) {
        XYChart chart = chart(title, x, y);
        chart.getStyler().setYAxisMin(0.0);
        return lines(chart, points);
    }

    private static BufferedImage lines(XYChart chart, Map<String, List<double[]>> points) {
        var all = new Points();
        addLines(chart, points, all);
        return draw(chart, all);
    }

    private static void addLines(XYChart chart, Map<String, List<double[]>> points, Points all) {
        int kind = 0;
        for (var entry : points.entrySet()) {
            Color colour = Palette.kind(kind++);
            Points.Drawable own = all.drawable(entry.getValue());
            if (own.size() > 0) {
                XYSeries series = chart.addSeries(entry.getKey(), own.x(), own.y());
                series.setLineColor(colour);
                series.setMarkerColor(colour);
                series.setLineStyle(new BasicStroke(2.2f));
                series.setMarker(own.size() == 1 ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE);
            }
        }
    }

    /** Points of several kinds, each {@code [x, y]}. */
    public static BufferedImage scatter(String title, String x, String y, Map<String, List<double[]>> points) {
        XYChart chart = chart(title, x, y);
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        chart.getStyler().setMarkerSize(4);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
        var all = new Points();
        int kind = 0;
        for (var entry : points.entrySet()) {
            Color colour = Palette.kind(kind++);
            Points.Drawable own = all.drawable(entry.getValue());
            if (own.size() > 0) {
                XYSeries series = chart.addSeries(entry.getKey(), own.x(), own.y());
                series.setMarker(SeriesMarkers.CIRCLE);
                series.setMarkerColor(colour);
            }
        }
        return draw(chart, all);
    }

    /**
     * Precision over recall, a line for each label.
     *
     * @param curves points {@code [recall, precision]} by the name of their label
     */
    public static BufferedImage precisionRecall(String title, Map<String, List<double[]>> curves) {
        return shares(title, "recall (0 to 1)", "precision (0 to 1)", curves, Map.of());
    }

    /**
     * One share over another, both from 0 to 1, a line for each label.
     *
     * @param curves points {@code [x, y]} by the name of their label
     * @param together the same of all labels together, dashed
     */
    public static BufferedImage shares(
            String title,
            String x,
            String y,
            Map<String, List<double[]>> curves,
            Map<String, List<double[]>> together) {
        XYChart chart = chart(title, x, y);
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
        var all = new Points();
        int kind = 0;
        for (var entry : curves.entrySet()) {
            Color colour = Palette.kind(kind++);
            Points.Drawable own = all.drawable(entry.getValue());
            if (own.size() > 0) {
                XYSeries series = chart.addSeries(entry.getKey(), own.x(), own.y());
                series.setLineColor(colour);
                series.setMarkerColor(colour);
                series.setLineStyle(new BasicStroke(1.8f));
                series.setMarker(own.size() == 1 ? SeriesMarkers.DIAMOND : SeriesMarkers.NONE);
            }
        }
        together.forEach((name, line) -> {
            Points.Drawable own = all.drawable(line);
            if (own.size() > 0) {
                XYSeries series = chart.addSeries(name, own.x(), own.y());
                series.setLineColor(Palette.INK);
                series.setLineStyle(
                        new BasicStroke(3, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {8, 4}, 0));
                series.setMarker(SeriesMarkers.NONE);
            }
        });
        return draw(chart, all);
    }

    /**
     * True positives over false ones on a scale of powers, where few false ones are far apart: what is accepted of pairs.
     *
     * @param curves points {@code [false acceptance rate, true acceptance rate]}, 0 to 1, by what the line is of
     */
    public static BufferedImage roc(String title, Map<String, List<double[]>> curves) {
        XYChart chart = chart(title, "false acceptance rate (log scale)", "true acceptance rate (0 to 1)");
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setLegendVisible(curves.size() > 1);
        var all = new Points();
        int kind = 0;
        for (var entry : curves.entrySet()) {
            Color colour = Palette.kind(kind++);
            List<double[]> points = entry.getValue().stream()
                    .filter(point -> point[0] > 0) // none accepted has no place on this axis
                    .toList();
            Points.Drawable own = all.positive(
                    points.stream().mapToDouble(point -> point[0]).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray());
            if (own.size() > 0) {
                XYSeries series = chart.addSeries(entry.getKey(), own.x(), own.y());
                series.setLineColor(colour);
                series.setLineStyle(new BasicStroke(2.2f));
                series.setMarker(SeriesMarkers.NONE);
                chart.getStyler().setXAxisLogarithmic(true);
            }
        }
        return draw(chart, all);
    }

    /**
     * How values of several kinds are spread, in bins whose width is a round number.
     *
     * @param values by kind; the bins of each add up to 1
     * @param bins about so many from the least to the largest of all
     */
    public static BufferedImage distributions(String title, String x, Map<String, List<Double>> values, int bins) {
        XYChart chart = chart(title, x, "share of each kind");
        double[] all = values.values().stream()
                .flatMap(List::stream)
                .mapToDouble(v -> v)
                .sorted()
                .toArray();
        double least = all.length == 0 ? 0 : all[0];
        double most = all.length == 0 ? 1 : all[all.length - 1];
        double width = round(Math.max(NARROW, (most - least) / bins));
        double low = Math.floor(least / width) * width;
        int count = (int) Math.max(1, Math.ceil((most - low) / width + NARROW));
        chart.getStyler().setYAxisMin(0.0).setXAxisMin(low).setXAxisMax(low + count * width);
        int kind = 0;
        for (var entry : values.entrySet()) {
            Color colour = Palette.kind(kind++);
            double[] edges = new double[2 * count + 2];
            double[] heights = new double[2 * count + 2];
            for (double value : entry.getValue()) {
                int bin = (int) Math.min(count - 1, (value - low) / width);
                heights[2 * bin + 1] += 1.0 / entry.getValue().size();
                heights[2 * bin + 2] = heights[2 * bin + 1];
            }
            for (int i = 0; i <= count; i++) { // up and down at every edge
                edges[2 * i] = low + i * width;
                edges[2 * i + 1] = edges[2 * i];
            }
            if (!entry.getValue().isEmpty()) {
                XYSeries series = chart.addSeries(entry.getKey(), edges, heights);
                series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
                series.setMarker(SeriesMarkers.NONE);
                series.setLineColor(colour);
                series.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 70));
            }
        }
        return draw(chart, new Points());
    }

    /** The next larger of 1, 2 and 5 times a power of ten. */
    private static double round(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        return value <= power ? power : value <= 2 * power ? 2 * power : value <= 5 * power ? 5 * power : 10 * power;
    }

    /**
     * Predicted against true numbers; on the diagonal both are the same.
     *
     * @param points {@code [true, predicted]}
     * @param unit name of the number
     */
    public static BufferedImage predictedAgainstTrue(String title, String unit, List<double[]> points) {
        XYChart chart = chart(title, "true " + unit, "predicted " + unit);
        chart.getStyler().setMarkerSize(4);
        var all = new Points();
        Points.Drawable drawn = all.drawable(points);
        if (drawn.size() > 0) {
            double low = Arrays.stream(drawn.x()).min().orElseThrow();
            double high = Arrays.stream(drawn.x()).max().orElseThrow();
            XYSeries ideal = chart.addSeries("ideal", new double[] {low, high}, new double[] {low, high});
            ideal.setMarker(SeriesMarkers.NONE);
            ideal.setLineColor(Palette.FAINT);
            XYSeries series = chart.addSeries("images", drawn.x(), drawn.y());
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(Palette.TRAIN);
        }
        return draw(chart, all);
    }

    /** How often values occur, in bins of equal width. */
    public static BufferedImage histogram(String title, String x, List<Double> values, int bins) {
        XYChart chart = chart(title, x, "images");
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisMin(0.0);
        var all = new Points();
        double[] finite = all.drawable(
                        values.stream().map(v -> new double[] {v, 0}).toList())
                .x();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(1);
        double width = high > low ? (high - low) / bins : 1;
        double[] edges = new double[2 * bins + 2];
        double[] heights = new double[2 * bins + 2];
        for (double value : finite) {
            int bin = (int) Math.min(bins - 1, (value - low) / width);
            heights[2 * bin + 1]++;
            heights[2 * bin + 2]++;
        }
        for (int i = 0; i <= bins; i++) { // up and down at every edge
            edges[2 * i] = low + i * width;
            edges[2 * i + 1] = edges[2 * i];
        }
        XYSeries series = chart.addSeries("images", edges, heights);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(Palette.TRAIN);
        series.setFillColor(Palette.TRAIN);
        return draw(chart, all);
    }

    /** An epoch, and nothing between two of them. */
    private static String whole(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : "";
    }

    /** To four digits: ticks of a curve that is nearly flat come with all that a double has. */
    private static String shortened(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Palette.PAPER);
        style.setPlotBackgroundColor(Palette.PAPER);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(Palette.GRID);
        style.setChartFontColor(Palette.INK);
        style.setAxisTickLabelsColor(Palette.INK);
        style.setChartTitleFont(Palette.font(Font.BOLD, 15));
        style.setChartTitleBoxVisible(false);
        style.setAxisTitleFont(Palette.font(Font.PLAIN, 12));
        style.setAxisTickLabelsFont(Palette.font(Font.PLAIN, 11));
        style.setLegendFont(Palette.font(Font.PLAIN, 12));
        style.setLegendPosition(Styler.LegendPosition.OutsideS);
        style.setLegendLayout(Styler.LegendLayout.Horizontal);
        style.setLegendBorderColor(Palette.PAPER);
        style.setAntiAlias(true);
        return chart;
    }

    private static void line(XYChart chart, String name, Points.Drawable points) {
        if (points.size() == 0) {
            return;
        }
        XYSeries series = chart.addSeries(name, points.x(), points.y());
        series.setLineColor(name.equals("validation") ? Palette.VALIDATION : Palette.TRAIN);
        series.setMarkerColor(name.equals("validation") ? Palette.VALIDATION : Palette.TRAIN);
        series.setLineStyle(new BasicStroke(2.2f));
        series.setMarker(points.size() <= 60 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }

    /** What could not be drawn as it is, the chart says beside its axis. */
    private static BufferedImage draw(XYChart chart, Points points) {
        if (chart.getSeriesCollection().isEmpty()) {
            XYSeries nothing = chart.addSeries("nothing to draw", new double[] {0, 1}, new double[] {0, 1});
            nothing.setMarker(SeriesMarkers.NONE);
            nothing.setLineColor(Palette.PAPER);
        }
        for (XYSeries series : List.copyOf(chart.getSeriesCollection())) {
            double[] x =
                    Points.atScale(series.getXData(), chart.getStyler().isXAxisLogarithmic() ? 0 : points.widest());
            chart.updateXYSeries(series.getName(), x, Points.atScale(series.getYData(), points.highest()), null);
        }
        if (!points.words().isEmpty()) {
            chart.setXAxisTitle(chart.getXAxisTitle() + "   (" + points.words() + ")");
        }
        var image = new BufferedImage(WIDTH * SCALE, HEIGHT * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.scale(SCALE, SCALE);
        chart.paint(g, WIDTH, HEIGHT);
        g.dispose();
        return image;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
