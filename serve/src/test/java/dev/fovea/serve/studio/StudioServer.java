package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.serve.http.Settings;
import dev.fovea.serve.studio.models.Exporter;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A studio that listens, and a client that has opened its page. */
public final class StudioServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TOKEN = Pattern.compile("name=\"fovea-token\" content=\"([^\"]+)\"");

    /** Lines of the access log. */
    public final List<String> log = new CopyOnWriteArrayList<>();

    public final Studio studio;
    private final Path workspace;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String cookie;
    private final String token;

    public StudioServer(Path workspace) throws IOException, InterruptedException {
        this(workspace, Settings.local());
    }

    public StudioServer(Path workspace, Settings settings) throws IOException, InterruptedException {
        this(workspace, settings, Exporter.NONE);
    }

    public StudioServer(Path workspace, Exporter exporter) throws IOException, InterruptedException {
        this(workspace, Settings.local(), exporter);
    }

    private StudioServer(Path workspace, Settings settings, Exporter exporter)
            throws IOException, InterruptedException {
        this.workspace = workspace;
        studio = Studio.open(workspace, settings, exporter, log::add);
        port = studio.address().getPort();
        HttpResponse<String> page = client.send(request("/").build(), BodyHandlers.ofString());
        cookie = page.headers().firstValue("Set-Cookie").orElse("").replaceFirst(";.*", "");
        Matcher found = TOKEN.matcher(page.body());
        token = found.find() ? found.group(1) : "";
    }

    /** Another one where this one was, which must be closed. */
    public StudioServer again() throws IOException, InterruptedException {
        Settings local = Settings.local();
        return new StudioServer(
                workspace,
                new Settings(
                        local.host(),
                        port,
                        local.metricsPort(),
                        local.token(),
                        local.tls(),
                        local.limits(),
                        local.timeout(),
                        local.drain(),
                        local.version()));
    }

    public String cookie() {
        return cookie;
    }

    public String token() {
        return token;
    }

    /** The address of {@code path}; parameters behind the question mark come in pairs of name and value. */
    public URI address(String path, String... params) {
        var text = new StringBuilder(path);
        for (int i = 0; i < params.length; i += 2) {
            text.append(i == 0 ? '?' : '&')
                    .append(params[i])
                    .append('=')
                    .append(URLEncoder.encode(params[i + 1], StandardCharsets.UTF_8));
        }
        return URI.create(studio.address() + text.toString());
    }

    /** A request without what lets it in. */
    public HttpRequest.Builder request(String path, String... params) {
        return HttpRequest.newBuilder(address(path, params)).timeout(Duration.ofSeconds(60));
    }

    /** A request as the page sends it. */
    public HttpRequest.Builder own(String path, String... params) {
        return request(path, params).header("Cookie", cookie).header(Session.HEADER, token);
    }

    public HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> get(String path, String... params) throws IOException, InterruptedException {
        return send(own(path, params));
    }

    public HttpResponse<byte[]> delete(String path, String... params) throws IOException, InterruptedException {
        return send(own(path, params).DELETE());
    }

    /** Sends {@code body} as JSON. */
    public HttpResponse<byte[]> post(String path, Object body) throws IOException, InterruptedException {
        return send(own(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
    }

    /** Sends bytes as they are. */
    public HttpResponse<byte[]> upload(byte[] bytes, String path, String... params)
            throws IOException, InterruptedException {
        return send(own(path, params).POST(BodyPublishers.ofByteArray(bytes)));
    }

    /** What a response says, which must be a good one. */
    public static JsonNode json(HttpResponse<byte[]> response) {
        assertThat(response.statusCode())
                .as(() -> new String(response.body(), StandardCharsets.UTF_8))
                .isBetween(200, 299);
        return JSON.readTree(response.body());
    }

    /** The sentence of a response that refuses. */
    public static String detail(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
        return JSON.readTree(response.body()).path("detail").asString("");
    }

    /** The job that a response has begun, once it is over. */
    public JsonNode job(HttpResponse<byte[]> response) throws IOException, InterruptedException {
        assertThat(response.statusCode())
                .as(() -> new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(202);
        int id = JSON.readTree(response.body()).get("job").asInt();
        for (long end = System.nanoTime() + 120_000_000_000L; System.nanoTime() < end; ) {
            JsonNode view = json(get("/api/jobs/" + id));
            if (List.of("done", "failed", "stopped").contains(view.get("state").asString())) {
                return view;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("job " + id + " is not over");
    }

    @Override
    public void close() {
        studio.close();
    }
}
