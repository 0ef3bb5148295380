package slackio

import (
	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/incident"
)

// boardRows is how many services stand in one paragraph, so that the longest
// board still fits into Slack's limits.
const boardRows = 20

// board is the surface board: every service with its state and who rolls it back.
func (d drawing) board(string) (Message, bool) {
	services := d.i.Board.Services
	if len(services) == 0 {
		return Message{}, false
	}
	settled, total := d.i.Board.RollbackCount()
	args := incident.Args{"key": d.i.Key(), "settled": settled, "services": total}
	m := Message{Text: d.text("card_board.fallback", args)}
	m.Blocks = append(m.Blocks, section(d.text("card_board.head", args)))
	for from := 0; from < len(services); from += boardRows {
		m.Blocks = append(m.Blocks, d.boardRows(services[from:min(from+boardRows, len(services))]))
	}
	return m, true
}

func (d drawing) boardRows(services []incident.Service) slack.Block {
	rows := ""
	for _, s := range services {
		rows += d.text("card_board.row", incident.Args{
			"name": s.Name, "state": string(s.State), "owner": s.Owner, "reason": clip(s.Reason),
		}) + "\n"
	}
	return section(rows)
}
