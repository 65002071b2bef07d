package dev.fovea.nn.detect;

import java.util.Arrays;

/**
 * The cheapest way to give each row of a matrix of costs a column of its own (Kuhn 1955), by shortest augmenting paths (Jonker and
 * Volgenant 1987): exact, in time rows² columns. Detectors that predict sets match them so (DETR, Carion et al. 2020, <a
 * href="https://arxiv.org/abs/2005.12872">2005.12872</a>).
 */
public final class Hungarian {

    private Hungarian() {}

    /**
     * The column of each row.
     *
     * @param cost [rows, columns], finite
     * @return for each row its column; -1 for the rows that go without where there are fewer columns
     */
    public static int[] assign(double[][] cost) {
        int rows = cost.length;
        int columns = rows == 0 ? 0 : cost[0].length;
        for (double[] row : cost) {
            if (row.length != columns || !Arrays.stream(row).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException(
                        "hungarian: costs must be finite, and as many in each row, got a row of %s and one of %s"
                                .formatted(columns, row.length));
            }
        }
        if (rows <= columns) {
            return new Search(cost, rows, columns).rows();
        }
        int[] ofColumn = assign(transposed(cost, rows, columns));
        int[] ofRow = new int[rows];
        Arrays.fill(ofRow, -1);
        for (int column = 0; column < columns; column++) {
            ofRow[ofColumn[column]] = column;
        }
        return ofRow;
    }

    private static double[][] transposed(double[][] cost, int rows, int columns) {
        double[][] turned = new double[columns][rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j][i] = cost[i][j];
            }
        }
        return turned;
    }

    /** Prices of rows and columns that make no entry negative, and an assignment among the entries they make zero. */
    private static final class Search {

        private final double[][] cost;
        private final double[] rowPrice;
        private final double[] columnPrice;
        private final int[] rowOf;
        private final int[] columnOf;
        private final int[] before;
        private final double[] distance;
        private final boolean[] reached;

        Search(double[][] cost, int rows, int columns) {
            this.cost = cost;
            rowPrice = new double[rows];
            columnPrice = new double[columns];
            rowOf = new int[columns];
            columnOf = new int[rows];
            before = new int[columns];
            distance = new double[columns];
            reached = new boolean[columns];
            Arrays.fill(rowOf, -1);
            Arrays.fill(columnOf, -1);
        }

        int[] rows() {
            for (int row = 0; row < columnOf.length; row++) {
                augment(row);
            }
            return columnOf;
        }

        /** Finds the shortest way from {@code row} to a free column and turns the assignment round along it. */
        private void augment(int row) {
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            Arrays.fill(reached, false);
            int at = row;
            int sink = -1;
            double length = 0;
            while (sink < 0) {
                int nearest = -1;
                for (int column = 0; column < rowOf.length; column++) {
                    if (reached[column]) {
                        continue;
                    }
                    double way = length + cost[at][column] - rowPrice[at] - columnPrice[column];
                    if (way < distance[column]) {
                        distance[column] = way;
                        before[column] = at;
                    }
                    boolean shorter = nearest < 0
                            || distance[column] < distance[nearest]
                            || distance[column] == distance[nearest] && rowOf[column] < 0 && rowOf[nearest] >= 0;
                    nearest = shorter ? column : nearest;
                }
                length = distance[nearest];
                reached[nearest] = true;
                sink = rowOf[nearest] < 0 ? nearest : -1;
                at = rowOf[nearest];
            }
            prices(row, length);
            turn(row, sink);
        }

        private void prices(int row, double length) {
            rowPrice[row] += length;
            for (int column = 0; column < rowOf.length; column++) {
                if (reached[column]) {
                    columnPrice[column] += distance[column] - length;
                    if (rowOf[column] >= 0) {
                        rowPrice[rowOf[column]] += length - distance[column];
                    }
                }
            }
        }

        private void turn(int row, int sink) {
            int column = sink;
            while (true) {
                int owner = before[column];
                rowOf[column] = owner;
                int next = columnOf[owner];
                columnOf[owner] = column;
                if (owner == row) {
                    return;
                }
                column = next;
            }
        }
    }
}
