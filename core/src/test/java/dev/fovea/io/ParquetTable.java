package dev.fovea.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/** A table as Apache's own reader finds it in a file; of compression it gets Java's gzip, as Hadoop's is not there. */
final class ParquetTable {

    private ParquetTable() {}

    /** Its rows; cells without a value are not there. */
    static List<Map<String, Object>> read(Path file) throws IOException {
        var options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new Gzip())
                .build();
        var rows = new ArrayList<Map<String, Object>>();
        try (var reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            MessageType schema = reader.getFileMetaData().getSchema();
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(group, new GroupRecordConverter(schema));
                for (long i = 0; i < group.getRowCount(); i++) {
                    rows.add(row(records.read(), schema));
                }
            }
        }
        return rows;
    }

    private static Map<String, Object> row(Group group, MessageType schema) {
        var row = new HashMap<String, Object>();
        for (int column = 0; column < schema.getFieldCount(); column++) {
            if (group.getFieldRepetitionCount(column) > 0) {
                PrimitiveType type = schema.getType(column).asPrimitiveType();
                row.put(
                        type.getName(),
                        switch (type.getPrimitiveTypeName()) {
                            case INT64 -> group.getLong(column, 0);
                            case DOUBLE -> group.getDouble(column, 0);
                            default -> group.getString(column, 0);
                        });
            }
        }
        return row;
    }

    private static final class Gzip implements CompressionCodecFactory, CompressionCodecFactory.BytesInputDecompressor {

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            if (codec != CompressionCodecName.GZIP) {
                throw new UnsupportedOperationException(codec.name());
            }
            return this;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            byte[] plain = new GZIPInputStream(bytes.toInputStream()).readAllBytes();
            if (plain.length != size) {
                throw new IOException("a page of %s bytes, %s were announced".formatted(plain.length, size));
            }
            return BytesInput.from(plain);
        }

        @Override
        public void decompress(ByteBuffer packed, int length, ByteBuffer plain, int size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release() {}
    }
}
