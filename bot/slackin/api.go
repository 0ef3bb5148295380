package slackin

import (
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// connectTimeout bounds the one call that Socket Mode makes: asking for an address
// to connect to.
const connectTimeout = 10 * time.Second

// SocketAPI is the client that NewSocket takes: apiURL ends in /api/, appToken is
// the app-level token.
func SocketAPI(apiURL, appToken string) *slack.Client {
	return slack.New("", slack.OptionAPIURL(apiURL), slack.OptionAppLevelToken(appToken),
		slack.OptionHTTPClient(&http.Client{Timeout: connectTimeout}))
}
