/*
 * The header as Swift sees it, through clang's module: every pointer says whether it may be NULL.
 */
#pragma clang module import CXQ

static const char *required(const char *_Nonnull text) {
    return text;
}

int main(void) {
    xq_config_t *_Nonnull config = xq_config_new();
    xq_error_t *_Nullable error = 0;
    xq_api_t *_Nullable api = 0;
    xq_status_t status = xq_api_new(config, &api, &error);
    required(xq_error_message(error));
    required(xq_status_name(status));
    xq_set_logger(api ? (xq_api_t *_Nonnull)api : (xq_api_t *_Nonnull)0, 0, 0, 0);
    xq_error_free(error);
    xq_api_free(api);
    xq_config_free(config);
    return status == XQ_CONFIGURATION ? 0 : 1;
}
