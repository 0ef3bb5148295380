package bot

import (
	"encoding/json"

	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/storage"
)

// seen finds the first answer to a delivery that came before.
func seen(tx *storage.Tx, delivery Delivery) (Answer, bool, error) {
	if delivery.ID == "" {
		return Answer{}, false, nil
	}
	d, ok, err := tx.Earlier(delivery.Source, delivery.ID)
	if err != nil || !ok {
		return Answer{}, false, err
	}
	var a Answer
	if d.Print != delivery.Print {
		return Answer{Kind: Refused, Text: "This id was sent before with something else. Nothing was done: send it under an id of its own.", Reused: true}, true, nil
	}
	if d.Answer == "" || json.Unmarshal([]byte(d.Answer), &a) != nil {
		a = Answer{Kind: Done, Text: "This was received before, and nothing was done again."}
	}
	return a, true, nil
}

// stored is an answer in JSON, for seen. One that is nothing but a text, as most are, is
// written without looking at its type: the one writer does this for each command.
func (a Answer) stored() (string, error) {
	if len(a.Buttons)+len(a.Fields) > 0 || a.About != nil {
		all, err := json.Marshal(a)
		return string(all), err
	}
	var room [512]byte
	all := say.JSON(append(room[:0], `{"Kind":`...), string(a.Kind))
	all = say.JSON(append(all, `,"Text":`...), a.Text)
	return string(append(all, '}')), nil
}

// remember stores a delivery with its answer, and has the answer sent where it
// could not be given at once.
func (c *Invocation) remember(a Answer) error {
	req := &c.Request
	if req.Delivery.ID == "" {
		return nil
	}
	answer, err := a.stored()
	if err != nil {
		return err
	}
	d := storage.Delivery{
		Source: req.Delivery.Source, ID: req.Delivery.ID, Actor: c.Actor.ID, Answer: answer, At: c.Now(),
		Print: req.Delivery.Print,
	}
	if c.Incident != nil && c.Incident.Head > 0 {
		d.Incident = c.Incident.ID
	}
	if req.ReplyTo == nil {
		return c.tx.SaveDelivery(d)
	}
	to, err := json.Marshal(req.ReplyTo)
	if err != nil {
		return err
	}
	d.ReplyTo = string(to)
	if err := c.tx.SaveDelivery(d); err != nil {
		return err
	}
	return c.tx.Enqueue(ReplyArgs{Source: d.Source, ID: d.ID}, nil)
}

// ReplyArgs is the job that sends a delivery's answer to where it was asked for.
type ReplyArgs struct {
	Source string `json:"source"`
	ID     string `json:"id"`
}

// Kind is "reply".
func (ReplyArgs) Kind() string { return "reply" }
