package dev.fovea.data;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Names of files whose encoding nobody tells: UTF-8 if all of them are, else a code page that has a letter for each
 * byte, so that two names never become one.
 */
final class EntryNames {

    /** The one of zip's beginnings; where a Java without it runs, another that loses nothing either. */
    private static final Charset LOSSLESS =
            Charset.isSupported("IBM437") ? Charset.forName("IBM437") : StandardCharsets.ISO_8859_1;

    private final boolean utf8;

    /** @param names all that come from one writer */
    EntryNames(List<byte[]> names) {
        this.utf8 = names.stream().allMatch(EntryNames::isUtf8);
    }

    String of(byte[] name) {
        return new String(name, utf8 ? StandardCharsets.UTF_8 : LOSSLESS);
    }

    /** Adds what a person should know where names are guessed. */
    void note(Object source, List<String> notes) {
        if (!utf8) {
            notes.add(source
                    + ": the names in it are not in UTF-8 and it does not say in what else; names of classes may "
                    + "look wrong, but stay apart. Pack it anew with names in UTF-8");
        }
    }

    static boolean isUtf8(byte[] name) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)); // reports what is malformed
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
