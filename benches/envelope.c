/* Envelopes sealed and opened by OpenSSL's libcrypto, as rust/src/bin/envelope.rs does by libxq.
 *
 *     envelope TIMES       for each version and size: microseconds of the processor to seal one, and to open it
 */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { MARK = 8, NONCE = 12, TAG = 16, MOST = 64 * 1024 };

static const char password[] = "a-transport-key-of-32-characters";
static unsigned char text[MOST], envelope[MOST + 128], opened[MOST + 128];

static void ok(int result) {
    if (result <= 0) give_up("libcrypto", "failed");
}

static int salt_bytes(int version) { return version == 3 ? 16 : 8; }

static const EVP_CIPHER *cipher(int version) {
    return version == 1 ? EVP_aes_256_cbc() : version == 2 ? EVP_aes_256_ctr() : EVP_aes_256_gcm();
}

/* Key and, for versions 1 and 2, initialisation vector. */
static void derive(int version, const unsigned char *salt, unsigned char *key, unsigned char *iv) {
    const unsigned char *from = (const unsigned char *)password;
    int length = (int)strlen(password);
    if (version == 3) ok(PKCS5_PBKDF2_HMAC(password, length, salt, 16, 1024, EVP_sha256(), 32, key));
    else if (version == 2) ok(EVP_BytesToKey(cipher(version), EVP_sha256(), salt, from, length, 14, key, iv));
    else ok(EVP_BytesToKey(cipher(version), EVP_md5(), salt, from, length, 1, key, iv));
}

static int seal(int version, int size) {
    unsigned char key[32], iv[16], *at = envelope + MARK + salt_bytes(version);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int amount, last;
    memcpy(envelope, "Salted__", MARK);
    ok(RAND_bytes(envelope + MARK, salt_bytes(version)));
    derive(version, envelope + MARK, key, iv);
    if (version == 3) {
        ok(RAND_bytes(at, NONCE));
        memcpy(iv, at, NONCE);
        at += NONCE;
    }
    ok(EVP_EncryptInit_ex(context, cipher(version), NULL, key, iv));
    ok(EVP_EncryptUpdate(context, at, &amount, text, size));
    ok(EVP_EncryptFinal_ex(context, at + amount, &last));
    at += amount + last;
    if (version == 3) {
        ok(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, at));
        at += TAG;
    }
    EVP_CIPHER_CTX_free(context);
    return (int)(at - envelope);
}

static void open_it(int version, int length, int size) {
    unsigned char key[32], iv[16], *at = envelope + MARK + salt_bytes(version);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int amount, last, rest = length - MARK - salt_bytes(version);
    derive(version, envelope + MARK, key, iv);
    if (version == 3) {
        memcpy(iv, at, NONCE);
        at += NONCE;
        rest -= NONCE + TAG;
    }
    ok(EVP_DecryptInit_ex(context, cipher(version), NULL, key, iv));
    ok(EVP_DecryptUpdate(context, opened, &amount, at, rest));
    if (version == 3) ok(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG, at + rest));
    ok(EVP_DecryptFinal_ex(context, opened + amount, &last));
    EVP_CIPHER_CTX_free(context);
    if (amount + last != size || memcmp(opened, text, (size_t)size) != 0) give_up("libcrypto", "opened something else");
}

int main(int argc, char **argv) {
    static const int sizes[] = {1024, MOST};
    int times = argc > 1 ? atoi(argv[1]) : 1;
    for (int version = 1; version <= 3; version++) {
        for (int which = 0; which < 2; which++) {
            int size = sizes[which], length = seal(version, size);
            double from = of_this_thread();
            for (int n = 0; n < times; n++) length = seal(version, size);
            double sealed = of_this_thread();
            for (int n = 0; n < times; n++) open_it(version, length, size);
            double done = of_this_thread();
            printf("%d %d %.3f %.3f\n", version, size, (sealed - from) / times * 1e6, (done - sealed) / times * 1e6);
        }
    }
    return 0;
}
