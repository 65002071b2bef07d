package dev.fovea.serve.http;

import dev.fovea.io.Reason;
import dev.fovea.io.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Encryption of what clients and server say.
 *
 * @param keyStore PKCS #12 or JKS, with the server's key and certificate
 * @param password of it
 * @param clients certificates, in PEM, one of which must have signed that of a client; none for any client
 */
public record Tls(Path keyStore, String password, Optional<Path> clients) {

    /** @throws IllegalArgumentException if a file cannot be read */
    SslContextFactory.Server context() {
        var context = new SslContextFactory.Server();
        context.setKeyStore(keys());
        context.setKeyStorePassword(password);
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        clients.ifPresent(file -> {
            context.setTrustStore(trusted(file));
            context.setNeedClientAuth(true);
        });
        return context;
    }

    private KeyStore keys() {
        try {
            RegularFile.check(keyStore);
            return KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
        } catch (IOException e) {
            boolean password = e.getCause() instanceof GeneralSecurityException;
            throw new IllegalArgumentException(
                    "%s: the key store cannot be read (%s)"
                            .formatted(keyStore, password ? "the password is wrong" : Reason.of(e)),
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "%s: no key store that can be used. Expected PKCS #12 or JKS".formatted(keyStore), e);
        }
    }

    private static KeyStore trusted(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int count = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("client-" + count++, one);
            }
            if (count == 0) {
                throw new IllegalArgumentException(file + ": holds no certificate. Expected certificates in PEM");
            }
            return store;
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + ": no certificates that can be used. Expected PEM", e);
        }
    }
}
