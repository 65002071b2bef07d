package dev.fovea.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The page on which models are tried: a few files that need nothing from elsewhere. */
final class Page {

    private Page() {}

    static List<Route> routes() {
        return List.of(
                file("/", "page.html", "text/html;charset=utf-8", "A page to try the models"),
                file("/page.js", "page.js", "text/javascript;charset=utf-8", "What the page does"),
                file("/page.css", "page.css", "text/css;charset=utf-8", "How the page looks"),
                file("/favicon.svg", "favicon.svg", "image/svg+xml", "The page's sign"));
    }

    private static Route file(String path, String name, String type, String summary) {
        byte[] bytes = read(name);
        return Route.get(path, summary, call -> call.bytes(200, type, bytes)).giving(type.replaceFirst(";.*", ""));
    }

    private static byte[] read(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": is missing from the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
