package xq_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"libxq.example/xq"
)

// stalled is an API whose service takes requests and never answers, and what tells of each of them.
func stalled(t *testing.T) (*xq.API, <-chan bool) {
	t.Helper()
	asked, over := make(chan bool, 100), make(chan bool)
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- true
		<-over
	}))
	t.Cleanup(func() {
		close(over)
		service.Close()
	})
	return open(t, xq.Config{APIKey: "key", SubscriptionURL: service.URL}), asked
}

// begin makes a call, which gives its error to a channel.
func begin(api *xq.API) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := api.ValidateAPIKey()
		done <- err
	}()
	return done
}

// soon is the error of a call that ends far before its limit of 30 seconds.
func soon(t *testing.T, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(5 * time.Second):
		t.Fatal("the call has not ended")
		return nil
	}
}

// goesOn tells that a call has not ended.
func goesOn(t *testing.T, done <-chan error) {
	t.Helper()
	select {
	case err := <-done:
		t.Fatal("the call has ended: ", err)
	case <-time.After(200 * time.Millisecond):
	}
}

func TestAContextThatIsCanceledEndsItsCallAlone(t *testing.T) {
	api, asked := stalled(t)
	ctx, cancel := context.WithCancel(context.Background())
	ends, stays := begin(api.WithContext(ctx)), begin(api)
	<-asked
	<-asked
	cancel()
	err := soon(t, ends)
	failure := fails(t, err, xq.ErrCanceled, "context canceled")
	if !errors.Is(err, context.Canceled) || !errors.Is(err, xq.ErrCanceled) || errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	same(t, failure.Outcome, xq.OutcomeUnknown)
	same(t, failure.Operation, "xq_validate_api_key")
	same(t, failure.Request, uint64(1))
	goesOn(t, stays)
	check(t, api.Cancel())
	err = soon(t, stays)
	fails(t, err, xq.ErrCanceled, "")
	if errors.Is(err, context.Canceled) {
		t.Fatal("no context has ended it")
	}
}

func TestADeadlineEndsACall(t *testing.T) {
	api, _ := stalled(t)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	err := soon(t, begin(api.WithContext(ctx)))
	fails(t, err, xq.ErrCanceled, "deadline exceeded")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}

func TestAContextThatHasEndedSendsNothing(t *testing.T) {
	api, asked := stalled(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := soon(t, begin(api.WithContext(ctx)))
	same(t, fails(t, err, xq.ErrCanceled, "").Outcome, xq.OutcomeNotSent)
	same(t, errors.Is(err, context.Canceled), true)
	same(t, len(asked), 0)
}

func TestAContextThatDoesNotEndChangesNothing(t *testing.T) {
	jane := signedIn(t, "jane@example.com")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, api := range []*xq.API{jane.WithContext(ctx), jane.WithContext(context.Background())} {
		locator := must(api.CreateAndStorePacket("key", []string{joe}, nil))(t)
		same(t, must(jane.GetPacket(locator))(t), "key")
		_, err := api.GetPacket("unknown")
		same(t, fails(t, err, xq.ErrRejected, "").Outcome, xq.OutcomeRefused)
	}
}

func TestAContextEndsAFile(t *testing.T) {
	jane := signedIn(t, "jane@example.com")
	directory := t.TempDir()
	path, sealed := filepath.Join(directory, "a"), filepath.Join(directory, "b")
	check(t, os.WriteFile(path, make([]byte, 10<<20), 0o600))
	ctx, cancel := context.WithCancel(context.Background())
	err := jane.WithContext(ctx).EncryptFile(path, sealed, []string{joe}, &xq.SealOptions{
		Progress: func(done, total uint64) bool {
			if done > 0 {
				cancel()
				time.Sleep(time.Millisecond)
			}
			return true
		},
	})
	same(t, errors.Is(err, context.Canceled), true)
	_, err = os.Stat(sealed)
	same(t, errors.Is(err, os.ErrNotExist), true)
}

func TestCancelEndsCallsUntilResume(t *testing.T) {
	api, asked := stalled(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	plain, within := begin(api), begin(api.WithContext(ctx))
	<-asked
	<-asked
	check(t, api.Cancel())
	for _, call := range []<-chan error{plain, within, begin(api), begin(api.WithContext(ctx))} {
		err := soon(t, call)
		fails(t, err, xq.ErrCanceled, "")
		same(t, errors.Is(err, context.Canceled), false)
	}
	same(t, len(asked), 0)
	check(t, api.Resume())
	plain, within = begin(api), begin(api.WithContext(ctx))
	<-asked
	<-asked
	// Close waits for both, which can be stopped all the same.
	closed := make(chan error, 1)
	go func() { closed <- api.Close() }()
	goesOn(t, closed)
	check(t, api.Cancel())
	fails(t, soon(t, plain), xq.ErrCanceled, "")
	fails(t, soon(t, within), xq.ErrCanceled, "")
	check(t, soon(t, closed))
	same(t, api.Cancel(), xq.ErrClosed)
	same(t, api.Resume(), xq.ErrClosed)
}

func TestADerivedAPIHasItsOwnLimitAndStop(t *testing.T) {
	api, asked := stalled(t)
	check(t, api.SetAccessToken("token"))
	hasty := must(api.Derive(time.Microsecond))(t)
	defer hasty.Close()
	same(t, must(hasty.GetAccessToken())(t), "token")
	failure := fails(t, soon(t, begin(hasty)), xq.ErrTimeout, "1 ms")
	same(t, failure.CanRetry, true)
	patient := must(api.Derive(0))(t)
	stays := begin(patient)
	<-asked
	check(t, api.Cancel())
	goesOn(t, stays)
	check(t, patient.Cancel())
	fails(t, soon(t, stays), xq.ErrCanceled, "")
	check(t, api.Close())
	same(t, must(patient.GetAccessToken())(t), "token")
	check(t, patient.Close())
	_, err := patient.Derive(0)
	same(t, err, xq.ErrClosed)
	for _, limit := range []time.Duration{-1, 50 * 24 * time.Hour} {
		_, err := api.Derive(limit)
		fails(t, err, xq.ErrInvalidArgument, "time limit is "+limit.String())
	}
}

func TestADerivedAPIKeepsItsContext(t *testing.T) {
	api, asked := stalled(t)
	ctx, cancel := context.WithCancel(context.Background())
	derived := must(api.WithContext(ctx).Derive(0))(t)
	defer derived.Close()
	call := begin(derived)
	<-asked
	cancel()
	same(t, errors.Is(soon(t, call), context.Canceled), true)
}

func TestContextsLeaveNothingBehind(t *testing.T) {
	closed := make(chan bool, 1)
	service := httptest.NewUnstartedServer(http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		_, _ = writer.Write([]byte("{}"))
	}))
	// The connection lives as long as a handle that has it.
	service.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- true
		}
	}
	service.Start()
	defer service.Close()
	api := open(t, xq.Config{APIKey: "key", SubscriptionURL: service.URL})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	must(api.WithContext(ctx).ValidateAPIKey())(t)
	before := runtime.NumGoroutine()
	for i := 0; i < 100; i++ {
		must(api.WithContext(ctx).ValidateAPIKey())(t)
	}
	// One that is just ending may still count.
	if after := runtime.NumGoroutine(); after > before+5 {
		t.Fatalf("%d goroutines, and %d before", after, before)
	}
	same(t, len(closed), 0)
	check(t, api.Close())
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
		t.Fatal("a handle is left")
	}
}
