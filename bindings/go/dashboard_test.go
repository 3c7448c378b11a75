package xq_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"libxq.example/xq"
)

// scripted is a service that says what it is told to say, and an API that holds both tokens.
type scripted struct {
	*xq.API
	t       *testing.T
	mutex   sync.Mutex
	replies []string
	// What came last: method, target, token and body.
	last string
}

func script(t *testing.T) *scripted {
	s := &scripted{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.last = fmt.Sprintf("%s %s %s %s", r.Method, r.RequestURI, r.Header.Get("Authorization"), body)
		reply := s.replies[0]
		s.replies = s.replies[1:]
		if reply == "" {
			w.WriteHeader(204)
		}
		_, _ = io.WriteString(w, reply)
	}))
	t.Cleanup(server.Close)
	url := server.URL + "/v2"
	s.API = open(t, xq.Config{
		APIKey: "key", SubscriptionURL: url, ValidationURL: url, DashboardURL: url, QuantumURL: url,
	})
	check(t, s.SetAccessToken("access"))
	check(t, s.SetDashboardToken("dashboard"))
	return s
}

// says is what the service answers next, one after the other.
func (s *scripted) says(replies ...string) *scripted {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.replies = replies
	return s
}

// sent is the last request.
func (s *scripted) sent() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.last
}

// went is what the last request was, under the dashboard's token.
func (s *scripted) went(request, body string) {
	s.t.Helper()
	same(s.t, s.sent(), request+" Bearer dashboard "+body)
}

func TestSigningInToTheDashboard(t *testing.T) {
	s := script(t)
	same(t, must(s.says("").DashboardSignup("j@b.c", "p", true))(t), false)
	same(t, s.sent(), `POST /v2/signup  {"email":"j@b.c","optIn":true,"pwd":"p"}`)
	check(t, s.says("").SendLoginLink("j@b.c", ""))
	same(t, s.sent(), `POST /v2/login/link  {"email":"j@b.c"}`)
	same(t, must(s.says("pre").DashboardLogin("j@b.c", "p", ""))(t), "pre")
	same(t, s.sent(), `POST /v2/login  {"email":"j@b.c","pwd":"p","method":0}`)
	same(t, must(s.says("full").LoginVerify())(t), "full")
	same(t, s.sent(), "GET /v2/login/verify?request=default Bearer pre ")
	check(t, s.says("").ValidateAccessToken())
	same(t, s.sent(), "GET /v2/session Bearer full ")
	same(t, must(s.DashboardLoginWithCode("https://x.y/?access_token=T&token=c", ""))(t), "T")
	same(t, must(s.says("other").ExchangeForDashboardToken("4"))(t), "other")
	same(t, s.sent(), "GET /v2/login/verify?request=sub&bid=4 Bearer access ")
	same(t, must(s.GetAccessToken())(t), "access")
	_, err := s.DashboardSignup("nobody", "", false)
	fails(t, err, xq.ErrInvalidArgument, "no address")
}

func TestGroups(t *testing.T) {
	s := script(t)
	group := must(s.says(`{"id":7}`).CreateUsergroup("g", []string{"a@b.c"}))(t)
	s.went("POST /v2/usergroup", `{"name":"g","members":["a@b.c"]}`)
	same(t, group, xq.Usergroup{ID: 7, Name: "g", BusinessID: -1, Members: []string{"a@b.c"}, Reply: `{"id":7}`})
	all := `{"groups":[{"id":7,"name":"g","bid":3},{}]}`
	groups := must(s.says(all).GetUsergroups())(t)
	same(t, groups.Reply, all)
	same(t, groups.Rows, []xq.Usergroup{{ID: 7, Name: "g", BusinessID: 3}, {ID: -1, BusinessID: -1}})
	one := `{"id":7,"members":["a@b.c",{"address":"d@e.f"}]}`
	same(t, must(s.says(one).GetUsergroup(7))(t),
		xq.Usergroup{ID: 7, BusinessID: -1, Members: []string{"a@b.c", "d@e.f"}, Reply: one})
	same(t, must(s.says(all, one).GetUsergroupNamed("g"))(t).ID, int64(7))
	s.went("GET /v2/usergroup/7", "")
	check(t, s.says("").UpdateUsergroup(7, "h", nil))
	s.went("PATCH /v2/usergroup/7", `{"name":"h"}`)
	check(t, s.says("").UpdateUsergroup(7, "", []string{}))
	s.went("PATCH /v2/usergroup/7", `{"members":[]}`)
	check(t, s.says(one, "").AddUsergroupMembers(7, []string{"A@b.c", "n@b.c"}))
	s.went("PATCH /v2/usergroup/7", `{"members":["a@b.c","d@e.f","n@b.c"]}`)
	check(t, s.says(one, "").RemoveUsergroupMembers(7, []string{"A@B.c"}))
	s.went("PATCH /v2/usergroup/7", `{"members":["d@e.f"]}`)
	check(t, s.says("").DeleteUsergroup(7))
	s.went("DELETE /v2/usergroup/7", "")
	_, err := s.says(all).GetUsergroupNamed("none")
	fails(t, err, xq.ErrRejected, "no group is named")
	_, err = s.GetUsergroup(0)
	fails(t, err, xq.ErrInvalidArgument, "the group's id is 0")
}

func TestContacts(t *testing.T) {
	s := script(t)
	yes := true
	contact := xq.NewContact{Email: "j@b.c", Role: xq.RoleDevice, Notifications: xq.Tutorials, Overflow: &yes}
	same(t, must(s.says(`{"id":5}`).AddContact(contact))(t), int64(5))
	s.went("POST /v2/contact", `{"email":"j@b.c","firstName":"","lastName":"","title":"","role":6,"notifications":2,"overflow":true}`)
	s.says(`{"contacts":[{"id":5,"email":"j@b.c","role":6,"status":2}]}`)
	found := must(s.GetContacts(xq.ContactFilter{Role: xq.RoleDevice, Filter: "j", Limit: 2, Page: 1}))(t)
	s.went("GET /v2/contact/all?role=6&filter=j&limit=2&page=1", "")
	same(t, found.Rows, []xq.Contact{{ID: 5, Email: "j@b.c", Role: xq.RoleDevice, Status: "2", BusinessID: -1}})
	check(t, s.says("").DisableContact(5))
	s.went("DELETE /v2/contact/5", "")
	check(t, s.says("").RemoveContact(5))
	s.went("DELETE /v2/contact/5?delete=true", "")
}

func TestBusinessesCommunicationsAndCertificates(t *testing.T) {
	s := script(t)
	same(t, must(s.says(`{"businesses":[{"id":4,"name":"Acme"}]}`).GetBusinesses())(t).Rows, []xq.Business{{ID: 4, Name: "Acme"}})
	same(t, must(s.says(`{"id":4}`).GetBusinessInfo())(t), xq.Business{ID: 4, Reply: `{"id":4}`})
	reply := `{"id":1,"locator_token":"L","labels":["a"]}`
	told := must(s.says(reply).GetCommunicationByLocatorToken("L"))(t)
	same(t, told, xq.Communication{ID: 1, Locator: "L", Labels: []string{"a"}, Reply: reply})
	check(t, s.says("").AddLabelsToLocatorToken("L", []string{"b"}))
	s.went("PATCH /v2/communication/L/labels", `{"labels":["b"]}`)
	folder := t.TempDir()
	s.says(`{"id":9,"transportKey":"tk","clientCert":"crt","clientKey":"key"}`)
	same(t, must(s.GenerateDeviceCertificate("t", folder))(t),
		xq.Certificate{ID: 9, Certificate: "crt", TransportKey: "tk", PrivateKey: "key"})
	same(t, string(must(os.ReadFile(filepath.Join(folder, "client.key")))(t)), "key")
	_, err := s.GenerateDeviceCertificate("t", folder)
	fails(t, err, xq.ErrFile, "exists already")
	same(t, must(s.says("switched").SwitchBusiness(4))(t), "switched")
	same(t, must(s.GetDashboardToken())(t), "switched")
}

func TestAnyRequestAndWhenATokenEnds(t *testing.T) {
	s := script(t)
	s.says("text")
	status, text, err := s.Request(xq.Request{Service: xq.Dashboard, Path: "a b", Query: [][2]string{{"c", "d&e"}}})
	check(t, err)
	same(t, fmt.Sprint(status, text), "200text")
	s.went("GET /v2/a%20b?c=d%26e", "")
	_, _, err = s.Request(xq.Request{Path: "../x"})
	fails(t, err, xq.ErrInvalidArgument, "the path")
	check(t, s.SetDashboardToken("e30.eyJleHAiOjE5MDAwMDAwMDB9.x"))
	same(t, must(s.TokenExpiration(xq.DashboardToken))(t), time.Unix(1900000000, 0))
	same(t, must(s.TokenExpiration(xq.AccessToken))(t), time.Time{})
}
