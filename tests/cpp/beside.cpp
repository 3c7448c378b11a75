// A file with exceptions in a program whose main file has none: what is thrown in progress still comes out of the call.

#include <cstdint>
#include <stdexcept>
#include <string>

#include "xq.hpp"

int with_exceptions(const char *input, const char *output);

int with_exceptions(const char *input, const char *output) {
    xq::seal_options options;
    options.key = std::string(xq::generate_key().value().view());
    options.locator = std::string(43, 'A');
    options.overwrite = true;
    options.progress = [](std::uint64_t, std::uint64_t) -> bool { throw std::logic_error("progress"); };
    try {
        xq::encrypt_file(input, output, options).value();
    } catch (const std::logic_error &) {
        return 0;
    }
    return 1;
}
