package slackio

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Upload shares a file in a channel.
//
// Class: detectable. Slack takes a file in three steps, of which only the last
// shows it to anybody. The file's id is handed to save before that; with it as
// fileID in a repeat, the file's shares are looked at first.
func (c *Client) Upload(ctx context.Context, f outbound.File, fileID string, save func(fileID string) error) error {
	// The file may go to a person; without a conversation nobody would ever see it.
	var err error
	if f.To.Channel, err = c.conversation(ctx, f.To); err != nil {
		return err
	}
	if fileID != "" {
		shared, known, err := c.shared(ctx, fileID, f.To.Channel)
		if err != nil || shared {
			return err
		}
		if known {
			if err := c.complete(ctx, f, fileID); !is(err, "file_not_found") {
				return err
			}
		}
	}
	if fileID, err = c.bring(ctx, f); err != nil {
		return err
	}
	if err := save(fileID); err != nil {
		return &outbound.Failure{End: outbound.NotDone, Step: "files.completeUploadExternal", Err: err}
	}
	err = c.complete(ctx, f, fileID)
	if is(err, "file_not_found") {
		// The bytes did not arrive although nobody said so: bring them again.
		return &outbound.Failure{End: outbound.NotDone, Step: "files.completeUploadExternal", Code: "file_not_found", Err: err}
	}
	return err
}

// bring takes the bytes to Slack, where nobody sees them yet.
func (c *Client) bring(ctx context.Context, f outbound.File) (fileID string, err error) {
	var address string
	err = c.call(ctx, "files.getUploadURLExternal", "", func(ctx context.Context) error {
		got, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			FileName: f.Name, FileSize: len(f.Body),
		})
		if err == nil {
			address, fileID = got.UploadURL, got.FileID
		}
		return err
	})
	if err != nil {
		return "", err
	}
	err = c.callFor(ctx, uploadTimeout, "upload", "", func(ctx context.Context) error {
		return c.send(ctx, address, f.Body)
	})
	return fileID, err
}

// send posts a file's bytes as they are: Slack takes them so, and unlike a form
// that is written on the way they have a length that proxies can rely on.
func (c *Client) send(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return nil
}

func (c *Client) complete(ctx context.Context, f outbound.File, fileID string) error {
	return c.call(ctx, "files.completeUploadExternal", "", func(ctx context.Context) error {
		_, err := c.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: fileID, Title: f.Title}}, Channel: f.To.Channel, ThreadTimestamp: f.To.Thread,
		})
		return err
	})
}

// shared says whether a file can be seen in a channel; known is false when Slack
// no longer has it.
func (c *Client) shared(ctx context.Context, fileID, channel string) (shared, known bool, err error) {
	var file *slack.File
	err = c.call(ctx, "files.info", "", func(ctx context.Context) (err error) {
		file, _, _, err = c.api.GetFileInfoContext(ctx, fileID, 0, 0)
		return err
	})
	switch {
	case is(err, "file_not_found", "file_deleted"):
		return false, false, nil
	case err != nil:
		return false, false, err
	}
	_, public := file.Shares.Public[channel]
	_, private := file.Shares.Private[channel]
	listed := slices.Contains(file.Channels, channel) || slices.Contains(file.Groups, channel) || slices.Contains(file.IMs, channel)
	return public || private || listed, true, nil
}
