package main

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/calls"
)

// errPlainHTTP is the answer to an address whose traffic others could read.
var errPlainHTTP = errors.New("must begin with https:// (http:// only on this machine)")

// webAddress reads an address that is safe to open or to send a token to: https, or http on this machine; no password.
func webAddress(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" || strings.ContainsAny(s, " \\") {
		return nil, errNotOne
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errNotOne
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errPlainHTTP
	case u.User != nil:
		return nil, errors.New("must not hold a user name or a password")
	}
	return u, nil
}

// isLoopback says whether a host is this machine.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// kindBaseURL is an address that paths are appended to; it is kept without a slash at the end.
func kindBaseURL(try string) kind[string] {
	return kind[string]{noun: "a web address", try: try, parse: func(s string) (string, error) {
		u, err := webAddress(s)
		if err != nil {
			return "", err
		}
		if u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
			return "", errors.New("must not hold ? or #")
		}
		return strings.TrimRight(s, "/"), nil
	}}
}

// kindPublicURL is where browsers find us: at the root of a host, since links and cookies are made for it.
var kindPublicURL = kind[string]{noun: "a web address", try: "https://rollcall.example.org", parse: func(s string) (string, error) {
	base, err := kindBaseURL("").parse(s)
	if err != nil {
		return "", err
	}
	if u, err := url.Parse(base); err != nil || u.Path != "" {
		return "", errors.New("must not hold a path")
	}
	return base, nil
}}

// kindSlackAPI is the address below which Slack's methods are; slack-go appends the method's name to it.
var kindSlackAPI = kind[string]{noun: "a web address", try: "https://slack.com/api/", parse: func(s string) (string, error) {
	if _, err := kindBaseURL("").parse(s); err != nil {
		return "", err
	}
	if !strings.HasSuffix(s, "/api/") {
		return "", errors.New("does not end in /api/")
	}
	return s, nil
}}

// kindDatabaseURL is where everything is kept. It is secret as a whole: a password may be anywhere in it.
//
//nolint:gosec // the example holds the word PASSWORD and none
var kindDatabaseURL = kindSecretOf(kind[string]{noun: "a database's address", try: "sqlite:rollcall.db or postgres://USER:PASSWORD@HOST/DATABASE", parse: func(s string) (string, error) {
	if file, ok := strings.CutPrefix(s, "sqlite:"); ok {
		if file == "" || strings.Contains(file, ":memory:") {
			return "", errors.New("names no file")
		}
		return s, nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("does not begin with sqlite: or postgres://")
	}
	if u.Opaque != "" {
		return "", errors.New("needs // after postgres:, before the host")
	}
	return s, nil
}})

// kindSentryDSN is where errors are reported; its user name is a key.
var kindSentryDSN = kindSecretOf(kind[string]{noun: "a Sentry DSN", try: "https://KEY@sentry.example.org/1", parse: func(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User == nil || strings.Trim(u.Path, "/") == "" {
		return "", errNotOne
	}
	u.User = nil
	if _, err := webAddress(u.String()); err != nil {
		return "", err
	}
	return s, nil
}})

// kindCallProvider is one way to get a call link, in the forms that bot/calls lists.
var kindCallProvider = kind[CallProvider]{noun: "a call provider (" + strings.ReplaceAll(callForms(), "`", "") + ")", try: "jitsi:https://meet.example.org", parse: func(s string) (CallProvider, error) {
	name, rest, has := strings.Cut(s, ":")
	k, known := calls.KindNamed(name)
	if !known || has && k.Argument == calls.NoArgument {
		return CallProvider{}, errNotOne
	}
	p := CallProvider{Kind: name, URL: rest}
	var err error
	switch k.Argument {
	case calls.BaseURL:
		p.URL, err = kindBaseURL("").parse(rest)
	case calls.URL:
		_, err = webAddress(rest)
	case calls.NoArgument:
	}
	if err != nil {
		return CallProvider{}, err
	}
	return p, nil
}}

// callForms are the forms of all of them, for people.
func callForms() string {
	var all []string
	for _, k := range calls.Kinds() {
		all = append(all, "`"+k.Form()+"`")
	}
	return strings.Join(all, ", ")
}

// kindCallProviders are several of them, in order. A comma inside an address is written %2C.
var kindCallProviders = kind[[]CallProvider]{noun: kindCallProvider.noun, try: kindCallProvider.try, parse: func(s string) ([]CallProvider, error) {
	var all []CallProvider
	for one := range strings.SplitSeq(s, ",") {
		p, err := kindCallProvider.parse(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}}
