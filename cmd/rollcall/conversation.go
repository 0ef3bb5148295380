package main

import (
	"context"
	"strings"
	"unicode"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// conversation is the bot's door for somebody at a terminal.
type conversation struct {
	door  *bot.Service
	store *storage.Store
	cfg   Config // for the documents
}

// do carries a typed line out.
func (c *conversation) do(ctx context.Context, req localRequest) localAnswer {
	name := slackWord(req.Name)
	c.introduce(ctx, name)
	a := c.door.Handle(ctx, bot.Request{
		Delivery: bot.Delivery{Source: "cli", ID: req.ID},
		From:     bot.From{User: "cli:" + name, Name: name},
		Surface:  "cli", Text: c.escaped(ctx, req.Line), Confirmed: req.Confirmed,
	})
	return localAnswer{Kind: a.Kind, Text: a.Text, Choices: c.choices(ctx, a)}
}

// introduce makes whoever sits at the terminal known, so that even a first look at
// something is somebody's. Should that fail, the command itself says why.
func (c *conversation) introduce(ctx context.Context, name string) {
	err := c.store.Read(ctx, func(r *storage.Reader) error {
		_, err := r.PersonBySlack("cli:" + name)
		return err
	})
	if !storage.IsNotFound(err) {
		return
	}
	_ = c.store.Write(ctx, func(tx *storage.Tx) error {
		_, err := tx.UpsertPerson(storage.Person{SlackID: "cli:" + name, Name: name})
		return err
	})
}

// escaped turns typed text into what Slack would send for it: its three characters
// escaped, and @name a mention where exactly one person is called so. Every
// other @name stays text, which the grammar refuses where it wants a person.
func (c *conversation) escaped(ctx context.Context, line string) string {
	line = say.Escape(line)
	if !strings.Contains(line, "@") {
		return line
	}
	var everybody []storage.Person
	err := c.store.Read(ctx, func(r *storage.Reader) (err error) {
		everybody, err = r.AllPeople()
		return err
	})
	if err != nil {
		return line // the command itself will say that the database does not answer
	}
	var out strings.Builder
	for done := 0; ; {
		at := strings.IndexByte(line[done:], '@')
		if at < 0 {
			return out.String() + line[done:]
		}
		at += done
		out.WriteString(line[done:at])
		done = at + 1 + handleLength(line[at+1:])
		word := line[at:done]
		begins := at == 0 || unicode.IsSpace(rune(line[at-1]))
		if id, ok := called(everybody, word[1:]); ok && begins {
			word = "<@" + id + ">"
		}
		out.WriteString(word)
	}
}

// handleLength is how far a name after "@" reaches.
func handleLength(s string) int {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '_' && r != '-'
	})
	if end < 0 {
		end = len(s)
	}
	return len(strings.TrimRight(s[:end], ".-"))
}

// called is the Slack id of the one active person with a name, blanks left out and
// in any case, or with just that id.
func called(everybody []storage.Person, name string) (slackID string, ok bool) {
	if name == "" {
		return "", false
	}
	for _, p := range everybody {
		if p.Deleted || p.Bot || p.SlackID != name && !strings.EqualFold(strings.Join(strings.Fields(p.Name), ""), name) || p.Elsewhere() {
			continue
		}
		if slackID != "" {
			return "", false
		}
		slackID = p.SlackID
	}
	return slackID, slackID != ""
}

// choices are the buttons of an answer as commands that can be typed.
func (c *conversation) choices(ctx context.Context, a bot.Answer) []localChoice {
	var out []localChoice
	for _, b := range a.Buttons {
		if b.URL != "" {
			out = append(out, localChoice{Label: b.Label, URL: b.URL})
			continue
		}
		err := c.store.Read(ctx, func(r *storage.Reader) error {
			line, confirmed, err := bot.Offered(r, b.Offer)
			if err != nil {
				return err
			}
			out = append(out, localChoice{Label: b.Label, Line: typed(r, line), Confirmed: confirmed})
			return nil
		})
		if err != nil {
			continue // a button whose command cannot be read is no way on
		}
	}
	return out
}

// typed is a line of ours as somebody would type it.
func typed(r *storage.Reader, line string) string {
	return incident.PlainText(line, handles{people{r}})
}

// handles are people as `rollcall do` reads them.
type handles struct{ people }

// Name is the person's name without blanks.
func (h handles) Name(id incident.PersonID) string {
	p, err := h.r.Person(id)
	if err != nil || p.Name == "" {
		return "somebody"
	}
	return strings.Join(strings.Fields(p.Name), "")
}

// slackWord keeps a user's name to what an id may hold.
func slackWord(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, name)
	if name == "" {
		return "somebody"
	}
	return name
}
