// What is left of xq.hpp where nothing can be thrown: calls that work and calls that fail. It is linked with a file that
// has exceptions (beside.cpp), whose own functions of the same names must stay its own.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "xq.hpp"

#ifdef __cpp_exceptions
#error "this is to be compiled without exceptions"
#endif

#define CHECK(condition)                                                          \
    do {                                                                          \
        if (!(condition)) {                                                       \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
            std::exit(1);                                                         \
        }                                                                         \
    } while (0)

int with_exceptions(const char *input, const char *output);

#ifdef XQ_TEST_VALUE
void throws(xq::api &api) { api.revoke_packet("l").value(); }
#elif defined(XQ_TEST_CONVERSION)
xq::string throws(xq::api &api) { return api.get_packet("l"); }
#elif defined(XQ_TEST_INDEX)
bool throws(xq::list &list) { return list[0].has_value(); }
#elif defined(XQ_TEST_ERROR)
bool throws(xq::error &error) { return error.can_retry(); }
#endif

static void files_are_sealed(const char *input, const char *output) {
    xq::seal_options options;
    auto key = xq::generate_key();
    CHECK(key.ok());
    options.key = std::string(key->view());
    options.locator = std::string(43, 'A');
    int told = 0;
    options.progress = [&told](std::uint64_t, std::uint64_t) { return ++told > 0; };
    CHECK(xq::encrypt_file(input, output, options).ok() && told > 0);
    options.progress = [](std::uint64_t, std::uint64_t) { return false; };
    options.overwrite = true;
    CHECK(xq::encrypt_file(input, output, options).error().status() == XQ_CANCELED);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    xq::config config;
    CHECK(config.set_timeout_ms(0).error().status() == XQ_CONFIGURATION);
    auto none = xq::api::open(config);
    CHECK(!none && none.error().status() == XQ_CONFIGURATION);
    CHECK(config.read_environment().ok());
    auto opened = xq::api::open(config);
    CHECK(opened);
    xq::api api = std::move(*opened);

    auto refused = api.get_packet("no-such-locator");
    CHECK(!refused && refused.error().status() == XQ_UNAUTHORIZED);
    CHECK(api.authorize_alias("alias-1").ok());
    refused = api.get_packet("no-such-locator");
    CHECK(!refused && refused.error().http_status() == 404 && *refused.error().message());
    auto locators = api.create_and_store_packets({"k", "l"}, {"alias-1@alias.local"});
    CHECK(locators && locators->size() == 2);
    int count = 0;
    for (const char *locator : *locators) {
        auto key = api.get_packet(locator);
        CHECK(key && key->view() == (count++ ? "l" : "k"));
    }
    CHECK(count == 2);
    files_are_sealed(argv[1], argv[2]);
    return with_exceptions(argv[1], argv[2]);
}
