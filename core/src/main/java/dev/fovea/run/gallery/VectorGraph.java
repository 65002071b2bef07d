package dev.fovea.run.gallery;

import dev.fovea.io.FormatException;
import dev.fovea.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NIOFSDirectory;

/**
 * A hierarchical navigable small-world graph of rows on disk (Malkov and Yashunin 2016, <a
 * href="https://arxiv.org/abs/1603.09320">1603.09320</a>), by Lucene: it finds nearly all of the nearest rows in a time that
 * hardly grows with their number.
 */
final class VectorGraph implements Vectors, AutoCloseable {

    private static final String FIELD = "row";

    /** Candidates a search keeps: more find more, in a longer time. */
    private static final int CANDIDATES = 200;

    /** In megabytes; what is more is written as a graph of its own. */
    private static final int BUFFER = 1024;

    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    private VectorGraph(DirectoryReader reader) {
        this.reader = reader;
        searcher = new IndexSearcher(reader);
    }

    /** Builds the graph of {@code rows} in a new folder. */
    static void write(Path folder, List<float[]> rows) {
        var config = new IndexWriterConfig()
                .setCodec(new AnyWidth())
                .setRAMBufferSizeMB(BUFFER)
                .setUseCompoundFile(false)
                .setMergePolicy(NoMergePolicy.INSTANCE); // rows keep their order, and so their numbers
        try (FSDirectory directory = new NIOFSDirectory(folder);
                var writer = new IndexWriter(directory, config)) {
            for (float[] row : rows) {
                var document = new Document();
                document.add(new KnnFloatVectorField(FIELD, row, VectorSimilarityFunction.DOT_PRODUCT));
                writer.addDocument(document);
            }
            writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("%s: cannot be written (%s)".formatted(folder, Reason.of(e)), e);
        }
    }

    /**
     * Opens the graph in a folder.
     *
     * @throws FormatException if it is damaged or has another number of rows
     */
    static VectorGraph open(Path folder, int rows) {
        try {
            var graph = new VectorGraph(DirectoryReader.open(new NIOFSDirectory(folder)));
            for (LeafReaderContext leaf : graph.reader.leaves()) {
                leaf.reader().checkIntegrity(); // on opening only headers and ends are looked at
            }
            if (graph.reader.maxDoc() != rows) {
                graph.close();
                throw new FormatException(
                        "%s: has %s rows, expected %s".formatted(folder, graph.reader.maxDoc(), rows));
            }
            return graph;
        } catch (IOException e) {
            throw new FormatException("%s: damaged (%s)".formatted(folder, Reason.of(e)));
        }
    }

    @Override
    public List<Found> nearest(float[] query, int top) {
        try {
            var asked = new KnnFloatVectorQuery(FIELD, query, Math.max(CANDIDATES, 2 * top));
            var found = new ArrayList<Found>();
            for (ScoreDoc one : searcher.search(asked, top).scoreDocs) {
                found.add(new Found(one.doc, 2 * one.score - 1)); // Lucene's score is (1 + cosine) / 2
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("the gallery cannot be read (%s)".formatted(Reason.of(e)), e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
            reader.directory().close();
        } catch (IOException e) {
            throw new UncheckedIOException("the gallery cannot be closed (%s)".formatted(Reason.of(e)), e);
        }
    }

    /** Lucene's usual format without its limit of 1024 numbers a row: what is written is the same. */
    private static final class AnyWidth extends Lucene912Codec {

        private static final int MOST = 1 << 16;

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            var usual = new Lucene99HnswVectorsFormat();
            return new KnnVectorsFormat(usual.getName()) {
                @Override
                public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
                    return usual.fieldsWriter(state);
                }

                @Override
                public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
                    return usual.fieldsReader(state);
                }

                @Override
                public int getMaxDimensions(String name) {
                    return MOST;
                }
            };
        }
    }
}
