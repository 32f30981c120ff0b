package io.varve.placement;

/**
 * Robert Jenkins' 32-bit mix as CRUSH uses it: one to four words in, one word out.
 *
 * <p>All arithmetic wraps at 32 bits, so Java's {@code int} serves; callers that need a number in a
 * range treat the result as unsigned.
 */
final class Rjenkins {
    private static final int SEED = 1315423911;

    // Fixed second and third operands that make the mix of few words as thorough as that of many.
    private static final int X = 231232;
    private static final int Y = 1232;

    private int a;
    private int b;
    private int c;

    private Rjenkins() {}

    static int hash(int first, int second) {
        Rjenkins state = new Rjenkins();
        int hash = SEED ^ first ^ second;
        state.mix(first, second, hash);
        int mixedFirst = state.a;
        int mixedSecond = state.b;
        state.mix(X, mixedFirst, state.c);
        state.mix(mixedSecond, Y, state.c);
        return state.c;
    }

    static int hash(int first, int second, int third) {
        Rjenkins state = new Rjenkins();
        state.mix(first, second, SEED ^ first ^ second ^ third);
        int mixedFirst = state.a;
        int mixedSecond = state.b;
        state.mix(third, X, state.c);
        int mixedThird = state.a;
        int mixedX = state.b;
        state.mix(Y, mixedFirst, state.c);
        int mixedY = state.a;
        state.mix(mixedSecond, mixedX, state.c);
        state.mix(mixedY, mixedThird, state.c);
        return state.c;
    }

    static int hash(int first, int second, int third, int fourth) {
        Rjenkins state = new Rjenkins();
        state.mix(first, second, SEED ^ first ^ second ^ third ^ fourth);
        int mixedFirst = state.a;
        int mixedSecond = state.b;
        state.mix(third, fourth, state.c);
        int mixedThird = state.a;
        int mixedFourth = state.b;
        state.mix(mixedFirst, X, state.c);
        int mixedX = state.b;
        state.mix(Y, mixedSecond, state.c);
        int mixedY = state.a;
        state.mix(mixedThird, mixedX, state.c);
        state.mix(mixedY, mixedFourth, state.c);
        return state.c;
    }

    private void mix(int first, int second, int third) {
        int p = first;
        int q = second;
        int s = third;
        p = (p - q - s) ^ (s >>> 13);
        q = (q - s - p) ^ (p << 8);
        s = (s - p - q) ^ (q >>> 13);
        p = (p - q - s) ^ (s >>> 12);
        q = (q - s - p) ^ (p << 16);
        s = (s - p - q) ^ (q >>> 5);
        p = (p - q - s) ^ (s >>> 3);
        q = (q - s - p) ^ (p << 10);
        s = (s - p - q) ^ (q >>> 15);
        a = p;
        b = q;
        c = s;
    }
}
