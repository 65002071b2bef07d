package dev.fovea.serve.studio;

import dev.fovea.serve.http.Call;
import dev.fovea.serve.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** The files of the page: our own by their names, and those of the libraries listed here. Nothing else can be reached. */
final class Assets {

    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "html", "text/html;charset=utf-8");

    private static final String WEBJARS = "/META-INF/resources/webjars/";

    private static final Map<String, String> LIBRARIES = Map.of(
            "/lib/preact.js", "/META-INF/resources/_static/htm/3.1.1/preact/standalone.module.js",
            "/lib/uplot.js", WEBJARS + "uplot/1.6.30/dist/uPlot.esm.js",
            "/lib/uplot.css", WEBJARS + "uplot/1.6.30/dist/uPlot.min.css",
            "/lib/pico.css", WEBJARS + "picocss__pico/2.1.1/css/pico.classless.min.css");

    /** Folders of our own files, each an address too. */
    private static final List<String> FOLDERS =
            List.of("/", "/base/", "/parts/", "/views/", "/texts/en/", "/texts/de/", "/texts/zh/");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*\\.(js|css|json|svg)");

    /**
     * A file.
     *
     * @param gzip the same compressed; empty where that is no shorter
     * @param tag of these bytes
     */
    private record Asset(String type, byte[] plain, byte[] gzip, String tag) {}

    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    private final Consumer<Call> none;

    /** @param none says that there is nothing at an address */
    Assets(Consumer<Call> none) {
        this.none = none;
    }

    List<Route> routes() {
        var routes = new java.util.ArrayList<Route>();
        for (String folder : FOLDERS) {
            routes.add(Route.get(folder + "{file}", "Files of the page", this::send)
                    .giving("text/javascript", "text/css", "application/json", "image/svg+xml"));
        }
        for (String address : LIBRARIES.keySet()) {
            routes.add(Route.get(address, "A library of the page", this::send).giving("text/javascript", "text/css"));
        }
        return routes;
    }

    private void send(Call call) {
        String path = call.path();
        Optional<Asset> found = find(path);
        if (found.isEmpty()) {
            none.accept(call);
            return;
        }
        Asset asset = found.get();
        call.put("ETag", "\"" + asset.tag() + "\"");
        call.put("Cache-Control", "no-cache");
        call.put("Vary", "Accept-Encoding");
        if (Reply.knows(call, asset.tag())) {
            call.empty(304);
        } else if (asset.gzip().length > 0
                && call.header("Accept-Encoding").orElse("").contains("gzip")) {
            call.put("Content-Encoding", "gzip");
            call.bytes(200, asset.type(), asset.gzip());
        } else {
            call.bytes(200, asset.type(), asset.plain());
        }
    }

    private Optional<Asset> find(String path) {
        Asset known = loaded.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        String resource = LIBRARIES.getOrDefault(path, path.startsWith("/lib/") ? null : own(path));
        if (resource == null) {
            return Optional.empty();
        }
        byte[] bytes = read(resource);
        if (bytes == null) {
            return Optional.empty();
        }
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        var asset = new Asset(type, bytes, gzip(bytes), tag(bytes));
        loaded.put(path, asset);
        return Optional.of(asset);
    }

    private static String own(String path) {
        int slash = path.lastIndexOf('/') + 1;
        boolean ours = FOLDERS.contains(path.substring(0, slash))
                && NAME.matcher(path.substring(slash)).matches();
        return ours ? path.substring(1) : null;
    }

    /** A text that is filled in before it is sent. */
    static String text(String name) {
        byte[] bytes = read(name);
        if (bytes == null) {
            throw new IllegalStateException(name + ": is missing from the program");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.size() < bytes.length ? out.toByteArray() : new byte[0];
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
