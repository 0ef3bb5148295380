package main

import (
	"errors"
	"net"
	"net/mail"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a container often has no zone files, and a zone that is refused there but not here helps nobody
)

// kind is a sort of value: how it is called in a refusal, a good example, and how it is read. A parser answers
// errNotOne, or an error that completes the sentence "the value …".
type kind[T any] struct {
	noun, try string
	parse     func(text string) (T, error)
}

// anyKind is a kind whose type is known at run time only, for the fields of rollcall.yaml.
type anyKind struct {
	noun, try string
	gives     reflect.Type
	parse     func(text string) (any, error)
}

func (k kind[T]) erase() anyKind {
	return anyKind{noun: k.noun, try: k.try, gives: reflect.TypeFor[T](), parse: func(text string) (any, error) { return k.parse(text) }}
}

// like is the same kind with an example of its own.
func (k kind[T]) like(example string) kind[T] {
	k.try = example
	return k
}

// fileKinds are the kinds that a field of rollcall.yaml names in its tag "as".
var fileKinds = map[string]anyKind{
	"alarm action":   kindAlarmAction.erase(),
	"argument":       kindArgument.erase(),
	"git ref":        kindGitRef.erase(),
	"hook address":   kindHookAddress.erase(),
	"input":          kindInput.erase(),
	"repository":     kindRepository.erase(),
	"variable":       kindVariable.erase(),
	"workflow file":  kindWorkflow.erase(),
	"address":        kindWebhookAddress.erase(),
	"approval":       kindApproval.erase(),
	"bearer token":   kindMonitorToken.erase(),
	"call provider":  kindCallProvider.erase(),
	"check address":  kindCheckAddress.erase(),
	"check method":   kindCheckMethod.erase(),
	"client secret":  kindClientSecret.erase(),
	"count":          kindCount.erase(),
	"channel":        kindChannel.like("rollcall-ops").erase(),
	"duration":       kindDuration.erase(),
	"feature":        kindFeature.erase(),
	"git branch":     kindGitBranch.erase(),
	"git remote":     kindGitRemote.erase(),
	"e-mail":         kindEmail.erase(),
	"host name":      kindHostName.erase(),
	"monitor kind":   kindMonitorKind.erase(),
	"monitor name":   kindMonitorName.erase(),
	"PagerDuty id":   kindPagerdutyID.erase(),
	"Statuspage id":  kindStatuspageID.erase(),
	"outgoing host":  kindOutgoingHost.erase(),
	"path":           kindMonitorPath.erase(),
	"path of a list": kindMonitorList.erase(),
	"pattern":        kindPattern.erase(),
	"person":         kindPerson.erase(),
	"phone number":   kindPhoneNumber.erase(),
	"routing key":    kindRoutingKey.erase(),
	"role":           kindRoleName.erase(),
	"service":        kindServiceName.erase(),
	"severity":       kindSeverityName.erase(),
	"status":         kindStatus.erase(),
	"text":           kindText.erase(),
	"time zone":      kindTimeZone.erase(),
	"yes or no":      kindYesNo.erase(),
	"bot command":    kindBotCommand.erase(),
	"bot id":         kindBotID.erase(),
}

// kindYesNo is a switch, as people and YAML spell it.
var kindYesNo = kind[bool]{noun: "yes or no", try: "yes", parse: func(s string) (bool, error) {
	switch strings.ToLower(s) {
	case "yes", "true", "on":
		return true, nil
	case "no", "false", "off":
		return false, nil
	}
	return false, errNotOne
}}

// kindMatching is a kind of text that a pattern describes.
func kindMatching(noun, try, pattern string) kind[string] {
	re := lazily(`^(?:` + pattern + `)$`)
	return kind[string]{noun: noun, try: try, parse: func(s string) (string, error) {
		if !re().MatchString(s) {
			return "", errNotOne
		}
		return s, nil
	}}
}

var (
	// kindSeverityName is what the command `sev 1..4` can say.
	kindSeverityName = kindMatching("one of sev1, sev2, sev3, sev4", "sev2", `sev[1-4]`)
	// kindApproval is who has to approve of an RFO.
	kindApproval = kindMatching("one of another, anybody, nobody", "another", `another|anybody|nobody`)
	// kindServiceName is the one token that the commands `service` and `rollback` take.
	kindServiceName = kindMatching("a service's name (small letters, digits, . _ -)", "checkout", `[a-z0-9][a-z0-9._-]{0,63}`)
	kindRoleName    = kindMatching("a role's name (small letters, digits, -)", "scribe", `[a-z][a-z0-9-]{0,31}`)
	// kindPerson is whoever Slack can find: its own id, or the address that users.lookupByEmail takes.
	kindPerson      = kindMatching("a Slack user id or an e-mail address", "U012ABCDEF", `[UW][A-Z0-9]{2,20}|[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+`)
	kindPagerdutyID = kindMatching("a PagerDuty id", "PABC123", `[A-Z0-9]{3,32}`)
	kindRoutingKey  = kindSecretOf(kindMatching("a routing key (32 small letters and digits)", "aaaabbbbccccddddeeeeffff00001111", `[a-z0-9]{32}`))
)

// kindText is any text on one line.
var kindText = kind[string]{noun: "text on one line", try: "some words", parse: func(s string) (string, error) {
	if s == "" || len(s) > 500 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errNotOne
	}
	return s, nil
}}

// kindToken is a value that others gave out and that goes into a header: no blanks.
var kindToken = kind[string]{noun: "one word without blanks", try: "abc123", parse: func(s string) (string, error) {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("has blanks or signs that no token has")
	}
	return s, nil
}}

// kindSecretOf hides what a kind reads.
func kindSecretOf(k kind[string]) kind[Secret] {
	return kind[Secret]{noun: k.noun, try: k.try, parse: func(s string) (Secret, error) {
		v, err := k.parse(s)
		return NewSecret(v), err
	}}
}

// kindBearer is a token that the operator makes up.
var kindBearer = kindSecretOf(kind[string]{noun: kindToken.noun, try: "what `openssl rand -hex 32` prints", parse: kindToken.parse})

// kindSecrets are several, any of which may be in use while they are changed over.
var kindSecrets = kind[[]Secret]{noun: "a list of secrets, separated by commas", try: "SECRET,OLD-SECRET", parse: func(s string) ([]Secret, error) {
	var all []Secret
	for one := range strings.SplitSeq(s, ",") {
		v, err := kindToken.parse(strings.TrimSpace(one))
		if err != nil {
			return nil, errors.New("holds an empty secret, or one with blanks")
		}
		all = append(all, NewSecret(v))
	}
	return all, nil
}}

// kindSlackToken is a token of Slack, known by its prefix; the three are easily swapped.
func kindSlackToken(prefix string) kind[Secret] {
	kinds := []struct{ prefix, is string }{
		{"xoxb-", "is a bot token, which belongs in SLACK_BOT_TOKEN"},
		{"xapp-", "is an app-level token, which belongs in SLACK_APP_TOKEN"},
		{"xoxp-", "is a user token, which is not used"},
	}
	try := prefix + "…"
	if prefix == "" {
		try = "the Signing Secret of the app's Basic Information page"
	}
	return kindSecretOf(kind[string]{noun: "a Slack token", try: try, parse: func(s string) (string, error) {
		for _, k := range kinds {
			if k.prefix != prefix && strings.HasPrefix(s, k.prefix) {
				return "", errors.New(k.is)
			}
		}
		if !strings.HasPrefix(s, prefix) {
			return "", errors.New("does not begin with " + prefix)
		}
		return kindToken.parse(s)
	}})
}

// kindSessionKey is what cookies are sealed with.
var kindSessionKey = kindSecretOf(kind[string]{noun: kindBearer.noun, try: kindBearer.try, parse: func(s string) (string, error) {
	if len(s) < 32 {
		return "", errors.New("is shorter than 32 characters, so that it could be guessed")
	}
	return kindToken.parse(s)
}})

// kindListenAddr is host:port with the host empty for every interface.
var kindListenAddr = kind[string]{noun: "a listen address", try: ":8080", parse: func(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil || strings.ContainsAny(host, " /") {
		return "", errNotOne
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return "", errNotOne
	}
	return s, nil
}}

// kindEmail is one address without a name.
var kindEmail = kind[string]{noun: "an e-mail address", try: "oncall@example.org", parse: func(s string) (string, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", errNotOne
	}
	return s, nil
}}

var channelIDForm = lazily(`^[CG][A-Z0-9]{8,20}$`)

// kindChannel is a Slack channel's name, with or without #, or its id. Slack allows 80 characters, no capitals, blanks or
// most punctuation; letters may be of any script.
var kindChannel = kind[string]{noun: "a channel's name or id", try: "incidents", parse: func(s string) (string, error) {
	s = strings.TrimPrefix(s, "#")
	if channelIDForm().MatchString(s) {
		return s, nil
	}
	if s == "" || len([]rune(s)) > 80 || strings.ToLower(s) != s || strings.ContainsAny(s, " \t#.,:;!?@/\\'\"<>()[]{}") {
		return "", errNotOne
	}
	return s, nil
}}

// kindPath is a file or a folder.
var kindPath = kind[string]{noun: "a path", try: "/var/lib/rollcall/rfos", parse: func(s string) (string, error) {
	if s == "" || strings.ContainsAny(s, "\x00\n") {
		return "", errNotOne
	}
	return s, nil
}}

// kindHostName is a host without scheme or port; *.example.org stands for all below it.
var kindHostName = kind[string]{noun: "a host name", try: "meet.example.org", parse: func(s string) (string, error) {
	s = strings.ToLower(s)
	labels := strings.Split(strings.TrimPrefix(s, "*."), ".")
	if strings.HasPrefix(s, "*.") && len(labels) < 2 { // *.com would be no list at all
		return "", errNotOne
	}
	if slices.ContainsFunc(labels, func(l string) bool { return !hostLabelForm().MatchString(l) }) {
		return "", errNotOne
	}
	return s, nil
}}

var hostLabelForm = lazily(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// kindPhoneNumber is written as people write it; digits enough for a short code, at most E.164's fifteen and an extension.
var kindPhoneNumber = kind[string]{noun: "a phone number", try: "+49 30 1234567", parse: func(s string) (string, error) {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" ()-/.", r):
		default:
			return "", errNotOne
		}
	}
	if digits < 3 || digits > 20 {
		return "", errNotOne
	}
	return s, nil
}}

// kindTimeZone is a name of the IANA database. "Local" would mean something else on every machine.
var kindTimeZone = kind[*time.Location]{noun: "a time zone's name", try: "Europe/Berlin", parse: func(s string) (*time.Location, error) {
	zone, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return nil, errNotOne
	}
	return zone, nil
}}
