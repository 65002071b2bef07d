package dev.fovea.export;

import dev.fovea.engine.Device;
import dev.fovea.engine.Tensor;
import dev.fovea.export.runtime.OnnxSession;
import dev.fovea.models.Architecture;
import dev.fovea.nn.Layer;
import dev.fovea.nn.State;
import dev.fovea.run.Backend;
import dev.fovea.run.SavedNet;
import dev.fovea.run.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** ONNX Runtime as what computes predictions on a processor: the network is exported into memory and runs there. */
public final class OnnxBackend implements Backend {

    @Override
    public String word() {
        return "onnx";
    }

    @Override
    public Layer layer(SavedNet network) {
        if (network.config().architecture() instanceof Architecture.InFile) {
            throw new UnsupportedOperationException("it is an ONNX file already, whatever backend is named");
        }
        if (network.device().kind() != Device.Kind.CPU) {
            throw new UnsupportedOperationException("it is for processors here, the model is on " + network.device());
        }
        try (var use = network.reading()) {
            return new Network(network, opened(network));
        } catch (NotExportableException e) {
            throw new UnsupportedOperationException(e.getMessage(), e);
        }
    }

    /**
     * What was exported.
     *
     * @param size of the images that alone go in; empty where any do
     * @param version of the weights
     */
    private record Opened(OnnxSession session, long[] size, long version) {

        boolean fits(Tensor images) {
            return size.length == 0 || images.size(-2) == size[0] && images.size(-1) == size[1];
        }
    }

    /** While nobody changes the weights. */
    private static Opened opened(SavedNet network) {
        try (var folder = TemporaryFolder.create()) {
            Path file = folder.path().resolve("network.onnx");
            Exported exported = OnnxExport.of(network).write(file);
            var session = new OnnxSession(
                    Files.readAllBytes(file), network.config().architecture().text());
            return new Opened(
                    session,
                    exported.fixedSize().isEmpty() ? new long[0] : size(network),
                    network.net().state().version());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long[] size(SavedNet network) {
        return new long[] {network.preprocess().height(), network.preprocess().width()};
    }

    /** Exported again when its weights have changed. */
    private static final class Network implements Layer {

        private final SavedNet network;
        private volatile Opened opened;

        Network(SavedNet network, Opened opened) {
            this.network = network;
            this.opened = opened;
        }

        @Override
        public State state() {
            return network.layer().state();
        }

        @Override
        public boolean differentiable() {
            return false;
        }

        @Override
        public Tensor apply(Tensor images) {
            try (var use = network.reading()) {
                Opened now = current();
                return now.fits(images)
                        ? now.session()
                                .run(images.contiguous())
                                .values()
                                .iterator()
                                .next()
                        : network.layer().forward(images);
            }
        }

        private Opened current() {
            long version = network.net().state().version();
            if (opened.version() != version) {
                synchronized (this) {
                    if (opened.version() != version) {
                        opened = opened(network);
                    }
                }
            }
            return opened;
        }
    }
}
