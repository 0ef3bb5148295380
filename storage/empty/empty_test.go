package empty_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/storage"
	"github.com/rollcall-bot/rollcall/storage/empty"
)

func TestItIsAsNewAndCanBeWritten(t *testing.T) {
	for range 2 { // what is done in one is not in the next
		s, err := storage.Open(t.Context(), storage.Options{
			URL: empty.URL(t), Now: time.Now, Wall: time.Now, NewID: func() string { return "id" }, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(t.Context(), func(r *storage.Reader) error {
			_, err := r.Meta("seen")
			return err
		})
		if !storage.IsNotFound(err) {
			t.Errorf("what nobody has written is answered with %v", err)
		}
		if err := s.Write(t.Context(), func(tx *storage.Tx) error { return tx.SetMeta("seen", "yes") }); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFileThatIsThereStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := empty.File(path); err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != "mine" {
		t.Errorf("it holds %q, %v", now, err)
	}
}
