/* Messages and files sealed and opened by libxq, and the same steps by OpenSSL's libcrypto, in rounds that take turns.
 *
 *     sealing messages ROUNDS TIMES        for each size: microseconds of the processor to seal one, and to open it
 *     sealing files FOLDER BYTES ROUNDS    for each algorithm: seconds of the processor to seal a file, and to open it
 *     sealing memory FOLDER BYTES          by how many bytes more memory grows for such a file than for one of 1 MB
 *
 * Each line has libxq's figure first, then libcrypto's. FOLDER is to be in memory, so that no disk is timed: libxq waits
 * for the disk, and the loop over libcrypto does not.
 */
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "xq.h"

enum { MARK = 8, SALT = 16, NONCE = 12, IV = 16, TAG = 16, CHUNK = 64 * 1024, MOST_ROUNDS = 99 };

static const char *const keys[] = {".139fae84faf10333eed628515cffc8b07", ".239fae84faf10333eed628515cffc8b07"};
static const char *const names[] = {"GCM", "CTR"};
static const char locator[] = "RtESv0TwIjI3UbDMn3VRI5yjBzreuJccaZ0n0P_61-Z";
static unsigned char text[CHUNK], sealed[CHUNK + 128], opened[CHUNK + 128];

static void ok(int result) {
    if (result <= 0) give_up("libcrypto", "failed");
}

static void xq(xq_status_t status) {
    if (status != XQ_OK) give_up("libxq", xq_status_name(status));
}

/* A context for what begins with `front`, mark, salt and nonce. */
static EVP_CIPHER_CTX *begin(int algorithm, int encrypts, const unsigned char *front) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    const char *password = keys[algorithm] + 2;
    unsigned char key[32], iv[IV] = {0};
    int rounds = algorithm == 0 ? 1024 : 2048;
    ok(PKCS5_PBKDF2_HMAC(password, (int)strlen(password), front + MARK, SALT, rounds, EVP_sha256(), 32, key));
    memcpy(iv, front + MARK + SALT, algorithm == 0 ? NONCE : 8);
    ok(EVP_CipherInit_ex(context, algorithm == 0 ? EVP_aes_256_gcm() : EVP_aes_256_ctr(), NULL, key, iv, encrypts));
    return context;
}

static size_t front_bytes(int algorithm) { return MARK + SALT + (algorithm == 0 ? NONCE : IV); }

static size_t seal_message(size_t size) {
    size_t front = front_bytes(0);
    int amount, last;
    EVP_CIPHER_CTX *context;
    memcpy(sealed, "Salted__", MARK);
    ok(RAND_bytes(sealed + MARK, SALT + NONCE));
    context = begin(0, 1, sealed);
    ok(EVP_CipherUpdate(context, sealed + front, &amount, text, (int)size));
    ok(EVP_CipherFinal_ex(context, sealed + front + amount, &last));
    ok(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, sealed + front + size));
    EVP_CIPHER_CTX_free(context);
    return front + size + TAG;
}

static void open_message(size_t length) {
    size_t front = front_bytes(0);
    int amount, last;
    EVP_CIPHER_CTX *context = begin(0, 0, sealed);
    ok(EVP_CipherUpdate(context, opened, &amount, sealed + front, (int)(length - front - TAG)));
    ok(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG, sealed + length - TAG));
    ok(EVP_CipherFinal_ex(context, opened + amount, &last));
    EVP_CIPHER_CTX_free(context);
}

static void xq_seal_message(size_t size) {
    xq_bytes_t *out;
    xq(xq_encrypt_message(keys[0], NULL, text, size, NULL, &out, NULL));
    xq_bytes_free(out);
}

static void xq_open_message(size_t length) {
    xq_bytes_t *out;
    xq(xq_decrypt_message(keys[0], sealed, length, &out, NULL));
    xq_bytes_free(out);
}

static double each(int times, void (*work)(size_t), size_t size) {
    double from = of_this_thread();
    int n;
    for (n = 0; n < times; n++) work(size);
    return (of_this_thread() - from) / times * 1e6;
}

static void seal_one(size_t size) { (void)seal_message(size); }

static void messages(int rounds, int times) {
    static const size_t sizes[] = {1024, CHUNK};
    double figures[4][MOST_ROUNDS];
    int which, n;
    for (which = 0; which < 2; which++) {
        size_t length = seal_message(sizes[which]);
        for (n = 0; n < rounds; n++) {
            figures[0][n] = each(times, xq_seal_message, sizes[which]);
            figures[1][n] = each(times, seal_one, sizes[which]);
            figures[2][n] = each(times, xq_open_message, length);
            figures[3][n] = each(times, open_message, length);
        }
        printf("%d sealed %.1f %.1f\n", (int)sizes[which], median(figures[0], n), median(figures[1], n));
        printf("%d opened %.1f %.1f\n", (int)sizes[which], median(figures[2], n), median(figures[3], n));
    }
}

static FILE *file(const char *path, const char *mode) {
    FILE *opened_file = fopen(path, mode);
    if (!opened_file) give_up(path, "cannot be opened");
    setvbuf(opened_file, NULL, _IONBF, 0);
    return opened_file;
}

/* A plain loop: the front and the body, to a file beside the output, which then gets its name. */
static void c_file(int algorithm, int encrypts, const char *from, const char *to) {
    static unsigned char in[CHUNK], out[CHUNK + TAG];
    char beside[4096];
    FILE *input = file(from, "rb"), *output;
    size_t front = front_bytes(algorithm), amount;
    int made;
    EVP_CIPHER_CTX *context;
    snprintf(beside, sizeof beside, "%s.part", to);
    output = file(beside, "wb");
    if (encrypts) {
        memcpy(in, "Salted__", MARK);
        ok(RAND_bytes(in + MARK, (int)front - MARK));
        if (fwrite(in, 1, front, output) != front) give_up(beside, "cannot be written");
    } else if (fread(in, 1, front, input) != front) {
        give_up(from, "is cut short");
    }
    context = begin(algorithm, encrypts, in);
    while ((amount = fread(in, 1, CHUNK, input)) > 0) {
        ok(EVP_CipherUpdate(context, out, &made, in, (int)amount));
        if (fwrite(out, 1, (size_t)made, output) != (size_t)made) give_up(beside, "cannot be written");
    }
    EVP_CIPHER_CTX_free(context);
    fclose(input);
    if (fclose(output) != 0 || rename(beside, to) != 0) give_up(to, "cannot be written");
}

static void xq_file(int algorithm, int encrypts, const char *from, const char *to) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    options.key = keys[algorithm];
    options.locator = encrypts ? locator : NULL;
    options.overwrite = 1;
    if (encrypts) xq(xq_encrypt_file(NULL, from, to, NULL, 0, &options, NULL));
    else xq(xq_decrypt_file(NULL, from, to, &options, NULL, NULL, NULL));
}

typedef void work(int algorithm, int encrypts, const char *from, const char *to);

static double time_of(work *what, int algorithm, int encrypts, const char *from, const char *to) {
    double started = of_this_thread();
    what(algorithm, encrypts, from, to);
    return of_this_thread() - started;
}

static char plain[4096], by_xq[4096], by_c[4096], back[4096];

static void make_files(const char *folder, double bytes) {
    FILE *output;
    snprintf(plain, sizeof plain, "%s/plain", folder);
    snprintf(by_xq, sizeof by_xq, "%s/by_xq", folder);
    snprintf(by_c, sizeof by_c, "%s/by_c", folder);
    snprintf(back, sizeof back, "%s/back", folder);
    output = file(plain, "wb");
    for (; bytes > 0; bytes -= CHUNK)
        if (fwrite(text, 1, CHUNK, output) != CHUNK) give_up(plain, "cannot be written");
    fclose(output);
}

static void files(const char *folder, double bytes, int rounds) {
    double figures[4][MOST_ROUNDS];
    int algorithm, n;
    make_files(folder, bytes);
    for (algorithm = 0; algorithm < 2; algorithm++) {
        for (n = 0; n < rounds; n++) {
            figures[0][n] = time_of(xq_file, algorithm, 1, plain, by_xq);
            figures[1][n] = time_of(c_file, algorithm, 1, plain, by_c);
            figures[2][n] = time_of(xq_file, algorithm, 0, by_xq, back);
            figures[3][n] = time_of(c_file, algorithm, 0, by_c, back);
        }
        printf("%s sealed %.4f %.4f\n", names[algorithm], median(figures[0], n), median(figures[1], n));
        printf("%s opened %.4f %.4f\n", names[algorithm], median(figures[2], n), median(figures[3], n));
    }
}

static double peak(const char *folder, double bytes) {
    make_files(folder, bytes);
    forget_peak();
    xq_file(0, 1, plain, by_xq);
    xq_file(0, 0, by_xq, back);
    return memory("VmHWM");
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (argc == 4 && strcmp(what, "messages") == 0 && atoi(argv[2]) <= MOST_ROUNDS) {
        messages(atoi(argv[2]), atoi(argv[3]));
    } else if (argc == 5 && strcmp(what, "files") == 0 && atoi(argv[4]) <= MOST_ROUNDS) {
        files(argv[2], atof(argv[3]), atoi(argv[4]));
    } else if (argc == 4 && strcmp(what, "memory") == 0) {
        double small = (peak(argv[2], 1e6), peak(argv[2], 1e6));
        double large = peak(argv[2], atof(argv[3]));
        printf("%.0f\n", large > small ? large - small : 1);
    } else {
        give_up("usage", "sealing messages ROUNDS TIMES | files FOLDER BYTES ROUNDS | memory FOLDER BYTES");
    }
    return 0;
}
