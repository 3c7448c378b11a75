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
//   - include/xq.h tells more of each operation: API.GetPacket is xq_get_packet there, and so on.
//
// cgo finds an installed libxq by itself where the system does; otherwise CGO_CFLAGS and CGO_LDFLAGS say where it is:
//
//	CGO_CFLAGS="-I/path/include" CGO_LDFLAGS="-L/path/lib -Wl,-rpath,/path/lib" go build
package xq
