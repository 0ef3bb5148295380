package bot

import "github.com/rollcall-bot/rollcall/storage"

// SurfacePage is the surface of an incident's page in a browser.
const SurfacePage = "page"

// surfaceAPI is the surface of other programs: there private incidents do not
// exist, not even for their members.
const surfaceAPI = "api"

// sight is what a request may see of the database at all; the gate then decides
// for the person.
func (r *Request) sight(reader *storage.Reader) *storage.Reader {
	if r.Surface == surfaceAPI {
		return reader.WithoutPrivate()
	}
	return reader
}
