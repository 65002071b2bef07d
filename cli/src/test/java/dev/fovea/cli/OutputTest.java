package dev.fovea.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class OutputTest {

    @Command
    private static final class Some implements Runnable {

        @Mixin
        private Output output;

        @Override
        public void run() {
            var values = new LinkedHashMap<String, Object>();
            values.put("auc", Double.NaN);
            values.put("inside", Map.of("loss", Float.POSITIVE_INFINITY));
            values.put("list", List.of(1.5, Double.NEGATIVE_INFINITY));
            values.put("array", new double[] {2, Double.NaN});
            values.put("text", "NaN");
            output.print(values, "");
        }
    }

    @Test
    void whatIsNoNumberIsNullInJson() {
        var text = new StringWriter();
        assertThat(new CommandLine(new Some()).setOut(new PrintWriter(text)).execute("--json"))
                .isZero();
        assertThat(text.toString().strip())
                .isEqualTo(
                        "{\"auc\":null,\"inside\":{\"loss\":null},\"list\":[1.5,null],\"array\":[2.0,null],\"text\":\"NaN\"}");
    }
}
