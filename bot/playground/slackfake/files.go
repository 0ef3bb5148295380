package slackfake

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// File is an uploaded file.
type File struct {
	ID, Name, Title string
	User            string // who shared it, or made it, of a canvas; "" for the bot
	Size            int    // as announced
	Content         []byte
	Uploaded        bool
	Complete        bool
	Shares          []Share
}

// Share is where a file can be seen.
type Share struct{ Channel, TS string }

func filesGetUploadURL(c *call) (obj, error) {
	size := c.number("length", 0)
	if c.str("filename") == "" || size <= 0 {
		return nil, failWith("missing_argument", "[ERROR] missing required field: filename or length")
	}
	if size > 1<<30 {
		return nil, fail("file_upload_size_restricted")
	}
	f := &File{ID: c.state.nextID("F"), Name: c.str("filename"), Size: size}
	c.state.files[f.ID] = f
	return obj{"upload_url": c.state.switches.base + "/upload/" + f.ID, "file_id": f.ID}, nil
}

// serveUpload takes a file's bytes: raw, or as the form field "file" or "filename".
func (ws *Workspace) serveUpload(w http.ResponseWriter, r *http.Request, id string) {
	entry := Call{Method: "upload", Args: map[string]string{"file": id}, At: ws.now(), Status: http.StatusOK}
	body, err := readUpload(w, r)
	if err != nil {
		http.Error(w, "the file did not arrive whole", http.StatusBadRequest)
		return
	}
	entry.Args["content"] = string(body)
	fault := ws.faults.Take(entry.Method, entry)
	entry.Fault = string(fault.Kind)
	ws.exchange(w, r, fault, &entry, func() (int, obj, http.Header) {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		f, ok := ws.state.files[id]
		switch {
		case !ok || f.Complete:
			entry.Error, entry.Status = "file_not_found", http.StatusNotFound
			return entry.Status, obj{"ok": false, "error": entry.Error}, nil
		case len(body) != f.Size:
			entry.Error, entry.Status = "size_mismatch", http.StatusBadRequest
			return entry.Status, obj{"ok": false, "error": entry.Error}, nil
		}
		f.Content, f.Uploaded, entry.OK = body, true, true
		return http.StatusOK, obj{"ok": true}, nil
	})
}

func readUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(r.Body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	var content []byte
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return content, nil
		}
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			content = b
		}
	}
}

func filesComplete(c *call) (obj, error) {
	var list []struct{ ID, Title string }
	if json.Unmarshal([]byte(c.str("files")), &list) != nil || len(list) == 0 {
		return nil, fail("invalid_arguments")
	}
	targets := c.list("channels")
	if id := c.str("channel_id"); id != "" {
		targets = append(targets, id)
	}
	if len(targets) > 100 {
		return nil, fail("invalid_channel")
	}
	var to []*channel
	for _, id := range targets {
		ch, err := c.seen(id)
		switch {
		case err != nil:
			return nil, err
		case !ch.has(c.self.BotUserID):
			return nil, fail("not_in_channel")
		case ch.Archived:
			return nil, fail("is_archived")
		}
		to = append(to, ch)
	}
	for _, item := range list {
		if f := c.state.files[item.ID]; f == nil || !f.Uploaded {
			return nil, fail("file_not_found")
		}
	}
	var ids []string
	var summary []obj
	for _, item := range list {
		f := c.state.files[item.ID]
		f.Title, f.Complete = or(item.Title, f.Name), true
		ids, summary = append(ids, f.ID), append(summary, obj{"id": f.ID, "title": f.Title})
	}
	for _, ch := range to {
		c.share(ch, ids)
	}
	return obj{"files": summary}, nil
}

// share shows files in a channel, once more each time: Slack does not notice a repeat.
func (c *call) share(ch *channel, ids []string) {
	m := &Message{
		Channel: ch.ID, User: c.self.BotUserID, App: true, ThreadTS: c.str("thread_ts"), Files: ids,
		Content: Content{Text: c.str("initial_comment")},
	}
	c.put(ch, m)
	for _, id := range ids {
		f := c.state.files[id]
		f.Shares = append(f.Shares, Share{Channel: ch.ID, TS: m.TS})
	}
	c.emitMessage(ch, m)
}

func filesInfo(c *call) (obj, error) {
	f, ok := c.state.files[c.str("file")]
	if !ok || !f.Complete {
		return nil, fail("file_not_found")
	}
	return obj{"file": c.fileObject(f), "comments": []any{}, "response_metadata": obj{"next_cursor": ""}}, nil
}

func (ws *Workspace) fileObject(f *File) obj {
	public, private := map[string][]obj{}, map[string][]obj{}
	channels, groups, ims := []string{}, []string{}, []string{}
	add := func(list []string, id string) []string {
		if slices.Contains(list, id) {
			return list
		}
		return append(list, id)
	}
	for _, s := range f.Shares {
		ch := ws.state.channels[s.Channel]
		info := obj{"ts": s.TS, "channel_name": ch.Name, "team_id": ws.self.TeamID, "reply_count": 0, "reply_users": []string{}}
		switch ch.Kind {
		case Public:
			public[ch.ID], channels = append(public[ch.ID], info), add(channels, ch.ID)
		case Private:
			private[ch.ID], groups = append(private[ch.ID], info), add(groups, ch.ID)
		default:
			private[ch.ID], ims = append(private[ch.ID], info), add(ims, ch.ID)
		}
	}
	kind := f.Name[strings.LastIndexByte(f.Name, '.')+1:]
	return obj{
		"id": f.ID, "name": f.Name, "title": f.Title, "size": f.Size, "user": or(f.User, ws.self.BotUserID), "filetype": kind,
		"mimetype": or(mime.TypeByExtension("."+kind), "text/plain"), "mode": "hosted", "is_external": false,
		"channels": channels, "groups": groups, "ims": ims, "shares": obj{"public": public, "private": private},
		"url_private": ws.state.switches.base + "/files/" + f.ID, "permalink": "https://" + ws.self.TeamDomain + ".slack.com/files/" + f.ID,
	}
}

// serveFile hands a file back to the app.
func (ws *Workspace) serveFile(w http.ResponseWriter, r *http.Request, id string) {
	ws.mu.Lock()
	f, ok := ws.state.files[id]
	ws.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer "+ws.opts.BotToken:
		http.Error(w, "sign in", http.StatusForbidden)
	case !ok || !f.Complete:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(f.Content)
	}
}
