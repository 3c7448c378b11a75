/*
 * Seals a file for somebody, or opens one, and shows how far it is: a bar on a terminal, lines elsewhere. Ctrl-C stops
 * the work, and leaves nothing behind.
 *
 *     seal_file seal TOKEN FILE SEALED_FILE RECIPIENT...
 *     seal_file open TOKEN SEALED_FILE FOLDER_OR_FILE
 *
 * TOKEN is a file with the access token of a person who has signed in (see sign_in.c). The settings come from the
 * environment (XQ_API_KEY at least).
 */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "xq.h"

static volatile sig_atomic_t stopped;

static void stop(int number) {
    stopped = 1;
    signal(number, SIG_DFL); /* the second Ctrl-C ends the program at once */
}

static int failed(const char *what, xq_status_t status, xq_error_t *error) {
    fprintf(stderr, "%s: %s: %s\n", what, xq_status_name(status), xq_error_message(error));
    xq_error_free(error);
    return 0;
}

/* How far the work is, as it was last shown. */
typedef struct {
    int on_terminal;
    int steps; /* -1 before anything was shown */
} bar_t;

static int32_t show(void *context, uint64_t done, uint64_t total) {
    enum { WIDTH = 40, LINES = 4 };
    bar_t *bar = context;
    int all = bar->on_terminal ? WIDTH : LINES;
    int steps = total > 0 ? (int)((double)done / (double)total * all) : all;
    if (steps != bar->steps) {
        if (bar->on_terminal) fprintf(stderr, "\r[%-*.*s]", WIDTH, steps, "########################################");
        else fprintf(stderr, "%d %%\n", steps * 100 / all);
        bar->steps = steps;
    }
    return stopped; /* anything but 0 stops the work: XQ_CANCELED */
}

static bar_t new_bar(void) {
    bar_t bar;
    bar.on_terminal = isatty(STDERR_FILENO);
    bar.steps = -1;
    return bar;
}

/* What is written next begins on a line of its own, also where the work has failed half-way. */
static void end_bar(const bar_t *bar) {
    if (bar->on_terminal && bar->steps >= 0) fputc('\n', stderr);
}

static int seal_file(xq_api_t *api, const char *input, const char *output, char **recipients, int count) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    bar_t bar = new_bar();
    xq_error_t *error = NULL;
    xq_status_t status;
    options.progress = show;
    options.progress_context = &bar;
    status = xq_encrypt_file(api, input, output, (const char *const *)recipients, (size_t)count, &options, &error);
    end_bar(&bar);
    if (status != XQ_OK) return failed(input, status, error);
    printf("%s is sealed as %s.\n", input, output);
    return 1;
}

static int open_file(xq_api_t *api, const char *input, const char *output) {
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;
    bar_t bar = new_bar();
    char *path = NULL;
    xq_error_t *error = NULL;
    xq_status_t status;
    options.progress = show;
    options.progress_context = &bar;
    status = xq_decrypt_file(api, input, output, &options, NULL, &path, &error);
    end_bar(&bar);
    if (status != XQ_OK) return failed(input, status, error);
    printf("%s is opened as %s.\n", input, path);
    xq_string_free(path);
    return 1;
}

/* Signs in with the access token in a file. */
static int sign_in(xq_api_t *api, const char *path) {
    char token[8192 + 1] = "";
    FILE *file = fopen(path, "r");
    xq_error_t *error = NULL;
    xq_status_t status;
    if (!file || !fgets(token, sizeof token, file)) perror(path);
    if (file) fclose(file);
    status = xq_set_access_token(api, token, &error);
    return status == XQ_OK ? 1 : failed(path, status, error);
}

int main(int argc, char **argv) {
    int seals = argc >= 6 && strcmp(argv[1], "seal") == 0;
    int opens = argc == 5 && strcmp(argv[1], "open") == 0;
    xq_config_t *config = xq_config_new();
    xq_api_t *api = NULL;
    xq_error_t *error = NULL;
    xq_status_t status = XQ_OK;
    int ok = 0;
    if (!seals && !opens) {
        fprintf(stderr, "usage: %s seal TOKEN FILE SEALED_FILE RECIPIENT...\n", argv[0]);
        fprintf(stderr, "       %s open TOKEN SEALED_FILE FOLDER_OR_FILE\n", argv[0]);
        xq_config_free(config);
        return 2;
    }
    signal(SIGINT, stop);
    status = xq_config_read_environment(config, &error);
    if (status == XQ_OK) status = xq_api_new(config, &api, &error);
    if (status != XQ_OK) failed("settings", status, error);
    else if (sign_in(api, argv[2]))
        ok = seals ? seal_file(api, argv[3], argv[4], argv + 5, argc - 5) : open_file(api, argv[3], argv[4]);
    xq_api_free(api);
    xq_config_free(config);
    return ok ? 0 : 1;
}
