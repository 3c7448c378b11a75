// Shares a secret key, with exceptions and without.
//
//     share_key SENDER RECIPIENT
//
// The two are aliases, which sign in without a PIN. The settings come from the environment (XQ_API_KEY at least).

#include <iostream>
#include <stdexcept>
#include <string>

#include <xq.hpp>

namespace {

void share(const std::string &sender_name, const std::string &recipient_name) {
    xq::config config;
    config.read_environment().value(); // XQ_API_KEY and friends
    xq::api sender = xq::api::open(config);
    sender.authorize_alias(sender_name).value();
    xq::api recipient = xq::api::open(config);
    recipient.authorize_alias(recipient_name).value();

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
        share(argv[1], argv[2]);
    } catch (const std::exception &failed) {
        std::cerr << failed.what() << '\n';
        return 1;
    }
}
