package dev.fovea.serve.studio;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fovea.serve.http.Refusal;
import org.junit.jupiter.api.Test;

class LoginTriesTest {

    private static LoginTries guessed(String address) {
        var tries = new LoginTries();
        for (int i = 0; i < 10; i++) {
            tries.check(address);
            tries.failed(address);
        }
        return tries;
    }

    @Test
    void whoGuessesKeepsNobodyElseOut() {
        LoginTries tries = guessed("192.0.2.7");
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> tries.check("192.0.2.7"));
        assertThatCode(() -> tries.check("192.0.2.8")).doesNotThrowAnyException();
    }

    @Test
    void anotherAddressOfTheSameHouseholdIsNoNewOne() {
        LoginTries tries = guessed("2001:db8:0:1:0:0:0:1");
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> tries.check("2001:db8:0:1:a:b:c:d"));
        assertThatCode(() -> tries.check("2001:db8:0:2:0:0:0:1")).doesNotThrowAnyException();
    }
}
