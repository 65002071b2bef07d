package dev.fovea.bench.peers;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * What a Java team writes in an hour: a classifier of Deep Java Library behind the JDK's HTTP server, as many threads as cores,
 * each with a predictor of its own, as DJL advises. The body of a request to {@code /predict/m} is an image file.
 */
final class DjlServer {

    private static final int SIDE = 32;
    private static final float[] MEAN = {0.5f, 0.5f, 0.5f};

    private DjlServer() {}

    /** The only argument is the number of threads. */
    public static void main(String[] args) throws IOException {
        int threads = Integer.parseInt(args[0]);
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer waits 40 ms for an acknowledgement
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        Model model = Model.newInstance("m");
        model.setBlock(DjlPeer.cifarCnn());
        model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, SIDE, SIDE));
        var predictors = ThreadLocal.withInitial(() -> model.newPredictor(translator()));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(threads));
        server.createContext("/predict/m", exchange -> answer(exchange, predictors));
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort() + "/predict/m");
    }

    private static ImageClassificationTranslator translator() {
        return ImageClassificationTranslator.builder()
                .setImageSize(SIDE, SIDE)
                .addTransform(new Resize(SIDE))
                .addTransform(new ToTensor())
                .addTransform(new Normalize(MEAN, MEAN))
                .optApplySoftmax(true)
                .optSynset(IntStream.range(0, 10).mapToObj(i -> "class " + i).toList())
                .build();
    }

    private static void answer(HttpExchange exchange, ThreadLocal<Predictor<Image, Classifications>> predictors) throws IOException {
        byte[] body;
        int status = 200;
        try (var in = exchange.getRequestBody()) {
            List<Classifications.Classification> top =
                    predictors.get().predict(ImageFactory.getInstance().fromInputStream(in)).topK(5);
            body = json(top).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        } catch (Exception | LinkageError e) {
            status = 400;
            body = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static String json(List<Classifications.Classification> top) {
        return top.stream()
                .map(one -> "{\"label\":\"%s\",\"probability\":%s}".formatted(one.getClassName(), one.getProbability()))
                .collect(java.util.stream.Collectors.joining(",", "{\"top\":[", "]}"));
    }
}
