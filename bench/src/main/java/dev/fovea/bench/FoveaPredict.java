package dev.fovea.bench;

import dev.fovea.data.Preprocess;
import dev.fovea.engine.Device;
import dev.fovea.engine.Engine;
import dev.fovea.engine.Random;
import dev.fovea.engine.Seed;
import dev.fovea.image.Image;
import dev.fovea.models.Architecture;
import dev.fovea.models.ModelPackage;
import dev.fovea.models.Models;
import dev.fovea.models.Provenance;
import dev.fovea.models.TaskConfig;
import dev.fovea.nn.Loss;
import dev.fovea.run.Predictor;
import dev.fovea.run.SavedNet;
import dev.fovea.task.classify.Classifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Prediction speed of one network with random weights, from images as bytes in its size to answers. {@code file} of the command
 * is where the same network is written as ONNX for others.
 */
final class FoveaPredict {

    private static final int CLASSES = 1000;

    /** Images after which precision auto has made its choice. */
    private static final int CHOSEN_AFTER = 192;

    private FoveaPredict() {}

    /** A classifier of the registry with weights that nobody has trained. */
    static SavedNet net(String model, int side) {
        var names = IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList();
        var config = new ModelPackage.Config(
                new TaskConfig("classification", Map.of()),
                Architecture.of(model),
                names,
                Preprocess.of(side, side, 3),
                Loss.crossEntropy(),
                Provenance.ofWeights("random"));
        var net = Models.create(model, 3, side, side, CLASSES);
        net.state().initialize(Random.of(new Seed(0)));
        return new SavedNet(new ModelPackage(config, net), Device.CPU);
    }

    /** Arguments: model, batch, side, seconds, threads, precision, backend. */
    public static void main(String[] args) {
        String model = args[0];
        int batch = Integer.parseInt(args[1]);
        int side = Integer.parseInt(args[2]);
        double seconds = Double.parseDouble(args[3]);
        Engine.setThreads(Integer.parseInt(args[4]));
        Predictor predictor = Classifier.of(net(model, side)).with(1, args[5]).withBackend(args[6]);
        var noise = new java.util.Random(0);
        predictor.warmUp(batch);
        for (int seen = 0; seen < CHOSEN_AFTER; seen += batch) {
            predictor.predictPrepared(images(predictor, noise, batch, side));
        }
        List<Predictor.Prepared> images = images(predictor, noise, batch, side);
        calls(predictor, images, seconds / 4);
        long begin = System.nanoTime();
        long calls = calls(predictor, images, seconds);
        double taken = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"engine\":\"fovea\",\"version\":\"\",\"precision\":\"%s\",\"batch\":%d,\"imagesPerSecond\":%.2f,"
                        + "\"milliseconds\":%.3f}%n",
                predictor.computing().orElse("").replaceFirst(":.*", ""),
                batch,
                calls * batch / taken,
                1000 * taken / calls);
    }

    private static List<Predictor.Prepared> images(Predictor predictor, java.util.Random noise, int count, int side) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] pixels = new byte[3 * side * side];
                    noise.nextBytes(pixels);
                    return predictor.prepare(new Image(side, side, 3, pixels));
                })
                .toList();
    }

    private static long calls(Predictor predictor, List<Predictor.Prepared> images, double seconds) {
        long begin = System.nanoTime();
        long calls = 0;
        while (calls < 2 || System.nanoTime() - begin < seconds * 1e9) {
            predictor.predictPrepared(images);
            calls++;
        }
        return calls;
    }
}
