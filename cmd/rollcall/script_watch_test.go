package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// watch is what each script is watched for from beginning to end, whatever it is
// about: that no secret is told, and that what Slack keeps beside a message says
// nothing.
type watch struct {
	secrets map[string]string // value by the setting's name
	logs    []*logged         // of every server of the script
}

// canary is a secret that is found wherever it gets. It is put together here so
// that nothing in the tree looks like a real one.
func canary(of string) string {
	return strings.Join([]string{"canary", of, "5f1d", "0c77", "e2a9"}, "-")
}

// remember notes the secrets that a server was started with, and its log.
func (s *stage) remember(p *process) {
	if s.secrets == nil {
		s.secrets = map[string]string{}
	}
	s.logs = append(s.logs, &p.log)
	for _, pair := range p.cmd.Env {
		name, value, _ := strings.Cut(pair, "=")
		if one := settingNamed(name); one == nil || !one.secret || name == "DATABASE_URL" {
			continue
		}
		for part := range strings.SplitSeq(value, ",") {
			s.secrets[part] = name
		}
	}
}

// figures is what /metrics says at the end.
func (s *stage) figures() string {
	if s.server == nil {
		return ""
	}
	_, body, err := fetch(s.ctx, http.MethodGet, s.server.base+"/metrics", nil, nil)
	if err != nil {
		return "" // it has been stopped, or hangs: a script's business
	}
	return body
}

// webHooks are addresses that let whoever knows them write in Slack's name, or upload.
var webHooks = regexp.MustCompile(`/hooks/(?:commands|actions|app)/\w+/\d+/[0-9a-f]+|/upload/F\w+`)

// rightSignature is the form of Slack's and of PagerDuty's signatures.
var rightSignature = regexp.MustCompile(`v[01]=[0-9a-f]{64}`)

// discreet fails a script in which a secret got into a log, the figures, a message,
// or a file: the database, its backups, its journal, published documents.
func (s *stage) discreet(figures string) {
	places := map[string]string{"/metrics": figures}
	for n, l := range s.logs {
		name := fmt.Sprint("the log of server ", n+1)
		places[name] = l.String()
		if hook := webHooks.FindString(places[name]) + rightSignature.FindString(places[name]); hook != "" {
			s.t.Log(name, "tells", hook)
			s.t.FailNow()
		}
	}
	if s.ws != nil {
		sent, err := json.Marshal(s.ws.Calls(""))
		if err != nil {
			s.t.Log(err)
			s.t.FailNow()
		}
		places["what Slack was sent"] = string(sent)
	}
	for name, text := range s.files() {
		places[name] = text
	}
	for where, text := range places {
		for secret, name := range s.secrets {
			if strings.Contains(text, secret) {
				s.t.Log(name, "is told in", where)
				s.t.FailNow()
			}
		}
	}
}

// files are those that the script's programs wrote.
func (s *stage) files() map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		s.t.Log(err)
		s.t.FailNow()
	}
	return all
}

// Message metadata can be read by every app and member of a workspace, and what a
// button or a form carries by whoever looks at their browser's traffic. So these may
// hold ids, and words of the program's own, and nothing that anybody typed.
var (
	opaqueID   = `[0-9a-f]{8}-[0-9a-f-]{27}`
	opaqueWord = regexp.MustCompile(`^(` + opaqueID + `|[TAE]?\d+[dw]?|on-call|<@([UW][A-Z0-9]+|` + opaqueID + `)>)$`)
	opaqueOp   = regexp.MustCompile(`^(alarm/)?` + opaqueID + `([/:](` + opaqueID + `|[a-z_]+|[TAE]?\d+))*$`)
)

// opaque fails a script in which Slack was given more than ids to keep.
func (s *stage) opaque() {
	for _, c := range s.ws.Calls("") {
		for _, arg := range []string{"metadata", "blocks", "view", "body", "attachments"} {
			var decoded any
			if json.Unmarshal([]byte(c.Args[arg]), &decoded) != nil {
				continue
			}
			if bad := telling(arg, decoded); bad != "" {
				s.t.Log("Slack keeps", bad, "of", c.String())
				s.t.FailNow()
			}
		}
	}
}

// telling is the first thing that Slack keeps of a payload and that says something.
func telling(key string, value any) string {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			if bad := telling(key, one); bad != "" {
				return bad
			}
		}
	case map[string]any:
		if key == "metadata" {
			return metadata(v)
		}
		_, button := v["action_id"].(string)
		for name, inner := range v {
			if bad := telling(name, inner); bad != "" {
				return bad
			}
			text, ok := inner.(string)
			if !ok {
				continue
			}
			if name == "value" && button && v["type"] == "button" && !opaqueValue(text) {
				return "the value " + text
			}
			if name == "private_metadata" && !opaqueForm(text) {
				return "the private metadata " + text
			}
			if slices.Contains([]string{"action_id", "block_id", "callback_id", "external_id"}, name) && !opaqueName.MatchString(text) {
				return "the " + name + " " + text
			}
		}
	}
	return ""
}

// opaqueVerbs are the words of Rollcall's own lines that buttons carry.
var opaqueVerbs = strings.Fields(`accept action add answer anyway approve deadlock settle yes no ask assign attach check decline done drop edit escalate
	handover ignore join lead me mitigated open publish replace resolve rfo seen send snooze status stop task update page meet zoom jitsi call statuspage`)

// opaqueValue says whether a button carries ids and a line of Rollcall's own at most.
func opaqueValue(text string) bool {
	for _, reason := range []string{" other work matters more", " it is not needed any more"} { // Rollcall's own words
		text = strings.TrimSuffix(text, reason)
	}
	for word := range strings.FieldsSeq(text) {
		if !slices.Contains(opaqueVerbs, word) && !opaqueWord.MatchString(word) {
			return false
		}
	}
	return true
}

// opaqueName is a name of a part of a message.
var opaqueName = regexp.MustCompile(`^[A-Za-z0-9_.:/ -]{0,60}$`)

func metadata(m map[string]any) string {
	payload, _ := m["event_payload"].(map[string]any)
	for name, value := range payload {
		if text, ok := value.(string); !ok || !opaqueOp.MatchString(text) {
			return fmt.Sprint("the metadata ", name, "=", value)
		}
	}
	return ""
}

// opaqueForm says whether what a form remembers is ids: JSON of ids, Slack's too.
func opaqueForm(text string) bool {
	if text == "" {
		return true
	}
	var all map[string]any
	if json.Unmarshal([]byte(text), &all) != nil {
		return false
	}
	for _, value := range all {
		if one, ok := value.(string); ok && !formID.MatchString(one) {
			return false
		}
	}
	return true
}

// formID is an id of ours, of Slack's (a channel, a person, a message's time), or a verb.
var formID = regexp.MustCompile(`^(` + opaqueID + `|[CDGUWT][A-Z0-9]+(:\d+\.\d+)?|\d+\.\d+|[a-z_.-]+|[TAE]\d+|[a-z]+=\d+( [a-z]+=\d+)*|)$`)
