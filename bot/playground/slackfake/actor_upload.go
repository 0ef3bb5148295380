package slackfake

import (
	"context"
	"errors"
	"strings"
)

// Upload writes a message with a file, as somebody who drops one into a channel.
func (a Actor) Upload(ctx context.Context, channelRef, thread, text, name string, content []byte) (Message, error) {
	var m Message
	err := a.act(ctx, "upload", func(s *state, _ *User) error {
		ch, err := a.room(channelRef)
		switch {
		case err != nil:
			return err
		case !ch.has(a.user):
			return errors.New("a file needs a member of the channel")
		case thread != "" && ch.find(thread) == nil:
			return errors.New("there is no such thread")
		case strings.TrimSpace(name) == "" || len(content) == 0:
			return errors.New("the file is empty")
		}
		f := &File{ID: s.nextID("F"), Name: name, Title: name, User: a.user, Size: len(content), Content: content, Uploaded: true, Complete: true}
		s.files[f.ID] = f
		p := &Message{
			Channel: ch.ID, ThreadTS: thread, User: a.user, Subtype: "file_share", Files: []string{f.ID},
			Content: Content{Text: s.escapeTyped(text, false)},
		}
		a.ws.put(ch, p)
		f.Shares = append(f.Shares, Share{Channel: ch.ID, TS: p.TS})
		a.ws.emitMessage(ch, p)
		m = *p
		return nil
	})
	return m, err
}
