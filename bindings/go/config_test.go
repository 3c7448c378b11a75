package xq_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"libxq.example/xq"
)

func TestEverySettingIsTaken(t *testing.T) {
	settings := xq.Config{
		APIKey: "key", DashboardAPIKey: "key", LocatorKey: "klíč", Envelope: xq.EnvelopeCTR,
		BaseURI: "xq.example.com/v2/", QuantumURL: "http://quantum.example.com/v2", AllowPlainHTTP: true,
		ConnectTimeout: time.Nanosecond, Timeout: (1<<32 - 1) * time.Millisecond, MaxReplyBytes: 1,
		Proxy: "http://name:password@proxy.example.com:3128", UserAgentSuffix: "test/1",
	}
	open(t, settings)
	settings.CAFile = filepath.Join(t.TempDir(), "root.pem")
	check(t, os.WriteFile(settings.CAFile, []byte("no certificate"), 0o600))
	_, err := xq.New(settings)
	fails(t, err, xq.ErrConfiguration, "certificate")
	settings.CAFile, settings.CAPEM = "", []byte("no certificate")
	_, err = xq.New(settings)
	fails(t, err, xq.ErrConfiguration, "certificate")
	settings.CAPEM, settings.Roots = nil, xq.RootsNone
	_, err = xq.New(settings)
	fails(t, err, xq.ErrConfiguration, "XQ_ROOTS_NONE")
}

func TestWhatCannotBeRightIsRefused(t *testing.T) {
	for _, bad := range []struct {
		config xq.Config
		status xq.Status
		words  string
	}{
		{xq.Config{}, xq.ErrConfiguration, "no API key"},
		{xq.Config{APIKey: "two words"}, xq.ErrConfiguration, "API key"},
		{xq.Config{APIKey: "cut\x00off"}, xq.ErrInvalidArgument, "APIKey holds a NUL"},
		{xq.Config{APIKey: "key", DashboardAPIKey: "two words"}, xq.ErrConfiguration, "API key"},
		{xq.Config{APIKey: "key", LocatorKey: "\xff"}, xq.ErrInvalidArgument, "not UTF-8"},
		{xq.Config{APIKey: "key", Envelope: 4}, xq.ErrInvalidArgument, "envelope"},
		{xq.Config{APIKey: "key", BaseURI: "\x01"}, xq.ErrConfiguration, "base"},
		{xq.Config{APIKey: "key", SubscriptionURL: "ftp://a"}, xq.ErrConfiguration, "subscription"},
		{xq.Config{APIKey: "key", ValidationURL: "ftp://a"}, xq.ErrConfiguration, "validation"},
		{xq.Config{APIKey: "key", DashboardURL: "ftp://a"}, xq.ErrConfiguration, "dashboard"},
		{xq.Config{APIKey: "key", QuantumURL: "ftp://a"}, xq.ErrConfiguration, "quantum"},
		{xq.Config{APIKey: "key", QuantumURL: "http://example.com"}, xq.ErrConfiguration, "plain"},
		{xq.Config{APIKey: "key", Timeout: -time.Second}, xq.ErrConfiguration, "Timeout is -1s"},
		{xq.Config{APIKey: "key", ConnectTimeout: 50 * 24 * time.Hour}, xq.ErrConfiguration, "ConnectTimeout is 1200h"},
		{xq.Config{APIKey: "key", MaxReplyBytes: -1}, xq.ErrConfiguration, "MaxReplyBytes is -1"},
		{xq.Config{APIKey: "key", CAFile: "/nowhere/root.pem"}, xq.ErrFile, "/nowhere/root.pem"},
		{xq.Config{APIKey: "key", Roots: 3}, xq.ErrInvalidArgument, "roots is 3"},
		{xq.Config{APIKey: "key", Proxy: "socks5://a"}, xq.ErrConfiguration, "proxy"},
		{xq.Config{APIKey: "key", UserAgentSuffix: "a\nb"}, xq.ErrConfiguration, "user.agent"},
	} {
		_, err := xq.New(bad.config)
		fails(t, err, bad.status, bad.words)
	}
}

func TestSettingsComeFromTheEnvironment(t *testing.T) {
	for name, value := range emulator.environment {
		t.Setenv(name, value)
	}
	must(open(t, xq.Config{ReadEnvironment: true}).ValidateAPIKey())(t)
	// A field comes after the environment.
	_, err := open(t, xq.Config{ReadEnvironment: true, APIKey: "another"}).ValidateAPIKey()
	fails(t, err, xq.ErrUnauthorized, "")
	t.Setenv("XQ_API_KEY", "two words")
	_, err = xq.New(xq.Config{ReadEnvironment: true})
	fails(t, err, xq.ErrConfiguration, "XQ_API_KEY")
}

func TestTokensAreKeptAndForgotten(t *testing.T) {
	api := open(t, xq.Config{APIKey: "key"})
	holds := func(access, dashboard string) {
		t.Helper()
		same(t, must(api.GetAccessToken())(t), access)
		same(t, must(api.GetDashboardToken())(t), dashboard)
	}
	holds("", "")
	check(t, api.SetAccessToken("access"))
	check(t, api.SetDashboardToken("dashboard"))
	fails(t, api.SetAccessToken("two words"), xq.ErrInvalidArgument, "token")
	holds("access", "dashboard")
	check(t, api.SetAccessToken(""))
	holds("", "dashboard")
	check(t, api.SetAccessToken("access"))
	check(t, api.SetDashboardToken(""))
	holds("access", "")
	check(t, api.SetDashboardToken("dashboard"))
	check(t, api.ForgetTokens())
	holds("", "")
	_, err := api.GetPacket("locator")
	same(t, fails(t, err, xq.ErrUnauthorized, "").HTTPStatus, 0)
}

func TestErrorsAreAskedTheUsualWay(t *testing.T) {
	_, err := xq.New(xq.Config{})
	err = fmt.Errorf("while opening: %w", err)
	var failure *xq.Error
	if !errors.As(err, &failure) || !errors.Is(err, xq.ErrConfiguration) || errors.Is(err, xq.ErrTimeout) {
		t.Fatal(err)
	}
	same(t, failure.Status.Name(), "XQ_CONFIGURATION")
	same(t, xq.ErrTimeout.Error(), "xq: a time limit passed")
	same(t, xq.Status(99).Name(), "unknown")
}

func TestFilesAreRead(t *testing.T) {
	directory := t.TempDir()
	path := filepath.Join(directory, "klíč")
	check(t, os.WriteFile(path, []byte("\ufefftext\n"), 0o600))
	same(t, must(xq.LoadFileContent(path))(t), "text\n")
	_, err := xq.LoadFileContent(directory)
	fails(t, err, xq.ErrFile, "is a directory")
	_, err = xq.LoadFileContent(path + "\x00.txt")
	fails(t, err, xq.ErrInvalidArgument, "path holds a NUL")
}

func TestSecretsAreNotPrinted(t *testing.T) {
	const secret = "s3cret"
	for _, value := range []any{
		xq.Config{APIKey: secret},
		&xq.Config{APIKey: secret},
		xq.Certificate{PrivateKey: secret},
		xq.PacketRow{Key: secret},
		[]xq.PacketRow{{Key: secret}},
	} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if text := fmt.Sprintf(format, value); strings.Contains(text, secret) {
				t.Errorf("%s of %T prints it: %s", format, value, text)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	if len(strings.Split(xq.Version(), ".")) != 3 {
		t.Fatal(xq.Version())
	}
	var major, minor, patch uint32
	if _, err := fmt.Sscanf(xq.Version(), "%d.%d.%d", &major, &minor, &patch); err != nil {
		t.Fatal(err)
	}
	if number := (major*1000+minor)*1000 + patch; xq.VersionNumber() != number {
		t.Fatal(xq.VersionNumber(), number)
	}
	if all := xq.FeatureSockets | xq.FeatureTLS | xq.FeatureFiles; xq.Features() != all {
		t.Fatal(xq.Features(), all)
	}
}
