package xq_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"libxq.example/xq"
)

func TestCloseWaitsForCallsUnderWay(t *testing.T) {
	asked, let := make(chan bool), make(chan bool)
	service := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		asked <- true
		<-let
		_, _ = writer.Write([]byte("{}"))
	}))
	defer service.Close()
	api, err := xq.New(xq.Config{APIKey: "key", SubscriptionURL: service.URL})
	check(t, err)

	answer := make(chan error, 1)
	go func() {
		_, err := api.ValidateAPIKey()
		answer <- err
	}()
	<-asked
	closed := make(chan error, 2)
	for i := 0; i < cap(closed); i++ {
		go func() { closed <- api.Close() }()
	}
	// A Close that does not wait would be over in this time.
	select {
	case <-closed:
		t.Fatal("Close has not waited")
	case <-time.After(500 * time.Millisecond):
	}
	let <- true
	check(t, <-answer)
	check(t, <-closed)
	check(t, <-closed)
}

func TestACallAfterCloseSaysSo(t *testing.T) {
	api := open(t, config())
	check(t, api.Close())
	check(t, api.Close())
	_, err := api.GetPacket("locator")
	same(t, err, xq.ErrClosed)
	_, err = api.GetPackets([]string{"locator"})
	same(t, err, xq.ErrClosed)
	_, err = api.PacketExpiration("locator")
	same(t, err, xq.ErrClosed)
	same(t, api.SetAccessToken("token"), xq.ErrClosed)
}

func TestCloseAmongCalls(t *testing.T) {
	api := open(t, config())
	done := every(200, func(i int) error {
		if i == 100 {
			return api.Close()
		}
		if _, err := api.ValidateAPIKey(); err != nil && !errors.Is(err, xq.ErrClosed) {
			return err
		}
		return nil
	})
	check(t, done)
}

func TestManyGoroutinesShareAnAPI(t *testing.T) {
	jane := signedIn(t, "jane@example.com")
	check(t, every(200, func(i int) error {
		want := fmt.Sprintf("key %d", i)
		locator, err := jane.CreateAndStorePacket(want, []string{joe}, nil)
		if err != nil {
			return err
		}
		got, err := jane.GetPacket(locator)
		if err == nil && got != want {
			return fmt.Errorf("got %s, want %s", got, want)
		}
		return err
	}))
}

func TestEachCallHasTheErrorOfItsOwn(t *testing.T) {
	jane := signedIn(t, "jane@example.com")
	check(t, every(200, func(i int) error {
		want, err := xq.ErrInvalidArgument, jane.SetAccessToken("two words")
		if i%2 == 0 {
			want = xq.ErrRejected
			_, err = jane.GetPacket("unknown")
		}
		if !errors.Is(err, want) {
			return fmt.Errorf("got %v, want %v", err, want)
		}
		return nil
	}))
}

func TestAnAPIThatIsForgottenIsFreed(t *testing.T) {
	service := httptest.NewUnstartedServer(http.HandlerFunc(func(writer http.ResponseWriter, _ *http.Request) {
		_, _ = writer.Write([]byte("{}"))
	}))
	freed := make(chan bool, 1)
	// Its connection ends when it is freed.
	service.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			freed <- true
		}
	}
	service.Start()
	defer service.Close()
	func() {
		api := must(xq.New(xq.Config{APIKey: "key", SubscriptionURL: service.URL}))(t)
		must(api.ValidateAPIKey())(t)
	}()
	for {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// every does a task so many times in as many goroutines; it gives an error, if there was one.
func every(count int, task func(int) error) error {
	var group sync.WaitGroup
	failures := make(chan error, count)
	for i := 0; i < count; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			failures <- task(i)
		}(i)
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}
