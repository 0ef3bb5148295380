package main

import (
	"strings"
	"testing"
)

func TestTheDoctorLooksAtThePages(t *testing.T) {
	key := strings.Repeat("k", 40)
	for _, one := range []struct {
		what, url, key string
		said, fix      string
		warn           bool
	}{
		{"nothing set", "", "", "no address is known", "ROLLCALL_PUBLIC_URL", true},
		{"links only", "https://r.example.org", "", "personal links only", "", false},
		{"both ways", "https://r.example.org", key, "a key of 40 characters", "", false},
		{"plain, links only", "http://r.example.org", "", "read along", "TLS", true},
		{"plain, with sessions", "http://r.example.org", key, "read along", "TLS", false},
		{"this machine alone", "http://127.0.0.1:8080", "", "personal links only", "", false},
	} {
		d := &doctor{c: Config{Server: ServerConfig{PublicURL: one.url}, SignIn: SignInConfig{SessionKey: NewSecret(one.key)}}}
		f := d.pages()
		if !strings.Contains(f.said, one.said) || !strings.Contains(f.fix, one.fix) || (f.fix == "") != (one.fix == "") || f.warn != one.warn {
			t.Errorf("%s: %+v", one.what, f)
		}
		if strings.Contains(f.said+f.fix, key) {
			t.Errorf("%s: tells the key", one.what)
		}
	}
}
