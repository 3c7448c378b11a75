package xq_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
	"time"

	"libxq.example/xq"
)

// emulator is a process that plays the XQ services while the tests run.
var emulator struct {
	process      *exec.Cmd
	environment  map[string]string
	certificates string
}

func TestMain(m *testing.M) {
	os.Exit(withEmulator(m.Run))
}

func withEmulator(run func() int) int {
	directory, err := os.MkdirTemp("", "xq-emulator")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(directory)
	file := filepath.Join(directory, "xq.env")
	emulator.certificates = filepath.Join(directory, "device")
	emulator.process = exec.Command(program(), "--env-file", file, "--device-cert", emulator.certificates)
	emulator.process.Stderr = os.Stderr
	if err := emulator.process.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "the emulator does not start; test.sh builds it:", err)
		return 1
	}
	ended := make(chan error, 1)
	go func() { ended <- emulator.process.Wait() }()
	defer func() {
		_ = emulator.process.Process.Signal(os.Interrupt)
		<-ended
	}()
	var text []byte
	for text, err = os.ReadFile(file); err != nil; text, err = os.ReadFile(file) {
		select {
		case err := <-ended:
			ended <- err
			fmt.Fprintln(os.Stderr, "the emulator has stopped:", err)
			return 1
		case <-time.After(50 * time.Millisecond):
		}
	}
	emulator.environment = map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^export (\w+)='(.*)'$`).FindAllStringSubmatch(string(text), -1) {
		emulator.environment[line[1]] = line[2]
	}
	return run()
}

// program is the emulator's path, as test.sh says, or where cargo puts it.
func program() string {
	if path := os.Getenv("XQ_EMULATOR"); path != "" {
		return path
	}
	return filepath.Join("..", "..", "target", "debug", "xq-emulator")
}

// admin asks the admin address; see tests/emulator/README.md.
func admin(t *testing.T, method, path string, body, reply any) {
	t.Helper()
	text, err := json.Marshal(body)
	check(t, err)
	request, err := http.NewRequest(method, emulator.environment["XQ_EMULATOR_ADMIN"]+"/"+path, bytes.NewReader(text))
	check(t, err)
	response, err := http.DefaultClient.Do(request)
	check(t, err)
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, path, response.Status)
	}
	if reply != nil {
		check(t, json.NewDecoder(response.Body).Decode(reply))
	}
}

// fault makes the next request to a call go wrong.
func fault(t *testing.T, on string, do any) {
	t.Helper()
	admin(t, "POST", "faults", map[string]any{"on": on, "do": do, "count": 1}, nil)
	t.Cleanup(func() { admin(t, "DELETE", "faults", nil, nil) })
}

func status(code int, body string) any {
	return map[string]any{"reply": map[string]any{"status": code, "body": body}}
}

// config is for the emulator, whatever the environment of the test says.
func config() xq.Config {
	return xq.Config{
		APIKey:          emulator.environment["XQ_API_KEY"],
		DashboardAPIKey: emulator.environment["XQ_DASHBOARD_API_KEY"],
		LocatorKey:      emulator.environment["XQ_LOCATOR_KEY"],
		SubscriptionURL: emulator.environment["XQ_SUBSCRIPTION_URL"],
		ValidationURL:   emulator.environment["XQ_VALIDATION_URL"],
		DashboardURL:    emulator.environment["XQ_DASHBOARD_URL"],
		QuantumURL:      emulator.environment["XQ_QUANTUM_URL"],
	}
}

func open(t *testing.T, config xq.Config) *xq.API {
	t.Helper()
	api, err := xq.New(config)
	check(t, err)
	t.Cleanup(func() { check(t, api.Close()) })
	return api
}

// pin is the one that was mailed to the user last.
func pin(t *testing.T, user string) string {
	t.Helper()
	var mail []struct{ Pin string }
	admin(t, "GET", "mail?user="+url.QueryEscape(user), nil, &mail)
	if len(mail) == 0 {
		return ""
	}
	return mail[len(mail)-1].Pin
}

func signedIn(t *testing.T, user string) *xq.API {
	t.Helper()
	api := open(t, config())
	must(api.AuthorizeUser(user, xq.Person{}))(t)
	check(t, api.CodeValidate(pin(t, user)))
	must(api.ExchangeKey("", false))(t)
	return api
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must is the result of a call that worked.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return value
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

// fails asks for an error of this status whose message has the words, and gives it.
func fails(t *testing.T, err error, want xq.Status, words string) *xq.Error {
	t.Helper()
	failure, ok := err.(*xq.Error)
	if !ok || failure.Status != want || !regexp.MustCompile(words).MatchString(failure.Message) {
		t.Fatalf("got %v, want %s with '%s'", err, want.Name(), words)
	}
	return failure
}
