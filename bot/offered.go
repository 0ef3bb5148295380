package bot

import (
	"encoding/json"

	"github.com/rollcall-bot/rollcall/storage"
)

// Offered is the command line that the button of an offer runs, with people as
// marks, for surfaces that have no buttons. confirmed says that pressing it means yes.
func Offered(r *storage.Reader, id string) (line string, confirmed bool, err error) {
	o, err := r.Offer(id)
	if err != nil {
		return "", false, err
	}
	var run offered
	if err := json.Unmarshal([]byte(o.Line), &run); err != nil {
		return "", false, err
	}
	return run.Line, run.Confirmed, nil
}
