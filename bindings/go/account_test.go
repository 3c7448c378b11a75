package xq_test

import (
	"testing"
	"time"

	"libxq.example/xq"
)

func TestTheAccount(t *testing.T) {
	jane := signedIn(t, "jane.account@example.com")
	who := must(jane.GetSubscriber())(t)
	same(t, who.User, "jane.account@example.com")
	if !who.Ends.After(who.Starts) || who.ID < 0 || who.Reply == "" {
		t.Fatalf("%+v", who)
	}
	yes, reports := true, xq.UsageReports
	check(t, jane.UpdateSettings(xq.Settings{Newsletter: &yes, Notifications: &reports}))
	tutorials := xq.Tutorials
	check(t, jane.UpdateSettings(xq.Settings{Notifications: &tutorials}))
	same(t, must(jane.GetSettings())(t), xq.Settings{Newsletter: &yes, Notifications: &tutorials})
	fails(t, jane.UpdateSettings(xq.Settings{}), xq.ErrInvalidArgument, "nothing to change")

	delegate := must(jane.AuthorizeDelegate())(t)
	_, merged, err := jane.CombineAuthorizations([]string{must(jane.GetAccessToken())(t), delegate, "not-one"})
	check(t, err)
	same(t, merged, int64(2))
	if away := time.Since(must(jane.ServerTime())(t)); away > time.Minute || away < -time.Minute {
		t.Fatal(away)
	}

	check(t, jane.Deauthorize())
	_, err = jane.GetSubscriber()
	same(t, fails(t, err, xq.ErrUnauthorized, "sign in first").HTTPStatus, 0)
	other := signedIn(t, "joe.account@example.com")
	check(t, other.DeleteSubscriber())
	same(t, must(other.GetAccessToken())(t), "")
}

func TestADashboardTokenIsExchanged(t *testing.T) {
	var dashboard struct{ Token string }
	admin(t, "POST", "dashboard-tokens", map[string]string{"user": "jane@example.com"}, &dashboard)
	api := open(t, config())
	check(t, api.SetDashboardToken(dashboard.Token))
	same(t, must(api.ExchangeForSubscriptionToken())(t), must(api.GetAccessToken())(t))
}

func TestAServiceThatAsksToComeBack(t *testing.T) {
	api := open(t, config())
	fault(t, "subscription/apikey", map[string]any{
		"reply": map[string]any{"status": 429, "headers": map[string]string{"Retry-After": "7"}},
	})
	_, err := api.ValidateAPIKey()
	same(t, fails(t, err, xq.ErrRejected, "").RetryAfter, 7*time.Second)
}
