package dev.fovea.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.fovea.image.Filter;
import dev.fovea.io.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsEntryTest {

    /** SHA-256 of "weights". */
    private static final String SUM = "9a129038d9a00aed0cf6a7ea";

    private static final byte[] CONTENT = "weights".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path cache;

    @Test
    void everyLineIsWholeAndItsOwn() {
        var names = new HashSet<String>();
        assertThat(WeightsEntry.known()).hasSizeGreaterThan(100).allSatisfy(entry -> {
            assertThat(names.add(entry.name())).as(entry.name()).isTrue();
            assertThat(entry.source().getScheme()).isEqualTo("https");
            assertThat(entry.sha256()).matches("[0-9a-f]{8,64}");
            assertThat(entry.source().getPath()).contains(entry.sha256().substring(0, 8));
            assertThat(entry.accuracy()).isBetween(entry.tag().startsWith("coco") ? 0.2 : 0.5, 1.0);
            assertThat(entry.licence()).isNotEmpty();
            assertThat(entry.bytes()).isPositive();
        });
    }

    @Test
    void aNetworkOfTheRegistryFindsItsOwn() {
        assertThat(WeightsEntry.find("resnet50", "imagenet").orElseThrow().name())
                .isEqualTo("resnet50.imagenet1k_v2");
        assertThat(WeightsEntry.find("resnet50", "imagenet1k_v1").orElseThrow().name())
                .isEqualTo("resnet50.imagenet1k_v1");
        assertThat(WeightsEntry.find("resnet50", "resnet18.imagenet1k_v1")).isEmpty();
        assertThat(WeightsEntry.find("mnist-cnn", "imagenet")).isEmpty();
        assertThat(WeightsEntry.all())
                .allSatisfy(entry ->
                        assertThat(Models.get(entry.model()).input().channels()).isEqualTo(3));
    }

    @Test
    void aDetectorsWeightsAreOfCoco() {
        WeightsEntry entry =
                WeightsEntry.find("fasterrcnn_resnet50_fpn", "coco").orElseThrow();
        assertThat(entry.name()).isEqualTo("fasterrcnn_resnet50_fpn.coco_v1");
        assertThat(WeightsEntry.find("retinanet_resnet50_fpn", "imagenet")
                        .orElseThrow()
                        .model())
                .as("that of its backbone")
                .isEqualTo("resnet50");
        assertThat(entry.classes())
                .hasSize(Models.get("fasterrcnn_resnet50_fpn").input().classes())
                .startsWith("person", "bicycle")
                .contains("unused 12")
                .doesNotHaveDuplicates()
                .endsWith("toothbrush");
        assertThat(WeightsEntry.get("keypointrcnn_resnet50_fpn").classes()).containsExactly("person");
    }

    @Test
    void aSegmentationNetworksWeightsAreOfCocoWithTheClassesOfVoc() {
        List<WeightsEntry> entries = WeightsEntry.all().stream()
                .filter(entry -> Models.network(entry.model()) == SegmentationNet.class)
                .toList();
        assertThat(entries).hasSize(6).allSatisfy(entry -> {
            assertThat(WeightsEntry.find(entry.model(), "coco")).contains(entry);
            assertThat(entry.classes())
                    .hasSize(Models.get(entry.model()).input().classes())
                    .startsWith("background", "aeroplane")
                    .endsWith("tvmonitor");
            assertThat(entry.preprocess().antialias())
                    .as("images are resized, not tensors")
                    .isTrue();
        });
        assertThat(WeightsEntry.find("fcn_resnet50", "imagenet").orElseThrow().model())
                .as("that of its backbone")
                .isEqualTo("resnet50");
        assertThat(WeightsEntry.find("unet", "imagenet")).isEmpty();
    }

    @Test
    void preprocessingIsThePublishers() {
        WeightsEntry second = WeightsEntry.get("resnet50.imagenet1k_v2");
        assertThat(second.preprocess().height()).isEqualTo(224);
        assertThat(Math.round(224 / second.preprocess().crop())).isEqualTo(232);
        assertThat(second.preprocess().filter()).isEqualTo(Filter.BILINEAR);
        assertThat(second.preprocess().mean()).containsExactly(0.485, 0.456, 0.406);
        assertThat(second.classes())
                .hasSize(1000)
                .startsWith("tench", "goldfish")
                .endsWith("toilet tissue");
        assertThat(second.classes()).doesNotHaveDuplicates().element(309).isEqualTo("bee");
    }

    @Test
    void tensorFlowsMobileNetIsShownValuesFromMinusOneToOne() {
        var config = ((Architecture.Registered) Architecture.of("mobilenet_v2 padding=tensorflow")).config();
        assertThat(config.published().orElseThrow().mean()).containsExactly(0.5, 0.5, 0.5);
        assertThat(Models.get("mobilenet_v2").config().published()).isEmpty();
    }

    @Test
    void namesTheNearest() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> WeightsEntry.get("resnet50.imagenet1k_v3"))
                .withMessageStartingWith(
                        "no published weights 'resnet50.imagenet1k_v3', did you mean 'resnet50.imagenet1k_v");
    }

    @Test
    void fetchesOnceGoesOnWhereItBrokeOffAndChecksTheSum() throws IOException {
        var asked = new int[1];
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked[0]++;
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            byte[] rest = Arrays.copyOfRange(CONTENT, from, CONTENT.length);
            exchange.sendResponseHeaders(range == null ? 200 : 206, rest.length);
            try (var body = exchange.getResponseBody()) {
                body.write(rest);
            }
        });
        server.start();
        try {
            URI address = URI.create("http://127.0.0.1:%s/x-9a129038.pth"
                    .formatted(server.getAddress().getPort()));
            WeightsEntry entry = WeightsEntry.get("resnet18").from(address, SUM.substring(0, 8));
            Path file = entry.file(cache);
            Files.createDirectories(file.getParent());
            Files.write(file.resolveSibling("x-9a129038.pth.part"), Arrays.copyOf(CONTENT, 3));
            assertThat(entry.fetch(cache, (name, done, total) -> {}))
                    .isEqualTo(file)
                    .hasBinaryContent(CONTENT);
            entry.fetch(cache, (name, done, total) -> {});
            assertThat(asked[0]).isEqualTo(1);
            WeightsEntry other = entry.from(address, "00000000");
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> other.fetch(cache, (name, done, total) -> {}))
                    .withMessageContaining("expected 00000000. It was deleted");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void withoutANetworkItSaysWhatToDownloadByHandAndWhereToPutIt() throws IOException {
        int closed;
        try (var socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        URI address = URI.create("http://127.0.0.1:%s/x.pth".formatted(closed));
        WeightsEntry entry = WeightsEntry.get("resnet18").from(address, SUM);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> entry.fetch(cache, (name, done, total) -> {}))
                .withMessageStartingWith("resnet18.imagenet1k_v1: is not in the cache and cannot be downloaded (")
                .withMessageEndingWith(
                        "). Download %s by hand and put it at %s",
                        address, cache.resolve("weights").resolve("x.pth"));
    }
}
