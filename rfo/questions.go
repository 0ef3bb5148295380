package rfo

import (
	"strings"
	"sync"

	template "github.com/DataDog/datadog-agent/pkg/template/text"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/templates"
)

// questions are the texts that the chat asks with too.
var questions = sync.OnceValues(func() (*template.Template, error) {
	return template.ParseFS(templates.Files, "message/rfo_answer.tmpl")
})

// ask puts a question into words. It cannot fail but by a mistake in the template,
// which the document then shows instead of hiding.
// counted says that the number of users is known and not asked for.
func ask(q incident.Question, counted bool) string {
	t, err := questions()
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, q.Ask, map[string]bool{"counted": counted}); err != nil {
		return err.Error()
	}
	return b.String()
}
