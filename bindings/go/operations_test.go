package xq_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"libxq.example/xq"
)

const joe = "joe@example.com"

func TestAPersonSignsIn(t *testing.T) {
	api := open(t, config())
	if answer := must(api.ValidateAPIKey())(t); !strings.Contains(answer, `"OK"`) {
		t.Fatal(answer)
	}
	person := xq.Person{FirstName: "Ann", LastName: "Dvořák", Newsletter: true, Notifications: xq.Tutorials}
	waiting := must(api.AuthorizeUser("ann@example.com", person))(t)
	same(t, must(api.GetAccessToken())(t), waiting)
	_, err := api.ExchangeKey("", false)
	fails(t, err, xq.ErrRejected, "")
	same(t, fails(t, api.CodeValidate("wrong"), xq.ErrUnauthorized, "").HTTPStatus, 401)
	check(t, api.CodeValidate(pin(t, "ann@example.com")))
	access := must(api.ExchangeKey("business", true))(t)
	same(t, must(api.GetAccessToken())(t), access)

	var subscribers []struct {
		User, FirstName, LastName string
		Newsletter                bool
		Notifications             xq.Notifications
	}
	admin(t, "GET", "subscribers", nil, &subscribers)
	for _, subscriber := range subscribers {
		if subscriber.User == "ann@example.com" {
			told := xq.Person{
				FirstName: subscriber.FirstName, LastName: subscriber.LastName,
				Newsletter: subscriber.Newsletter, Notifications: subscriber.Notifications,
			}
			same(t, told, person)
			return
		}
	}
	t.Fatal("nobody knows her")
}

func TestAnAliasSignsIn(t *testing.T) {
	api := open(t, config())
	same(t, must(api.AuthorizeAlias("sensor-7", "S", "7"))(t), must(api.GetAccessToken())(t))
}

func TestAServiceThatFails(t *testing.T) {
	api := open(t, config())
	fault(t, "subscription/apikey", status(503, ""))
	_, err := api.ValidateAPIKey()
	failure := fails(t, err, xq.ErrServer, "")
	same(t, failure.HTTPStatus, 503)
	same(t, failure.CanRetry, true)
	must(api.ValidateAPIKey())(t)
}

func TestAServiceThatIsLate(t *testing.T) {
	settings := config()
	settings.Timeout = 100 * time.Millisecond
	api := open(t, settings)
	fault(t, "subscription/apikey", "stall")
	_, err := api.ValidateAPIKey()
	fails(t, err, xq.ErrTimeout, "")
}

// lastDevice is the name of the device that was announced last, and how many were.
func lastDevice(t *testing.T) (string, int) {
	t.Helper()
	var devices []struct{ Afirst string }
	admin(t, "GET", "devices", nil, &devices)
	if len(devices) == 0 {
		return "", 0
	}
	return devices[len(devices)-1].Afirst, len(devices)
}

func TestADeviceOfATrustedRange(t *testing.T) {
	api := open(t, config())
	same(t, must(api.AuthorizeDevice("pump", "business", true))(t), must(api.GetAccessToken())(t))
	name, _ := lastDevice(t)
	same(t, name, "pump")
}

func TestTokenAndErrorComeTogether(t *testing.T) {
	api := open(t, config())
	fault(t, "dashboard/trusted/announce", status(503, ""))
	token, err := api.AuthorizeDevice("valve", "business", false)
	fails(t, err, xq.ErrServer, "")
	if token == "" || token != must(api.GetAccessToken())(t) || strings.Contains(fmt.Sprintf("%+v", err), token) {
		t.Fatal("the token is missing, is not the one held, or is printed")
	}
	check(t, api.AnnounceDevice("valve"))
	name, _ := lastDevice(t)
	same(t, name, "valve")

	fault(t, "subscription/authorize/trusted/business", status(503, ""))
	token, err = api.AuthorizeDevice("valve", "business", false)
	fails(t, err, xq.ErrServer, "")
	same(t, token, "")
}

func TestADeviceWithACertificate(t *testing.T) {
	api := open(t, config())
	id := must(strconv.ParseInt(emulator.environment["XQ_DEVICE_CERT_ID"], 10, 64))(t)
	file := func(name string) string { return filepath.Join(emulator.certificates, name) }
	paths := xq.Certificate{
		ID: id, Certificate: file("client.crt"), TransportKey: file("transport.key"), PrivateKey: file("client.key"),
	}
	same(t, must(api.AuthorizeDeviceCert(paths, "meter", true))(t), must(api.GetAccessToken())(t))
	name, count := lastDevice(t)
	same(t, name, "meter")

	texts := xq.Certificate{
		ID:           id,
		Certificate:  must(xq.LoadFileContent(paths.Certificate))(t),
		TransportKey: must(xq.LoadFileContent(paths.TransportKey))(t),
		PrivateKey:   must(xq.LoadFileContent(paths.PrivateKey))(t),
	}
	same(t, must(api.AuthorizeDeviceCertMemory(texts, "", false))(t), must(api.GetAccessToken())(t))
	_, after := lastDevice(t)
	same(t, after, count)

	paths.Certificate = "/nowhere/client.crt"
	_, err := api.AuthorizeDeviceCert(paths, "", false)
	fails(t, err, xq.ErrFile, "/nowhere/client.crt")
	texts.PrivateKey = "no key"
	_, err = api.AuthorizeDeviceCertMemory(texts, "", false)
	fails(t, err, xq.ErrCrypto, "key")
}

// key is what the emulator knows of a stored key.
type key struct {
	Locator    string
	Recipients []string
	Type       any
	Meta       map[string]any
}

func stored(t *testing.T, locator string) key {
	t.Helper()
	var keys []key
	admin(t, "GET", "keys", nil, &keys)
	for _, key := range keys {
		if key.Locator == locator {
			return key
		}
	}
	t.Fatalf("%s is not stored", locator)
	return key{}
}

func near(t *testing.T, got, want time.Duration) {
	t.Helper()
	if got > want || got < want-time.Hour {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestAPacketIsMadeAndStoredLater(t *testing.T) {
	jane, other := signedIn(t, "jane@example.com"), signedIn(t, joe)
	packet := must(jane.CreatePacket(".1key ✓", []string{joe}, &xq.PacketOptions{Type: xq.TypeNumber(0)}))(t)
	locator := must(jane.AddPacket(packet))(t)
	same(t, must(other.GetPacket(locator))(t), ".1key ✓")
	same(t, stored(t, locator).Type, 0.0)
}

func TestAPacketIsSharedAndTakenBack(t *testing.T) {
	jane, other := signedIn(t, "jane@example.com"), signedIn(t, joe)
	locator := must(jane.CreateAndStorePacket("key", []string{"ann@example.com"}, &xq.PacketOptions{
		Type: xq.TypeName("file"), ExpiresHours: 72, Subject: "subject", Labels: []string{"a", "b"},
	}))(t)
	same(t, stored(t, locator).Type, "file")
	same(t, stored(t, locator).Meta["subject"], "subject")
	same(t, stored(t, locator).Meta["labels"], []any{"a", "b"})
	near(t, must(jane.PacketExpiration(locator))(t), 72*time.Hour)

	_, err := other.GetPacket(locator)
	same(t, fails(t, err, xq.ErrRejected, "").HTTPStatus, 403)
	check(t, jane.GrantUsers(locator, []string{joe}))
	same(t, must(other.GetPacket(locator))(t), "key")
	check(t, jane.RevokeUsers(locator, []string{joe}))
	_, err = other.GetPacket(locator)
	fails(t, err, xq.ErrRejected, "")
	check(t, jane.RevokePacket(locator))
	_, err = jane.GetPacket(locator)
	same(t, fails(t, err, xq.ErrRejected, "revoked").HTTPStatus, 410)
}

func TestManyKeysAtOnce(t *testing.T) {
	jane, other := signedIn(t, "jane@example.com"), signedIn(t, joe)
	var keys []string
	for i := 0; i < 500; i++ {
		keys = append(keys, fmt.Sprintf("key %d", i))
	}
	locators := must(jane.CreateAndStorePackets(keys, []string{joe}, &xq.PacketOptions{Meta: "what they are"}))(t)
	same(t, stored(t, locators[7]).Meta["meta"], "what they are")
	want := map[string]string{}
	for i, locator := range locators {
		want[locator] = keys[i]
	}
	got := must(other.GetPackets(append(locators, strings.Repeat("A", 43))))(t)
	same(t, got, want)
}

func TestRows(t *testing.T) {
	jane, other := signedIn(t, "jane@example.com"), signedIn(t, joe)
	var rows []xq.PacketRow
	for i := 0; i < 100; i++ {
		rows = append(rows, xq.PacketRow{
			Key: fmt.Sprintf("key %d", i), Recipients: []string{joe, fmt.Sprintf("%d@example.com", i)},
			Title: fmt.Sprintf("row %d", i), Labels: []string{"x", strconv.Itoa(i)},
		})
	}
	rows[50] = xq.PacketRow{
		Key: "key 50", Recipients: []string{joe}, Type: xq.TypeNumber(9), Expires: 3, Unit: "hours", Meta: `{"size":5}`,
	}
	locators := must(jane.CreateAndStorePacketsBatch(rows))(t)
	keys := must(other.GetPackets(locators))(t)
	for i, locator := range locators {
		same(t, keys[locator], rows[i].Key)
	}
	same(t, stored(t, locators[42]).Recipients, []string{joe, "42@example.com"})
	same(t, stored(t, locators[42]).Meta["title"], "row 42")
	same(t, stored(t, locators[42]).Meta["labels"], []any{"x", "42"})
	same(t, stored(t, locators[50]).Type, 9.0)
	same(t, stored(t, locators[50]).Meta, map[string]any{"size": 5.0})
	near(t, must(jane.PacketExpiration(locators[50]))(t), 3*time.Hour)
}

func TestAReplyThatMakesNoSenseIsNotLost(t *testing.T) {
	jane := signedIn(t, "jane@example.com")
	fault(t, "subscription/packet/add", status(200, `{"tokens":[]}`))
	_, err := jane.CreateAndStorePackets([]string{"secret key"}, []string{joe}, nil)
	failure := fails(t, err, xq.ErrProtocol, "")
	same(t, failure.Reply(), `{"tokens":[]}`)
	for _, format := range []string{"%v", "%+v", "%#v"} {
		if text := fmt.Sprintf(format, *failure); strings.Contains(text, `"tokens"`) {
			t.Errorf("%s prints the reply: %s", format, text)
		}
	}
	_, err = jane.GetPacket("unknown")
	same(t, fails(t, err, xq.ErrRejected, "").Reply(), "")
}

func TestBadInputIsRefusedBeforeAnythingIsSent(t *testing.T) {
	jane := signedIn(t, "jane@example.com")
	for _, bad := range []struct {
		key        string
		recipients []string
		options    *xq.PacketOptions
		words      string
	}{
		{"", []string{joe}, nil, "key"},
		{"cut\x00off", []string{joe}, nil, "key holds a NUL"},
		{"\xff", []string{joe}, nil, "key is not UTF-8"},
		{"key", nil, nil, "recipient"},
		{"key", []string{joe, joe + "\x00.example.net"}, nil, `recipients\[1\] holds a NUL`},
		{"key", []string{joe}, &xq.PacketOptions{Type: xq.TypeNumber(-1)}, "type is -1"},
		{"key", []string{joe}, &xq.PacketOptions{ExpiresHours: -1}, "expires_hours|expiry|-1"},
		{"key", []string{joe}, &xq.PacketOptions{Labels: []string{"a\x00b"}}, `Labels\[0\] holds a NUL`},
		{"key", []string{joe}, &xq.PacketOptions{Meta: "meta"}, "meta"},
	} {
		_, err := jane.CreateAndStorePacket(bad.key, bad.recipients, bad.options)
		fails(t, err, xq.ErrInvalidArgument, bad.words)
	}
	_, err := jane.CreateAndStorePacketsBatch(nil)
	fails(t, err, xq.ErrInvalidArgument, "row")
	_, err = jane.CreateAndStorePacketsBatch([]xq.PacketRow{{Key: "a\x00b", Recipients: []string{joe}}})
	fails(t, err, xq.ErrInvalidArgument, `rows\[0\].Key holds a NUL`)
	_, err = jane.GetPackets(nil)
	fails(t, err, xq.ErrInvalidArgument, "locator")
}

func TestShareKeyProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "share_key")
	if output, err := exec.Command("go", "build", "-o", program, "./examples/share_key").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	example := exec.Command(program, "eve@example.com", joe, "team@group.local")
	example.Env = os.Environ()
	for name, value := range emulator.environment {
		example.Env = append(example.Env, name+"="+value)
	}
	input := must(example.StdinPipe())(t)
	output := &strings.Builder{}
	example.Stdout, example.Stderr = output, output
	check(t, example.Start())
	ended := make(chan error, 1)
	go func() { ended <- example.Wait() }()
	for pin(t, "eve@example.com") == "" {
		select {
		case err := <-ended:
			t.Fatalf("%v\n%s", err, output)
		case <-time.After(20 * time.Millisecond):
		}
	}
	must(fmt.Fprintln(input, pin(t, "eve@example.com")))(t)
	if err := <-ended; err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	_, locator, _ := strings.Cut(output.String(), "team@group.local: ")
	same(t, stored(t, strings.TrimSpace(locator)).Recipients, []string{joe, "team@group.local"})
}
