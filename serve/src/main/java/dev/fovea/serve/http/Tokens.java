package dev.fovea.serve.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Secrets that open a server: made up, and compared with what is sent. */
public final class Tokens {

    private static final int BYTES = 24;

    private Tokens() {}

    /** One that nobody guesses, of letters that stand in any address or header. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Whether what was sent is what is wanted, compared by digests in a time that says nothing about where they differ.
     *
     * @param sent null if nothing was
     */
    public static boolean same(String sent, String wanted) {
        return sent != null && MessageDigest.isEqual(digest(sent), digest(wanted));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
