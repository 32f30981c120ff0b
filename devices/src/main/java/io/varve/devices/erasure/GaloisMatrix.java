package io.varve.devices.erasure;

/** A matrix over the field of 256 elements. Immutable. */
final class GaloisMatrix {
    private static final int MAX_POWER_ROWS = 3;

    private final int[][] rows;

    /** Takes the rows for its own. */
    GaloisMatrix(int[][] rows) {
        this.rows = rows;
    }

    /**
     * What makes m parity shards of k data shards, so that every square part can be inverted, and
     * the first row and column are ones: the first parity is the exclusive or of all data.
     *
     * <p>Up to three rows, 2 to the power of row times column: the columns are 1, x, x^2 for
     * different x, of which any part of one, two or three rows has a Vandermonde determinant (or
     * that of the squares, which differ too) times powers of x. Small powers are quick to multiply
     * with. More rows would not do, so then it is a Cauchy matrix.
     */
    static GaloisMatrix parity(int dataShards, int parityShards) {
        int[][] rows = new int[parityShards][dataShards];
        for (int j = 0; j < parityShards; j++) {
            for (int i = 0; i < dataShards; i++) {
                rows[j][i] =
                        parityShards <= MAX_POWER_ROWS
                                ? GaloisField.powerOfTwo(j * i)
                                : cauchy(parityShards, j, i);
            }
        }
        return new GaloisMatrix(rows);
    }

    /**
     * 1 / (row + (m + column)), divided by the first element of its column, and what that leaves by
     * the first of its row, which changes no rank. Plus is exclusive or.
     */
    private static int cauchy(int parityShards, int row, int column) {
        int element = GaloisField.invert(row ^ parityShards + column);
        int overColumn = GaloisField.multiply(element, parityShards + column);
        int overRow = GaloisField.multiply(row ^ parityShards, GaloisField.invert(parityShards));
        return GaloisField.multiply(overColumn, overRow);
    }

    int at(int row, int column) {
        return rows[row][column];
    }

    int size() {
        return rows.length;
    }

    /** The inverse of a square matrix, by elimination. */
    GaloisMatrix inverse() {
        int size = rows.length;
        int[][] left = new int[size][];
        int[][] right = new int[size][size];
        for (int i = 0; i < size; i++) {
            left[i] = rows[i].clone();
            right[i][i] = 1;
        }
        for (int column = 0; column < size; column++) {
            int pivot = pivot(left, column);
            swap(left, column, pivot);
            swap(right, column, pivot);
            int factor = GaloisField.invert(left[column][column]);
            scale(left[column], factor);
            scale(right[column], factor);
            for (int row = 0; row < size; row++) {
                int times = left[row][column];
                if (row != column && times != 0) {
                    add(left[row], left[column], times);
                    add(right[row], right[column], times);
                }
            }
        }
        return new GaloisMatrix(right);
    }

    private static int pivot(int[][] matrix, int column) {
        for (int row = column; row < matrix.length; row++) {
            if (matrix[row][column] != 0) {
                return row;
            }
        }
        throw new ArithmeticException("the matrix has no inverse");
    }

    private static void swap(int[][] matrix, int a, int b) {
        int[] row = matrix[a];
        matrix[a] = matrix[b];
        matrix[b] = row;
    }

    private static void scale(int[] row, int factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] = GaloisField.multiply(row[i], factor);
        }
    }

    private static void add(int[] row, int[] other, int times) {
        for (int i = 0; i < row.length; i++) {
            row[i] ^= GaloisField.multiply(other[i], times);
        }
    }
}
