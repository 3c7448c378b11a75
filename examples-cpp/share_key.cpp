// Shares a secret key, with exceptions and without.
//
//     share_key SENDER RECIPIENT
//
// The two are aliases, which sign in without a PIN. The settings come from the environment (XQ_API_KEY at least).

#include <iostream>
#include <string>

#include "xq.hpp"

namespace {

xq::api signed_in(const xq::config &config, const std::string &alias) {
    xq::api api = xq::api::open(config);
    api.authorize_alias(alias).value();
    return api;
}

void share(const xq::config &config, const std::string &sender_name, const std::string &recipient_name) {
    xq::api sender = signed_in(config, sender_name);
    xq::api recipient = signed_in(config, recipient_name);

    xq::packet_options options;
    options.expires_hours = 72;
    options.subject = "The key to report.pdf";
    xq::string locator = sender.create_and_store_packet("a secret key", {recipient_name + "@alias.local"}, options);
    std::cout << "Stored under " << locator.view() << ".\n";

    xq::string key = recipient.get_packet(locator);
    std::cout << "The recipient has " << (key.view() == "a secret key" ? "the same" : "another") << " key.\n";

    sender.revoke_packet(locator).value();
    // Nothing is thrown where the result is kept and asked.
    auto refused = recipient.get_packet(locator);
    if (refused) throw std::runtime_error("the key was taken back and came all the same");
    std::cout << "Taken back: " << refused.error().message() << '\n';
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " SENDER RECIPIENT\n";
        return 2;
    }
    try {
        xq::config config;
        config.read_environment().value();
        share(config, argv[1], argv[2]);
    } catch (const std::exception &failed) {
        std::cerr << failed.what() << '\n';
        return 1;
    }
}
