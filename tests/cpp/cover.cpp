// What xq.hpp adds to xq.h: results that throw when they are used as values, things that free themselves and move, texts
// with a NUL in them, and every operation.

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "xq.hpp"

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " << #condition << '\n'; \
            std::exit(1);                                                           \
        }                                                                           \
    } while (0)

static_assert(!std::is_copy_constructible_v<xq::api> && std::is_nothrow_move_constructible_v<xq::api>);
static_assert(!std::is_copy_constructible_v<xq::config> && std::is_nothrow_move_constructible_v<xq::config>);
static_assert(!std::is_copy_constructible_v<xq::string> && std::is_nothrow_move_constructible_v<xq::string>);
static_assert(std::is_copy_constructible_v<xq::error>);

static const std::string_view with_nul("a\0b", 3);

static void failures_are_thrown_or_kept(xq::api &api) {
    auto kept = api.get_packet("no-such-locator");
    CHECK(!kept && kept.error().status() == XQ_REJECTED && kept.error().http_status() == 404);
    CHECK(!kept.error().can_retry() && kept.error().retry_after() == -1 && !kept.error().reply());
    CHECK(kept.error().outcome() == xq::outcome::refused && kept.error().request() > 0);
    CHECK(std::string(kept.error().operation()) == "xq_get_packet");
    try {
        xq::string key = api.get_packet("no-such-locator");
        CHECK(!"it is thrown");
    } catch (const xq::error &thrown) {
        CHECK(thrown.status() == XQ_REJECTED && thrown.http_status() == 404 && !thrown.can_retry());
        CHECK(std::string(thrown.what()) == kept.error().message());
        xq::error copy = thrown;
        CHECK(copy.why().status() == XQ_REJECTED && copy.outcome() == xq::outcome::refused);
        CHECK(copy.request() == kept.error().request() + 1 && copy.operation() == std::string("xq_get_packet"));
    }
    try {
        api.revoke_packet("no-such-locator").value();
        CHECK(!"it is thrown");
    } catch (const xq::error &thrown) {
        CHECK(thrown.http_status() == 404);
    }
}

static void a_nul_is_refused(xq::api &api) {
    xq::config config;
    xq::packet_options options;
    options.subject = std::string(with_nul);
    CHECK(config.set_api_key(with_nul).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(config.set_service_url(XQ_SERVICE_QUANTUM, with_nul).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(api.get_packet(with_nul).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(api.get_packets({"a", with_nul}).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(api.create_packet("k", {with_nul}).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(api.create_packet("k", {"a@b.c"}, options).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(api.grant_users("l", {with_nul}).error().status() == XQ_INVALID_ARGUMENT);
    const auto refused = api.get_packet(with_nul);
    CHECK(refused.error().outcome() == xq::outcome::not_sent && refused.error().request() == 0);
    CHECK(*refused.error().operation() == '\0');
}

static void what_was_moved_from_refuses(const xq::config &config) {
    xq::api first = xq::api::open(config);
    xq::api second = std::move(first);
    CHECK(second.validate_api_key().ok());
    CHECK(first.validate_api_key().error().status() == XQ_INVALID_ARGUMENT);
    second = xq::api::open(config);
    CHECK(second.validate_api_key().ok());
    xq::string text = second.validate_api_key();
    xq::string moved = std::move(text);
    CHECK(text.empty() && !moved.empty() && std::string(moved.c_str()) == std::string(moved.view()));
}

static void packets(xq::api &api) {
    const xq::texts people = {"device-7@alias.local"};
    xq::packet_options options;
    options.type = 3;
    options.expires_hours = 2;
    xq::string packet = api.create_packet("k", people, options);
    xq::string locator = api.add_packet(packet);
    xq::string key = api.get_packet(locator);
    CHECK(key.view() == "k");
    /* A part of a longer text: no NUL stands at its end. */
    const std::string longer = std::string(locator.view()) + "?";
    CHECK(api.get_packet(std::string_view(longer).substr(0, longer.size() - 1)).ok() && !api.get_packet(longer));
    std::int64_t left = api.packet_expiration(locator);
    CHECK(left > 7000 && left <= 7200);
    api.grant_users(locator, {"joe@example.com"}).value();
    api.revoke_users(locator, std::vector<std::string>{"joe@example.com"}).value();
    api.revoke_packet(locator).value();
    CHECK(!api.get_packet(locator));

    options = {};
    options.type = "file";
    options.labels = {"cui"};
    xq::string labelled = api.create_and_store_packet("a", people, options);
    options.labels = std::vector<std::string>();
    CHECK(api.create_and_store_packet("a", people, options).ok());
    options.labels.reset();
    options.meta = "m";
    xq::list locators = api.create_and_store_packets({"x", "\"y\"", "x"}, people, options);
    CHECK(locators.size() == 3 && !locators.reply().empty());
    xq::list keys = api.get_packets({*locators[1], "unknown", *locators[2]});
    CHECK(keys.size() == 3 && *keys[0] == "\"y\"" && !keys[1] && *keys[2] == "x");
    bool thrown = false;
    try {
        (void)keys[3];
    } catch (const std::out_of_range &) {
        thrown = true;
    }
    CHECK(thrown);

    xq::packet_row row;
    row.key = "r1";
    row.recipients = {"device-7@alias.local", "joe@example.com"};
    xq::packet_row other = row;
    other.key = "r2";
    other.labels = {"l"};
    other.title = "t";
    other.unit = "hours";
    xq::list stored = api.create_and_store_packets_batch({row, other});
    xq::string second = api.get_packet(*stored[1]);
    CHECK(second.view() == "r2");
}

static void account(xq::api &api) {
    xq::subscriber who = api.get_subscriber();
    CHECK(who->id >= 0 && who->reply && who->ends_ms > who->starts_ms);
    xq::settings wanted;
    wanted.newsletter = true;
    api.update_settings(wanted).value();
    xq::settings told = api.get_settings();
    CHECK(told.newsletter == true);
    xq::string token = api.access_token();
    xq::string delegate = api.authorize_delegate();
    xq::combined_token combined = api.combine_authorizations({token.view(), delegate.view()});
    CHECK(combined.merged == 2 && !combined.token.empty());
    CHECK(std::int64_t(api.server_time()) > 1700000000);
    CHECK(api.exchange_for_subscription_token().error().status() == XQ_UNAUTHORIZED);
    api.set_dashboard_token("a-token").value();
    xq::string dashboard = api.dashboard_token();
    CHECK(dashboard.view() == "a-token");
    api.deauthorize().value();
    CHECK(api.delete_subscriber().error().status() == XQ_UNAUTHORIZED);
    xq::string none = api.access_token();
    CHECK(none.empty());
}

static void messages(xq::api &api) {
    const std::string_view text("with a zero\0in it", 17);
    xq::bytes sealed = api.encrypt_auto(text, {"device-7@alias.local"});
    xq::bytes opened = api.decrypt_auto(sealed);
    CHECK(opened.view() == text);
    xq::string locator = xq::sealed_locator(sealed);
    xq::string key = api.get_packet(locator);
    xq::bytes framed = xq::encrypt_message(key, text, locator);
    CHECK(xq::bytes(xq::decrypt_message(key, framed)).view() == text);
    xq::string other = xq::generate_key();
    CHECK(xq::decrypt_message(other, framed).error().status() == XQ_CRYPTO);
    CHECK(api.encrypt_auto(text, {with_nul}).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(!xq::sealed_locator("no message"));
    CHECK(xq::string(api.get_entropy(64)).view().size() == 16);
    xq::stored_keys stored = api.generate_multiple_keys_and_store_packets(2, {"device-7@alias.local"});
    CHECK(stored.keys.size() == 2 && xq::string(api.get_packet(*stored.locators[1])).view() == *stored.keys[1]);
    xq::packet_row row;
    row.recipients = {"device-7@alias.local"};
    xq::stored_keys rows = api.generate_multiple_keys_and_store_packets_database({row}, XQ_ALGORITHM_CTR, 128);
    CHECK(rows.keys[0]->substr(0, 2) == ".2");
    CHECK(xq::string(api.generate_key(XQ_ALGORITHM_OTP, 128)).view().substr(0, 2) == ".B");
}

static void files(xq::api &api, const std::string &directory) {
    const std::string input = directory + "/client.crt", sealed = directory + "/sealed", opened = directory + "/opened";
    xq::seal_options options;
    std::uint64_t last = 0;
    options.progress = [&last](std::uint64_t done, std::uint64_t) {
        last = done;
        return true;
    };
    api.encrypt_file(input, sealed, {"device-7@alias.local"}, options).value();
    CHECK(last > 0);
    xq::opened_file file = api.decrypt_file(sealed, opened);
    CHECK(file.name.view() == "client.crt" && file.path.view() == opened);
    CHECK(api.decrypt_file(sealed, opened).error().status() == XQ_FILE);
    options.overwrite = true;
    options.progress = [](std::uint64_t, std::uint64_t) { return false; };
    CHECK(api.encrypt_file(input, sealed, {"device-7@alias.local"}, options).error().status() == XQ_CANCELED);
    options.progress = [](std::uint64_t, std::uint64_t) -> bool { throw 7; };
    try {
        (void)api.encrypt_file(input, sealed, {"device-7@alias.local"}, options);
        CHECK(!"it is thrown");
    } catch (int thrown) {
        CHECK(thrown == 7);
    }
    options.progress = nullptr;
    xq::string key = xq::generate_key(XQ_ALGORITHM_CTR);
    options.key = std::string(key.view());
    options.locator = std::string(43, 'a');
    xq::encrypt_file(input, sealed, options).value();
    xq::opened_file again = xq::decrypt_file(sealed, opened, options);
    CHECK(again.name.view() == "client.crt");
}

static void streams() {
    xq::string key = xq::generate_key();
    xq::seal_options options;
    options.locator = std::string(43, 'a');
    xq::sealer sealer = xq::sealer::open(key, options);
    std::vector<std::uint8_t> sealed;
    auto keep = [&sealed](xq::bytes_view bytes) {
        sealed.insert(sealed.end(), bytes.data(), bytes.data() + bytes.size());
    };
    for (int i = 0; i < 1000; i++) sealer.update("a reading\n", keep).value();
    sealer.finish(keep).value();
    xq::opener opener = xq::opener::open(XQ_FORM_MESSAGE);
    std::size_t length = 0;
    auto count = [&length](xq::bytes_view bytes) { length += bytes.size(); };
    std::size_t taken = opener.update(sealed, count);
    CHECK(opener.wants_key() && opener.locator() == *options.locator && taken == 48);
    opener.set_key(key).value();
    taken += opener.update(xq::bytes_view(sealed.data() + taken, sealed.size() - taken), count).value();
    opener.finish(count).value();
    CHECK(taken == sealed.size() && length == 10000 && opener.name().empty());
    CHECK(opener.finish(count).error().status() == XQ_INVALID_ARGUMENT);
}

/* What the dashboard answers, told by a transport of the program's own, and what was sent last. */
struct script {
    std::vector<std::string> replies;
    std::string sent;
};

static std::int32_t play(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    auto *told = static_cast<script *>(context);
    const std::string url = request->url;
    told->sent = std::string(request->method) + " " + url.substr(url.find("/v2/") + 4);
    if (request->body) told->sent.append(" ").append(reinterpret_cast<const char *>(request->body), request->body_length);
    const std::string body = told->replies.front();
    told->replies.erase(told->replies.begin());
    xq_http_reply_set_status(reply, body.empty() ? 204 : 200);
    xq_http_reply_add_body(reply, reinterpret_cast<const std::uint8_t *>(body.data()), body.size());
    return XQ_OK;
}

static void dashboard() {
    script told;
    xq::config config;
    config.set_api_key("key").value();
    config.set_transport(play, &told).value();
    xq::api api = xq::api::open(config);
    api.set_access_token("access").value();
    auto says = [&told](std::vector<std::string> replies) { told.replies = std::move(replies); };

    says({"", "", "pre", "full", "", "other"});
    CHECK(!api.dashboard_signup("j@b.c", "p", true).value().already_registered);
    CHECK(told.sent == R"(POST signup {"email":"j@b.c","optIn":true,"pwd":"p"})");
    api.send_login_link("j@b.c").value();
    CHECK(api.dashboard_login("j@b.c", "p").value().view() == "pre");
    CHECK(told.sent == R"(POST login {"email":"j@b.c","pwd":"p","method":0})");
    CHECK(api.login_verify().value().view() == "full");
    api.validate_access_token().value();
    CHECK(api.dashboard_login_with_code("https://x.y/?access_token=T").value().view() == "T");
    CHECK(api.exchange_for_dashboard_token("4").value().view() == "other");
    CHECK(told.sent == "GET login/verify?request=sub&bid=4");

    const std::string all = R"({"groups":[{"id":7,"name":"g"},{}]})", one = R"({"id":7,"members":["a@b.c"]})";
    says({R"({"id":7})", all, one, all, one, "", "", one, "", one, "", ""});
    xq::usergroups made = api.create_usergroup("g", {"a@b.c"});
    CHECK(made.size() == 1 && made[0].id == 7 && made.reply() == R"({"id":7})");
    xq::usergroups groups = api.get_usergroups();
    std::size_t count = 0;
    for (const auto &group : groups) count += group.id == 7 || group.name == nullptr;
    CHECK(count == 2 && !groups[1].members);
    CHECK(api.get_usergroup(7).value()[0].member_count == 1);
    CHECK(api.get_usergroup("g").value()[0].members[0] == std::string("a@b.c"));
    api.rename_usergroup(7, "h").value();
    CHECK(told.sent == R"(PATCH usergroup/7 {"name":"h"})");
    api.update_usergroup(7, std::vector<std::string>()).value();
    CHECK(told.sent == R"(PATCH usergroup/7 {"members":[]})");
    api.add_usergroup_members(7, {"n@b.c"}).value();
    CHECK(told.sent == R"(PATCH usergroup/7 {"members":["a@b.c","n@b.c"]})");
    api.remove_usergroup_members(7, {"A@b.c"}).value();
    CHECK(told.sent == R"(PATCH usergroup/7 {"members":[]})");
    api.delete_usergroup(7).value();
    CHECK(!api.get_usergroup(std::int64_t(0)) && !api.get_usergroup(std::nullopt));
    CHECK(api.create_usergroup("g", {"nobody"}).error().status() == XQ_INVALID_ARGUMENT);

    says({R"({"id":5})", R"({"contacts":[{"id":5,"role":6}]})", "", "", R"({"labels":["a"]})", ""});
    xq::new_contact contact;
    contact.email = "j@b.c";
    contact.role = 6;
    contact.overflow = true;
    CHECK(api.add_contact(contact).value() == 5);
    CHECK(told.sent.find(R"("role":6,"notifications":0,"overflow":true})") != std::string::npos);
    CHECK(api.get_contacts(6, "j", 2, 1).value()[0].role == 6);
    CHECK(told.sent == "GET contact/all?role=6&filter=j&limit=2&page=1");
    api.disable_contact(5).value();
    api.remove_contact(5).value();
    CHECK(told.sent == "DELETE contact/5?delete=true");
    xq::communication communication = api.get_communication_by_locator_token("L");
    CHECK(communication->label_count == 1 && communication->id == -1);
    api.add_labels_to_locator_token("L", {"b"}).value();

    says({R"({"businesses":[{"id":4}]})", R"({"id":4})", "switched",
          R"({"id":9,"transportKey":"t","clientCert":"c","clientKey":"k"})", "text"});
    CHECK(api.get_businesses().value()[0].id == 4);
    CHECK(api.get_business_info().value().size() == 1);
    CHECK(api.switch_business(4).value().view() == "switched");
    xq::device_certificate certificate = api.generate_device_certificate("tag");
    CHECK(certificate->id == 9 && certificate->private_key == std::string("k"));
    xq::request any;
    any.service = XQ_SERVICE_DASHBOARD;
    any.path = "a b";
    any.query = {{"c", "d&e"}};
    xq::reply reply = api.request(any);
    CHECK(reply.http_status == 200 && reply.text.view() == "text" && told.sent == "GET a%20b?c=d%26e");
    any.path = "../a";
    CHECK(api.request(any).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(!api.token_expiration().value());
    api.set_dashboard_token("e30.eyJleHAiOjE5MDAwMDAwMDB9.x").value();
    CHECK(api.token_expiration(XQ_TOKEN_DASHBOARD).value() == 1900000000);
}

/* A transport whose exchanges end only when they are stopped, and what it was told. */
struct stall {
    std::atomic<int> inside{0};
    std::atomic<std::uint32_t> limit_ms{0};
};

static std::int32_t wait_for_a_stop(void *context, const xq_http_request_t *request, xq_http_reply_t *reply) {
    auto *told = static_cast<stall *>(context);
    told->limit_ms = request->timeout_ms;
    told->inside++;
    while (!xq_http_reply_is_canceled(reply)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    told->inside--;
    return XQ_NETWORK;
}

static void derived_handles() {
    using namespace std::chrono_literals;
    stall told;
    xq::config config;
    config.set_api_key("key").value();
    config.set_transport(wait_for_a_stop, &told).value();
    auto first = std::make_unique<xq::api>(xq::api::open(config).value());
    xq::api other = first->derive();
    xq::api limited = first->derive(1min);
    first->set_access_token("shared").value();
    CHECK(other.access_token().value().view() == "shared" && limited.access_token().value().view() == "shared");

    /* One is stopped; the other goes on until it is stopped itself. */
    auto in_other = std::async(std::launch::async, [&other] { return other.validate_api_key(); });
    auto in_limited = std::async(std::launch::async, [&limited] { return limited.validate_api_key(); });
    while (told.inside < 2) std::this_thread::yield();
    limited.cancel().value();
    const auto stopped = in_limited.get();
    CHECK(stopped.error().status() == XQ_CANCELED && stopped.error().outcome() == xq::outcome::unknown);
    CHECK(in_other.wait_for(50ms) == std::future_status::timeout);
    other.cancel().value();
    CHECK(in_other.get().error().status() == XQ_CANCELED);

    const auto later = other.validate_api_key();
    CHECK(later.error().status() == XQ_CANCELED && later.error().outcome() == xq::outcome::not_sent);
    other.resume().value();
    first.reset();
    CHECK(other.access_token().value().view() == "shared");
    auto again = std::async(std::launch::async, [&other] { return other.validate_api_key(); });
    while (told.inside < 1) std::this_thread::yield();
    CHECK(told.limit_ms > 29000 && told.limit_ms <= 30000);
    other.cancel().value();
    CHECK(!again.get());
    other.resume().value();

    xq::api hasty = other.derive(500us);
    auto in_hasty = std::async(std::launch::async, [&hasty] { return hasty.validate_api_key(); });
    while (told.inside < 1) std::this_thread::yield();
    CHECK(told.limit_ms <= 1);
    hasty.cancel().value();
    CHECK(!in_hasty.get());
    for (double seconds : {0.0, -1.0, 5e6, std::numeric_limits<double>::quiet_NaN()})
        CHECK(other.derive(std::chrono::duration<double>(seconds)).error().status() == XQ_INVALID_ARGUMENT);
    CHECK(other.derive(std::chrono::milliseconds(4294967295)).ok());
    xq::api moved = std::move(other);
    CHECK(other.derive().error().status() == XQ_INVALID_ARGUMENT);
    CHECK(other.cancel().error().status() == XQ_INVALID_ARGUMENT && !other.resume());
}

static void sign_in_and_devices(xq::api &api, std::int64_t id, const std::string &directory) {
    CHECK(api.authorize_user("jane@example.com", "Jane").ok());
    CHECK(api.code_validate("not it").error().status() == XQ_UNAUTHORIZED);
    CHECK(api.exchange_key().error().status() == XQ_REJECTED);
    xq::device_token trusted = api.authorize_device("sensor-1", "42");
    CHECK(!trusted.token.empty() && !trusted.not_announced);
    const std::string crt = directory + "/client.crt", transport = directory + "/transport.key",
                      key = directory + "/client.key";
    xq::device_token certified = api.authorize_device_cert(id, crt, transport, key, "sensor-1");
    CHECK(!certified.token.empty());
    CHECK(!api.authorize_device_cert_memory(id, "a", "b", "c"));
    api.announce_device("sensor-1").value();
    CHECK(!xq::load_file_content(directory + "/none"));
    xq::string loaded = xq::load_file_content(transport);
    CHECK(!loaded.empty());
    api.forget_tokens().value();
    api.set_logger(nullptr, nullptr).value();
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    xq::config config;
    config.read_environment().value();
    config.set_user_agent_suffix("cover/1").value();
    config.set_timeout_ms(20000).value();
    config.set_proxy(nullptr).value();
    config.set_ca_memory("no certificate").value();
    CHECK(xq::api::open(config).error().status() == XQ_CONFIGURATION);
    config.set_ca_memory({nullptr, 0}).value();
    config.set_roots(XQ_ROOTS_NONE).value();
    CHECK(xq::api::open(config).error().status() == XQ_CONFIGURATION);
    config.set_roots(XQ_ROOTS_BUILT_IN).value();
    xq::config moved = std::move(config);
    xq::api api = xq::api::open(moved);
    sign_in_and_devices(api, std::atol(argv[1]), argv[2]);
    api.authorize_alias("device-7").value();
    failures_are_thrown_or_kept(api);
    a_nul_is_refused(api);
    what_was_moved_from_refuses(moved);
    packets(api);
    messages(api);
    files(api, argv[2]);
    streams();
    dashboard();
    derived_handles();
    account(api);
    CHECK(!xq::api::open(xq::config()));
    std::cout << "ok\n";
}
