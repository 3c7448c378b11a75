// Package xq is XQ from Go: the C library libxq through cgo.
//
// XQ is encryption as a service: a program signs a person or a device in, hands the service a secret key with a list of
// people, gets a locator token, and only those people get the key back.
//
//	api, err := xq.New(xq.Config{ReadEnvironment: true}) // XQ_API_KEY and friends
//	…
//	defer api.Close()
//	_, err = api.AuthorizeUser("jane@example.com", xq.Person{})
//	err = api.CodeValidate("004217") // the PIN from Jane's mail
//	_, err = api.ExchangeKey("", false)
//	locator, err := api.CreateAndStorePacket(key, []string{"joe@example.com"}, nil)
//
// What holds everywhere:
//
//   - A call that fails gives an *Error. errors.Is(err, ErrUnauthorized) asks for its status, errors.As for the rest.
//     Its text never holds a secret.
//   - An API may be used from any number of goroutines at once. Close waits for the calls under way.
//   - A call blocks until it has the reply, Config.Timeout passes or, with API.WithContext, the context ends.
//   - Where a text may be left out, "" leaves it out.
//   - What goes to libxq is wiped there and on the way. The strings that come out belong to Go, which does not wipe
//     them.
//   - xq.h tells more of each operation: API.GetPacket is xq_get_packet there, and so on.
//
// cgo asks pkg-config where libxq is installed; PKG_CONFIG_PATH names other places than the system's. The program then
// needs libxq.so when it starts, and may be told where that is:
//
//	PKG_CONFIG_PATH=/path/lib/pkgconfig go build -ldflags '-r /path/lib'
//
// With the build tag xq_static, libxq.a becomes part of the program:
//
//	go build -tags xq_static
package xq
