/*
 * libxq for C++17: a thin cover of xq.h, which is the manual. Header only.
 *
 *   xq::config config;
 *   config.read_environment().value();
 *   xq::api api = xq::api::open(config);
 *   xq::bytes sealed = api.encrypt_auto("Meet me at noon.", {"joe@example.com"});
 *
 * Every operation gives an xq::result. Assigned to its value, or asked for it with value(), a failure is thrown as an
 * xq::error; kept as it is, nothing is thrown:
 *
 *   auto key = api.get_packet(locator);
 *   if (!key) std::cerr << key.error().message() << '\n';
 *   else use(key->view());
 *
 * With -fno-exceptions (XQ_NO_EXCEPTIONS is then defined, or define it yourself) nothing of the library throws, and what
 * would throw is not there: neither value() nor the conversion, neither xq::error nor the [] of a list or of rows, over
 * which begin() and end() go. A result is asked with ok() or in an if, and its value moved out of it:
 *
 *   auto opened = xq::api::open(config);
 *   if (!opened) return complain(opened.error());
 *   xq::api api = std::move(*opened);
 *
 * What comes out frees itself, and so wipes its secrets; a std::string made of it is a copy that nobody wipes. Texts go
 * in as std::string_view, bytes as xq::bytes_view; one with a NUL in it is refused as XQ_INVALID_ARGUMENT.
 */
#ifndef XQ_HPP
#define XQ_HPP

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "xq.h"

#if !defined(XQ_NO_EXCEPTIONS) && !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#define XQ_NO_EXCEPTIONS
#endif

namespace xq {
#ifdef XQ_NO_EXCEPTIONS
/* Symbols of its own, so that a file with exceptions and one without may be of one program. */
inline namespace no_exceptions {
#endif

/* Whether what a failed call asked for was carried out all the same; xq_error_outcome() says of each call what a double
 * means. */
enum class outcome : std::int32_t {
    not_sent = XQ_OUTCOME_NOT_SENT,
    refused = XQ_OUTCOME_REFUSED,
    unknown = XQ_OUTCOME_UNKNOWN,
    done = XQ_OUTCOME_DONE
};

/* Why a call failed. Copies share the error of the C library. */
class failure {
public:
    explicit failure(xq_error_t *error) : status_(xq_error_status(error)), error_(error, xq_error_free) {}
    failure(xq_status_t status, std::string message) : status_(status), message_(std::move(message)) {}

    xq_status_t status() const noexcept { return status_; }
    const char *message() const noexcept { return error_ ? xq_error_message(error_.get()) : message_.c_str(); }
    int http_status() const noexcept { return xq_error_http_status(error_.get()); }
    bool can_retry() const noexcept { return xq_error_can_retry(error_.get()) != 0; }
    /* A call that makes something is safe to make again after not_sent and refused. */
    xq::outcome outcome() const noexcept { return static_cast<xq::outcome>(xq_error_outcome(error_.get())); }
    /* The number of the request among those of its handle, as in the log; 0 where there was none. */
    std::uint64_t request() const noexcept { return xq_error_request(error_.get()); }
    /* The function whose request failed, such as "xq_get_packet", as in the log; "" where there was none. */
    const char *operation() const noexcept { return xq_error_operation(error_.get()); }
    /* Seconds, -1 where the service does not say. */
    std::int64_t retry_after() const noexcept { return xq_error_retry_after(error_.get()); }
    /* NULL where there is none; it holds keys. */
    const char *reply() const noexcept { return xq_error_reply(error_.get()); }

private:
    xq_status_t status_;
    std::string message_;
    std::shared_ptr<xq_error_t> error_;
};

#ifndef XQ_NO_EXCEPTIONS
/* A failure as an exception. */
class error : public std::runtime_error {
public:
    explicit error(failure why) : std::runtime_error(why.message()), why_(std::move(why)) {}

    const failure &why() const noexcept { return why_; }
    xq_status_t status() const noexcept { return why_.status(); }
    int http_status() const noexcept { return why_.http_status(); }
    bool can_retry() const noexcept { return why_.can_retry(); }
    xq::outcome outcome() const noexcept { return why_.outcome(); }
    std::uint64_t request() const noexcept { return why_.request(); }
    const char *operation() const noexcept { return why_.operation(); }

private:
    failure why_;
};
#endif

/* A value, or why there is none. */
template <class T>
class [[nodiscard]] result {
public:
    result(T value) : either_(std::in_place_index<0>, std::move(value)) {}
    result(failure why) : either_(std::in_place_index<1>, std::move(why)) {}

    bool ok() const noexcept { return either_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

#ifndef XQ_NO_EXCEPTIONS
    /* The value; throws xq::error where there is none. */
    T value() && { return ok() ? std::get<0>(std::move(either_)) : throw xq::error(std::get<1>(either_)); }
    T &value() & { return ok() ? std::get<0>(either_) : throw xq::error(std::get<1>(either_)); }
    operator T() && { return std::move(*this).value(); }
#endif

    /* The value that ok() has told of. */
    T &operator*() noexcept { return *std::get_if<0>(&either_); }
    T *operator->() noexcept { return std::get_if<0>(&either_); }

    /* The failure that ok() has told of. */
    const failure &error() const noexcept { return *std::get_if<1>(&either_); }

private:
    std::variant<T, failure> either_;
};

/* Success, or why not. */
template <>
class [[nodiscard]] result<void> {
public:
    result() = default;
    result(failure why) : why_(std::move(why)) {}

    bool ok() const noexcept { return !why_; }
    explicit operator bool() const noexcept { return ok(); }
#ifndef XQ_NO_EXCEPTIONS
    /* Throws xq::error where it failed. */
    void value() const {
        if (why_) throw xq::error(*why_);
    }
#endif
    const failure &error() const noexcept { return *why_; }

private:
    std::optional<failure> why_;
};

/* What the C library frees. */
template <class T, void (*Free)(T *)>
struct deleter {
    void operator()(T *pointer) const noexcept { Free(pointer); }
};
template <class T, void (*Free)(T *)>
using owned = std::unique_ptr<T, deleter<T, Free>>;

/* A text that came out of a call: wiped when it is destroyed. */
class string {
public:
    string() = default;
    explicit string(char *text) noexcept : text_(text) {}

    const char *c_str() const noexcept { return text_ ? text_.get() : ""; }
    std::string_view view() const noexcept { return c_str(); }
    operator std::string_view() const noexcept { return view(); }
    bool empty() const noexcept { return view().empty(); }

private:
    owned<char, xq_string_free> text_;
};

/* Texts that came out of one call, in the order of its inputs. */
class list {
public:
    explicit list(xq_list_t *list) noexcept : list_(list) {}

    std::size_t size() const noexcept { return list_ ? list_->count : 0; }
    /* The items, NULL where the service gave nothing. */
    const char *const *begin() const noexcept { return list_ ? list_->items : nullptr; }
    const char *const *end() const noexcept { return list_ ? list_->items + list_->count : nullptr; }
#ifndef XQ_NO_EXCEPTIONS
    /* No text where the service gave nothing. */
    std::optional<std::string_view> operator[](std::size_t index) const {
        if (index >= size()) throw std::out_of_range("xq::list: there is no such item");
        const char *item = list_->items[index];
        return item ? std::optional<std::string_view>(item) : std::nullopt;
    }
#endif
    /* The reply as it came, JSON; it holds keys. */
    std::string_view reply() const noexcept { return list_ ? list_->reply : ""; }

private:
    owned<xq_list_t, xq_list_free> list_;
};

/* Who is signed in. */
class subscriber {
public:
    explicit subscriber(xq_subscriber_t *subscriber) noexcept : subscriber_(subscriber) {}

    const xq_subscriber_t *operator->() const noexcept { return subscriber_.get(); }

private:
    owned<xq_subscriber_t, xq_subscriber_free> subscriber_;
};

/* Rows that came out of one call, as xq.h describes each, and the service's reply. */
template <class Rows, class Row, void (*Free)(Rows *)>
class rows {
public:
    explicit rows(Rows *rows) noexcept : rows_(rows) {}

    std::size_t size() const noexcept { return rows_ ? rows_->count : 0; }
    const Row *begin() const noexcept { return rows_ ? rows_->rows : nullptr; }
    const Row *end() const noexcept { return rows_ ? rows_->rows + rows_->count : nullptr; }
#ifndef XQ_NO_EXCEPTIONS
    const Row &operator[](std::size_t index) const {
        if (index >= size()) throw std::out_of_range("xq::rows: there is no such row");
        return rows_->rows[index];
    }
#endif
    /* As it came: JSON. */
    std::string_view reply() const noexcept { return rows_ ? rows_->reply : ""; }

private:
    owned<Rows, Free> rows_;
};
using usergroups = rows<xq_usergroups_t, xq_usergroup_t, xq_usergroups_free>;
using contacts = rows<xq_contacts_t, xq_contact_t, xq_contacts_free>;
using businesses = rows<xq_businesses_t, xq_business_t, xq_businesses_free>;

/* A stored key as the dashboard shows it. */
class communication {
public:
    explicit communication(xq_communication_t *communication) noexcept : communication_(communication) {}

    const xq_communication_t *operator->() const noexcept { return communication_.get(); }

private:
    owned<xq_communication_t, xq_communication_free> communication_;
};

/* What a device signs in with: wiped when it is destroyed. */
class device_certificate {
public:
    explicit device_certificate(xq_device_certificate_t *certificate) noexcept : certificate_(certificate) {}

    const xq_device_certificate_t *operator->() const noexcept { return certificate_.get(); }

private:
    owned<xq_device_certificate_t, xq_device_certificate_free> certificate_;
};

/* As xq_new_contact_t. */
struct new_contact {
    std::string email;
    std::string first_name;
    std::string last_name;
    std::string title;
    int role = 2;
    int notifications = 0;
    std::optional<bool> overflow;
};

/* As xq_request_t. */
struct request {
    std::string method = "GET";
    xq_service_t service = XQ_SERVICE_SUBSCRIPTION;
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;
    std::optional<std::string> body;
    xq_token_t token = XQ_TOKEN_DEFAULT;
};

/* What came of signing up. */
struct signup {
    bool already_registered;
};

/* The HTTP status of a reply, and its text. */
struct reply {
    int http_status;
    string text;
};

/* What a subscriber wants to be sent; no value where the service does not tell, or nothing is to change. */
struct settings {
    std::optional<bool> newsletter;
    std::optional<int> notifications;
};

/* A token of a device, and why the device is not announced, if so: xq_announce_device() is then to be called again. */
struct device_token {
    string token;
    std::optional<failure> not_announced;
};

/* A token out of several. */
struct combined_token {
    string token;
    std::int64_t merged;
};

/* What a packet is for: a name, a number, or the default of the call. */
using packet_type = std::variant<std::monostate, std::string, int>;

/* As xq_packet_options_t. */
struct packet_options {
    packet_type type;
    std::int64_t expires_hours = 24;
    std::optional<std::string> subject;
    std::optional<std::vector<std::string>> labels;
    std::optional<std::string> meta;
};

/* As xq_packet_row_t. */
struct packet_row {
    std::string key;
    std::vector<std::string> recipients;
    packet_type type;
    std::int64_t expires = 1;
    std::string unit = "days";
    std::optional<std::string> title;
    std::optional<std::vector<std::string>> labels;
    std::optional<std::string> meta;
};

namespace detail {

/* A NUL-terminated copy of a text, wiped when it is destroyed; NULL for no text. */
class text {
public:
    text(std::string_view view) : copy_(view), given_(true) {}
    text(const char *view) : copy_(view ? view : ""), given_(view != nullptr) {}
    text(const std::string &view) : text(std::string_view(view)) {}
    text(const string &view) : text(view.view()) {}
    text(std::nullopt_t) : given_(false) {}
    text(const std::optional<std::string> &view) : copy_(view.value_or("")), given_(view.has_value()) {}
    text(const std::optional<std::string_view> &view) : copy_(view.value_or("")), given_(view.has_value()) {}
    text(const text &) = delete;
    text &operator=(const text &) = delete;
    text(text &&other) noexcept : copy_(other.copy_), given_(other.given_) {}
    ~text() {
        volatile char *bytes = copy_.data();
        for (std::size_t i = 0; i < copy_.size(); i++) bytes[i] = 0;
    }

    const char *get() const noexcept { return given_ ? copy_.c_str() : nullptr; }
    bool has_nul() const noexcept { return copy_.find('\0') != std::string::npos; }

private:
    std::string copy_;
    bool given_;
};

inline failure holds_nul() { return failure(XQ_INVALID_ARGUMENT, "a text holds a NUL character; expected none"); }

} // namespace detail

/* Texts that go in. */
class texts {
public:
    texts(std::initializer_list<std::string_view> items) : texts(items.begin(), items.end()) {}
    template <class Items, class = decltype(std::declval<const Items &>().begin())>
    texts(const Items &items) : texts(items.begin(), items.end()) {}

    const char *const *data() const noexcept { return pointers_.data(); }
    std::size_t size() const noexcept { return pointers_.size(); }
    bool has_nul() const noexcept {
        for (const auto &copy : copies_)
            if (copy.has_nul()) return true;
        return false;
    }

private:
    template <class Iterator>
    texts(Iterator begin, Iterator end) {
        /* Reserved, so that no copy moves and leaves its bytes behind. */
        copies_.reserve(static_cast<std::size_t>(std::distance(begin, end)));
        for (; begin != end; ++begin) copies_.emplace_back(std::string_view(*begin));
        for (const auto &copy : copies_) pointers_.push_back(copy.get());
    }

    std::vector<detail::text> copies_;
    std::vector<const char *> pointers_;
};

/* Bytes that came out of a call: wiped when they are destroyed. */
class bytes {
public:
    explicit bytes(xq_bytes_t *bytes) noexcept : bytes_(bytes) {}

    const std::uint8_t *data() const noexcept { return bytes_ ? bytes_->data : nullptr; }
    std::size_t size() const noexcept { return bytes_ ? bytes_->length : 0; }
    /* As text, zeros included. */
    std::string_view view() const noexcept {
        return size() ? std::string_view(reinterpret_cast<const char *>(data()), size()) : std::string_view();
    }

private:
    owned<xq_bytes_t, xq_bytes_free> bytes_;
};

/* Bytes that go in, which stay the caller's: of a text, or of what has data() and size() of bytes. */
class bytes_view {
public:
    bytes_view(const std::uint8_t *data, std::size_t size) noexcept : data_(data), size_(size) {}
    bytes_view(std::string_view text) noexcept
        : data_(reinterpret_cast<const std::uint8_t *>(text.data())), size_(text.size()) {}
    bytes_view(const char *text) noexcept : bytes_view(std::string_view(text)) {}
    bytes_view(const std::string &text) noexcept : bytes_view(std::string_view(text)) {}
    template <class Bytes, class = decltype(static_cast<const std::uint8_t *>(std::declval<const Bytes &>().data()))>
    bytes_view(const Bytes &bytes) noexcept : data_(bytes.data()), size_(bytes.size()) {}

    const std::uint8_t *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }

private:
    const std::uint8_t *data_;
    std::size_t size_;
};

/* As xq_seal_options_t. */
struct seal_options {
    xq_algorithm_t algorithm = XQ_ALGORITHM_DEFAULT;
    std::optional<std::string> key;
    std::optional<std::string> locator;
    std::optional<std::string> name;
    packet_options packet;
    bool overwrite = false;
    bool repeat_pad = false;
    /* Told bytes done and bytes in all of a file; false stops the work, and so does what it throws, which comes out of
     * the call. */
    std::function<bool(std::uint64_t, std::uint64_t)> progress;
};

/* Where an opened file is, and the name in it: somebody else's word, empty where there is none that is text. */
struct opened_file {
    string name;
    string path;
};

/* Keys that were made, and their locator tokens in the same order. */
struct stored_keys {
    list keys;
    list locators;
};

namespace detail {

inline std::optional<std::string> name_of(const packet_type &type) {
    const std::string *name = std::get_if<std::string>(&type);
    return name ? std::optional<std::string>(*name) : std::nullopt;
}

/* Options as C takes them, with what they point to. */
struct c_options {
    explicit c_options(const packet_options &from)
        : type(name_of(from.type)), subject(from.subject), meta(from.meta),
          labels(from.labels.value_or(std::vector<std::string>())) {
        options.type = type.get();
        if (const int *number = std::get_if<int>(&from.type)) options.type_number = *number;
        options.expires_hours = from.expires_hours;
        options.subject = subject.get();
        options.meta = meta.get();
        options.label_count = labels.size();
        /* An empty list is not no list. */
        static const char *const none[] = {nullptr};
        if (from.labels) options.labels = labels.size() ? labels.data() : none;
    }
    c_options(const c_options &) = delete;
    bool has_nul() const { return type.has_nul() || subject.has_nul() || meta.has_nul() || labels.has_nul(); }

    detail::text type, subject, meta;
    texts labels;
    xq_packet_options_t options = XQ_PACKET_OPTIONS_INIT;
};

/* Options of sealing as C takes them, with what they point to. */
struct c_seal_options {
    explicit c_seal_options(const seal_options &from)
        : key(from.key), locator(from.locator), name(from.name), packet(from.packet), progress(from.progress) {
        options.algorithm = from.algorithm;
        options.key = key.get();
        options.locator = locator.get();
        options.name = name.get();
        options.packet = &packet.options;
        options.overwrite = from.overwrite;
        options.repeat_pad = from.repeat_pad;
        options.progress_context = this;
        if (progress) options.progress = tell;
    }
    c_seal_options(const c_seal_options &) = delete;
    bool has_nul() const { return key.has_nul() || locator.has_nul() || name.has_nul() || packet.has_nul(); }
    /* What must not pass through C is thrown once C has returned. */
    void rethrow(xq_error_t *error) const {
#ifdef XQ_NO_EXCEPTIONS
        static_cast<void>(error);
#else
        if (!thrown) return;
        xq_error_free(error);
        std::rethrow_exception(thrown);
#endif
    }

    text key, locator, name;
    c_options packet;
    std::function<bool(std::uint64_t, std::uint64_t)> progress;
#ifndef XQ_NO_EXCEPTIONS
    std::exception_ptr thrown;
#endif
    xq_seal_options_t options = XQ_SEAL_OPTIONS_INIT;

private:
    static std::int32_t tell(void *context, std::uint64_t done, std::uint64_t total) noexcept {
        auto *self = static_cast<c_seal_options *>(context);
#ifdef XQ_NO_EXCEPTIONS
        return self->progress(done, total) ? 0 : 1;
#else
        try {
            return self->progress(done, total) ? 0 : 1;
        } catch (...) {
            self->thrown = std::current_exception();
            return 1;
        }
#endif
    }
};

/* The same from file to file; without a handle, under a key in hand. */
inline result<void> encrypt_file(xq_api_t *api, const text &input, const text &output, const texts &recipients,
                                 const seal_options &options) {
    c_seal_options with(options);
    if (input.has_nul() || output.has_nul() || recipients.has_nul() || with.has_nul()) return holds_nul();
    xq_error_t *error = nullptr;
    xq_status_t status = xq_encrypt_file(api, input.get(), output.get(), recipients.data(), recipients.size(),
                                         &with.options, &error);
    with.rethrow(error);
    if (status != XQ_OK) return failure(error);
    return {};
}
inline result<opened_file> decrypt_file(xq_api_t *api, const text &input, const text &output,
                                        const seal_options &options) {
    c_seal_options with(options);
    if (input.has_nul() || output.has_nul() || with.has_nul()) return holds_nul();
    char *name = nullptr, *path = nullptr;
    xq_error_t *error = nullptr;
    xq_status_t status = xq_decrypt_file(api, input.get(), output.get(), &with.options, &name, &path, &error);
    with.rethrow(error);
    if (status != XQ_OK) return failure(error);
    return opened_file{string(name), string(path)};
}

} // namespace detail

/* Settings, as in xq.h. */
class config {
public:
    config() : config_(xq_config_new()) {}

    result<void> read_environment() { return plain(xq_config_read_environment); }
    result<void> set_api_key(detail::text key) { return set(xq_config_set_api_key, key); }
    result<void> set_dashboard_api_key(detail::text key) { return set(xq_config_set_dashboard_api_key, key); }
    result<void> set_locator_key(detail::text key) { return set(xq_config_set_locator_key, key); }
    result<void> set_envelope(xq_envelope_t envelope) { return plain(xq_config_set_envelope, std::int32_t(envelope)); }
    result<void> set_base_uri(detail::text base) { return set(xq_config_set_base_uri, base); }
    result<void> set_service_url(xq_service_t service, detail::text url) {
        if (url.has_nul()) return detail::holds_nul();
        return plain(xq_config_set_service_url, std::int32_t(service), url.get());
    }
    result<void> set_allow_plain_http(bool allow) { return plain(xq_config_set_allow_plain_http, std::int32_t(allow)); }
    result<void> set_connect_timeout_ms(std::uint32_t ms) { return plain(xq_config_set_connect_timeout_ms, ms); }
    result<void> set_timeout_ms(std::uint32_t ms) { return plain(xq_config_set_timeout_ms, ms); }
    result<void> set_max_reply_bytes(std::size_t bytes) { return plain(xq_config_set_max_reply_bytes, bytes); }
    result<void> set_roots(xq_roots_t roots) { return plain(xq_config_set_roots, std::int32_t(roots)); }
    result<void> set_ca_file(detail::text path) { return set(xq_config_set_ca_file, path); }
    result<void> set_ca_memory(bytes_view pem) { return plain(xq_config_set_ca_memory, pem.data(), pem.size()); }
    result<void> set_proxy(detail::text url) { return set(xq_config_set_proxy, url); }
    result<void> set_user_agent_suffix(detail::text suffix) { return set(xq_config_set_user_agent_suffix, suffix); }
    result<void> set_transport(xq_transport_t transport, void *context) {
        return plain(xq_config_set_transport, transport, context);
    }

    const xq_config_t *get() const noexcept { return config_.get(); }

private:
    template <class Set, class... Arguments>
    result<void> plain(Set set, Arguments... arguments) {
        xq_error_t *error = nullptr;
        if (set(config_.get(), arguments..., &error) != XQ_OK) return failure(error);
        return {};
    }
    template <class Set>
    result<void> set(Set set, const detail::text &text) {
        if (text.has_nul()) return detail::holds_nul();
        return plain(set, text.get());
    }

    owned<xq_config_t, xq_config_free> config_;
};

/* A client. It moves and does not copy; one that was moved from answers every call with XQ_INVALID_ARGUMENT. */
class api {
public:
    static result<api> open(const config &config) {
        xq_api_t *made = nullptr;
        xq_error_t *error = nullptr;
        if (xq_api_new(config.get(), &made, &error) != XQ_OK) return failure(error);
        return api(made);
    }

    /* The handle, for the functions of xq.h. */
    xq_api_t *get() const noexcept { return api_.get(); }

    /* A client that shares tokens, connections and settings with this one, and is stopped by itself. It costs a microsecond:
     * one for each request that a server serves, say. Either may be destroyed first. */
    result<api> derive() { return derived(0); }
    /* The same with a time limit of its own for each call. Part of a millisecond counts as a whole one; what is left of a
     * deadline that has passed is refused. */
    template <class Number, class Period>
    result<api> derive(std::chrono::duration<Number, Period> limit) {
        using milliseconds = std::chrono::duration<double, std::milli>;
        const double wanted = milliseconds(limit).count();
        if (!(wanted > 0 && wanted <= double(UINT32_MAX)))
            return failure(XQ_INVALID_ARGUMENT, "a time limit is out of range; expected over 0 and up to 4294967295 ms");
        return derived(static_cast<std::uint32_t>(std::ceil(wanted)));
    }
    /* Ends what is under way on this client with XQ_CANCELED, and what begins later until resume(). From any thread. */
    result<void> cancel() { return done(xq_api_cancel); }
    result<void> resume() { return done(xq_api_resume); }

    /* Tokens. */
    result<string> access_token() { return text_of(xq_get_access_token); }
    result<void> set_access_token(detail::text token) { return done(xq_set_access_token, token); }
    result<string> dashboard_token() { return text_of(xq_get_dashboard_token); }
    result<void> set_dashboard_token(detail::text token) { return done(xq_set_dashboard_token, token); }
    result<void> forget_tokens() { return done(xq_forget_tokens); }
    result<void> set_logger(xq_logger_t logger, void *context) { return done(xq_set_logger, logger, context); }

    /* Sign-in. */
    result<string> validate_api_key() { return text_of(xq_validate_api_key); }
    result<string> authorize_user(detail::text user, detail::text first_name = std::nullopt,
                                  detail::text last_name = std::nullopt, bool newsletter = false,
                                  int notifications = 0) {
        return text_of(xq_authorize_user, user, first_name, last_name, std::int32_t(newsletter),
                       std::int32_t(notifications));
    }
    result<void> code_validate(detail::text pin) { return done(xq_code_validate, pin); }
    result<string> exchange_key(detail::text business = std::nullopt, bool selector = false) {
        return text_of(xq_exchange_key, business, std::int32_t(selector));
    }
    result<string> exchange_for_subscription_token() { return text_of(xq_exchange_for_subscription_token); }

    /* Devices. */
    result<string> authorize_alias(detail::text alias, detail::text first_name = std::nullopt,
                                   detail::text last_name = std::nullopt) {
        return text_of(xq_authorize_alias, alias, first_name, last_name);
    }
    result<device_token> authorize_device(detail::text device, detail::text business, bool roaming = true) {
        return device_of(xq_authorize_device, device, business, std::int32_t(roaming));
    }
    result<device_token> authorize_device_cert(std::int64_t id, detail::text certificate_path,
                                               detail::text transport_path, detail::text private_path,
                                               detail::text device = std::nullopt, bool announce = true) {
        return device_of(xq_authorize_device_cert, id, certificate_path, transport_path, private_path, device,
                         std::int32_t(announce));
    }
    result<device_token> authorize_device_cert_memory(std::int64_t id, detail::text certificate,
                                                      detail::text transport_key, detail::text private_key,
                                                      detail::text device = std::nullopt, bool announce = true) {
        return device_of(xq_authorize_device_cert_memory, id, certificate, transport_key, private_key, device,
                         std::int32_t(announce));
    }
    result<void> announce_device(detail::text device) { return done(xq_announce_device, device); }
    result<std::int64_t> server_time() { return number_of(xq_server_time); }

    /* Key packets. */
    result<string> create_packet(detail::text key, const texts &recipients, const packet_options &options = {}) {
        return packet_of(xq_create_packet, key, recipients, options);
    }
    result<string> create_and_store_packet(detail::text key, const texts &recipients,
                                           const packet_options &options = {}) {
        return packet_of(xq_create_and_store_packet, key, recipients, options);
    }
    result<xq::list> create_and_store_packets(const texts &keys, const texts &recipients,
                                          const packet_options &options = {}) {
        detail::c_options with(options);
        if (keys.has_nul() || recipients.has_nul() || with.has_nul()) return detail::holds_nul();
        xq_list_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_create_and_store_packets(get(), keys.data(), keys.size(), recipients.data(), recipients.size(),
                                        &with.options, &out, &error) != XQ_OK)
            return failure(error);
        return xq::list(out);
    }
    result<xq::list> create_and_store_packets_batch(const std::vector<packet_row> &rows) {
        std::list<c_row> held;
        std::vector<xq_packet_row_t> given;
        for (const auto &row : rows) {
            held.emplace_back(row);
            if (held.back().has_nul()) return detail::holds_nul();
            given.push_back(held.back().row);
        }
        xq_list_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_create_and_store_packets_batch(get(), given.data(), given.size(), &out, &error) != XQ_OK)
            return failure(error);
        return xq::list(out);
    }

    /* Stored keys. */
    result<string> add_packet(detail::text packet) { return text_of(xq_add_packet, packet); }
    result<string> get_packet(detail::text locator) { return text_of(xq_get_packet, locator); }
    result<xq::list> get_packets(const texts &locators) {
        if (locators.has_nul()) return detail::holds_nul();
        xq_list_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_get_packets(get(), locators.data(), locators.size(), &out, &error) != XQ_OK) return failure(error);
        return xq::list(out);
    }
    result<void> revoke_packet(detail::text locator) { return done(xq_revoke_packet, locator); }
    result<void> grant_users(detail::text locator, const texts &recipients) {
        if (recipients.has_nul()) return detail::holds_nul();
        return done(xq_grant_users, locator, recipients.data(), recipients.size());
    }
    result<void> revoke_users(detail::text locator, const texts &recipients) {
        if (recipients.has_nul()) return detail::holds_nul();
        return done(xq_revoke_users, locator, recipients.data(), recipients.size());
    }
    result<std::int64_t> packet_expiration(detail::text locator) { return number_of(xq_packet_expiration, locator); }

    /* Keys and sealing. */
    result<string> get_entropy(std::size_t bits) { return text_of(xq_get_entropy, bits); }
    result<string> generate_key(xq_algorithm_t algorithm = XQ_ALGORITHM_DEFAULT, std::size_t bits = 0) {
        return text_of(xq_generate_key, std::int32_t(algorithm), bits);
    }
    result<stored_keys> generate_multiple_keys_and_store_packets(std::size_t count, const texts &recipients,
                                                                 const packet_options &options = {},
                                                                 xq_algorithm_t algorithm = XQ_ALGORITHM_DEFAULT,
                                                                 std::size_t bits = 0) {
        detail::c_options with(options);
        if (recipients.has_nul() || with.has_nul()) return detail::holds_nul();
        xq_list_t *keys = nullptr, *locators = nullptr;
        xq_error_t *error = nullptr;
        if (xq_generate_multiple_keys_and_store_packets(get(), count, algorithm, bits, recipients.data(),
                                                        recipients.size(), &with.options, &keys, &locators,
                                                        &error) != XQ_OK)
            return failure(error);
        return stored_keys{xq::list(keys), xq::list(locators)};
    }
    /* The rows' own keys are not looked at. */
    result<stored_keys> generate_multiple_keys_and_store_packets_database(
        const std::vector<packet_row> &rows, xq_algorithm_t algorithm = XQ_ALGORITHM_DEFAULT, std::size_t bits = 0) {
        std::list<c_row> held;
        std::vector<xq_packet_row_t> given;
        for (const auto &row : rows) {
            held.emplace_back(row);
            if (held.back().has_nul()) return detail::holds_nul();
            given.push_back(held.back().row);
        }
        xq_list_t *keys = nullptr, *locators = nullptr;
        xq_error_t *error = nullptr;
        if (xq_generate_multiple_keys_and_store_packets_database(get(), given.data(), given.size(), algorithm, bits,
                                                                 &keys, &locators, &error) != XQ_OK)
            return failure(error);
        return stored_keys{xq::list(keys), xq::list(locators)};
    }
    result<bytes> encrypt_auto(bytes_view data, const texts &recipients, const seal_options &options = {}) {
        detail::c_seal_options with(options);
        if (recipients.has_nul() || with.has_nul()) return detail::holds_nul();
        xq_bytes_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_encrypt_auto(get(), data.data(), data.size(), recipients.data(), recipients.size(), &with.options, &out,
                            &error) != XQ_OK)
            return failure(error);
        return bytes(out);
    }
    result<bytes> decrypt_auto(bytes_view sealed, const seal_options &options = {}) {
        detail::c_seal_options with(options);
        if (with.has_nul()) return detail::holds_nul();
        xq_bytes_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_decrypt_auto(get(), sealed.data(), sealed.size(), &with.options, &out, &error) != XQ_OK)
            return failure(error);
        return bytes(out);
    }
    result<void> encrypt_file(detail::text input, detail::text output, const texts &recipients,
                              const seal_options &options = {}) {
        return detail::encrypt_file(get(), input, output, recipients, options);
    }
    result<opened_file> decrypt_file(detail::text input, detail::text output, const seal_options &options = {}) {
        return detail::decrypt_file(get(), input, output, options);
    }

    /* The account. */
    result<void> deauthorize() { return done(xq_deauthorize); }
    result<subscriber> get_subscriber() {
        xq_subscriber_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_get_subscriber(get(), &out, &error) != XQ_OK) return failure(error);
        return subscriber(out);
    }
    /* This cannot be undone. */
    result<void> delete_subscriber() { return done(xq_delete_subscriber); }
    result<settings> get_settings() {
        std::int32_t newsletter = -1, notifications = -1;
        xq_error_t *error = nullptr;
        if (xq_get_settings(get(), &newsletter, &notifications, &error) != XQ_OK) return failure(error);
        settings told;
        if (newsletter >= 0) told.newsletter = newsletter != 0;
        if (notifications >= 0) told.notifications = notifications;
        return told;
    }
    result<void> update_settings(const settings &wanted) {
        return done(xq_update_settings, std::int32_t(wanted.newsletter ? *wanted.newsletter : -1),
                    std::int32_t(wanted.notifications.value_or(-1)));
    }
    result<string> authorize_delegate() { return text_of(xq_authorize_delegate); }
    result<combined_token> combine_authorizations(const texts &tokens) {
        if (tokens.has_nul()) return detail::holds_nul();
        char *out = nullptr;
        std::int64_t merged = 0;
        xq_error_t *error = nullptr;
        if (xq_combine_authorizations(get(), tokens.data(), tokens.size(), &out, &merged, &error) != XQ_OK)
            return failure(error);
        return combined_token{string(out), merged};
    }

    /* The dashboard: signing in. */
    result<signup> dashboard_signup(detail::text email, detail::text password = std::nullopt, bool opt_in = false) {
        if (email.has_nul() || password.has_nul()) return detail::holds_nul();
        std::int32_t already = 0;
        xq_error_t *error = nullptr;
        if (xq_dashboard_signup(get(), email.get(), password.get(), opt_in, &already, &error) != XQ_OK)
            return failure(error);
        return signup{already != 0};
    }
    result<void> send_login_link(detail::text email, detail::text host = std::nullopt) {
        return done(xq_send_login_link, email, host);
    }
    result<string> dashboard_login(detail::text email, detail::text password, detail::text workspace = std::nullopt) {
        return text_of(xq_dashboard_login, email, password, static_cast<const char *>(nullptr), workspace);
    }
    /* With the code of a login link, or the whole link. */
    result<string> dashboard_login_with_code(detail::text code, detail::text workspace = std::nullopt) {
        const char *none = nullptr;
        return text_of(xq_dashboard_login, none, none, code, workspace);
    }
    result<string> login_verify() { return text_of(xq_login_verify); }
    result<void> validate_access_token() { return done(xq_validate_access_token); }
    result<string> exchange_for_dashboard_token(detail::text business = std::nullopt) {
        return text_of(xq_exchange_for_dashboard_token, business);
    }

    /* User groups. */
    result<usergroups> create_usergroup(detail::text name, const texts &members) {
        if (members.has_nul()) return detail::holds_nul();
        return rows_of<usergroups, xq_usergroups_t>(xq_create_usergroup, name, members.data(), members.size());
    }
    result<usergroups> get_usergroups() { return get_usergroup_by(0, std::nullopt); }
    result<usergroups> get_usergroup(std::int64_t id) {
        if (id == 0) return failure(XQ_INVALID_ARGUMENT, "the group's id is 0; expected 1 or more");
        return get_usergroup_by(id, std::nullopt);
    }
    result<usergroups> get_usergroup(detail::text name) {
        if (!name.get()) return failure(XQ_INVALID_ARGUMENT, "there is no name; expected that of a group");
        return get_usergroup_by(0, std::move(name));
    }
    result<void> rename_usergroup(std::int64_t id, detail::text name) {
        return done(xq_update_usergroup, id, name, static_cast<const char *const *>(nullptr), std::size_t(0));
    }
    /* The members in place of those that there were; no name: it stays. */
    result<void> update_usergroup(std::int64_t id, const texts &members, detail::text name = std::nullopt) {
        if (members.has_nul()) return detail::holds_nul();
        /* An empty list is not no list. */
        static const char *const none[] = {nullptr};
        return done(xq_update_usergroup, id, name, members.size() ? members.data() : none, members.size());
    }
    result<void> add_usergroup_members(std::int64_t id, const texts &members) {
        if (members.has_nul()) return detail::holds_nul();
        return done(xq_add_usergroup_members, id, members.data(), members.size());
    }
    result<void> remove_usergroup_members(std::int64_t id, const texts &members) {
        if (members.has_nul()) return detail::holds_nul();
        return done(xq_remove_usergroup_members, id, members.data(), members.size());
    }
    result<void> delete_usergroup(std::int64_t id) { return done(xq_delete_usergroup, id); }

    /* Contacts. */
    result<std::int64_t> add_contact(const new_contact &contact) {
        const detail::text email(contact.email), first_name(contact.first_name), last_name(contact.last_name),
            title(contact.title);
        if (email.has_nul() || first_name.has_nul() || last_name.has_nul() || title.has_nul())
            return detail::holds_nul();
        xq_new_contact_t given = XQ_NEW_CONTACT_INIT;
        given.email = email.get();
        given.first_name = first_name.get();
        given.last_name = last_name.get();
        given.title = title.get();
        given.role = contact.role;
        given.notifications = contact.notifications;
        if (contact.overflow) given.overflow = *contact.overflow;
        const xq_new_contact_t *pointer = &given;
        return number_of(xq_add_contact, pointer);
    }
    result<contacts> get_contacts(int role = 0, detail::text filter = std::nullopt, std::int64_t limit = 0,
                                  std::int64_t page = 0) {
        return rows_of<contacts, xq_contacts_t>(xq_get_contacts, std::int32_t(role), filter, limit, page);
    }
    result<void> disable_contact(std::int64_t id) { return done(xq_disable_contact, id); }
    result<void> remove_contact(std::int64_t id) { return done(xq_remove_contact, id); }

    /* Communications, businesses, certificates. */
    result<communication> get_communication_by_locator_token(detail::text locator) {
        return rows_of<communication, xq_communication_t>(xq_get_communication_by_locator_token, locator);
    }
    result<void> add_labels_to_locator_token(detail::text locator, const texts &labels) {
        if (labels.has_nul()) return detail::holds_nul();
        return done(xq_add_labels_to_locator_token, locator, labels.data(), labels.size());
    }
    result<businesses> get_businesses() { return rows_of<businesses, xq_businesses_t>(xq_get_businesses); }
    /* One row. */
    result<businesses> get_business_info() { return rows_of<businesses, xq_businesses_t>(xq_get_business_info); }
    result<string> switch_business(std::int64_t id) { return text_of(xq_switch_business, id); }
    result<device_certificate> generate_device_certificate(detail::text tag, detail::text folder = std::nullopt) {
        return rows_of<device_certificate, xq_device_certificate_t>(xq_generate_device_certificate, tag, folder);
    }

    /* Any other call. */
    result<reply> request(const xq::request &what) {
        std::vector<std::string> names, values;
        for (const auto &pair : what.query) {
            names.push_back(pair.first);
            values.push_back(pair.second);
        }
        const detail::text method(what.method), path(what.path), body(what.body);
        const texts query_names(names), query_values(values);
        if (method.has_nul() || path.has_nul() || body.has_nul() || query_names.has_nul() || query_values.has_nul())
            return detail::holds_nul();
        xq_request_t given = XQ_REQUEST_INIT;
        given.method = method.get();
        given.service = what.service;
        given.path = path.get();
        given.query_names = query_names.data();
        given.query_values = query_values.data();
        given.query_count = query_names.size();
        given.body = body.get();
        given.token = what.token;
        std::int32_t status = 0;
        char *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_request(get(), &given, &status, &out, &error) != XQ_OK) return failure(error);
        return reply{status, string(out)};
    }
    /* Seconds since 1970; no value where the token does not tell. */
    result<std::optional<std::int64_t>> token_expiration(xq_token_t token = XQ_TOKEN_ACCESS) {
        auto seconds = number_of(xq_token_expiration, std::int32_t(token));
        if (!seconds) return seconds.error();
        return *seconds < 0 ? std::nullopt : std::optional<std::int64_t>(*seconds);
    }

private:
    explicit api(xq_api_t *made) : api_(made) {}

    result<api> derived(std::uint32_t limit_ms) {
        xq_api_t *made = nullptr;
        xq_error_t *error = nullptr;
        if (xq_api_derive(get(), limit_ms, &made, &error) != XQ_OK) return failure(error);
        return api(made);
    }

    /* Arguments as C takes them. */
    static const char *c(const detail::text &text) { return text.get(); }
    template <class T>
    static T c(const T &plain) {
        return plain;
    }
    static bool nul(const detail::text &text) { return text.has_nul(); }
    template <class T>
    static bool nul(const T &) {
        return false;
    }

    template <class Call, class... Arguments>
    result<void> done(Call call, const Arguments &...arguments) {
        if ((nul(arguments) || ...)) return detail::holds_nul();
        xq_error_t *error = nullptr;
        if (call(get(), c(arguments)..., &error) != XQ_OK) return failure(error);
        return {};
    }
    template <class Call, class... Arguments>
    result<string> text_of(Call call, const Arguments &...arguments) {
        if ((nul(arguments) || ...)) return detail::holds_nul();
        char *out = nullptr;
        xq_error_t *error = nullptr;
        if (call(get(), c(arguments)..., &out, &error) != XQ_OK) return failure(error);
        return string(out);
    }
    template <class Call, class... Arguments>
    result<std::int64_t> number_of(Call call, const Arguments &...arguments) {
        if ((nul(arguments) || ...)) return detail::holds_nul();
        std::int64_t out = 0;
        xq_error_t *error = nullptr;
        if (call(get(), c(arguments)..., &out, &error) != XQ_OK) return failure(error);
        return out;
    }
    template <class Rows, class Out, class Call, class... Arguments>
    result<Rows> rows_of(Call call, const Arguments &...arguments) {
        if ((nul(arguments) || ...)) return detail::holds_nul();
        Out *out = nullptr;
        xq_error_t *error = nullptr;
        if (call(get(), c(arguments)..., &out, &error) != XQ_OK) return failure(error);
        return Rows(out);
    }
    result<usergroups> get_usergroup_by(std::int64_t id, detail::text name) {
        return rows_of<usergroups, xq_usergroups_t>(xq_get_usergroup, id, name);
    }
    template <class Call, class... Arguments>
    result<device_token> device_of(Call call, const Arguments &...arguments) {
        if ((nul(arguments) || ...)) return detail::holds_nul();
        char *out = nullptr;
        xq_error_t *error = nullptr;
        xq_status_t status = call(get(), c(arguments)..., &out, &error);
        if (!out) return failure(error);
        device_token won{string(out), std::nullopt};
        if (status != XQ_OK) won.not_announced = failure(error);
        return won;
    }

    /* A row as C takes it, with what it points to. */
    struct c_row {
        explicit c_row(const packet_row &from)
            : key(from.key), type(detail::name_of(from.type)), unit(from.unit), title(from.title), meta(from.meta),
              recipients(from.recipients), labels(from.labels.value_or(std::vector<std::string>())) {
            row.key = key.get();
            row.recipients = recipients.data();
            row.recipient_count = recipients.size();
            row.type = type.get();
            if (const int *number = std::get_if<int>(&from.type)) row.type_number = *number;
            row.expires = from.expires;
            row.unit = unit.get();
            row.title = title.get();
            row.label_count = labels.size();
            static const char *const none[] = {nullptr};
            if (from.labels) row.labels = labels.size() ? labels.data() : none;
            row.meta = meta.get();
        }
        c_row(const c_row &) = delete;
        bool has_nul() const {
            return key.has_nul() || type.has_nul() || unit.has_nul() || title.has_nul() || meta.has_nul() ||
                   recipients.has_nul() || labels.has_nul();
        }

        detail::text key, type, unit, title, meta;
        texts recipients, labels;
        xq_packet_row_t row = XQ_PACKET_ROW_INIT;
    };

    template <class Call>
    result<string> packet_of(Call call, const detail::text &key, const texts &recipients,
                             const packet_options &options) {
        detail::c_options with(options);
        if (key.has_nul() || recipients.has_nul() || with.has_nul()) return detail::holds_nul();
        char *out = nullptr;
        xq_error_t *error = nullptr;
        if (call(get(), key.get(), recipients.data(), recipients.size(), &with.options, &out, &error) != XQ_OK)
            return failure(error);
        return string(out);
    }

    owned<xq_api_t, xq_api_free> api_;
};

/* Reads a text file, such as a key. */
inline result<string> load_file_content(detail::text path) {
    if (path.has_nul()) return detail::holds_nul();
    char *out = nullptr;
    xq_error_t *error = nullptr;
    if (xq_load_file_content(path.get(), &out, &error) != XQ_OK) return failure(error);
    return string(out);
}

/* Makes a key of the operating system's entropy alone. */
inline result<string> generate_key(xq_algorithm_t algorithm = XQ_ALGORITHM_DEFAULT, std::size_t bits = 0) {
    char *out = nullptr;
    xq_error_t *error = nullptr;
    if (xq_generate_key(nullptr, algorithm, bits, &out, &error) != XQ_OK) return failure(error);
    return string(out);
}

/* Messages and files under a key in hand; nothing is sent. */
inline result<bytes> encrypt_message(detail::text key, bytes_view data, detail::text locator = std::nullopt,
                                     const seal_options &options = {}) {
    detail::c_seal_options with(options);
    if (key.has_nul() || locator.has_nul() || with.has_nul()) return detail::holds_nul();
    xq_bytes_t *out = nullptr;
    xq_error_t *error = nullptr;
    if (xq_encrypt_message(key.get(), locator.get(), data.data(), data.size(), &with.options, &out, &error) != XQ_OK)
        return failure(error);
    return bytes(out);
}
inline result<bytes> decrypt_message(detail::text key, bytes_view sealed) {
    if (key.has_nul()) return detail::holds_nul();
    xq_bytes_t *out = nullptr;
    xq_error_t *error = nullptr;
    if (xq_decrypt_message(key.get(), sealed.data(), sealed.size(), &out, &error) != XQ_OK) return failure(error);
    return bytes(out);
}
/* The options need a key and its locator token. */
inline result<void> encrypt_file(detail::text input, detail::text output, const seal_options &options) {
    return detail::encrypt_file(nullptr, input, output, {}, options);
}
/* The options need a key. */
inline result<opened_file> decrypt_file(detail::text input, detail::text output, const seal_options &options) {
    return detail::decrypt_file(nullptr, input, output, options);
}
inline result<string> sealed_locator(bytes_view sealed) {
    char *out = nullptr;
    xq_error_t *error = nullptr;
    if (xq_sealed_locator(sealed.data(), sealed.size(), &out, &error) != XQ_OK) return failure(error);
    return string(out);
}

/* Seals a message or a file chunk by chunk. What comes out goes to a sink, a function of a bytes_view. */
class sealer {
public:
    static result<sealer> open(detail::text key, const seal_options &options = {}) {
        detail::c_seal_options with(options);
        if (key.has_nul() || with.has_nul()) return detail::holds_nul();
        xq_sealer_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_sealer_new(key.get(), &with.options, &out, &error) != XQ_OK) return failure(error);
        return sealer(out);
    }

    template <class Sink>
    result<void> update(bytes_view data, Sink &&sink) {
        std::uint8_t output[4096];
        for (std::size_t at = 0; at < data.size();) {
            std::size_t taken = 0, made = 0;
            xq_error_t *error = nullptr;
            if (xq_sealer_update(sealer_.get(), data.data() + at, data.size() - at, &taken, output, sizeof output,
                                 &made, &error) != XQ_OK)
                return failure(error);
            sink(bytes_view(output, made));
            at += taken;
        }
        return {};
    }
    template <class Sink>
    result<void> finish(Sink &&sink) {
        std::uint8_t output[XQ_STREAM_FRONT_BYTES];
        std::size_t made = 0;
        xq_error_t *error = nullptr;
        if (xq_sealer_finish(sealer_.get(), output, sizeof output, &made, &error) != XQ_OK) return failure(error);
        sink(bytes_view(output, made));
        return {};
    }

private:
    explicit sealer(xq_sealer_t *made) : sealer_(made) {}

    owned<xq_sealer_t, xq_sealer_free> sealer_;
};

/* Opens a message or a file chunk by chunk. Under GCM, what the sink gets is not to be believed before finish() has
 * worked. */
class opener {
public:
    /* Without a key, update() stops behind the locator token. */
    static result<opener> open(xq_form_t form, detail::text key = std::nullopt) {
        if (key.has_nul()) return detail::holds_nul();
        xq_opener_t *out = nullptr;
        xq_error_t *error = nullptr;
        if (xq_opener_new(form, key.get(), &out, &error) != XQ_OK) return failure(error);
        return opener(out);
    }

    /* Gives how much was taken in: less than all once a key is wanted. */
    template <class Sink>
    result<std::size_t> update(bytes_view sealed, Sink &&sink) {
        std::uint8_t output[4096];
        std::size_t at = 0;
        while (at < sealed.size() && !wants_key()) {
            std::size_t taken = 0, made = 0;
            xq_error_t *error = nullptr;
            if (xq_opener_update(opener_.get(), sealed.data() + at, sealed.size() - at, &taken, output, sizeof output,
                                 &made, &error) != XQ_OK)
                return failure(error);
            sink(bytes_view(output, made));
            at += taken;
        }
        return at;
    }
    template <class Sink>
    result<void> finish(Sink &&sink) {
        std::uint8_t output[XQ_STREAM_BYTES];
        std::size_t made = 0;
        xq_error_t *error = nullptr;
        if (xq_opener_finish(opener_.get(), output, sizeof output, &made, &error) != XQ_OK) return failure(error);
        sink(bytes_view(output, made));
        return {};
    }
    bool wants_key() const noexcept { return xq_opener_wants_key(opener_.get()) != 0; }
    /* Empty where there is none, or none has been seen yet. */
    std::string_view locator() const noexcept { return text_or_none(xq_opener_locator(opener_.get())); }
    std::string_view name() const noexcept { return text_or_none(xq_opener_name(opener_.get())); }
    result<void> set_key(detail::text key) {
        if (key.has_nul()) return detail::holds_nul();
        xq_error_t *error = nullptr;
        if (xq_opener_set_key(opener_.get(), key.get(), &error) != XQ_OK) return failure(error);
        return {};
    }

private:
    explicit opener(xq_opener_t *made) : opener_(made) {}
    static std::string_view text_or_none(const char *text) noexcept { return text ? text : ""; }

    owned<xq_opener_t, xq_opener_free> opener_;
};

#ifdef XQ_NO_EXCEPTIONS
} // namespace no_exceptions
#endif
} // namespace xq

#endif
