package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

func hexMAC(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func slackHeader(body []byte) http.Header {
	return slackfake.Sign(canary("signing"), time.Now(), body)
}

// address is one that takes requests, with its places filled.
type address struct{ method, path string }

// addresses are all of the public server, those of the API by its own document.
func (a *attacked) addresses() []address {
	a.t.Helper()
	var all []address
	for _, pattern := range patterns(a.t) {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = "", pattern
		}
		all = append(all, address{method, path})
	}
	_, body, err := fetch(a.t.Context(), http.MethodGet, a.base+"/api/v1/openapi.json", authorised("/api/", nil), nil)
	if err != nil {
		a.t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &document); err != nil || len(document.Paths) < 5 {
		a.t.Fatalf("the API's document: %v\n%s", err, body)
	}
	for path, methods := range document.Paths {
		for method := range methods {
			all = append(all, address{strings.ToUpper(method), path})
		}
	}
	return all
}

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

func (a address) filled(with string) string {
	return wildcard.ReplaceAllLiteralString(strings.TrimSuffix(a.path, "{$}"), with)
}

// sends sends one request and returns what came back; 0 when the connection broke.
func (a *attacked) sends(client *http.Client, method, path string, header http.Header, body io.Reader) (int, string) {
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.base+"/", body)
	if err != nil {
		a.t.Error(err)
		return 0, ""
	}
	req.URL.Path, req.URL.RawQuery, _ = strings.Cut(path, "?")
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	all, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20)) // a broken answer is an answer
	return resp.StatusCode, string(all)
}

func client() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var anySignature = regexp.MustCompile(`[0-9a-f]{64}`)

// TestForgedRequestsLearnNothing sends badly signed requests: each is answered as the
// others are, and neither an answer nor the log has a signature that would be right.
func TestForgedRequestsLearnNothing(t *testing.T) {
	a, c, random := attack(t), client(), rand.New(rand.NewSource(3))
	answers := map[string]map[string]bool{}
	count := often(1_000, 1_000)
	for n := range count {
		path := []string{"/slack/commands", "/slack/interactions", "/slack/events", "/pagerduty/webhooks", "/alerts/sentry", "/alerts/generic"}[n%6]
		body := fmt.Appendf(nil, `{"n":%d,"payload":"%d"}`, n, random.Int())
		header := authorised(path, body)
		for name, values := range header {
			value := []byte(values[0])
			switch random.Intn(4) {
			case 0:
				delete(header, name)
			case 1:
				value[random.Intn(len(value))] ^= byte(1 + random.Intn(7))
				header[name] = []string{string(value)}
			case 2:
				header[name] = []string{string(value[:random.Intn(len(value))])}
			}
		}
		if strings.HasPrefix(path, "/slack/") || path == "/pagerduty/webhooks" || path == "/alerts/sentry" {
			body[1] ^= 1 // whatever the header says now, it is not of this
		} else {
			header.Set("Authorization", "Bearer "+canary("alert")+"x")
		}
		header.Set("Content-Type", "application/json")
		status, text := a.sends(c, http.MethodPost, path, header, bytes.NewReader(body))
		if status != http.StatusUnauthorized {
			t.Fatalf("%s %v: %d %s", path, header, status, text)
		}
		if answers[path] == nil {
			answers[path] = map[string]bool{}
		}
		if path == "/alerts/sentry" && header.Get("Sentry-Hook-Signature") == "" {
			continue // whoever does not sign is told of the token, in its own words
		}
		answers[path][text] = true
	}
	for path, texts := range answers {
		if len(texts) != 1 {
			t.Errorf("%s says different things: %v", path, texts)
		}
	}
	all := a.log.String() + fmt.Sprint(answers)
	if found := anySignature.FindString(all); found != "" || strings.Contains(all, "canary-") {
		t.Errorf("something is told: %s", found)
	}
	t.Logf("%d requests, seed 3", count)
}

// endless is a body that goes on for so many bytes, or until it is refused.
type endless struct {
	left, rest int             // rest is how much is left when it stops for a while; 0 for never
	goOn       <-chan struct{} // closed when it is to go on
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	if e.left == e.rest {
		<-e.goOn
		e.rest = 0
	}
	n := min(len(p), e.left-e.rest)
	for i := range p[:n] {
		p[i] = 'a'
	}
	e.left -= n
	return n, nil
}

// TestLargeBodiesAreRefusedAndCostLittle sends what is too large to every address
// that takes a body, and then to one of them many times at once, without a length.
func TestLargeBodiesAreRefusedAndCostLittle(t *testing.T) {
	a, c := attack(t), client()
	huge, tried := bytes.Repeat([]byte("a"), 1<<20+1), 0
	for _, one := range a.addresses() {
		if one.method != "" && one.method != http.MethodPost {
			continue
		}
		path := one.filled("INC-1")
		if path == "/api/v1/" || path == "/sign-out" { // nothing there, and nothing read there
			continue
		}
		header := authorised(path, huge)
		header.Set("Content-Type", "application/json")
		if one.method == http.MethodPost && strings.HasPrefix(path, "/incidents/") {
			header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		tried++
		if status, text := a.sends(c, http.MethodPost, path, header, bytes.NewReader(huge)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("POST %s: %d %.200s", path, status, text)
		}
	}
	if tried < 8 {
		t.Errorf("only %d addresses", tried)
	}
	senders, size := often(200, 100), often(100<<20, 4<<20)
	for range 3 { // so that what it keeps anyway is there before
		a.sends(c, http.MethodPost, "/slack/events", slackHeader(huge), bytes.NewReader(huge))
	}
	before := a.figure("process_resident_memory_bytes")
	var group sync.WaitGroup
	goOn := make(chan struct{})
	for n := range senders {
		group.Go(func() {
			own := client()
			defer own.CloseIdleConnections()
			path := []string{"/slack/events", "/pagerduty/webhooks"}[n%2]
			// The connection may be closed while it still sends: that is a refusal, too.
			if status, text := a.sends(own, http.MethodPost, path, http.Header{}, io.MultiReader(&endless{left: size, rest: size - 900<<10, goOn: goOn})); status != 0 && status != http.StatusRequestEntityTooLarge && status < 400 {
				t.Errorf("%s: %d %s", path, status, text)
			}
		})
	}
	// They stop just before each is too large, and hold what is read of them.
	most, same := before, 0
	for same < 100 {
		now := a.figure("process_resident_memory_bytes")
		if same++; now > most+1<<20 {
			same = 0
		}
		most = max(most, now)
	}
	close(goOn)
	group.Wait()
	most = max(most, a.figure("process_resident_memory_bytes"))
	// Each connection has its buffers and 16 KiB of its body, and four bodies are read at a time, each into room
	// that doubles as it comes: some 20 MiB. Without turns each body is there: four times that, and more.
	allowed := 45.0 * (1 << 20)
	if withRaceDetector { // which multiplies what a program holds
		allowed = 200 << 20
	}
	if grown := most - before; grown > allowed {
		t.Errorf("memory grew by %.1f MiB", grown/(1<<20))
	}
	t.Logf("%d addresses; %d bodies of %d MiB at once: memory from %.1f to %.1f MiB", tried, senders, size>>20, before/(1<<20), most/(1<<20))
}

// TestSlowConnectionsHoldUpNobody opens connections that send a byte at a time, some
// of them in the middle of a body, and asks for an answer beside them.
func TestSlowConnectionsHoldUpNobody(t *testing.T) {
	a := attack(t)
	const sockets = 500
	host := strings.TrimPrefix(a.base, "http://")
	slow := make([]net.Conn, sockets)
	begin := func(n int) {
		conn, err := net.DialTimeout("tcp", host, 5*time.Second)
		if err != nil {
			t.Error(err)
			return
		}
		slow[n] = conn
		head := "GET /livez HTTP/1.1\r\nX-Slow: "
		if n%2 == 0 {
			head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
		}
		_, _ = io.WriteString(conn, head)
	}
	for n := range sockets {
		begin(n)
	}
	again := 0
	ctx, stop := context.WithTimeout(t.Context(), time.Duration(often(60, 3))*time.Second)
	defer stop()
	var sending sync.WaitGroup
	sending.Go(func() {
		tick := time.NewTicker(time.Duration(often(1000, 200)) * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			for n, conn := range slow {
				// It may have been closed by now, which is the point. Then it comes again.
				if _, err := io.WriteString(conn, "a"); err != nil {
					_ = conn.Close()
					begin(n)
					again++
				}
			}
		}
	})
	var took []time.Duration
	c := client()
	for ctx.Err() == nil {
		began := time.Now()
		if status, text := a.sends(c, http.MethodGet, "/livez", nil, nil); status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
		body := []byte("ssl_check=1")
		header := slackHeader(body)
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		if status, text := a.sends(c, http.MethodPost, "/slack/commands", header, bytes.NewReader(body)); status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
		took = append(took, time.Since(began)/2)
	}
	sending.Wait()
	for _, conn := range slow {
		_ = conn.Close()
	}
	slices.Sort(took)
	p99 := took[len(took)*99/100]
	if p99 > time.Second {
		t.Errorf("p99 of an answer is %s", p99)
	}
	chaos.Figure{
		Program: "slow connections (slow-loris), which come again when they are closed", Count: fmt.Sprintf("%d sockets for %d s, %d times closed and come again", sockets, often(60, 3), again),
		Result: fmt.Sprintf("%d answers to others meanwhile, p99 %s", len(took), p99.Round(100*time.Microsecond)),
	}.Show(t)
}
