package dev.fovea.report;

import dev.fovea.image.Image;
import dev.fovea.io.AtomicFile;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** A report as one HTML file that needs nothing beside it; its pictures also lie there as PNG. */
public final class HtmlReport {

    private static final Configuration TEMPLATES = templates();

    private HtmlReport() {}

    /** Writes {@code file} and one PNG for each figure into its folder. */
    public static void write(Path file, RunReport report) {
        for (var figure : report.figures()) {
            Image.write(file.resolveSibling(figure.file() + ".png"), figure.picture());
        }
        AtomicFile.write(file, render(report));
    }

    static String render(RunReport report) {
        List<Map<String, Object>> figures = report.figures().stream()
                .map(f -> Map.<String, Object>of(
                        "title",
                        f.title(),
                        "caption",
                        f.caption(),
                        "data",
                        data(f.picture()),
                        "width",
                        f.picture().getWidth() / 2))
                .toList();
        var out = new StringWriter();
        try {
            TEMPLATES
                    .getTemplate("report.ftlh")
                    .process(
                            Map.of(
                                    "title", report.title(),
                                    "subtitle", report.subtitle(),
                                    "tiles",
                                            report.tiles().stream()
                                                    .map(t -> Map.of("name", t.name(), "value", t.value()))
                                                    .toList(),
                                    "remarks", report.remarks(),
                                    "figures", figures,
                                    "head", report.tableHead(),
                                    "rows", report.table(),
                                    "facts", report.facts(),
                                    "recipe", report.recipe()),
                            out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException("the report's template failed: " + e.getMessageWithoutStackTop(), e);
        }
        return out.toString();
    }

    private static String data(BufferedImage picture) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static Configuration templates() {
        var configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassForTemplateLoading(HtmlReport.class, "");
        configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
        configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
        configuration.setLogTemplateExceptions(false);
        return configuration;
    }
}
