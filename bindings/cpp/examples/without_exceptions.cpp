// Seals a message for somebody and opens it again in a program that is compiled with -fno-exceptions -fno-rtti.
//
//     without_exceptions ALIAS
//
// The alias signs in without a PIN. The settings come from the environment (XQ_API_KEY at least).

#include <cstdio>
#include <string>
#include <utility>

#include <xq.hpp>

namespace {

int complain(const xq::failure &why) {
    std::fprintf(stderr, "%s\n", why.message());
    return why.can_retry() ? 75 : 1;
}

int seal(const std::string &alias) {
    xq::config config;
    if (auto read = config.read_environment(); !read) return complain(read.error());
    auto opened = xq::api::open(config);
    if (!opened) return complain(opened.error());
    xq::api api = std::move(*opened);
    if (auto signed_in = api.authorize_alias(alias); !signed_in) return complain(signed_in.error());

    auto sealed = api.encrypt_auto("Meet me at noon.", {alias + "@alias.local"});
    if (!sealed) return complain(sealed.error());
    auto text = api.decrypt_auto(*sealed);
    if (!text) return complain(text.error());
    std::printf("%s\n", std::string(text->view()).c_str());
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s ALIAS\n", argv[0]);
        return 2;
    }
    return seal(argv[1]);
}
