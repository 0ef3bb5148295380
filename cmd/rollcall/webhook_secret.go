package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/rollcall-bot/rollcall/storage"
)

// metaWebhooks is the key under which the secrets are kept of webhook subscriptions
// that `doctor --subscribe` made: PagerDuty shows each only once. They are needed in
// clear, to check signatures with, so whoever can read the database or a backup can
// sign webhooks.
const metaWebhooks = "pager.webhooks"

// webhooksKept is how many are kept, the latest: a subscription that is made anew
// leaves an old one behind.
const webhooksKept = 4

// webhookSecret is what PagerDuty signs the webhooks of a subscription with.
type webhookSecret struct {
	Subscription string `json:"subscription"`
	Secret       string `json:"secret"`
}

// webhookSecrets are those that are kept, the oldest first.
func webhookSecrets(r *storage.Reader) ([]webhookSecret, error) {
	text, err := r.Meta(metaWebhooks)
	if storage.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var kept []webhookSecret
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, errors.New("the secrets of webhooks cannot be read") // without the cause, which quotes them
	}
	return kept, nil
}

// keepWebhookSecret adds one. A server that runs uses it from its next webhook on.
func keepWebhookSecret(ctx context.Context, s *storage.Store, one webhookSecret) error {
	return s.Write(ctx, func(tx *storage.Tx) error {
		kept, err := webhookSecrets(tx.Reader)
		if err != nil {
			return err
		}
		kept = append(kept, one)
		body, err := json.Marshal(kept[max(0, len(kept)-webhooksKept):])
		if err != nil {
			return err
		}
		return tx.SetMeta(metaWebhooks, string(body))
	})
}

// keptSecrets are the secrets in the database, to check a webhook with.
func (s *server) keptSecrets(ctx context.Context) (secrets []string, err error) {
	err = s.store.Read(ctx, func(r *storage.Reader) error {
		kept, err := webhookSecrets(r)
		for _, one := range slices.Backward(kept) {
			secrets = append(secrets, one.Secret)
		}
		return err
	})
	return secrets, err
}
